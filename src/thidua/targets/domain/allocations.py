"""Give targets to the units below, accept them, ask for others; every change leaves its line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, formats
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.ledger.models import Act
from thidua.notify import outbox
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import Amount, Comparator
from thidua.programmes.models import Indicator, Phase, Plan, Programme
from thidua.targets import queries, rules
from thidua.targets.choices import Method, TargetState
from thidua.targets.models import Target
from thidua.workflow.engine import refuse_unless

SYSTEM = acts.System("Hệ thống chỉ tiêu")


def read_plans(read: list[Act]) -> None:
    """An issued plan with a counted programme opens its unit's own targets (ledger reader)."""
    for act in read:
        plan = Plan.objects.filter(pk=act.subject_id).first()
        if plan:
            open_from_plan(plan, by=SYSTEM)


@transaction.atomic
def open_from_plan(plan: Plan, *, by: acts.Actor) -> None:
    """The unit's own targets, as its plan states them. Safe to repeat."""
    stated = plan.targets.select_related("programme", "phase", "indicator")
    for item in stated.filter(programme__counts_initiatives=True):
        target, created = Target.objects.get_or_create(
            programme=item.programme,
            phase=item.phase,
            indicator=item.indicator,
            unit=plan.unit,
            defaults={
                "plan_target": item,
                "state": TargetState.OWN,
                "comparator": item.comparator,
                "amount": item.amount,
                "value": item.value,
            },
        )
        if created:
            acts.record("targets.target.opened", target, by=by, after={"value": str(item.value)})


def propose(programme: Programme, phase: Phase | None, parent: Unit, method: str) -> dict[int, int]:
    """unit id -> number, filled equally or by headcount; sums to what the parent has to give."""
    units = list(org_queries.children(parent))
    total = int(queries.target_value(programme, parent, phase) or 0)
    if method == Method.HEADCOUNT:
        members = org_queries.members_of(units)
        shares = rules.split_by_weights(total, [members[u.pk] for u in units])
    else:
        shares = rules.split_equally(total, len(units))
    return {unit.pk: share for unit, share in zip(units, shares, strict=True)}


def allocate(
    programme: Programme,
    phase: Phase | None,
    parent: Unit,
    values: Mapping[int, Decimal | int],
    *,
    by: Person,
    indicator: str = queries.INITIATIVES,
) -> list[Target]:
    """Give each unit (by id) its number. A changed number must be accepted again.

    Raises Refused naming the unit for what is negative, no whole number, or not directly below.
    """
    refuse_unless(grants.may(by, Permission.TARGET_ALLOCATE, parent))
    below = {u.pk: u for u in org_queries.children(parent)}
    checked = {pk: _checked(below.get(pk), Decimal(value)) for pk, value in values.items()}
    changed: list[Target] = []
    with transaction.atomic():
        known = {
            t.unit_id: t
            for t in Target.objects.select_for_update().filter(
                programme=programme, phase=phase, indicator_id=indicator, unit__in=checked
            )
        }
        for pk, value in checked.items():
            target = _give(known.get(pk), programme, phase, indicator, parent, below[pk], value)
            if target is not None:
                before = known[pk].value if pk in known else None
                noted = {"value": str(value), "phase": str(phase) if phase else ""}
                acts.record("targets.target.given", target, by=by, before={"value": str(before)}, after=noted)
                changed.append(target)
        for target in changed:
            _tell(target, by)
    return changed


def _checked(unit: Unit | None, value: Decimal) -> Decimal:
    if unit is None:
        raise Refused(_("Chỉ giao chỉ tiêu cho đơn vị trực thuộc đang hoạt động."))
    if value < 0 or value != value.to_integral():
        raise Refused(_("%(unit)s: chỉ tiêu phải là số nguyên không âm.") % {"unit": unit.short_name}, field="value")
    return value


def _give(
    known: Target | None,
    programme: Programme,
    phase: Phase | None,
    indicator: str,
    parent: Unit,
    unit: Unit,
    value: Decimal,
) -> Target | None:
    """The changed target, or None when nothing changes."""
    if known and known.value == value and known.given_by_id == parent.pk:
        return None
    today = clock.today()
    if known is None:
        return Target.objects.create(
            programme=programme,
            phase=phase,
            indicator=Indicator.objects.get(code=indicator),
            unit=unit,
            given_by=parent,
            state=TargetState.GIVEN,
            comparator=Comparator.AT_LEAST,
            amount=Amount.COUNT,
            value=value,
            given_on=today,
        )
    fields = {"value": value, "given_by": parent, "state": TargetState.GIVEN, "given_on": today, "answered_on": None}
    fields |= {"asked_value": None, "asked_reason": ""}
    if known.ambition is not None and known.ambition < value:
        fields["ambition"] = None
    Target.objects.filter(pk=known.pk).update(**fields)
    return Target.objects.get(pk=known.pk)


def allocate_rate(programme: Programme, parent: Unit, *, by: Person, indicator: str = "participation_rate") -> int:
    """Hand a percentage down unchanged to every unit below; gives how many got it."""
    refuse_unless(grants.may(by, Permission.TARGET_ALLOCATE, parent))
    own = Target.objects.filter(programme=programme, unit=parent, phase=None, indicator_id=indicator).first()
    if own is None:
        raise Refused(_("Đơn vị chưa có chỉ tiêu tỷ lệ để giao."))
    done = 0
    with transaction.atomic():
        for unit in org_queries.children(parent):
            target, created = Target.objects.get_or_create(
                programme=programme,
                phase=None,
                indicator_id=indicator,
                unit=unit,
                defaults={
                    "given_by": parent,
                    "state": TargetState.GIVEN,
                    "comparator": own.comparator,
                    "amount": own.amount,
                    "value": own.value,
                    "given_on": clock.today(),
                },
            )
            if created:
                done += 1
                acts.record("targets.target.given", target, by=by, after={"value": f"{own.value} %"})
    return done


def accept(target: Target, *, by: Person) -> None:
    """The unit takes its target on."""
    refuse_unless(grants.may(by, Permission.TARGET_ACCEPT, target.unit))
    with transaction.atomic():
        _move(target, {TargetState.GIVEN, TargetState.DISPUTED}, TargetState.ACCEPTED, asked_value=None, asked_reason="")
        acts.record("targets.target.accepted", target, by=by, after={"value": str(target.value)})


def ask_adjustment(target: Target, value: Decimal, reason: str, *, by: Person) -> None:
    """The unit asks for another number and says why."""
    refuse_unless(grants.may(by, Permission.TARGET_ACCEPT, target.unit))
    if len(reason.strip()) < 20:
        raise Refused(_("Hãy ghi lý do xin điều chỉnh, ít nhất 20 ký tự."), field="reason")
    if value < 0 or value != value.to_integral():
        raise Refused(_("Số đề nghị phải là số nguyên không âm."), field="value")
    with transaction.atomic():
        _move(target, {TargetState.GIVEN}, TargetState.DISPUTED, asked_value=value, asked_reason=reason.strip())
        acts.record("targets.target.disputed", target, by=by, reason=reason, after={"value": str(value)})
        if target.given_by:
            outbox.tell(
                grants.holders(Permission.TARGET_ALLOCATE, target.given_by),
                "targets.disputed",
                about=target.programme,
                headline=_("%(unit)s xin điều chỉnh chỉ tiêu từ %(old)s xuống %(new)s")
                % {
                    "unit": target.unit.short_name,
                    "old": formats.number(target.value),
                    "new": formats.number(value),
                },
                body=reason.strip(),
                needs_action=True,
                but_not=by,
            )


def answer_adjustment(target: Target, *, by: Person, agreed: bool, reason: str = "") -> None:
    """The level above takes the asked number over, or keeps its own."""
    giver = target.given_by
    if giver is None:
        raise Refused(_("Chỉ tiêu này do chính đơn vị đặt ra."))
    refuse_unless(grants.may(by, Permission.TARGET_ALLOCATE, giver))
    value = target.asked_value if agreed and target.asked_value is not None else target.value
    with transaction.atomic():
        noted = {"value": str(value), "agreed": agreed}
        _move(target, {TargetState.DISPUTED}, TargetState.GIVEN, value=value, asked_value=None, asked_reason="")
        acts.record("targets.target.answered", target, by=by, reason=reason, after=noted)
        _tell(target, by)


def set_ambition(target: Target, value: Decimal, *, by: Person) -> None:
    """A unit may set itself more than it was given."""
    refuse_unless(grants.may(by, Permission.TARGET_ACCEPT, target.unit))
    if value < target.value:
        raise Refused(_("Mức phấn đấu không thấp hơn chỉ tiêu được giao."), field="ambition")
    with transaction.atomic():
        target.ambition = value
        target.save(update_fields=["ambition"])
        acts.record("targets.target.ambition", target, by=by, after={"value": str(value)})


def _move(target: Target, sources: set[str], state: str, **fields: object) -> None:
    """Compare-and-swap: two officers at once do not overwrite each other."""
    moved = Target.objects.filter(pk=target.pk, state__in=sources, value=target.value).update(
        state=state, answered_on=clock.today(), **fields
    )
    if not moved:
        raise Stale(_("Chỉ tiêu này vừa được thay đổi. Hãy tải lại trang."))
    target.refresh_from_db()


def _tell(target: Target, by: Person) -> None:
    outbox.tell(
        grants.holders(Permission.TARGET_ACCEPT, target.unit),
        "targets.given",
        about=target.programme,
        headline=_("Chỉ tiêu được giao: %(value)s (%(phase)s, %(programme)s)")
        % {
            "value": formats.number(target.value),
            "phase": str(target.phase) if target.phase else _("cả chương trình"),
            "programme": target.programme.short_name,
        },
        needs_action=True,
        but_not=by,
    )
