"""A title is typed and the like one named; the officer compares and decides; the library on a phone."""

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.test_member_and_officer import programme  # noqa: F401
from tests.similarity.test_comparisons import TITLE, neighbours
from tests.similarity.test_measures import SOURCE, replaced
from thidua.initiatives.domain import reception
from thidua.initiatives.models import Adoption, Initiative
from thidua.ledger import readers
from thidua.search.domain import vocabulary

pytestmark = pytest.mark.journey


def look(visitor: Visitor, name: str) -> None:
    """A picture for whoever wants to see it: THIDUA_SHOTS names the folder."""
    import os
    from pathlib import Path

    if folder := os.environ.get("THIDUA_SHOTS"):
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_typed_title_to_an_adoption(browser, phone, live_server, world, programme, width):  # noqa: F811
    original = neighbours(world)
    readers.drain_all()

    # The worker types; the published one is named below the boxes, and filing stays possible.
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    phone.page.fill("[name=title]", "xe day thuoc ba tang co khay phan lieu")
    phone.page.get_by_role("link", name=TITLE).wait_for()
    phone.check()
    look(phone, "typed-phone")
    phone.page.fill("[name=problem_before]", "Mỗi buổi sáng phát thuốc mất nhiều thời gian và dễ nhầm.")
    phone.page.fill("[name=solution]", replaced(SOURCE, 0.2, 1))
    phone.page.locator("button[value=send]").click()
    phone.settle()
    copy = Initiative.objects.exclude(pk=original.pk).get()
    reception.receive(copy, by=world.binh)
    readers.drain_all()

    # The chair sees it on the dossier, side by side, turns it into an adoption and concludes it: one form.
    chair = Visitor(browser, live_server.url, width, 900)
    chair.sign_in("0900000004")
    chair.open(f"/van-phong/sang-kien/{copy.code}/")
    chair.click("So sánh và kết luận")
    look(chair, f"compare-{width}")
    chair.click(TITLE)
    assert chair.page.locator("mark").count() > 5
    look(chair, f"pair-{width}")
    chair.page.get_by_label("Áp dụng lại sáng kiến đã có").check()
    chair.page.fill("[name=reason]", "Khoa dùng lại xe này.")
    chair.page.locator("[name=then][value=refuse]").check()
    chair.page.get_by_role("button", name="Ghi kết luận").click()
    chair.agree()
    assert "Đã chuyển thành đăng ký áp dụng" in chair.text()
    assert Adoption.objects.get().initiative == original
    copy.refresh_from_db()
    assert (copy.state, copy.duplicate_of) == ("refused", original)
    look(chair, f"decided-{width}")
    chair.open("/van-phong/nhan-rong/")
    assert TITLE in chair.text()
    phone.open(f"/toi/sang-kien/{copy.code}/")
    assert "đơn vị đã đăng ký áp dụng sáng kiến ấy" in phone.text()
    chair.context.close()


def test_the_library_on_a_phone(phone, world):
    neighbours(world)
    neighbours(world, title="Bảng kiểm an toàn trước khi chuyển người bệnh", field="An toàn người bệnh")
    readers.drain_all()
    vocabulary.refresh()
    phone.open("/thu-vien/")
    look(phone, "library-phone")
    phone.page.locator("#q").press_sequentially("xe day", delay=30)
    phone.page.locator("#library-words option").first.wait_for(state="attached")
    phone.page.keyboard.press("Enter")
    phone.settle()
    phone.check()
    assert "2 sáng kiến" in phone.text()
    assert phone.page.locator(".grid-card h3").first.inner_text() == TITLE  # the title first, then the text
    look(phone, "found-phone")
    phone.open("/thu-vien/?q=xee%20dayy")
    phone.page.get_by_role("link", name="xe đẩy").click()
    phone.settle()
    assert TITLE in phone.text()
    phone.open("/thu-vien/?q=khong%20co%20gi%20nhu%20the")
    assert "Không thấy sáng kiến nào" in phone.text()
    look(phone, "nothing-phone")
    phone.page.set_viewport_size({"width": 1280, "height": 900})
    phone.open("/thu-vien/?year=2022")
    look(phone, "library-desktop")
