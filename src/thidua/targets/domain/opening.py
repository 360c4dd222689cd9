"""A plan in force becomes the targets of the unit that issued it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.ledger.models import Act
from thidua.people.models import Person
from thidua.programmes.choices import PlanState
from thidua.programmes.models import Phase, Plan, PlanTarget, Programme
from thidua.tallies.rules import plain_label
from thidua.targets.choices import TargetState
from thidua.targets.domain import bases
from thidua.targets.models import Target
from thidua.workflow.engine import refuse_unless

Actor = Person | System
EACH = "mỗi "  # "mỗi CĐCS ít nhất 5": a number for each unit below, not for the issuing one
EACH_PHASE = "mỗi giai đoạn"


def work(found: list[Act]) -> None:
    """The ledger's reader: whoever issued the plan, its targets open by themselves."""
    for plan in Plan.objects.filter(pk__in=[a.subject_id for a in found]).select_related("unit").order_by("pk"):
        open_from_plan(plan, by=System("Hệ thống"))


def open_from_plan(plan: Plan, *, by: Actor) -> list[Target]:
    """The unit's own targets from what its issued plan orders. Asked twice, nothing changes twice.

    A plan that implements another speaks of the programme counted above: a number above the one
    given is the unit's ambition there; without one given, it is the unit's own target there.
    """
    refuse_unless(grants.may(by, Permission.PLAN_WRITE, plan.unit))
    if plan.state == PlanState.DRAFT:
        return []
    opened = []
    with transaction.atomic():
        wanted = plan.targets.filter(programme__isnull=False).select_related("programme", "phase", "indicator")
        for ordered in wanted:
            for phase in _phases(ordered):
                if target := _open(plan, ordered, phase, by):
                    opened.append(target)
    return opened


def _phases(ordered: PlanTarget) -> list[Phase | None]:
    if ordered.period == EACH_PHASE and ordered.programme:
        return list(ordered.programme.phases.all())
    return [] if ordered.period.startswith(EACH) else [ordered.phase]


def home_of(programme: Programme, phase: Phase | None) -> tuple[Programme, Phase | None]:
    """Where a programme's numbers are kept: the highest one it implements, and that one's phase."""
    top = programme
    while top.implements is not None and not top.counts_initiatives:
        top = top.implements
    if top == programme or phase is None:
        return top, phase
    return top, top.phases.filter(kind=phase.kind, position=phase.position).first()


def _open(plan: Plan, ordered: PlanTarget, phase: Phase | None, by: Actor) -> Target | None:
    assert ordered.programme is not None
    programme, home_phase = home_of(ordered.programme, phase)
    if phase is not None and home_phase is None:
        programme, home_phase = ordered.programme, phase
    target, is_new = Target.objects.get_or_create(
        programme=programme,
        phase=home_phase,
        indicator=ordered.indicator,
        label=plain_label(ordered.indicator_id, ordered.phrase),
        year=None,
        threshold=None,
        unit=plan.unit,
        defaults={
            **bases.stated(ordered.indicator, ordered.amount, plan.unit, plan.issued_on or clock.today()),
            "plan_target": ordered,
            "state": TargetState.OWN,
            "comparator": ordered.comparator,
            "amount": ordered.amount,
            "value": ordered.value,
            "given_on": plan.issued_on or clock.today(),
        },
    )
    if is_new:
        acts.record(
            "targets.target.opened", target, by=by, after={"value": ordered.value, "phase": str(home_phase or "")}
        )
        return target
    if plan.amends_id and not target.given_by_id and target.value != ordered.value:
        return _amend(target, ordered, by)
    if target.given_by_id and _exceeds(ordered.value, target):
        target.ambition = ordered.value
        target.save(update_fields=["ambition"])
        acts.record("targets.target.ambition", target, by=by, after={"ambition": ordered.value})
        return target
    return None


def _amend(target: Target, ordered: PlanTarget, by: Actor) -> Target:
    """The issuing unit's own target follows the plan that amends the earlier one."""
    before = {"value": target.value, "comparator": target.comparator}
    target.value, target.comparator, target.plan_target = ordered.value, ordered.comparator, ordered
    target.save(update_fields=["value", "comparator", "plan_target"])
    after = {"value": ordered.value, "comparator": ordered.comparator}
    acts.record("targets.target.amended", target, by=by, before=before, after=after)
    return target


def _exceeds(value: Decimal, target: Target) -> bool:
    return value > target.value and value != target.ambition
