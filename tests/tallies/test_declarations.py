"""Results reported by hand: confirmed by the level above, added up once, open down to their rows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tallies.test_sums import make_initiative, make_programme
from thidua.documents.domain import files
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.programmes.models import Indicator, Programme
from thidua.tallies import queries, rules
from thidua.tallies.choices import DeclarationState, Measure
from thidua.tallies.domain import declarations, sums, verdicts
from thidua.tallies.domain.declarations import Said
from thidua.tallies.models import Declaration
from thidua.tallies.workflow import WORKFLOW
from thidua.workflow.engine import totality_faults

DAY = date(2022, 3, 4)
MEETING = Said(3, DAY, "Đối thoại quý I với Ban Giám đốc", "12/BB-CĐCS")


@pytest.fixture
def programme(cast) -> Programme:
    return make_programme(cast, "TB-YT")


@pytest.fixture
def dialogues(db) -> Indicator:
    return Indicator.objects.get(code="dialogues_held")


@pytest.fixture
def item(cast, programme, dialogues) -> Declaration:
    return declarations.declare(programme, dialogues, cast["TB-YT-01"], MEETING, by=cast.binh)


def total(programme, unit, bucket="dialogues_held", measure=Measure.REPORTED, phase=None) -> int:
    return queries.figure(programme, unit, measure, bucket=bucket, phase=phase)


def test_the_procedure_is_whole():
    assert totality_faults(WORKFLOW, DeclarationState.values) == []


def test_kinds_are_those_reported_at_or_below_a_node(cast, programme, item):
    named = [("dialogues_held", item.indicator.name)]
    assert queries.reported_kinds(programme, cast["TB-YT"]) == named  # still pending
    sums.fold()
    assert queries.reported_kinds(programme, cast["TB-YT-01"]) == named
    assert queries.reported_kinds(programme, cast["TB-YT-02"]) == []
    declarations.withdraw(item, by=cast.binh)
    sums.fold()
    assert queries.reported_kinds(programme, cast["TB-YT"]) == named


def test_what_waits_is_not_counted_and_what_is_confirmed_counts_at_every_node(cast, programme, item):
    first = programme.phases.get(position=1)
    assert item.phase == first
    assert total(programme, cast["TB-YT"]) == 0
    assert total(programme, cast["TB-YT"], measure=Measure.WAITING) == 3
    assert Notice.objects.filter(person=cast.giang, kind="tallies.declared").count() == 1
    assert list(queries.to_confirm(programme, cast["TB-YT"])) == [item]
    declarations.confirm(item, by=cast.giang)
    for code in ("TB-YT-01", "TB-YT", "TB", "TLD"):
        assert total(programme, cast[code]) == total(programme, cast[code], phase=first) == 3
        assert total(programme, cast[code], "dialogues_held@2022") == 3
        assert total(programme, cast[code], measure=Measure.WAITING) == 0
    assert total(programme, cast["TB-YT-02"]) == 0
    assert list(queries.declarations(programme, cast["TB"], key="dialogues_held")) == [item]
    assert sums.faults(programme) == []


def test_who_reports_and_who_confirms(cast, programme, dialogues, item):
    for stranger in (cast.lan, cast.phuc, cast.an):
        with pytest.raises(Forbidden):
            declarations.declare(programme, dialogues, cast["TB-YT-01"], MEETING, by=stranger)
    for stranger in (cast.binh, cast.chi, cast.phuc, cast.lan):
        with pytest.raises(Forbidden):
            declarations.confirm(item, by=stranger)
    stead = declarations.declare(programme, dialogues, cast["TB-YT-02"], MEETING, by=cast.giang)
    with pytest.raises(Forbidden, match="không tự xác nhận"):
        declarations.confirm(stead, by=cast.giang)
    declarations.confirm(stead, by=cast.hanh)
    own = declarations.declare(programme, dialogues, cast["TB-YT"], MEETING, by=cast.giang)
    assert own in queries.to_confirm(programme, cast["TB-YT"])
    declarations.confirm(own, by=cast.hanh)
    assert total(programme, cast["TB-YT"]) == 6


def test_returned_with_a_reason_mended_and_confirmed(cast, programme, item):
    with pytest.raises(Refused, match="lý do"):
        declarations.send_back(item, " ", by=cast.giang)
    declarations.send_back(item, "Biên bản chỉ ghi hai cuộc.", by=cast.giang)
    assert item.answer == "Biên bản chỉ ghi hai cuộc."
    assert Notice.objects.filter(person=cast.binh, kind="tallies.returned").exists()
    assert total(programme, cast["TB-YT"], measure=Measure.WAITING) == 0
    declarations.correct(item, Said(2, DAY, MEETING.content, MEETING.paper), "", by=cast.binh)
    declarations.confirm(item, by=cast.giang)
    assert total(programme, cast["TB-YT"]) == 2


def test_a_correction_leaves_the_confirmed_number_in_force(cast, programme, item):
    declarations.confirm(item, by=cast.giang)
    later = Said(5, date(2022, 6, 3), MEETING.content, MEETING.paper)
    with pytest.raises(Refused, match="lý do"):
        declarations.correct(item, later, "", by=cast.binh)
    with clock.at(date(2022, 6, 10)):
        declarations.correct(item, later, "Thiếu hai cuộc ở khoa Nội.", by=cast.binh)
    first, second = programme.phases.all()
    assert total(programme, cast["TB-YT"]) == total(programme, cast["TB-YT"], phase=first) == 3
    assert total(programme, cast["TB-YT"], measure=Measure.WAITING) == 5
    declarations.confirm(item, by=cast.giang)
    assert total(programme, cast["TB-YT"]) == total(programme, cast["TB-YT"], phase=second) == 5
    assert total(programme, cast["TB-YT"], phase=first) == 0
    said = Act.objects.get(kind="tallies.declaration.corrected")
    assert (said.after["was"]["value"], said.after["value"]) == (3, 5)
    declarations.send_back(item, "Nhầm đơn vị.", by=cast.giang)
    assert total(programme, cast["TB-YT"]) == 0
    assert sums.faults(programme) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(-1, DAY, "x"), "từ 0 trở lên"),
        (Said(1, date(2022, 5, 21), "x"), "sau hôm nay"),
        (Said(1, date(2021, 12, 1), "x"), "trước khi chương trình bắt đầu"),
        (Said(1, DAY, "  "), "việc đã làm"),
    ],
)
def test_what_is_refused_says_why(cast, programme, dialogues, said, words):
    with pytest.raises(Refused, match=words):
        declarations.declare(programme, dialogues, cast["TB-YT-01"], said, by=cast.binh)
    assert not Declaration.objects.exists()


def test_the_same_thing_is_not_counted_twice(cast, programme, dialogues, item):
    with pytest.raises(Refused, match="đã được kê khai ngày 04/03/2022"):
        declarations.declare(programme, dialogues, cast["TB-YT-01"], MEETING, by=cast.chi)
    declarations.withdraw(item, by=cast.binh)
    again = declarations.declare(programme, dialogues, cast["TB-YT-01"], MEETING, by=cast.chi)
    assert total(programme, cast["TB-YT"], measure=Measure.WAITING) == 3
    launch = Indicator.objects.get(code="launch_held")
    yes = Said(1, DAY, "Lễ phát động")
    declarations.declare(programme, launch, cast["TB-YT-01"], yes, by=cast.binh)
    with pytest.raises(Refused, match="đã được kê khai"):
        declarations.declare(programme, launch, cast["TB-YT-01"], Said(1, date(2022, 3, 9), "Lần hai"), by=cast.binh)
    with pytest.raises(Refused, match="có/không"):
        declarations.declare(programme, launch, cast["TB-YT-02"], Said(2, DAY, "x"), by=cast.lan)
    counted = Indicator.objects.get(code="initiatives")
    with pytest.raises(Refused, match="tự tính"):
        declarations.declare(programme, counted, cast["TB-YT-01"], MEETING, by=cast.binh)
    assert again.pk != item.pk


def test_the_same_evidence_at_two_units_is_shown(cast, programme, dialogues, item):
    kept = [
        files.store(b"%PDF-1.4 bien ban", "bb.pdf", purpose="evidence", unit=cast[code], by=None)
        for code in ("TB-YT-01", "TB-YT-02")
    ]
    item.evidence.add(kept[0])
    said = Said(3, DAY, "Đối thoại", "13/BB", (kept[1],))
    other = declarations.declare(programme, dialogues, cast["TB-YT-02"], said, by=cast.lan)
    assert {k: [d.pk for d in v] for k, v in queries.same_evidence([item, other]).items()} == {
        item.pk: [other.pk],
        other.pk: [item.pk],
    }


def test_two_other_targets_stay_apart(cast, programme):
    other = Indicator.objects.get(code="other")
    for number, label in ((4, "Tủ sách công đoàn"), (9, "Bữa ăn ca đủ chất")):
        said = Said(number, DAY, label)
        found = declarations.declare(programme, other, cast["TB-YT-01"], said, by=cast.binh, label=label)
        declarations.confirm(found, by=cast.giang)
    assert total(programme, cast["TB"], rules.measure_key("other", "tủ sách  Công đoàn")) == 4
    assert total(programme, cast["TB"], rules.measure_key("other", "Bữa ăn ca đủ chất")) == 9


def test_what_somebody_else_changed_is_not_confirmed_unseen(cast, programme, item):
    stale = queries.declaration_for(programme, item.pk)
    declarations.correct(item, Said(8, DAY, MEETING.content, MEETING.paper), "", by=cast.binh)
    with pytest.raises(Stale, match="tải lại"):
        declarations.confirm(stale, by=cast.giang)
    assert total(programme, cast["TB-YT"]) == 0


def test_parts_and_units_of_the_counted(cast, programme):
    cast.an.is_woman, cast.an.is_direct_worker = True, True
    cast.an.save()
    cast["TB-YT-01"].employer = "public_service"
    cast["TB-YT-01"].save()
    for author in (cast.an, cast.dung):
        verdicts.evaluate(make_initiative(cast, "TB-YT-01-N", author).pk)
    at = cast["TB-YT"]
    for bucket, expected in {
        "group:women": 1,
        "group:direct": 1,
        "at:public_service": 2,
        "week:2022-02-28": 2,
        "year:2022": 2,
    }.items():
        assert queries.figure(programme, at, Measure.COUNTED, bucket=bucket) == expected, bucket
    assert queries.figure(programme, at, Measure.WOMEN) == 1
    for bucket, expected in {"filed": 1, "least:1": 1, "least:2": 1, "least:3": 0}.items():
        assert queries.figure(programme, at, Measure.UNITS, bucket=bucket) == expected, bucket
    assert sums.faults(programme) == []
    before = {k: n for k, n in queries.figures(programme, cast.units.values()).items() if n}
    sums.rebuild(programme)
    assert {k: n for k, n in queries.figures(programme, cast.units.values()).items() if n} == before


STEPS = st.lists(
    st.tuples(st.sampled_from(["declare", "confirm", "return", "correct", "withdraw"]), st.integers(0, 3), st.integers(0, 9)),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_sums_are_those_of_the_rows(cast, programme, dialogues, steps):
    Declaration.objects.all().delete()
    sums.rebuild(programme)
    rows: list[Declaration] = []
    for number, (step, place, value) in enumerate(steps):
        said = Said(value, DAY, f"việc {number}", f"{number}/BB")
        try:
            if step == "declare":
                code, by = (("TB-YT-01", cast.binh), ("TB-YT-02", cast.lan))[place % 2]
                rows.append(declarations.declare(programme, dialogues, cast[code], said, by=by))
            elif rows:
                row = rows[place % len(rows)]
                by = cast.binh if row.unit.code == "TB-YT-01" else cast.lan
                if step == "correct":
                    declarations.correct(row, said, "vì nhầm", by=by)
                elif step == "withdraw":
                    declarations.withdraw(row, by=by)
                elif step == "confirm":
                    declarations.confirm(row, by=cast.giang)
                else:
                    declarations.send_back(row, "xem lại", by=cast.giang)
        except Refused:
            pass
    for row in rows:
        row.refresh_from_db()
    assert total(programme, cast["TB-YT"]) == sum(row.booked for row in rows)
    assert sums.faults(programme) == []
