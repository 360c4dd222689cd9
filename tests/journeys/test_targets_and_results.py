"""Targets go down, come back with a wish and an answer; results reported by hand go up with evidence."""

import pytest

from tests.journeys.conftest import TODAY, Visitor
from tests.journeys.test_member_and_officer import programme  # noqa: F401 - a fixture
from thidua.tallies.models import Declaration
from thidua.targets.models import Issue, Target

pytestmark = pytest.mark.journey
WHY = "Đơn vị đang dồn sức chống dịch tại khu điều trị."


@pytest.fixture
def indicators(world):
    """The catalogue is emptied with the tables between journeys: both of its migrations sow it anew."""
    from importlib import import_module

    from django.apps import apps

    import_module("thidua.targets.migrations.0003_more_indicators").seed(apps, None)


def visit(browser, live_server, identifier: str, *, phone: bool = False) -> Visitor:
    visitor = Visitor(browser, live_server.url, *((390, 844) if phone else (1280, 900)))
    visitor.sign_in(identifier)
    return visitor


def test_filled_by_headcount_corrected_given_disputed_and_answered(
    browser,
    live_server,
    world,
    indicators,
    programme,  # noqa: F811
):
    upper = visit(browser, live_server, "0900000006")
    place = f"/van-phong/chi-tieu/{programme.code}/"
    upper.open(f"{place}TB-YT/")
    upper.click("Theo số đoàn viên")
    assert "Bản nháp, chưa giao" in upper.text()
    first = programme.phases.get(position=1)
    cells = [f"[name=u{world[code].pk}p{first.pk}]" for code in ("TB-YT-01", "TB-YT-02")]
    assert [upper.page.input_value(cell) for cell in cells] == ["67", "22"]
    for cell, text in zip(cells, ("60", "29"), strict=True):
        upper.page.fill(cell, text)
    assert "khớp" in upper.page.inner_text("tfoot")
    upper.page.get_by_role("button", name="Giao chỉ tiêu", exact=True).click()
    upper.check()
    assert "Đã giao chỉ tiêu cho 3 đơn vị." in upper.text()
    target = Target.objects.get(unit=world["TB-YT-01"], phase=first)
    assert (int(target.value), target.state) == (60, "given")

    unit = visit(browser, live_server, "0900000003", phone=True)
    unit.open(f"{place}TB-YT-01/")
    card = unit.page.locator("article", has_text="Giai đoạn 1")
    card.get_by_text("Xin điều chỉnh").first.click()
    card.locator(f"#ask-{target.pk}").fill("50")
    card.locator(f"#why-{target.pk}").fill(WHY)
    card.get_by_role("button", name="Gửi đề nghị").click()
    unit.check()
    assert "Đã gửi đề nghị điều chỉnh" in unit.text()

    upper.open(f"{place}TB-YT/")
    assert WHY in upper.text()
    upper.page.get_by_text("Giữ nguyên hoặc giao số khác").first.click()
    upper.page.fill(f"#counter-{target.pk}", "55")
    upper.page.fill(f"#answer-{target.pk}", "Chia sẻ một phần khó khăn của đơn vị.")
    upper.page.get_by_role("button", name="Trả lời", exact=True).click()
    upper.check()

    unit.open(f"{place}TB-YT-01/")
    unit.click("Nhận tất cả chỉ tiêu")
    target.refresh_from_db()
    assert (int(target.value), target.state) == (55, "accepted")
    upper.open(f"{place}TB-YT/lan-giao/{Issue.objects.get().number}/")
    assert "+60" in upper.text()
    for visitor in (unit, upper):
        visitor.context.close()


def test_a_result_is_reported_with_evidence_and_confirmed(
    browser,
    live_server,
    world,
    indicators,
    programme,  # noqa: F811
    tmp_path,
):
    proof = tmp_path / "bien-ban.pdf"
    proof.write_bytes(b"%PDF-1.4\n% bien ban doi thoai\n")
    unit = visit(browser, live_server, "0900000003", phone=True)
    unit.open(f"/van-phong/ket-qua/{programme.code}/don-vi/TB-YT-01/")
    unit.click("Kê khai kết quả")
    unit.page.select_option("[name=what]", "dialogues_held|")
    unit.page.fill("[name=value]", "2")
    unit.page.fill("[name=on]", f"{TODAY:%Y-%m-%d}")
    unit.page.fill("[name=content]", "Đối thoại định kỳ quý II tại hội trường")
    unit.page.fill("[name=paper]", "12/BB-CĐCS")
    unit.page.set_input_files("#evidence", str(proof))
    unit.page.get_by_role("button", name="Gửi cấp trên xác nhận").click()
    unit.check()
    assert "chờ cấp trên xác nhận" in unit.text()

    upper = visit(browser, live_server, "0900000006")
    upper.open(f"/van-phong/ket-qua/{programme.code}/don-vi/TB-YT/")
    upper.click("CĐCS Bệnh viện Đa khoa tỉnh")
    assert "bien-ban.pdf" in upper.text()
    upper.page.get_by_role("button", name="Xác nhận", exact=True).click()
    upper.check()
    assert (Declaration.objects.get().state, Declaration.objects.get().booked) == ("confirmed", 2)
    for page in ("", "so-sanh/", "bang/"):
        upper.open(f"/van-phong/tien-do/{programme.code}/TB-YT/{page}")
        unit.open(f"/van-phong/tien-do/{programme.code}/TB-YT-01/{page}")
    for visitor in (unit, upper):
        visitor.context.close()
