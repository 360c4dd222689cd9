"""The full dossier on a phone, screen after screen: people, first user, sealed parts, versions, papers."""

import os
from pathlib import Path

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.test_member_and_officer import fill_idea, programme  # noqa: F401 - a fixture
from thidua.initiatives.models import FirstUse, Initiative

pytestmark = pytest.mark.journey
PICTURES = os.environ.get("THIDUA_PICTURES", "")  # a folder: every screen is kept there to be looked at


def look(visitor: Visitor, name: str) -> None:
    visitor.check()
    if PICTURES:
        visitor.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_dossier_is_completed_screen_by_screen(phone, browser, live_server, world, programme):  # noqa: F811
    phone.sign_in("0900000001")
    phone.open("/toi/gui/")
    look(phone, "1-gui")
    fill_idea(phone)
    phone.page.get_by_role("button", name="Viết đầy đủ").click()
    phone.page.wait_for_url("**/viet/noi-dung/")
    phone.page.select_option("[name=kind]", "technical")
    phone.page.fill("[name=first_applied_on]", "2022-02-01")
    look(phone, "2-noi-dung")
    phone.page.get_by_role("button", name="Lưu và tiếp").click()
    phone.page.wait_for_url("**/viet/hieu-qua/")
    phone.page.fill("[name=effect]", "Bớt đi lại, không còn nhầm giường.")
    phone.page.locator("details.callout summary").click()
    for box, typed in {"before": "50.000", "after": "20.000", "volume": "1.000", "cost": "6.000.000"}.items():
        phone.page.fill(f"[name=benefit_{box}]", typed)
    look(phone, "3-hieu-qua")
    phone.page.get_by_role("button", name="Lưu và tiếp").click()
    phone.page.wait_for_url("**/viet/tac-gia/")
    look(phone, "4-tac-gia")
    phone.page.get_by_role("button", name="Lưu và tiếp").click()
    phone.page.wait_for_url("**/viet/nguoi-tham-gia/")
    phone.page.get_by_role("button", name="Thêm người").click()
    phone.page.fill("[name=p0-name]", "Lê Văn Hàn")
    phone.page.fill("[name=p0-work]", "Hàn khung xe")
    look(phone, "5-nguoi-tham-gia")
    phone.page.get_by_role("button", name="Lưu, để sau").last.click()
    item = Initiative.objects.get()
    phone.open(f"/toi/sang-kien/{item.code}/viet/nguoi-tham-gia/")
    phone.page.fill("[name=q]", "Dũng")
    phone.page.get_by_role("button", name="Tìm").click()
    phone.settle()
    phone.page.get_by_role("button", name="Xin ý kiến Trần Văn Dũng").click()
    phone.settle()
    look(phone, "6-xin-y-kien")
    phone.open(f"/toi/sang-kien/{item.code}/viet/cong-nhan/")
    phone.page.locator("[name=sealed][value=steps]").check()
    look(phone, "7-cong-nhan")
    phone.page.get_by_role("button", name="Lưu và tiếp").click()
    phone.page.wait_for_url("**/viet/xem-lai/")
    assert "Xác nhận của người, đơn vị áp dụng lần đầu" in phone.text()
    look(phone, "8-xem-lai")
    item.refresh_from_db()
    assert (item.benefit_stated, item.sealed) == (24_000_000, ["steps"])

    dung = Visitor(browser, live_server.url, 1280, 900)
    dung.sign_in("0900000002")
    dung.open(f"/toi/ap-dung-lan-dau/{item.code}/")
    dung.page.locator("[name=benefit][value=not_quantifiable]").check()
    dung.page.fill("[name=opinion]", "Đỡ đi lại một nửa, an toàn hơn.")
    look(dung, "9-y-kien")
    dung.page.get_by_role("button", name="Gửi ý kiến").click()
    dung.settle()
    dung.check()
    dung.context.close()
    assert FirstUse.objects.get().stated_at is not None

    phone.page.get_by_role("button", name="Gửi").first.click()
    phone.settle()
    phone.open(f"/toi/sang-kien/{item.code}/phien-ban/")
    look(phone, "10-phien-ban")
    phone.open(f"/toi/sang-kien/{item.code}/")
    assert "an toàn hơn" in phone.text()
    look(phone, "11-ho-so")
