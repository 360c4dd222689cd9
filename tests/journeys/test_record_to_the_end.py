"""A dossier to its end and back: shares agreed, versions compared, revoked; searches that are kept. On both screens."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from tests.initiatives.test_dossiers import REASON, filed
from tests.journeys.conftest import Visitor
from tests.similarity.test_comparisons import neighbours
from tests.tallies.test_sums import make_programme
from thidua.awards.domain import certificates
from thidua.initiatives.domain import reception, recognitions
from thidua.initiatives.models import Initiative
from thidua.ledger import readers
from thidua.search.models import SavedSearch
from thidua.tallies import queries as tallies

pytestmark = pytest.mark.journey
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
both = pytest.mark.parametrize("screen", [*SIZES])
WHY = "Phát hiện giải pháp đã được nơi khác công bố trước đó."
PICTURES = os.environ.get("THIDUA_PICTURES", "")  # a folder: every screen is kept there to be looked at


@pytest.fixture
def someone(browser, live_server, world, screen):
    """Whoever is named by telephone, at a screen of this size."""
    made: list[Visitor] = []

    def sit_down(telephone: str) -> Visitor:
        visitor = Visitor(browser, live_server.url, *SIZES[screen])
        made.append(visitor)
        visitor.sign_in(telephone)
        return visitor

    yield sit_down
    for visitor in made:
        visitor.context.close()


def look(visitor: Visitor, name: str) -> None:
    visitor.check()
    if PICTURES:
        width = visitor.page.viewport_size["width"]
        visitor.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@both
def test_returned_shared_compared_recognised_and_revoked(someone, world, screen):
    programme = make_programme(world, "TB-YT")
    item = filed(world)
    reception.send_back(item, by=world.binh, reason=REASON)

    # An changes a word and names a co-author; shares must add up to a hundred.
    an = someone("0900000001")
    an.open(f"/toi/sang-kien/{item.code}/")
    assert REASON in an.text()
    an.open(f"/toi/sang-kien/{item.code}/viet/hieu-qua/")
    an.page.fill("[name=effect]", "Bớt đi lại một nửa, không còn nhầm giường.")
    an.page.get_by_role("button", name="Lưu và tiếp").click()
    an.page.wait_for_url("**/viet/tac-gia/")
    an.page.fill("[name=q]", "Dũng")
    an.page.get_by_role("button", name="Tìm").last.click()
    an.settle()
    an.page.get_by_role("button", name="Thêm Trần Văn Dũng").click()
    an.settle()
    an.page.fill("#share-1", "70")
    an.page.fill("#share-2", "20")
    an.page.get_by_role("button", name="Lưu và tiếp").click()
    an.settle()
    an.faults = [f for f in an.faults if "422" not in f]  # the browser notes the status
    assert "Tổng tỷ lệ đóng góp là 90 %, cần đúng 100 %." in an.text()
    look(an, "1-shares")
    an.page.fill("#share-2", "30")
    an.page.get_by_role("button", name="Lưu và tiếp").click()
    an.page.wait_for_url("**/viet/nguoi-tham-gia/")
    an.open(f"/toi/sang-kien/{item.code}/")
    an.page.get_by_role("button", name=re.compile("Gửi")).first.click()
    if an.page.locator("#ask[open]").count():
        an.agree()
    an.settle()

    # What was changed stands side by side.
    an.open(f"/toi/sang-kien/{item.code}/phien-ban/")
    assert "một nửa" in an.page.locator("ins").all_inner_texts().__str__()
    assert "Trần Văn Dũng: 30 %" in an.text()
    look(an, "2-versions")

    # Dũng is asked and agrees.
    dung = someone("0900000002")
    dung.open(f"/toi/sang-kien/{item.code}/")
    look(dung, "3-asked")
    dung.page.get_by_role("button", name="Đúng, tôi xác nhận").click()
    dung.settle()
    dung.check()
    assert item.authorships.get(person=world.dung).confirmed_at is not None

    item = Initiative.objects.get(pk=item.pk)
    reception.receive(item, by=world.binh)
    recognition = recognitions.recognise(item, by=world.chi, decision_number="12/QĐ-BV", decided_on=date(2022, 5, 18))
    mine, other = certificates.issue_for_recognition(recognition, by=world.chi)
    readers.drain_all()
    assert tallies.figure(programme, world["TB-YT"], "recognised") == 1

    # The head revokes it: nothing counts it any more, and both certificates say so to anybody.
    chi = someone("0900000004")
    chi.open(f"/van-phong/sang-kien/{item.code}/")
    chi.page.locator("details.reason-offer summary", has_text="Huỷ bỏ công nhận").click()
    chi.page.fill("#reason-revoke", WHY)
    look(chi, "4-revoke")
    chi.page.locator("details[open] form button.btn-danger").click()
    if chi.page.locator("#ask[open]").count():
        chi.agree()
    chi.check()
    assert "Đã huỷ bỏ công nhận." in chi.text()
    readers.drain_all()
    assert tallies.figure(programme, world["TB-YT"], "recognised") == 0
    assert not item.entries.get(programme=programme).is_counted
    for code in (mine.code, other.code):
        chi.open(f"/xac-minh/{code}/")
        assert "Giấy này đã bị thu hồi." in chi.text()
    look(chi, "5-certificate")
    an.open(f"/toi/sang-kien/{item.code}/")
    assert WHY in an.text()
    look(an, "6-revoked")


@both
def test_searches_are_narrowed_kept_and_taken_along(someone, world, screen):
    neighbours(world, field="Y tế")
    neighbours(world, title="Xe đẩy dụng cụ gấp gọn cho phòng mổ", field="An toàn lao động")
    readers.drain_all()
    giang = someone("0900000006")

    # In the library: a facet, the search under a name, the spreadsheet.
    giang.open("/thu-vien/?q=xe%20day")
    assert "2 sáng kiến" in giang.text()
    if screen == "phone":  # folded there: results come first
        giang.page.locator("details.facets > summary").click()
    giang.page.locator("details.facets").get_by_role("link", name="An toàn lao động").click()
    giang.settle()
    assert "1 sáng kiến" in giang.text()
    keep(giang, "Xe đẩy an toàn")
    look(giang, "7-library")
    kept = SavedSearch.objects.get(name="Xe đẩy an toàn")
    giang.open("/thu-vien/")
    giang.click("Xe đẩy an toàn")
    assert "1 sáng kiến" in giang.text()
    assert spreadsheet(giang) > 4000

    # In the office: the same, of its own dossiers.
    giang.open("/van-phong/sang-kien/?q=xe%20day")
    assert "2 hồ sơ" in giang.text()
    keep(giang, "Xe đẩy của viện")
    giang.open("/van-phong/sang-kien/?q=phong%20mo")
    assert "1 hồ sơ" in giang.text()
    assert spreadsheet(giang) > 4000
    giang.click("Xe đẩy của viện")
    assert "2 hồ sơ" in giang.text()
    look(giang, "8-office")
    assert SavedSearch.objects.exclude(pk=kept.pk).get().place == "office"


def keep(visitor: Visitor, name: str) -> None:
    visitor.page.locator("summary", has_text="Lưu tìm kiếm").click()
    visitor.page.fill("#search-name", name)
    visitor.check()
    visitor.page.locator("details[open].menu form button.btn-primary").click()
    visitor.settle()
    visitor.check()


def spreadsheet(visitor: Visitor) -> int:
    """How many bytes the list weighs that is taken along."""
    with visitor.page.expect_download() as coming:
        visitor.page.get_by_role("link", name="Excel").click()
    return Path(coming.value.path()).stat().st_size
