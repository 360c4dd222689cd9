"""From the real plan to every unit: it always reconciles."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.cast import SYSTEM
from tests.programmes.test_plans import reading
from thidua.documents.rendering import official
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.programmes.domain import corrections, plans
from thidua.programmes.models import Plan, Programme
from thidua.targets import papers, queries
from thidua.targets.choices import Method, TargetState
from thidua.targets.domain import allocations, fills, progress
from thidua.targets.models import Target

WHY = "Đơn vị đang dồn sức chống dịch tại khu điều trị."


@pytest.fixture
def plan(cast) -> Plan:
    """17/KH-CĐYT, read, confirmed and issued by the chair of the sector."""
    draft = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.giang)
    plans.confirm(draft, by=cast.giang)
    plans.issue(draft, by=cast.hanh)
    readers.drain("targets")
    return draft


@pytest.fixture
def programme(plan) -> Programme:
    return plan.programmes.get(counts_initiatives=True)


@pytest.fixture
def first(programme):
    return programme.phases.get(position=1)


@pytest.fixture
def target(cast, programme, first) -> Target:
    """67 initiatives of phase 1, given to the provincial hospital."""
    values = {cast["TB-YT-01"].pk: Decimal(67), cast["TB-YT-02"].pk: Decimal(22)}
    given = allocations.allocate(programme, first, "initiatives", cast["TB-YT"], values, by=cast.giang)
    return next(t for t in given if t.unit == cast["TB-YT-01"])


def test_issuing_opens_the_own_targets_by_itself_and_once(plan):
    found = Target.objects.order_by("pk").values_list("unit__code", "phase__name", "indicator_id", "value", "state")
    expected = [
        ("TB-YT", None, "participation_rate", Decimal(10), "own"),
        ("TB-YT", "Giai đoạn 1", "initiatives", Decimal(100), "own"),
        ("TB-YT", "Giai đoạn 2", "initiatives", Decimal(150), "own"),
    ]
    assert list(found) == expected
    assert allocations.open_from_plan(plan, by=SYSTEM) == []
    assert list(found.all()) == expected


def test_the_grid_shows_given_allocated_left_and_over(cast, programme, first):
    sector = cast["TB-YT"]
    units = [row.unit for row in queries.grid(programme, sector).rows]
    shares = fills.split(Method.HEADCOUNT, 100, units, programme, first)
    assert shares == {cast["TB-YT-01"].pk: 67, cast["TB-YT-02"].pk: 22, cast["TB-YT-03"].pk: 11}
    steps = [({cast["TB-YT-01"].pk: Decimal(67)}, 33, 0), ({k: Decimal(v) for k, v in shares.items()}, 0, 0)]
    steps.append(({**steps[-1][0], cast["TB-YT-03"].pk: Decimal(20)}, 0, 9))
    for values, left, over in steps:
        allocations.allocate(programme, first, "initiatives", sector, values, by=cast.giang)
        balance = queries.grid(programme, sector).columns[0].balance
        assert (balance.given, balance.left, balance.over) == (100, left, over)
        assert balance.allocated == sum(values.values())


def test_the_column_is_replaced_and_a_missing_unit_loses_its_number(cast, programme, first, target):
    allocations.accept(target, by=cast.binh)
    other = {cast["TB-YT-01"].pk: Decimal(67), cast["TB-YT-03"].pk: Decimal(33)}
    changed = allocations.allocate(programme, first, "initiatives", cast["TB-YT"], other, by=cast.giang)
    assert [t.unit.code for t in changed] == ["TB-YT-03"]
    target.refresh_from_db()
    assert target.state == TargetState.ACCEPTED, "an unchanged number need not be accepted again"
    assert not Target.objects.filter(unit=cast["TB-YT-02"]).exists()
    assert Act.objects.filter(kind="targets.target.withdrawn").count() == 1
    again = {cast["TB-YT-01"].pk: Decimal(60)}
    allocations.allocate(programme, first, "initiatives", cast["TB-YT"], again, by=cast.giang)
    target.refresh_from_db()
    assert (target.value, target.state) == (60, TargetState.GIVEN)
    act = Act.objects.filter(kind="targets.target.given", subject_id=target.pk).latest("pk")
    assert (act.after["previous"], act.after["value"]) == ("67.00", "60")


def test_what_is_refused_names_the_unit(cast, programme, first):
    sector, nhi = cast["TB-YT"], cast["TB-YT-02"]
    for value, words in (("-1", "không thể âm"), ("1.5", "số nguyên")):
        with pytest.raises(Refused, match=f"{nhi.short_name}.*{words}"):
            allocations.allocate(programme, first, "initiatives", sector, {nhi.pk: Decimal(value)}, by=cast.giang)
    with pytest.raises(Refused, match=r"Không phải đơn vị trực thuộc.*May Tân Ninh"):
        allocations.allocate(programme, first, "initiatives", sector, {cast["NT-KCN-01"].pk: Decimal(5)}, by=cast.giang)
    with pytest.raises(Refused, match="tỷ lệ"):
        allocations.allocate(programme, None, "participation_rate", sector, {nhi.pk: Decimal(5)}, by=cast.giang)
    other = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.giang)
    alien = other.programmes.get(counts_initiatives=True).phases.first()
    with pytest.raises(Refused, match="không phải giai đoạn"):
        allocations.allocate(programme, alien, "initiatives", sector, {nhi.pk: Decimal(5)}, by=cast.giang)
    with pytest.raises(Forbidden):
        allocations.allocate(programme, first, "initiatives", sector, {nhi.pk: Decimal(5)}, by=cast.phuc)
    assert not Target.objects.filter(given_by=sector).exists()


def test_a_dissolved_unit_gets_nothing(cast, programme, first):
    decision = Decision(date(2022, 5, 1))
    changes.dissolve(cast["TB-YT-03"], decision=decision, by=SYSTEM)
    with pytest.raises(Refused, match="trực thuộc đang hoạt động"):
        allocations.allocate(
            programme, first, "initiatives", cast["TB-YT"], {cast["TB-YT-03"].pk: Decimal(5)}, by=cast.giang
        )


def test_accepting_asking_and_answering(cast, target):
    assert Notice.objects.filter(person=cast.binh, kind="targets.given").count() == 1
    with pytest.raises(Forbidden):
        allocations.accept(target, by=cast.lan)
    with pytest.raises(Refused, match="bằng số được giao"):
        allocations.ask_adjustment(target, Decimal(67), WHY, by=cast.binh)
    with pytest.raises(Refused, match="lý do"):
        allocations.ask_adjustment(target, Decimal(50), " ", by=cast.binh)
    allocations.ask_adjustment(target, Decimal(50), WHY, by=cast.binh)
    assert list(queries.disputed(cast["TB-YT"])) == [target]
    assert Notice.objects.filter(person=cast.giang, kind="targets.asked", body=WHY).exists()
    with pytest.raises(Forbidden):
        allocations.answer_adjustment(target, by=cast.binh, value=Decimal(50))
    allocations.answer_adjustment(target, by=cast.giang, value=Decimal(50))
    assert (target.value, target.state, target.asked_value) == (50, TargetState.ACCEPTED, None)


def test_the_level_above_may_keep_its_number_but_says_why(cast, target):
    allocations.ask_adjustment(target, Decimal(50), WHY, by=cast.binh)
    with pytest.raises(Refused, match="lý do"):
        allocations.answer_adjustment(target, by=cast.giang)
    allocations.answer_adjustment(target, by=cast.giang, reason="Các đơn vị cùng quy mô đều nhận mức này.")
    assert (target.value, target.state) == (67, TargetState.GIVEN)
    allocations.ask_adjustment(target, Decimal(50), WHY, by=cast.binh)
    allocations.answer_adjustment(target, by=cast.giang, value=Decimal(60), reason="Chia sẻ một phần khó khăn.")
    assert (target.value, target.state) == (60, TargetState.GIVEN)


def test_own_ambition_is_never_below_the_number_given(cast, programme, first, target):
    with pytest.raises(Refused, match="không thể thấp hơn"):
        allocations.set_ambition(target, Decimal(40), by=cast.binh)
    allocations.set_ambition(target, Decimal(80), by=cast.binh)
    raised = {cast["TB-YT-01"].pk: Decimal(90)}
    allocations.allocate(programme, first, "initiatives", cast["TB-YT"], raised, by=cast.giang)
    target.refresh_from_db()
    assert (target.value, target.ambition) == (90, None)


def test_a_rate_goes_down_unchanged(cast, programme):
    given = allocations.allocate_rate(programme, None, "participation_rate", cast["TB-YT"], by=cast.giang)
    assert {(t.unit.code, t.value, t.amount) for t in given} == {
        ("TB-YT-01", Decimal(10), "percent"),
        ("TB-YT-02", Decimal(10), "percent"),
        ("TB-YT-03", Decimal(10), "percent"),
    }
    with pytest.raises(Refused, match="chưa có chỉ tiêu tỷ lệ"):
        allocations.allocate_rate(programme, None, "units_responding", cast["TB-YT"], by=cast.giang)


def test_the_own_plan_of_a_unit_carries_what_it_was_given_and_may_aim_higher(cast, plan, programme, target):
    own = queries.own_targets_for_cascade(cast["TB-YT-01"], plan)
    lower = plans.cascade(plan, cast["TB-YT-01"], by=cast.binh, own_targets=own)
    written = lower.targets.get(indicator_id="initiatives")
    assert written.value == 67
    corrections.write_target(written, by=cast.binh, value=Decimal(75))
    plans.issue(lower, by=cast.chi, issued_on=date(2022, 1, 20))
    readers.drain("targets")
    target.refresh_from_db()
    assert (target.value, target.ambition) == (67, 75)
    rate = Target.objects.get(unit=cast["TB-YT-01"], indicator_id="participation_rate")
    assert (rate.programme, rate.state) == (programme, TargetState.OWN), "kept where it is counted"


def test_an_own_number_becomes_a_given_one_without_being_forgotten(cast, plan, programme, first):
    lower = plans.cascade(plan, cast["TB-YT-01"], by=cast.binh)
    counted = lower.programmes.get(implements=programme)
    indicator = queries.grid(programme, cast["TB-YT"]).indicator
    corrections.add_target(
        counted, by=cast.binh, indicator=indicator, value=Decimal(80), phase=counted.phases.get(position=1)
    )
    plans.issue(lower, by=cast.chi, issued_on=date(2022, 1, 20))
    readers.drain("targets")
    own = Target.objects.get(unit=cast["TB-YT-01"], indicator=indicator)
    assert (own.state, own.value, own.phase) == (TargetState.OWN, 80, first)
    allocations.allocate(
        programme, first, "initiatives", cast["TB-YT"], {cast["TB-YT-01"].pk: Decimal(67)}, by=cast.giang
    )
    own.refresh_from_db()
    assert (own.state, own.value, own.ambition) == (TargetState.GIVEN, 67, 80)


def test_the_grid_costs_the_same_for_one_unit_and_for_many(cast, programme, target, django_assert_num_queries):
    programme = Programme.objects.get(pk=programme.pk)
    for parent in ("TB-YT", "TB-YT-01", "TB"):
        with django_assert_num_queries(5):
            queries.grid(programme, cast[parent])


def test_the_letter_names_every_unit_and_its_sums(cast, programme, target):
    letter = papers.allocation_letter(queries.grid(programme, cast["TB-YT"]))
    table = letter.blocks[-1]
    assert [row[1] for row in table.rows] == [r.unit.name for r in queries.grid(programme, cast["TB-YT"]).rows]
    assert table.total_row[-1] == "89"
    assert official.to_docx(letter).startswith(b"PK")


def test_progress_takes_the_target_over(cast, programme, target):
    (line,) = progress.below(programme, [cast["TB-YT-01"]], target.phase)
    assert line.target == 67


def test_progress_of_a_past_day_is_measured_by_what_was_given_then(cast, programme, first, target, today):
    hospital, sector = cast["TB-YT-01"], cast["TB-YT"]
    with clock.at(today + timedelta(days=10)):
        allocations.ask_adjustment(target, Decimal(50), WHY, by=cast.binh)
        allocations.answer_adjustment(target, by=cast.giang, value=Decimal(50))
    with clock.at(today + timedelta(days=20)):
        allocations.allocate(programme, first, "initiatives", sector, {hospital.pk: Decimal(40)}, by=cast.giang)

        def given(day: int) -> list[Decimal | None]:
            lines = progress.below(programme, [hospital, cast["TB-YT-02"]], first, today + timedelta(days=day))
            assert progress.node(programme, hospital, today + timedelta(days=day))[1].target == lines[0].target
            return [line.target for line in lines]

        assert given(-1) == [None, None]  # not given yet
        assert given(0) == given(9) == [67, None]  # what was taken back since is not known any more
        assert given(10) == given(19) == [50, None]
        assert [line.target for line in progress.below(programme, [hospital], first)] == [40]
        assert Target.objects.get(pk=target.pk).value == 40
