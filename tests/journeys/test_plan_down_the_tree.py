"""A plan reaches a grassroots union: received, its own plan made, a duty done with a photo; the level above sees it."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.test_member_and_officer import picture, programme  # noqa: F401 - a fixture
from thidua.programmes.models import Assignment, Plan

pytestmark = pytest.mark.journey


def test_receive_cascade_issue_and_report_a_duty(browser, phone, desktop, live_server, world, programme):  # noqa: F811
    upper = programme.plan
    duty = upper.duties.get(text__startswith="Định kỳ báo cáo")
    # The officer above sees that nobody has opened it and gives the report a deadline.
    desktop.sign_in("0900000006")
    desktop.open(f"/van-phong/ke-hoach/{upper.code}/don-vi/")
    assert "chưa mở" in desktop.text()
    desktop.open(f"/van-phong/ke-hoach/{upper.code}/nhiem-vu/{duty.pk}/han/")
    desktop.page.fill("[name=due_on]", "10/6/2022")
    desktop.page.locator("main form button.btn-primary").click()
    desktop.check()
    assert "3 đơn vị được báo" in desktop.text()

    # The grassroots officer receives it on a phone and makes the union's own plan.
    phone.sign_in("0900000003")
    phone.open("/van-phong/")
    phone.page.get_by_role("button", name="Đã nhận kế hoạch").click()
    phone.check()
    assert "Đã xác nhận nhận kế hoạch." in phone.text()
    phone.page.get_by_role("button", name="Lập kế hoạch của đơn vị").click()
    phone.check()
    lower = Plan.objects.get(implements=upper)
    phone.open(f"/van-phong/ke-hoach/{lower.code}/")
    phone.page.get_by_role("button", name="Trình duyệt").click()
    phone.check()
    chair = Visitor(browser, live_server.url, 1280, 900)
    chair.sign_in("0900000004")
    chair.open(f"/van-phong/ke-hoach/{lower.code}/ban-hanh/")
    chair.page.locator("main form button.btn-primary").click()
    chair.agree()
    lower.refresh_from_db()
    assert lower.state == "issued"
    chair.context.close()

    # A duty is done, with a photo as evidence.
    item = Assignment.objects.get(duty=duty, unit=world["TB-YT-01"])
    phone.open("/van-phong/nhiem-vu/")
    phone.page.get_by_role("link", name="Định kỳ báo cáo").first.click()
    phone.check()
    phone.page.fill("[name=note]", "Đã gửi báo cáo quý I.")
    phone.page.set_input_files("[name=uploads]", {"name": "anh.png", "mimeType": "image/png", "buffer": picture()})
    phone.page.get_by_role("button", name="Báo đã xong").click()
    phone.settle()
    phone.check()
    item.refresh_from_db()
    assert (item.state, item.files.count()) == ("done", 1)

    # Above, the unit's row has moved, the result is confirmed and the tree shows it.
    desktop.open(f"/van-phong/ke-hoach/{upper.code}/don-vi/?standing=issued")
    assert "CĐCS Bệnh viện Đa khoa tỉnh" in desktop.text()
    desktop.open("/van-phong/nhiem-vu/?where=confirm")
    desktop.page.locator("input[name=choice]").check()
    desktop.page.get_by_role("button", name="Xác nhận các kết quả đã chọn").click()
    desktop.check()
    item.refresh_from_db()
    assert item.state == "confirmed"
    desktop.open(f"/van-phong/ke-hoach/{upper.code}/nhiem-vu/{duty.pk}/")
    assert "33,3 %" in desktop.text()


PAGES = ("", "don-vi/", "nhiem-vu/", "pha-he/", "ho-tro/", "phong-trao/")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_every_page_of_a_plan_fits_the_screen(request, size, world, programme):  # noqa: F811
    visitor = request.getfixturevalue(size)
    visitor.sign_in("0900000006")
    plan = programme.plan
    for part in PAGES:
        visitor.open(f"/van-phong/ke-hoach/{plan.code}/{part}")
    duty = plan.duties.first()
    for path in (
        f"/van-phong/ke-hoach/{plan.code}/nhiem-vu/{duty.pk}/",
        f"/van-phong/ke-hoach/{plan.code}/nhiem-vu/{duty.pk}/han/",
        f"/van-phong/nhiem-vu/{duty.assignments.first().pk}/",
        "/van-phong/nhiem-vu/",
        "/van-phong/phong-trao/",
        f"/van-phong/phong-trao/{programme.code}/",
        f"/van-phong/phong-trao/{programme.code}/dang-ky/",
    ):
        visitor.open(path)
