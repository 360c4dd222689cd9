"""Typing on while the page saves itself: answers come late, or never; only a real second tab is a conflict."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.initiatives.test_dossiers import IDEA
from tests.journeys.test_member_and_officer import programme  # noqa: F401 - a fixture
from thidua.initiatives.domain import dossiers
from thidua.initiatives.models import Initiative

pytestmark = pytest.mark.journey
SAVED, CONFLICT = "Đã lưu nháp.", "sửa ở nơi khác"


class Line:
    """The line between the page and the server, for the saves a page makes by itself."""

    def __init__(self, page: Page) -> None:
        self.page, self.held, self.sent = page, [], 0
        self.mode = "open"
        page.route(re.compile("/tu-luu/"), self._carry)

    def _carry(self, route: Route) -> None:
        self.sent += 1
        if self.mode == "slow":
            self.held.append(route)
        elif self.mode == "dead":
            route.abort()
        elif self.mode == "answers lost":
            route.fetch()  # the server has it
            route.abort()
        else:
            route.continue_()

    def wait_for(self, how_many: int) -> None:
        for _look in range(1200):
            if self.sent >= how_many:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.sent} saves of {how_many} were begun")

    def cut(self):
        """The page gives up on what it has sent; gives what brings it to the server after all, later."""
        route = self.held.pop(0)
        sent = route.request
        route.abort()
        headers = {name: value for name, value in sent.all_headers().items() if not name.startswith(":")}
        return lambda: self.page.context.request.post(sent.url, headers=headers, data=sent.post_data_buffer)

    def let_through(self) -> None:
        self.held.pop(0).continue_()


@pytest.fixture
def item(world) -> Initiative:
    return dossiers.start(world.an, world["TB-YT-01-N"], by=world.an, steps="Bước cũ", **IDEA)


@pytest.fixture
def page(phone, item) -> Page:
    phone.sign_in("0900000001")
    return phone.open(f"/toi/sang-kien/{item.code}/viet/noi-dung/")


@pytest.fixture
def line(page) -> Line:
    return Line(page)


def said(page: Page):
    return page.locator("[data-saved]")


def kept(page: Page, words: str) -> None:
    """The device has these words; by then the page has tried to send them, or they wait."""
    page.wait_for_function("words => Object.values(localStorage).some(kept => kept.includes(words))", arg=words)


def press_next(page: Page) -> None:
    page.get_by_role("button", name="Lưu và tiếp").click()


def test_saves_of_a_page_go_one_after_the_other(page, line, item):
    line.mode = "slow"
    page.fill("[name=steps]", "Một")
    line.wait_for(1)
    page.fill("[name=steps]", "Một, hai")
    kept(page, "Một, hai")
    page.fill("[name=novelty]", "Khay phân liều theo giường bệnh")
    kept(page, "theo giường bệnh")
    assert line.sent == 1  # the newest words wait for the answer, and its version
    line.let_through()
    line.wait_for(2)
    line.let_through()
    expect(said(page)).to_have_text(SAVED)
    page.wait_for_function("() => !Object.keys(localStorage).some(name => name.startsWith('draft:'))")
    item.refresh_from_db()
    assert (item.steps, item.novelty, item.revision) == ("Một, hai", "Khay phân liều theo giường bệnh", 3)
    assert line.sent == 2


def test_next_pressed_while_a_save_is_under_way_sends_the_newest_words_once(phone, page, line, item):
    line.mode = "slow"
    page.fill("[name=steps]", "Một")
    line.wait_for(1)
    page.fill("[name=steps]", "Một, hai, ba")
    posts = []
    page.on("request", lambda r: posts.append(r.url) if r.is_navigation_request() and r.method == "POST" else None)
    press_next(page)
    press_next(page)  # impatient
    expect(said(page)).to_contain_text("rồi tự gửi")
    assert posts == []
    line.let_through()
    page.wait_for_url("**/viet/hieu-qua/")
    assert len(posts) == 1
    item.refresh_from_db()
    assert (item.steps, item.revision) == ("Một, hai, ba", 3)
    phone.check()
    # Back again, as phones do, and on: still the same page's words.
    line.mode = "open"
    page.go_back()
    page.fill("[name=steps]", "Một, hai, ba, bốn")
    expect(said(page)).to_have_text(SAVED)
    item.refresh_from_db()
    assert item.steps == "Một, hai, ba, bốn"
    assert CONFLICT not in page.inner_text("body")


def test_a_lost_answer_is_no_conflict_with_oneself(page, line, item):
    line.mode = "answers lost"
    page.fill("[name=steps]", "Một")
    line.wait_for(1)
    expect(said(page)).to_contain_text("Chưa nối mạng")
    item.refresh_from_db()
    assert (item.steps, item.revision) == ("Một", 2)  # saved, unknown to the page
    line.mode = "open"
    page.fill("[name=steps]", "Một, hai")
    expect(said(page)).to_have_text(SAVED)
    item.refresh_from_db()
    assert (item.steps, item.revision) == ("Một, hai", 3)


def test_next_pressed_after_a_lost_answer_goes_through(page, line, item):
    line.mode = "answers lost"
    page.fill("[name=steps]", "Một")
    line.wait_for(1)
    expect(said(page)).to_contain_text("Chưa nối mạng")
    line.mode = "open"
    page.fill("[name=steps]", "Một, hai")
    press_next(page)
    page.wait_for_url("**/viet/hieu-qua/")
    item.refresh_from_db()
    assert item.steps == "Một, hai"


def test_next_pressed_twice_on_a_line_that_loses_answers_goes_through(page, line, item):
    """The first press says there is no line; who presses again goes, and the screen knows its own words."""
    line.mode = "answers lost"
    page.fill("[name=steps]", "Một")
    line.wait_for(1)
    page.fill("[name=steps]", "Một, hai")
    kept(page, "Một, hai")
    press_next(page)
    page.get_by_text("Mất kết nối").wait_for()
    page.fill("[name=steps]", "Một, hai, ba")
    press_next(page)
    page.wait_for_url("**/viet/hieu-qua/")
    item.refresh_from_db()
    assert item.steps == "Một, hai, ba"


def test_a_dead_line_keeps_the_person_on_the_page_and_the_words_come_back(phone, page, line, item):
    line.mode = "dead"
    page.fill("[name=steps]", "Bước mới")
    line.wait_for(1)
    expect(said(page)).to_contain_text("Chưa nối mạng")
    press_next(page)
    page.get_by_text("Mất kết nối").wait_for()
    assert "/viet/noi-dung/" in page.url
    assert page.input_value("[name=steps]") == "Bước mới"
    # The phone throws the page away; the words were typed over others, and come back over them.
    phone.page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.input_value("[name=steps]") == "Bước mới"
    assert "lấy lại chữ" in page.inner_text("body")
    line.mode = "open"
    page.fill("[name=novelty]", "Mới ở khoa Nội")
    expect(said(page)).to_have_text(SAVED)
    item.refresh_from_db()
    assert (item.steps, item.novelty) == ("Bước mới", "Mới ở khoa Nội")
    phone.faults.clear()
    phone.check()


def test_a_real_second_tab_is_told_even_after_a_lost_answer(phone, page, line, item):
    line.mode = "answers lost"
    page.fill("[name=steps]", "Một")
    line.wait_for(1)
    expect(said(page)).to_contain_text("Chưa nối mạng")
    other = phone.context.new_page()
    other.goto(page.url)
    other.fill("[name=steps]", "Ở thẻ kia")
    expect(said(other)).to_have_text(SAVED)
    line.mode = "open"
    page.fill("[name=steps]", "Một, hai")
    expect(said(page)).to_contain_text(CONFLICT)
    item.refresh_from_db()
    assert item.steps == "Ở thẻ kia"
    # Reloaded, the page shows what is saved and offers what was typed here.
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.input_value("[name=steps]") == "Ở thẻ kia"
    page.get_by_text("khác bản đã lưu").wait_for()
    phone.faults.clear()
    phone.check()
    page.get_by_role("button", name="Dùng chữ này").click()
    expect(said(page)).to_have_text(SAVED)
    item.refresh_from_db()
    assert item.steps == "Một, hai"


def test_the_quick_form_is_sent_once_whatever_became_of_its_answers(phone, world):
    phone.sign_in("0900000001")
    page = phone.open("/toi/gui/")
    line = Line(page)
    line.mode = "answers lost"
    for name in ("title", "problem_before", "solution"):
        page.fill(f"[name={name}]", IDEA[name])
    line.wait_for(1)
    expect(said(page)).to_contain_text("Chưa nối mạng")
    line.mode = "open"
    page.get_by_role("button", name="Gửi nhanh").click()
    page.wait_for_url("**/da-gui/")
    assert [i.state for i in Initiative.objects.all()] == ["submitted"]
    assert page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('draft:'))") == []


@pytest.mark.parametrize("is_visitor", [False, True], ids=["member", "visitor"])
def test_a_cut_save_of_the_quick_form_that_arrives_late_brings_nothing_back(phone, world, programme, is_visitor):  # noqa: F811
    if is_visitor:
        world["TB-YT-01"].accepts_open_filing = True
        world["TB-YT-01"].save()
    else:
        phone.sign_in("0900000001")
    page = phone.open(f"/gui/{programme.code}/TB-YT-01/" if is_visitor else "/toi/gui/")
    line = Line(page)
    page.fill("[name=title]", "Xe")
    expect(said(page)).to_have_text(SAVED)
    line.mode = "slow"
    page.fill("[name=title]", "Xe đẩy")
    line.wait_for(2)
    arrive = line.cut()
    expect(said(page)).to_contain_text("Chưa nối mạng")
    line.mode = "open"
    page.fill("[name=title]", "Xe đẩy thuốc ba tầng")
    expect(said(page)).to_have_text(SAVED)
    late = arrive()
    assert late.json()["stale"] is True
    saves = line.sent
    page.fill("[name=solution]", IDEA["solution"])  # and the page goes on, no conflict with itself
    line.wait_for(saves + 1)
    page.wait_for_function("() => !Object.keys(localStorage).some(name => name.startsWith('draft:'))")
    if is_visitor:
        page.reload()
        assert page.input_value("[name=title]") == "Xe đẩy thuốc ba tầng"
        assert page.input_value("[name=solution]") == IDEA["solution"]
    else:
        item = Initiative.objects.get()
        assert (item.title, item.solution) == ("Xe đẩy thuốc ba tầng", IDEA["solution"])
    assert CONFLICT not in page.inner_text("body")


def test_a_phone_that_throws_the_quick_form_away_goes_on_in_the_same_draft(phone, world):
    phone.sign_in("0900000001")
    page = phone.open("/toi/gui/")
    line = Line(page)
    line.mode = "answers lost"
    page.fill("[name=title]", "Xe đẩy thuốc")
    line.wait_for(1)
    expect(said(page)).to_contain_text("Chưa nối mạng")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.input_value("[name=title]") == "Xe đẩy thuốc"
    line.mode = "open"
    page.fill("[name=title]", "Xe đẩy thuốc ba tầng")
    expect(said(page)).to_have_text(SAVED)
    assert [i.title for i in Initiative.objects.all()] == ["Xe đẩy thuốc ba tầng"]
