"""Units by Excel: founded, renamed, moved, counted; undone; exported and read back."""

from __future__ import annotations

import io

from tests.exchange.sheets import apply, faults, give, tally, xlsx
from thidua.exchange.domain import outgoing, uploads, work
from thidua.kernel.sheets import importers
from thidua.kernel.sheets.importers import Scope
from thidua.orgs.models import Headcount, Unit

HEAD = ["Mã đơn vị", "Tên đơn vị", "Loại", "Cấp trên trực tiếp", "Tổng số đoàn viên", "Nữ", "Ngày thành lập"]


def test_a_parent_may_stand_below_its_child_in_the_file(cast):
    content = xlsx(
        HEAD,
        ["TB-GD-01", "CĐCS Trường A", "Công đoàn cơ sở", "TB-GD", 40, 30, "1/5/2022"],
        ["TB-GD", "Công đoàn ngành Giáo dục", "cong doan nganh", "TB", "", "", "01/05/2022"],
    )
    upload = give("units", content, unit=cast["TB"], by=cast.quy)
    assert tally(upload) == (2, 0, 0, 0)
    apply(upload, by=cast.quy)
    school = Unit.objects.get(code="TB-GD-01")
    assert school.parent.code == "TB-GD"
    province = Unit.objects.get(code="TB")
    assert province.lft < school.parent.lft < school.lft <= province.rgt
    assert Headcount.objects.get(unit=school).members == 40
    uploads.undo(upload, by=cast.quy)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.fault) == ("undone", "")
    assert not Unit.objects.filter(code__startswith="TB-GD").exists()


def test_a_bad_parent_makes_its_children_bad_too(cast):
    content = xlsx(
        HEAD,
        ["TB-GD", "Công đoàn ngành Giáo dục", "loại lạ", "TB", "", "", ""],
        ["TB-GD-01", "CĐCS Trường A", "Công đoàn cơ sở", "TB-GD", "", "", ""],
        ["NT-9", "CĐCS nơi khác", "Công đoàn cơ sở", "NT", "", "", ""],
        ["TB-YT-02", "", "", "", 50, 60, ""],
    )
    upload = give("units", content, unit=cast["TB"], by=cast.quy)
    assert tally(upload) == (0, 0, 0, 4)
    found = faults(upload)
    assert found[2][0][0] == "kind"
    assert found[3][0][1] == "Không có đơn vị cấp trên «TB-GD»."
    assert found[4][0][1] == "Đơn vị cấp trên không thuộc phạm vi của bạn."
    assert found[5][0][1] == "Lớn hơn số đoàn viên."


def test_a_new_name_kind_and_parent_go_through_their_verbs_and_back(cast):
    head = [*HEAD, "Số quyết định"]
    row = ["TB-YT-03", "CĐCS Trung tâm Y tế Vũ Thư", "Công đoàn bộ phận", "TB-YT-02", 55, "", "1/5/2022", "15/QĐ-LĐLĐ"]
    upload = apply(give("units", xlsx(head, row), unit=cast["TB"], by=cast.quy), by=cast.quy)
    unit = Unit.objects.get(code="TB-YT-03")
    assert (unit.name, unit.kind_id, unit.parent.code) == ("CĐCS Trung tâm Y tế Vũ Thư", "section", "TB-YT-02")
    assert set(unit.changes.filter(decision_number="15/QĐ-LĐLĐ").values_list("kind", flat=True)) == {
        "rename",
        "reclassify",
        "move",
    }
    uploads.undo(upload, by=cast.quy)
    work.run(upload.pk)
    upload.refresh_from_db()
    unit.refresh_from_db()
    assert (upload.fault, unit.kind_id, unit.parent.code) == ("", "grassroots", "TB-YT")
    assert unit.name == "CĐCS Trung tâm Y tế huyện Vũ Thư"
    assert not Headcount.objects.filter(unit=unit, members=55).exists()


def test_an_export_read_back_changes_nothing(cast):
    units = importers.named("units")
    made = io.BytesIO()
    province = cast["TB"]
    written = outgoing.write_template(made, units, units.rows(province, Scope(((province.lft, province.rgt),))))
    upload = give("units", made.getvalue(), unit=province, by=cast.quy)
    assert tally(upload) == (0, 0, written, 0)


def test_rings_in_the_file_are_refused(cast):
    content = xlsx(
        HEAD,
        ["TB-A", "A", "Công đoàn bộ phận", "TB-B", "", "", ""],
        ["TB-B", "B", "Công đoàn bộ phận", "TB-A", "", "", ""],
        ["TB-C", "C", "Công đoàn bộ phận", "TB-C", "", "", ""],
    )
    upload = give("units", content, unit=cast["TB"], by=cast.quy)
    assert upload.lines.get(number=4).outcome == "bad"
    upload.refresh_from_db()
    if upload.good:
        apply(upload, by=cast.quy)
    assert not Unit.objects.filter(code__in=["TB-A", "TB-B", "TB-C"]).exists()
