"""People by Excel, from the file to the roster and back."""

from __future__ import annotations

import io
from datetime import date

import pytest

from tests.exchange.sheets import apply, cells, faults, give, tally, xlsx
from thidua.exchange.domain import outgoing, uploads, work
from thidua.kernel.sheets import importers
from thidua.kernel.sheets.importers import Scope
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger.models import Act
from thidua.people.models import Membership, Person

HEAD = ["Họ và tên", "Mã đoàn viên", "Đơn vị", "Năm sinh", "Giới tính", "Điện thoại", "LĐ trực tiếp"]


def test_good_lines_are_shown_then_written_in_one_go(cast):
    content = xlsx(HEAD, ["Lý Thị Mỹ", None, None, 1990, "nữ", 912345678, "x"], ["Đỗ Văn Ất", "", "", "", "", "", ""])
    upload = give("people", content, unit=cast["TB-YT-01"], by=cast.binh)
    assert (upload.state, tally(upload)) == ("checked", (2, 0, 0, 0))
    assert not Person.objects.filter(full_name="Lý Thị Mỹ").exists()
    upload = apply(upload, by=cast.binh)
    assert upload.state == "applied"
    person = Person.objects.get(full_name="Lý Thị Mỹ")
    assert (person.phone, person.birth_year, person.is_woman, person.is_direct_worker) == (
        "0912345678",
        1990,
        True,
        True,
    )
    assert person.unit == cast["TB-YT-01"]
    assert Membership.objects.get(person=person).valid.lower == date(2022, 5, 20)
    assert Act.objects.filter(kind="people.person.entered", subject_id=person.pk, actor_id=cast.binh.pk).exists()


def test_each_fault_names_its_column_its_reason_and_how_to_mend(cast):
    content = xlsx(
        HEAD,
        ["", "", "", "", "", "", ""],
        ["Phạm Văn Sai", "", "KHONG-CO", "19855555", "giới khác", "12345", "có lẽ"],
        ["Trần Văn Trùng", "", "", "", "", "0900000004", ""],
        ["Lê Tốt", "", "", "", "", "0911111111", ""],
        ["Lê Trùng Tệp", "", "", "", "", "0911111111", ""],
    )
    upload = give("people", content, unit=cast["TB-YT-01"], by=cast.binh)
    assert tally(upload) == (1, 0, 0, 3)
    found = faults(upload)
    mended = [fault[0] for fault in found[3]]
    assert mended == ["birth_year", "gender", "phone", "is_direct_worker", "unit"]
    assert all(reason and mend for faults_ in found.values() for _column, reason, mend in faults_)
    assert found[4][0][1] == "Đã có người khác dùng số điện thoại này."
    assert found[6][0][1] == "Trùng với dòng 5 của tệp này."


def test_the_corrected_file_changes_only_what_differs(cast):
    rows = [["Lê Một", "", "", 1980, "Nam", "0911111111", ""], ["Lê Hai", "", "", "", "", "sai", ""]]
    apply(give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh), by=cast.binh)
    rows[1][5] = "0922222222"
    upload = give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh)
    assert tally(upload) == (1, 0, 1, 0)
    apply(upload, by=cast.binh)
    rows[0][3] = 1981
    upload = give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh)
    assert tally(upload) == (0, 1, 1, 0)
    assert upload.lines.get(outcome="changed").changes == [["Năm sinh", "1980", "1981"]]


def test_the_bad_lines_come_back_as_a_file_that_can_be_mended_and_sent_again(cast):
    rows = [["Lê Một", "", "", 1980, "Nam", "0911111111", ""], ["Lê Hai", "", "", "", "", "12", ""]]
    upload = give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh)
    made = io.BytesIO()
    assert outgoing.write_report(made, upload, only_bad=True) == 1
    head, bad = cells(made.getvalue())
    assert head[-1] == "Lý do và cách sửa"
    assert "10 chữ số" in bad[-1]
    mended = [bad[0], *bad[1:5], "0922222222", *bad[6:]]
    again = give("people", xlsx(head, mended), unit=cast["TB-YT-01"], by=cast.binh)
    assert tally(again) == (1, 0, 0, 0)


def test_an_export_read_back_changes_nothing(cast):
    rows = [["Lê Một", "", "", 1980, "Nam", "0911111111", "Có"], ["@Lê Hai", "", "", "", "Nữ", "", ""]]
    apply(give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh), by=cast.binh)
    people = importers.named("people")
    made = io.BytesIO()
    everywhere = Scope(((cast["TB-YT-01"].lft, cast["TB-YT-01"].lft),))
    written = outgoing.write_template(made, people, people.rows(cast["TB-YT-01"], everywhere))
    assert written == Person.objects.filter(unit=cast["TB-YT-01"]).count()
    upload = give("people", made.getvalue(), unit=cast["TB-YT-01"], by=cast.binh)
    assert tally(upload) == (0, 0, written, 0)


def test_nobody_writes_beyond_their_own_units(cast):
    content = xlsx(
        HEAD,
        ["Người Lạ", "", "TB-YT-02", "", "", "", ""],
        ["Vũ Thị Lan", "DV005", "", "", "", "", ""],
        ["Vũ Thị Lan", "", "", "", "", "0900000005", ""],
    )
    upload = give("people", content, unit=cast["TB-YT-01"], by=cast.binh)
    assert tally(upload) == (0, 0, 0, 3)
    assert "không thuộc phạm vi" in faults(upload)[2][0][1]
    with pytest.raises(Refused):
        uploads.apply(upload, by=cast.binh)


def test_rights_are_looked_at_again_when_the_file_is_applied(cast, today):
    upload = give("people", xlsx(HEAD, ["Lê Một"] + [""] * 6), unit=cast["TB-YT-01"], by=cast.binh)
    cast.binh.posts.all().delete()
    del cast.binh._grants
    with pytest.raises(Refused):
        uploads.apply(upload, by=cast.binh)


def test_two_clicks_two_tabs_two_officers_apply_once(cast):
    upload = give("people", xlsx(HEAD, ["Lê Một"] + [""] * 6), unit=cast["TB-YT-01"], by=cast.binh)
    other_tab = type(upload).objects.get(pk=upload.pk)
    uploads.apply(upload, by=cast.binh)
    with pytest.raises(Stale):
        uploads.apply(other_tab, by=cast.chi)
    work.run(upload.pk)
    work.run(upload.pk)
    assert Person.objects.filter(full_name="Lê Một").count() == 1


def test_the_same_file_sent_twice_is_one_upload(cast):
    content = xlsx(HEAD, ["Lê Một"] + [""] * 6)
    first = give("people", content, unit=cast["TB-YT-01"], by=cast.binh)
    assert give("people", content, unit=cast["TB-YT-01"], by=cast.binh) == first


def test_an_applied_file_can_be_taken_back_while_nothing_depends_on_it(cast):
    rows = [["Lê Một", "", "", 1980, "", "", ""], ["Trần Văn Dũng", "DV002", "", 1975, "", "", ""]]
    upload = apply(give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh), by=cast.binh)
    assert Person.objects.get(code="DV002").birth_year == 1975
    uploads.undo(upload, by=cast.binh)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "undone"
    assert not Person.objects.filter(full_name="Lê Một").exists()
    assert Person.objects.get(code="DV002").birth_year is None


def test_taking_back_is_refused_by_name_when_somebody_has_something(cast):
    from thidua.people.domain import rosters

    upload = apply(give("people", xlsx(HEAD, ["Lê Một"] + [""] * 6), unit=cast["TB-YT-01"], by=cast.binh), by=cast.binh)
    person = Person.objects.get(full_name="Lê Một")
    rosters.appoint(person, cast["TB-YT-01"], "council_member", by=cast.chi, since=date(2022, 1, 1))
    uploads.undo(upload, by=cast.binh)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "applied"
    assert "Lê Một" in upload.fault
    assert Person.objects.filter(pk=person.pk).exists()


def test_a_line_with_another_unit_is_a_transfer_with_history(cast):
    content = xlsx([*HEAD, "Ngày vào đơn vị"], ["Trần Văn Dũng", "DV002", "TB-YT-02", "", "", "", "", "1/4/2022"])
    upload = give("people", content, unit=cast["TB-YT"], by=cast.quy)
    assert upload.lines.get().changes == [["Đơn vị", "TB-YT-01", "TB-YT-02"]]
    upload = apply(upload, by=cast.quy)
    dung = Person.objects.get(code="DV002")
    assert dung.unit == cast["TB-YT-02"]
    assert [m.unit.code for m in dung.memberships.order_by("valid")] == ["TB-YT-01", "TB-YT-02"]
    uploads.undo(upload, by=cast.quy)
    work.run(upload.pk)
    dung.refresh_from_db()
    assert dung.unit == cast["TB-YT-01"]
    assert dung.memberships.get().valid.upper is None


def test_two_of_the_same_name_are_told_apart_or_asked_about(cast):
    rows = [["Lê Một", "", "", 1980, "", "", ""], ["Lê Một", "", "", 1990, "", "", ""]]
    apply(give("people", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=cast.binh), by=cast.binh)
    assert Person.objects.filter(full_name="Lê Một").count() == 2
    upload = give("people", xlsx(HEAD, ["Lê Một", "", "", "", "Nam", "", ""]), unit=cast["TB-YT-01"], by=cast.binh)
    assert "2 người tên này" in faults(upload)[2][0][1]


def test_a_grassroots_officer_enters_the_people_of_its_sections_and_of_nobody_else(cast):
    head = ["Họ và tên", "Đơn vị"]
    upload = give(
        "people", xlsx(head, ["Lê Ở Khoa Nội", "TB-YT-01-N"], ["Lê Ở Nơi Khác", "TB-YT-02"]),
        unit=cast["TB-YT-01"], by=cast.binh,
    )  # fmt: skip
    assert (upload.new, upload.bad) == (1, 1)
    apply(upload, by=cast.binh)
    assert Person.objects.get(full_name="Lê Ở Khoa Nội").unit == cast["TB-YT-01-N"]
