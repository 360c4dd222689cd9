"""A merger from order to undo, a post from its grant to its last day, numbers of a past day: on both screens."""

from __future__ import annotations

from datetime import date

import pytest

from tests.initiatives.test_dossiers import filed
from tests.tallies.test_sums import make_programme
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, installation
from thidua.orgs.models import Unit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("screen", ["desktop", "phone"])


@both
def test_a_merger_is_previewed_done_inherited_and_undone(screen, request, world):
    visitor = request.getfixturevalue(screen)
    item = filed(world)
    assert item.handler.code == "TB-YT-01"
    visitor.sign_in("0900000010")
    visitor.open("/van-phong/sap-xep/")
    visitor.click("Soạn quyết định")
    visitor.page.fill("[name=title]", "Sáp nhập hai bệnh viện")
    visitor.page.fill("[name=decision_number]", "12/QĐ-LĐLĐ")
    visitor.page.locator("main form button.btn-primary").click()
    visitor.check()
    visitor.page.locator("a[href='?loai=merge#them']").click()
    visitor.check()
    visitor.page.fill("#them [name=unit_code]", "TB-YT-01")
    visitor.page.fill("#them [name=to_code]", "TB-YT-02")
    visitor.click("Thêm vào quyết định")
    visitor.click("Xem trước hệ quả")
    assert "Hệ quả khi thực hiện" in visitor.text()
    assert Unit.objects.get(code="TB-YT-01").ended_on is None  # a preview changes nothing
    visitor.click("Xác nhận và thực hiện")
    visitor.agree()
    assert "Đã thực hiện quyết định." in visitor.text()
    assert Initiative.objects.get(pk=item.pk).handler.code == "TB-YT-02"
    address = visitor.page.url
    visitor.open("/van-phong/don-vi/TB-YT-01/")
    assert "Kế thừa:" in visitor.text()

    visitor.page.goto(address)
    visitor.page.locator("details.reason-offer summary", has_text="Hoàn tác").click()
    visitor.page.fill("#reason-undo", "Quyết định ghi nhầm đơn vị kế thừa.")
    visitor.page.locator("details.reason-offer button.btn-danger").click()
    visitor.check()
    assert "Đã hoàn tác: mọi việc trở lại như trước." in visitor.text()
    assert Initiative.objects.get(pk=item.pk).handler.code == "TB-YT-01"
    assert Unit.objects.get(code="TB-YT-01").ended_on is None


@both
def test_a_post_is_given_used_and_ends_by_its_date(screen, request, world, browser, live_server):
    from tests.journeys.conftest import Visitor

    visitor = request.getfixturevalue(screen)
    visitor.sign_in("0900000010")
    visitor.open("/van-phong/don-vi/TB-YT-01/chuc-danh/giao/")
    visitor.page.fill("[name=person]", world.dung.code)
    visitor.page.check("[name=role][value=grassroots_officer]")
    visitor.page.fill("[name=since]", "2022-05-20")
    visitor.page.fill("[name=until]", "2022-05-31")
    visitor.page.locator("main form.panel button.btn-primary").click()
    visitor.check()
    assert "Đã giao chức danh cho Trần Văn Dũng." in visitor.text()

    size = visitor.page.viewport_size
    holder = Visitor(browser, live_server.url, size["width"], size["height"])
    holder.sign_in("0900000002")
    holder.open("/van-phong/don-vi/TB-YT-01/doan-vien/them/")
    assert "403" not in holder.page.title()
    assert holder.page.locator("[name=full_name]").is_visible()
    after = date(2022, 6, 1)
    installation.set_demonstration(is_demonstration=True, clock_on=after)
    with clock.at(after):
        holder.page.goto(live_server.url + "/van-phong/don-vi/TB-YT-01/doan-vien/them/")
        holder.faults.clear()  # the browser reports the refusal itself
        assert not holder.page.locator("[name=full_name]").is_visible()
        visitor.open("/van-phong/don-vi/TB-YT-01/chuc-danh/?xem=cu")
        assert "Trần Văn Dũng" in visitor.text()
    holder.context.close()


@both
def test_the_numbers_of_a_past_day_are_shown_and_left_again(screen, request, world):
    visitor = request.getfixturevalue(screen)
    programme = make_programme(world, "TB")
    visitor.sign_in("0900000008")
    visitor.open(f"/van-phong/tien-do/{programme.code}/TB/?phase=1")
    visitor.page.fill("#ngay", "2022-04-30")
    visitor.click("Xem")
    assert "Số liệu đến hết ngày 30/04/2022." in visitor.text()
    assert "phase=1" in visitor.page.url
    visitor.click("Về số liệu hôm nay")
    assert "Số liệu đến hết ngày" not in visitor.text()
    assert "phase=1" in visitor.page.url
    visitor.page.goto(f"{visitor.address}/van-phong/tien-do/{programme.code}/TB/?ngay=2022-12-31")
    visitor.faults.clear()  # the browser reports the 422 itself
    visitor.check()
    assert "chưa đến: số liệu chỉ có đến hôm nay" in visitor.text()
