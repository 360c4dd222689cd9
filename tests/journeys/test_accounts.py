"""A claim, a passkey, an administrator's second step: in real Chromium, with its virtual authenticator."""

from __future__ import annotations

import re
import time

import pytest

from tests.cast import SINCE
from tests.initiatives.test_dossiers import IDEA, WHOLE
from tests.journeys.conftest import PASSWORD
from thidua.accounts.domain import one_time_passwords as otp
from thidua.accounts.models import Authenticator
from thidua.initiatives.domain import dossiers
from thidua.kernel import installation
from thidua.people.domain import rosters

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OWN = "chim bay qua đồng"


def virtual_authenticator(visitor) -> None:
    """A telephone that has just recognised its owner's finger."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def code_of(secret: str, ahead: int = 0) -> str:
    return otp.at_counter(secret, int(time.time()) // 30 + ahead)


def test_a_worker_without_an_account_claims_what_was_entered_for_her(world, phone, desktop):
    may = rosters.enter("Lý Thị Mây", world["TB-YT-01"], code="DV777", since=SINCE, by=world.binh)
    dossiers.submit(dossiers.start(may, world["TB-YT-01"], by=world.binh, **IDEA, **WHOLE), by=world.binh)

    desktop.sign_in("0900000003")
    desktop.open("/van-phong/don-vi/TB-YT-01/tai-khoan/")
    desktop.page.get_by_role("link", name="Lý Thị Mây").click()
    desktop.check()
    desktop.click("Cấp mã, xem trên màn hình")
    code = re.search(r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}", desktop.text())
    assert code

    phone.open(f"/nhan-tai-khoan/#{code[0]}")
    assert phone.page.url.endswith("/nhan-tai-khoan/")  # the code does not stay in the address
    phone.page.get_by_role("button", name="Tiếp tục").click()
    phone.faults.clear()
    phone.check()
    assert "Lý Thị Mây" in phone.text()
    phone.page.fill("[name=password]", "matkhau123")
    phone.page.fill("[name=again]", "matkhau123")
    phone.page.get_by_role("button", name="Đặt mật khẩu và vào").click()
    phone.settle()
    phone.faults.clear()  # the browser reports the 422 itself
    assert "nhiều người dùng" in phone.text()
    phone.check()
    phone.page.fill("[name=password]", OWN)
    phone.page.fill("[name=again]", OWN)
    phone.page.get_by_role("button", name="Đặt mật khẩu và vào").click()
    phone.check()
    assert "Xe đẩy thuốc ba tầng" in phone.text()

    desktop.open("/van-phong/tai-khoan/DV777/")
    assert "Đang dùng" in desktop.text()


def test_a_passkey_is_made_on_the_telephone_and_gets_in_without_a_password(world, phone):
    phone.sign_in("0900000001")
    virtual_authenticator(phone)
    phone.open("/bao-mat/")
    phone.click("Thêm khoá đăng nhập")
    phone.page.fill("[name=name]", "Điện thoại của An")
    phone.click("Tạo khoá trên thiết bị này")
    phone.page.get_by_role("heading", name="Mã dự phòng").wait_for()
    phone.check()
    phone.click("Tôi đã cất mã")
    assert "Điện thoại của An" in phone.text()

    phone.page.context.clear_cookies()
    phone.open("/dang-nhap/?next=/toi/ca-nhan/")
    phone.click("Đăng nhập bằng khoá")
    phone.page.wait_for_url("**/toi/ca-nhan/")
    phone.check()
    assert "Nguyễn Thị An" in phone.text()

    phone.page.context.clear_cookies()
    phone.open("/dang-nhap/")
    phone.page.fill("[name=username]", "0900000001")
    phone.page.fill("[name=password]", PASSWORD)
    phone.page.get_by_role("button", name="Đăng nhập", exact=True).click()
    phone.check()
    phone.click("Dùng khoá đăng nhập")
    phone.page.wait_for_url("**/toi/")
    assert Authenticator.objects.get().last_used_at


def test_a_strange_telephone_has_no_key(world, phone):
    virtual_authenticator(phone)
    phone.open("/dang-nhap/")
    phone.page.get_by_role("button", name="Đăng nhập bằng khoá").click()
    phone.page.get_by_text("Thiết bị không xác nhận").wait_for()
    phone.check()


def test_an_administrator_must_take_a_second_step(world, desktop, settings):
    installation.set_demonstration(is_demonstration=False, clock_on=None)
    settings.SECOND_STEP_PERMISSIONS = ["unit.manage", "post.grant"]
    desktop.sign_in("0900000010")
    desktop.open("/van-phong/don-vi/TB/")
    desktop.click("Dùng ứng dụng xác minh")
    desktop.page.get_by_text("Không quét được").click()
    secret = desktop.page.inner_text("details code").replace(" ", "")
    desktop.page.fill("[name=code]", code_of(secret))
    desktop.click("Xác nhận")
    desktop.click("Tôi đã cất mã")
    desktop.open("/van-phong/don-vi/TB/")
    assert "Thái Bình" in desktop.text()

    desktop.page.context.clear_cookies()
    desktop.sign_in("0900000010")
    desktop.page.fill("[name=code]", code_of(secret, ahead=1))  # the code of this half minute is used up
    desktop.click("Xác nhận")
    assert desktop.page.url.endswith("/van-phong/")
