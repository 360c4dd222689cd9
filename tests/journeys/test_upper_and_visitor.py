"""The upper officer allocates, watches, merges; a visitor searches and verifies."""

from datetime import date

import pytest

from tests.initiatives.test_dossiers import recognised
from tests.journeys.test_member_and_officer import programme  # noqa: F401 - a fixture
from thidua.awards.domain import certificates
from thidua.initiatives.choices import Disclosure
from thidua.initiatives.domain import library
from thidua.ledger import readers
from thidua.reports.domain import reports
from thidua.reports.models import Report
from thidua.targets.models import Target

pytestmark = pytest.mark.journey


def test_allocate_watch_and_merge(desktop, world, programme):  # noqa: F811
    recognised(world)
    readers.drain_all()
    desktop.sign_in("0900000006")
    desktop.open(f"/van-phong/chi-tieu/{programme.code}/TB-YT/")
    for index in (0,):
        desktop.page.get_by_role("button", name="Theo số đoàn viên").nth(index).click()
        desktop.settle()
    desktop.check()
    desktop.page.get_by_role("button", name="Giao chỉ tiêu", exact=True).click()
    desktop.settle()
    desktop.check()
    given = Target.objects.filter(programme=programme, phase__position=1, given_by=world["TB-YT"])
    assert {t.unit.code: int(t.value) for t in given} == {"TB-YT-01": 67, "TB-YT-02": 22, "TB-YT-03": 11}

    desktop.open(f"/van-phong/tien-do/{programme.code}/TB-YT/?phase=1")
    assert "1 / 67" in desktop.text()
    desktop.click("CĐCS Bệnh viện Đa khoa tỉnh")
    assert "Tiến độ: CĐCS Bệnh viện Đa khoa tỉnh" in desktop.text()

    phase = programme.phases.get(position=1)
    request = reports.ask(
        world["TB-YT"],
        programme=programme,
        phase=phase,
        title="Sơ kết giai đoạn 1",
        due_on=date(2022, 6, 10),
        by=world.giang,
    )
    child = reports.start(request, world["TB-YT-01"], by=world.binh)
    reports.write(child, by=world.binh, revision=1, sections={"strengths": "Đoàn viên hưởng ứng sớm."})
    reports.submit(child, by=world.chi)
    desktop.open("/van-phong/bao-cao/")
    desktop.click("Lập báo cáo từ số liệu")
    desktop.click("Tổng hợp báo cáo đã nhận")
    assert "Đoàn viên hưởng ứng sớm." in desktop.page.locator("textarea[name=strengths]").input_value()
    merged = Report.objects.get(unit=world["TB-YT"])
    assert int(merged.figures.get(key="counted").value) == 1


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_visitor_searches_without_accents_and_verifies(request, size, world):
    visitor = request.getfixturevalue(size)
    initiative = recognised(world)
    library.set_disclosure(initiative, Disclosure.PUBLIC, by=world.an)
    (certificate,) = certificates.issue_for_recognition(initiative.recognitions.get(), by=world.chi)
    visitor.open("/")
    visitor.page.fill("main [name=q]", "xe day thuoc")
    visitor.page.keyboard.press("Enter")
    visitor.settle()
    visitor.check()
    visitor.click("Xe đẩy thuốc ba tầng")
    assert "Nguyễn Thị An" in visitor.text()
    assert "0900000001" not in visitor.text()
    visitor.open("/xac-minh/")
    visitor.page.fill("[name=code]", certificate.code.lower())
    visitor.page.locator("main form button").click()
    visitor.check()
    assert "Giấy này có hiệu lực." in visitor.text()
    certificates.revoke(certificate, by=world.chi, reason="In sai tên, cấp lại sau khi xác minh.")
    visitor.open(f"/xac-minh/{certificate.code}/")
    assert "Giấy này đã bị thu hồi." in visitor.text()


@pytest.mark.parametrize(
    "path", ["/van-phong/", "/van-phong/sang-kien/", "/van-phong/khen-thuong/", "/van-phong/don-vi/"]
)
def test_office_pages_work_on_a_phone(phone, world, path):
    phone.sign_in("0900000003")
    phone.open(path)
