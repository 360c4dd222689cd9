"""From the real plan to every unit: it always reconciles."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.programmes import queries as plan_queries
from thidua.programmes.domain import plans
from thidua.programmes.models import Plan
from thidua.programmes.reader import read_file
from thidua.targets import queries, rules
from thidua.targets.choices import Method, TargetState
from thidua.targets.domain import allocations, progress
from thidua.targets.models import Target

PLAN = Path(__file__).parents[1] / "programmes" / "reader" / "plans" / "17-KH-CDYT-thai-binh-2022.txt"


@pytest.fixture
def plan(cast) -> Plan:
    """17/KH-CĐYT, read, confirmed and issued by the chair of the sector."""
    draft = plans.draft_from_reading(cast["TB-YT"], read_file(PLAN).to_json(), by=cast.giang)
    plans.issue(draft, by=cast.hanh, number=17, issued_on=date(2022, 1, 12))
    readers.drain("targets")
    return draft


def test_the_read_plan_becomes_programme_phases_targets_duties(plan):
    programme = plan.programmes.get(counts_initiatives=True)
    assert programme.is_open
    assert programme.eligible_from == date(2021, 9, 1)
    assert programme.eligible_to == date(2023, 9, 30)
    assert [(p.name, p.starts_on, p.ends_on) for p in programme.phases.all()] == [
        ("Giai đoạn 1", date(2022, 1, 12), date(2022, 5, 31)),
        ("Giai đoạn 2", date(2022, 6, 1), date(2023, 9, 30)),
    ]
    assert plan.programmes.count() == 8
    assert plan.duties.count() == 7
    assert plan.full_number == "17/KH-CĐYT"
    assert plan.paper.pdf.content_type == "application/pdf"


def test_issuing_opens_the_units_own_targets(plan):
    found = Target.objects.order_by("pk").values_list("unit__code", "phase__name", "indicator_id", "value", "state")
    assert list(found) == [
        ("TB-YT", None, "participation_rate", Decimal(10), "own"),
        ("TB-YT", "Giai đoạn 1", "initiatives", Decimal(100), "own"),
        ("TB-YT", "Giai đoạn 2", "initiatives", Decimal(150), "own"),
    ]


def test_only_the_chair_issues(cast):
    draft = plans.draft_from_reading(cast["TB-YT"], read_file(PLAN).to_json(), by=cast.giang)
    with pytest.raises(Forbidden, match="Ban hành kế hoạch"):
        plans.issue(draft, by=cast.giang)


def test_given_allocated_and_left_are_always_in_view(cast, plan):
    programme = plan.programmes.get(counts_initiatives=True)
    phase = programme.phases.get(position=1)
    shares = allocations.propose(programme, phase, cast["TB-YT"], Method.HEADCOUNT)
    assert {pk: n for pk, n in shares.items()} == {
        cast["TB-YT-01"].pk: 67,
        cast["TB-YT-02"].pk: 22,
        cast["TB-YT-03"].pk: 11,
    }
    allocations.allocate(programme, phase, cast["TB-YT"], {cast["TB-YT-01"].pk: 67}, by=cast.giang)
    balance = queries.grid(programme, cast["TB-YT"]).balances[0]
    assert (balance.total, balance.allocated, balance.left, balance.over) == (100, 67, 33, 0)
    allocations.allocate(programme, phase, cast["TB-YT"], shares, by=cast.giang)
    assert queries.grid(programme, cast["TB-YT"]).balances[0].is_even


def test_accepting_asking_and_answering(cast, plan):
    programme = plan.programmes.get(counts_initiatives=True)
    phase = programme.phases.get(position=1)
    (target,) = allocations.allocate(programme, phase, cast["TB-YT"], {cast["TB-YT-01"].pk: 67}, by=cast.giang)
    assert Notice.objects.filter(person=cast.binh, kind="targets.given").count() == 1
    with pytest.raises(Forbidden):
        allocations.accept(target, by=cast.lan)
    allocations.ask_adjustment(target, Decimal(50), "Đơn vị đang dồn sức chống dịch tại khu điều trị.", by=cast.binh)
    allocations.answer_adjustment(target, by=cast.giang, agreed=True)
    assert (target.value, target.state) == (50, TargetState.GIVEN)
    allocations.accept(target, by=cast.binh)
    with pytest.raises(Refused, match="không thấp hơn"):
        allocations.set_ambition(target, Decimal(40), by=cast.binh)
    allocations.set_ambition(target, Decimal(80), by=cast.binh)
    allocations.allocate(programme, phase, cast["TB-YT"], {cast["TB-YT-01"].pk: 67}, by=cast.giang)
    target.refresh_from_db()
    assert target.state == TargetState.GIVEN


@pytest.mark.parametrize("value", [Decimal("-1"), Decimal("1.5")])
def test_bad_numbers_name_the_unit(cast, plan, value):
    programme = plan.programmes.get(counts_initiatives=True)
    with pytest.raises(Refused, match="CĐCS Bệnh viện Nhi: chỉ tiêu phải là số nguyên không âm"):
        allocations.allocate(
            programme, programme.phases.first(), cast["TB-YT"], {cast["TB-YT-02"].pk: value}, by=cast.giang
        )


def test_nothing_is_given_to_a_unit_elsewhere(cast, plan):
    programme = plan.programmes.get(counts_initiatives=True)
    with pytest.raises(Refused, match="trực thuộc"):
        allocations.allocate(programme, None, cast["TB-YT"], {cast["NT-KCN-01"].pk: 5}, by=cast.giang)


def test_a_lower_unit_makes_its_own_plan_in_one_step(cast, plan):
    programme = plan.programmes.get(counts_initiatives=True)
    phase = programme.phases.get(position=1)
    allocations.allocate(programme, phase, cast["TB-YT"], {cast["TB-YT-01"].pk: 67}, by=cast.giang)
    own = queries.own_for_cascade(plan, cast["TB-YT-01"])
    lower = plans.cascade(plan, cast["TB-YT-01"], by=cast.binh, own_targets=own)
    assert [(t.phase.name if t.phase else None, t.value) for t in lower.targets.all()] == [
        (None, Decimal(10)),
        ("Giai đoạn 1", Decimal(67)),
    ]
    assert {d.who for d in lower.duties.all()} == {cast["TB-YT-01"].short_name}
    assert plans.cascade(plan, cast["TB-YT-01"], by=cast.binh).pk == lower.pk
    states = {r.unit.code: r.state for r in plan_queries.responses(plan)}
    assert states == {"TB-YT-01": "draft", "TB-YT-02": "none", "TB-YT-03": "none"}


def test_progress_costs_the_same_for_one_child_and_for_three(cast, plan, django_assert_num_queries):
    programme = plan_queries.programmes().get(plan=plan, counts_initiatives=True)
    for units in ([cast["TB-YT-01"]], [cast["TB-YT-01"], cast["TB-YT-02"], cast["TB-YT-03"]]):
        with django_assert_num_queries(4):
            progress.below(programme, units)


def test_run_rate():
    pace = progress.pace(100, 58, date(2022, 1, 12), date(2022, 5, 31), date(2022, 5, 20))
    assert (pace.missing, pace.days_left, pace.per_week) == (42, 12, 25)
    assert progress.pace(100, 58, date(2022, 1, 12), date(2022, 5, 31), date(2022, 6, 1)).per_week is None
    assert progress.pace(100, 100, date(2022, 1, 12), date(2022, 5, 31), date(2022, 5, 20)).per_week == 0


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=60))
def test_split_by_weights_always_sums(total, weights):
    shares = rules.split_by_weights(total, weights)
    assert sum(shares) == total
    assert min(shares) >= 0
    whole = sum(weights)
    if whole:
        assert all(abs(share - total * weight / whole) < 1 for share, weight in zip(shares, weights, strict=True))


@given(st.integers(0, 10**6), st.integers(1, 200))
def test_split_equally_differs_by_one_at_most(total, count):
    shares = rules.split_equally(total, count)
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1
