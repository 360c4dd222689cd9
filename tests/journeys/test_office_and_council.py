"""The office works through its inbox; a council judges on phones; the head decides beside the dossier."""

import re

import pytest

from tests.initiatives.test_dossiers import REASON, filed
from tests.initiatives.test_reception import GROUNDS, received
from tests.journeys.conftest import Visitor
from tests.review.test_councils import case_at, cast_all, opened
from thidua.initiatives.domain import decrees, scopes
from thidua.initiatives.domain.decrees import Decree
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.ledger import readers
from thidua.review.choices import Vote
from thidua.review.models import Ballot, Session

pytestmark = pytest.mark.journey
TITLES = ("Giá treo bình ô-xy gấp gọn được", "Bảng phân ca trực trên điện thoại", "Hộp chia thuốc theo giờ uống")


def test_the_inbox_on_a_desktop_from_many_at_once_to_one_and_back(desktop, world):
    items = [filed(world, title=title) for title in TITLES]
    desktop.sign_in("0900000003")
    desktop.open("/van-phong/sang-kien/?state=submitted")
    assert desktop.page.locator("tbody tr").count() == 3
    for item in items[:2]:
        desktop.page.check(f"input[name=code][value={item.code}]")
    desktop.page.click(".bulk-bar button[value=receive]")
    desktop.check()
    assert "Đã tiếp nhận 2 hồ sơ." in desktop.text()
    # One more by itself, returned with a reason kept ready, then taken back.
    desktop.open(f"/van-phong/sang-kien/{items[2].code}/")
    desktop.page.locator("details.reason-offer summary").first.click()
    desktop.page.locator("details[open] .canned button").first.click()
    desktop.page.locator("details[open] form button:not([type=button])").click()
    desktop.check()
    assert Initiative.objects.get(pk=items[2].pk).state == "returned"
    desktop.page.get_by_role("button", name="Hoàn tác bước vừa làm").click()
    desktop.agree()
    assert "hồ sơ về lại «Chờ tiếp nhận»" in desktop.text()


def test_a_stale_tab_keeps_what_was_typed(browser, desktop, live_server, world):
    item = filed(world)
    desktop.sign_in("0900000003")
    desktop.open(f"/van-phong/sang-kien/{item.code}/")
    desktop.page.locator("details.reason-offer summary").first.click()
    desktop.page.fill("details[open] textarea[name=reason]", REASON)
    other = Visitor(browser, live_server.url, 1280, 900)
    other.sign_in("0900000004")
    other.open(f"/van-phong/sang-kien/{item.code}/")
    other.click("Tiếp nhận")
    desktop.page.locator("details[open] form button:not([type=button])").click()
    desktop.page.wait_for_load_state("networkidle")
    desktop.faults = [f for f in desktop.faults if "409" not in f]  # the browser notes the status
    desktop.check()
    assert "đã thay đổi sau khi bạn mở trang" in desktop.text()
    assert desktop.page.locator("details[open] textarea[name=reason]").input_value() == REASON
    other.context.close()


def test_a_council_votes_on_a_phone_and_the_head_decides_beside_the_dossier(
    browser, phone, desktop, live_server, world
):
    items = [received(world, title=title) for title in TITLES[:2]]
    session = opened(world, *items)
    # Lan, an expert of another hospital, scores on her phone; the next dossier follows by itself.
    phone.sign_in("0900000005")
    phone.open("/van-phong/hoi-dong/")
    phone.page.locator("a.row-link").first.click()
    phone.check()
    for key, points in (("novelty", "25"), ("effect", "30"), ("spread", "15"), ("record", "8")):
        phone.page.fill(f"[name=score-{key}]", points)
    phone.page.check("#vote-yes")
    phone.page.get_by_role("button", name=re.compile("Lưu và sang hồ sơ tiếp")).click()
    phone.check()
    assert Ballot.objects.get().total == 78
    phone.page.locator("summary", has_text="Tôi có xung đột lợi ích").click()
    phone.page.fill("#recuse", "Cùng nhóm nghiên cứu với tác giả")
    phone.page.get_by_role("button", name="Không chấm hồ sơ này").click()
    phone.check()
    for position in (1, 2):
        cast_all(world, session, {"chi": Vote.YES, "binh": Vote.YES, "dung": Vote.YES}, position)
    # The secretary counts, the chair signs: the minutes are written.
    secretary = Visitor(browser, live_server.url, 1280, 900)
    secretary.sign_in("0900000003")
    secretary.open(f"/van-phong/hoi-dong/phien/{session.code}/")
    secretary.page.get_by_role("button", name="Kết thúc và kiểm phiếu").click()
    secretary.agree()
    desktop.sign_in("0900000004")
    desktop.open(f"/van-phong/hoi-dong/phien/{session.code}/")
    desktop.page.get_by_role("button", name="Ký biên bản").click()
    desktop.agree()
    assert Session.objects.get().minutes.full_number == "01/BB-CĐCS"
    readers.drain_all()
    # The head decides: dossier on the left, the council's result and the decision on the right.
    desktop.open(f"/van-phong/sang-kien/{items[0].code}/cong-nhan/")
    left = desktop.page.locator(".split > div").bounding_box()
    right = desktop.page.locator(".split > aside").bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert "Hội đồng đề nghị công nhận" in desktop.text()
    desktop.page.get_by_role("button", name="Ghi và sang hồ sơ tiếp").click()
    desktop.agree()
    assert items[1].title in desktop.text()
    recognition = items[0].recognitions.get()
    assert (recognition.body, recognition.decision_number) == ("council", "02/QĐ-CĐCS")
    secretary.context.close()


def test_on_a_phone_everything_of_the_office_stacks(phone, world):
    item = received(world)
    wide = received(world, title=TITLES[2])
    decrees.recognise_one(wide, Decree(clock.today()), by=world.chi)
    proposal = scopes.propose(wide, world["TB"], by=world.chi, grounds=GROUNDS)
    opened(world, received(world, title=TITLES[1]))
    phone.sign_in("0900000004")
    for path in (
        "/van-phong/sang-kien/",
        f"/van-phong/sang-kien/{wide.code}/",
        "/van-phong/sang-kien/ly-do-mau/",
        "/van-phong/chuc-danh/lam-thay/",
        "/van-phong/sang-kien/goi-tep/",
        "/van-phong/pham-vi/",
        f"/van-phong/pham-vi/{proposal.pk}/",
        "/van-phong/hoi-dong/moi/",
        f"/van-phong/hoi-dong/phien/{Session.objects.get().code}/",
        f"/van-phong/hoi-dong/{Session.objects.get().council.code}/?q=lan",
        f"/van-phong/hoi-dong/ho-so/{case_at(Session.objects.get()).pk}/",
        f"/van-phong/sang-kien/{item.code}/cong-nhan/",
    ):
        phone.open(path)
    boxes = [phone.page.locator(f".split > {part}").bounding_box() for part in ("div", "aside")]
    assert boxes[0]["x"] == boxes[1]["x"]  # one below the other
