"""What the database posts as rows change is what a count of the rows finds, whatever happened in between."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from django.db import connection

from tests.cast import SYSTEM
from tests.programmes.conftest import drafted
from thidua.kernel import clock
from thidua.ledger import readers
from thidua.orgs import sums
from thidua.orgs.domain import changes, nodesums, undoing
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import NodeChange, NodeSum, Unit, UnitKind
from thidua.programmes import queries
from thidua.programmes.domain import amendments, assignments, plans
from thidua.programmes.models import Assignment, Plan, Registration, Support
from thidua.programmes.queries import deliveries as sent_to
from thidua.programmes.queries import duties, lineages
from thidua.programmes.queries import movements as catalogue

DECISION = Decision(date(2022, 3, 1))


@pytest.fixture
def living(cast, issued) -> Plan:
    """A plan with dated duties, pledges and gifts."""
    readers.drain_all()
    duty = issued.duties.get(text__startswith="Định kỳ báo cáo")
    assignments.date_duty(duty, by=SYSTEM, due_on=date(2022, 5, 1))
    movement = issued.programmes.first()
    for unit in Unit.objects.filter(lft__gte=issued.unit.lft, lft__lte=issued.unit.rgt):
        Registration.objects.create(programme=movement, unit=unit, pledge="Thi đua", registered_on=date(2022, 2, 1))
        Support.objects.create(
            plan=issued,
            unit=unit,
            party="employer",
            kind="money",
            giver="Cty",
            text="Máy",
            value=500,
            given_on=date(2022, 2, 1),
        )
    return issued


def _counted(unit: Unit, plan: Plan) -> tuple[int, int, int, int]:
    """By hand: to-dos, those done, pledges, đồng at a unit and below it."""
    here = {"unit__lft__gte": unit.lft, "unit__lft__lte": unit.rgt}
    given = Assignment.objects.filter(duty__plan=plan, **here)
    pledged = Registration.objects.filter(programme__plan=plan, **here).exclude(state="withdrawn")
    worth = Support.objects.filter(plan=plan, **here).values_list("value", flat=True)
    return given.count(), given.filter(state="done").count(), pledged.count(), int(sum(v or 0 for v in worth))


def _kept(unit: Unit, plan: Plan) -> tuple[int, int, int, int]:
    done = duties.progress_of_duties(plan.duties.all(), unit).values()
    pledged = sums.figures("movement", [m.pk for m in plan.programmes.all()], [unit])
    worth = sums.figures("support", [plan.pk], [unit])[unit.pk, plan.pk]
    return (
        sum(t.given for t in done),
        sum(t.done for t in done),
        sum(p[""] for p in pledged.values()),
        worth["employer"],
    )


def _agree(plan: Plan) -> None:
    assert nodesums.faults() == []
    for unit in Unit.objects.filter(ended_on=None):
        assert _kept(unit, plan) == _counted(unit, plan), unit.code


@pytest.mark.parametrize("seed", range(4))
def test_sums_are_those_of_the_rows_after_any_changes(cast, living, seed):
    chance = Random(seed)
    for step in range(12):
        pick = list(Assignment.objects.values_list("pk", flat=True))
        rows = Assignment.objects.filter(pk__in=chance.sample(pick, min(5, len(pick))))
        match chance.randrange(7):
            case 0:
                rows.update(state=chance.choice(["open", "done", "confirmed", "not_applicable"]))
            case 1:
                rows.update(due_on=date(2022, chance.randint(4, 8), 1))
            case 2:
                rows.delete()
            case 3:
                Registration.objects.order_by("?").first().delete()
            case 4:
                Registration.objects.update(state=chance.choice(["registered", "accepted", "withdrawn"]))
            case 5:
                Support.objects.filter(unit=cast["TB-YT-01"]).update(
                    value=chance.choice([None, 7, 900]), unit=cast["TB-YT-02"]
                )
            case 6:
                assignments.give(living, by=SYSTEM)
        if chance.random() < 0.4:
            nodesums.fold()
        if step % 4 == 3:
            _agree(living)
    nodesums.fold()
    _agree(living)
    assert not NodeChange.objects.exists()


def test_what_counts_nothing_posts_nothing(cast, living):
    nodesums.fold()
    Assignment.objects.update(reminded_on=date(2022, 3, 1), note="x")
    assert not NodeChange.objects.exists()


def test_sums_follow_the_tree_and_an_ended_unit_owes_nothing(cast, living):
    nodesums.fold()
    before = duties.progress_of_duties(living.duties.all(), living.unit).values()
    changes.merge(cast["TB-YT-02"], cast["TB-YT-01"], decision=DECISION, by=SYSTEM)
    readers.drain_all()
    assert nodesums.faults() == []
    here = Unit.objects.get(pk=living.unit_id)
    after = duties.progress_of_duties(living.duties.all(), here).values()
    left = Assignment.objects.filter(unit=cast["TB-YT-02"], state="open", duty__plan=living).count()
    assert sum(t.given for t in after) == sum(t.given for t in before) - left
    kinds = sums.figures("kind", [0], [here])[here.pk, 0]
    active = Unit.objects.filter(lft__gte=here.lft, lft__lte=here.rgt, ended_on=None, kind_id="grassroots")
    assert kinds["grassroots"] == active.count()


def test_what_was_founded_by_mistake_leaves_no_count_behind(cast, living):
    kind = UnitKind.objects.get(code="grassroots")
    made = changes.establish(code="X1", name="CĐCS nhầm", kind=kind, parent=cast["TB-YT"], decision=DECISION, by=SYSTEM)
    readers.drain_all()
    nodesums.fold()
    nation = Unit.objects.get(parent=None)
    before = sums.figures("kind", [0], [nation])[nation.pk, 0]["grassroots"]
    undoing.take_back(made.changes.get(), by=SYSTEM)
    assert sums.figures("kind", [0], [nation])[nation.pk, 0]["grassroots"] == before - 1
    readers.drain_all()
    assert nodesums.faults() == []


def test_levels_are_counted_by_kind_and_follow_a_unit_of_another_kind(cast):
    nation = drafted(cast, "TLD", "KH-LDLD", SYSTEM)
    plans.issue(nation, by=SYSTEM, issued_on=date(2022, 1, 5))
    province = plans.cascade(nation, cast["TB"], by=SYSTEM)
    readers.drain_all()
    of = {x.kind.code: (x.drafting, x.issued) for x in lineages.levels_below(nation)}
    assert of["provincial"] == (1, 0)
    plans.issue(province, by=SYSTEM, issued_on=date(2022, 1, 10))
    plans.cascade(province, cast["TB-YT"], by=SYSTEM)
    of = {x.kind.code: (x.drafting, x.issued) for x in lineages.levels_below(nation)}
    assert (of["provincial"], of["sectoral"]) == ((0, 1), (1, 0))
    changes.reclassify(cast["TB-YT"], UnitKind.objects.get(code="provincial"), decision=DECISION, by=SYSTEM)
    readers.drain_all()
    of = {x.kind.code: (x.drafting, x.issued) for x in lineages.levels_below(nation)}
    assert of["provincial"] == (1, 1)
    assert of.get("sectoral", (0, 0)) == (0, 0)
    assert nodesums.faults() == []


def test_a_wrong_sum_is_named_and_mended(cast, living):
    nodesums.fold()
    NodeSum.objects.filter(subject="duty").order_by("pk").first().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orgs_nodesum SET amount = amount + 3 WHERE subject = 'support' AND part = 'count'")
    assert nodesums.faults()
    assert nodesums.rebuild() > 0
    _agree(living)
    assert nodesums.rebuild() == 0


def test_sums_of_supports_are_what_the_person_may_see(cast, living):
    mine = queries.support_sums(cast.giang, living)
    assert (mine["count"], mine["employer"]) == (
        queries.supports_visible_to(cast.giang, living).count(),
        500 * mine["count"],
    )
    own = queries.support_sums(cast.binh, living)
    assert own["count"] == queries.supports_visible_to(cast.binh, living).count() < mine["count"]


def test_the_catalogue_names_pledges_wherever_they_stand(cast, living):
    movement = living.programmes.first()
    assert catalogue.pledges([movement]) == {movement.pk: Registration.objects.count()}
    assert catalogue.responding(movement)["pledged"] == catalogue.responding(movement)["all"] == 3


def _levels(plan: Plan) -> dict[str, tuple[int, int]]:
    assert nodesums.faults() == []
    return {x.kind.code: (x.drafting, x.issued) for x in lineages.levels_below(plan)}


@pytest.mark.parametrize("folded", [False, True])
def test_a_unit_with_a_draft_and_an_issued_plan_stands_among_those_that_have_issued(cast, issued, folded):
    """Whichever came first and whichever goes first, and after an amendment of the plan above and of its own."""

    def levels(plan: Plan = issued) -> tuple[int, int]:
        if folded:
            nodesums.fold()
        return _levels(plan)["grassroots"]

    readers.drain_all()
    own = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    assert levels() == (1, 0)
    second = plans.draft_from_reading(cast["TB-YT-01"], {"title": "Kế hoạch thứ hai"}, by=cast.binh)
    plans.write(second, by=cast.binh, implements=issued)
    assert levels() == (1, 0)
    plans.issue(own, by=cast.chi, issued_on=date(2022, 2, 1))
    assert levels() == (0, 1)
    plans.discard(second, by=cast.binh)
    assert levels() == (0, 1)
    amendment = amendments.draft(own, by=cast.binh)
    assert levels() == (0, 1)
    plans.confirm(amendment, by=cast.binh)
    plans.issue(amendment, by=cast.chi, issued_on=date(2022, 2, 10))
    assert levels() == (0, 1)
    later = plans.draft_from_reading(cast["TB-YT-01"], {"title": "Kế hoạch thứ ba"}, by=cast.binh)
    plans.write(later, by=cast.binh, implements=issued)
    Plan.objects.filter(pk__in=[own.pk, amendment.pk]).update(implements=None)
    assert levels() == (1, 0)
    above = amendments.draft(issued, by=cast.hanh)
    plans.confirm(above, by=cast.hanh)
    plans.issue(above, by=cast.hanh, issued_on=date(2022, 3, 1))
    Plan.objects.filter(pk=own.pk).update(implements=above)
    assert levels() == levels(above) == (0, 1)
    Plan.objects.filter(unit=cast["TB-YT-01"]).update(unit=cast["TB-YT-02"])
    assert levels() == (0, 1)


def test_plans_changed_in_any_order_post_what_a_count_finds(cast, issued):
    readers.drain_all()
    chance, units = Random(7), [cast["TB-YT-01"], cast["TB-YT-02"]]
    for unit in units * 2:
        draft = plans.draft_from_reading(unit, {"title": "Kế hoạch"}, by=SYSTEM)
        Plan.objects.filter(pk=draft.pk).update(implements=issued)
    mine = list(Plan.objects.filter(unit__in=units))
    for _step in range(30):
        some = Plan.objects.filter(pk__in=[p.pk for p in chance.sample(mine, chance.randint(1, 3))])
        match chance.randrange(3):
            case 0:
                some.update(state=chance.choice(["draft", "proposed"]), issued_at=None)
            case 1:
                some.update(state=chance.choice(["issued", "closed"]), issued_at=clock.now())
            case 2:
                some.update(implements=chance.choice([issued, None]))
        if chance.random() < 0.3:
            nodesums.fold()
        by_unit: dict[int, set[bool]] = {}
        for plan in Plan.objects.filter(unit__in=units, implements=issued):
            by_unit.setdefault(plan.unit_id, set()).add(plan.is_issued)
        drafting = sum(found == {False} for found in by_unit.values())
        assert _levels(issued).get("grassroots", (0, 0)) == (drafting, len(by_unit) - drafting)


def test_who_amends_a_plan_of_its_own_is_not_chased(cast, issued):
    own = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    plans.issue(own, by=cast.chi, issued_on=date(2022, 2, 1))
    amendments.draft(own, by=cast.binh)
    assert sent_to.deliveries(issued).get(unit=cast["TB-YT-01"]).standing == "issued"
    assert cast["TB-YT-01"] not in {d.unit for d in sent_to.owing(issued)}
