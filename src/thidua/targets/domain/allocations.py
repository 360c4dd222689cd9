"""Give targets to the units directly below; they accept, ask to adjust, or aim higher."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import Amount, Comparator
from thidua.programmes.models import Indicator, Phase, Programme
from thidua.targets import messages, rules
from thidua.targets.choices import TargetState
from thidua.targets.domain.opening import open_from_plan
from thidua.targets.models import Target
from thidua.targets.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take

__all__ = [
    "accept",
    "allocate",
    "allocate_rate",
    "announce",
    "answer_adjustment",
    "ask_adjustment",
    "open_from_plan",
    "set_ambition",
]
Actor = Person | System


def allocate(
    programme: Programme,
    phase: Phase | None,
    indicator: Indicator | str,
    parent: Unit,
    values: dict[int, Decimal],
    *,
    by: Actor,
    tell: bool = True,
) -> list[Target]:
    """The whole column of a phase: what each unit directly below is to reach.

    A unit that is missing from `values` loses its target; a changed number goes back to the unit
    for acceptance, an unchanged one keeps its state. Raises Refused naming the unit at fault.
    """
    measured = _indicator(indicator)
    if measured.amount != Amount.COUNT:
        raise Refused(_("«%(name)s» là tỷ lệ: tỷ lệ được giao xuống nguyên vẹn.") % {"name": measured.name})
    children = _receivers(programme, phase, parent, by)
    faults = [rules.amount_fault(children[k].short_name, v) for k, v in values.items() if k in children]
    if strange := values.keys() - children.keys():
        names = ", ".join(Unit.objects.filter(pk__in=strange).values_list("short_name", flat=True)) or str(strange)
        faults.append(_("Không phải đơn vị trực thuộc đang hoạt động: %(names)s.") % {"names": names})
    if found := [f for f in faults if f]:
        raise Refused(" ".join(found), field="values")
    return _give(programme, phase, measured, parent, {children[k]: v for k, v in values.items()}, by, tell=tell)


def allocate_rate(
    programme: Programme, phase: Phase | None, indicator: Indicator | str, parent: Unit, *, by: Actor, tell: bool = True
) -> list[Target]:
    """Hand a percentage down unchanged: 10 % of all members is 10 % of each unit's."""
    children = _receivers(programme, phase, parent, by)
    own = Target.objects.filter(
        programme=programme, phase=phase, indicator=_indicator(indicator), unit=parent, amount=Amount.PERCENT
    ).first()
    if own is None:
        raise Refused(_("%(unit)s chưa có chỉ tiêu tỷ lệ này để giao xuống.") % {"unit": parent.short_name})
    values = dict.fromkeys(children.values(), own.value)
    return _give(programme, phase, own.indicator, parent, values, by, tell=tell)


def announce(programme: Programme, parent: Unit, units: Iterable[Unit], *, by: Actor) -> None:
    """One notice a unit after several columns were given with `tell=False`."""
    for unit in units:
        messages.given(programme, unit, parent, by)


def _indicator(indicator: Indicator | str) -> Indicator:
    if isinstance(indicator, Indicator):
        return indicator
    found = Indicator.objects.filter(code=indicator).first()
    if found is None:
        raise Refused(_("Không có chỉ tiêu «%(code)s» trong danh mục.") % {"code": indicator}, field="indicator")
    return found


def _receivers(programme: Programme, phase: Phase | None, parent: Unit, by: Actor) -> dict[int, Unit]:
    refuse_unless(grants.may(by, Permission.TARGET_ALLOCATE, parent))
    if not programme.is_open:
        raise Refused(_("Chương trình chưa được ban hành nên chưa giao chỉ tiêu được."))
    if not programme.unit.covers(parent):
        raise Refused(_("%(unit)s không thuộc phạm vi của chương trình.") % {"unit": parent.short_name})
    if phase is not None and phase.programme_id != programme.pk:
        raise Refused(_("«%(phase)s» không phải giai đoạn của chương trình này.") % {"phase": phase.name})
    return {unit.pk: unit for unit in org_queries.children(parent)}


def _give(
    programme: Programme,
    phase: Phase | None,
    indicator: Indicator,
    parent: Unit,
    values: dict[Unit, Decimal],
    by: Actor,
    *,
    tell: bool,
) -> list[Target]:
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=parent.pk)  # one allocation of a unit at a time
        column = Target.objects.filter(programme=programme, phase=phase, indicator=indicator)
        present = {
            t.unit_id: t
            for t in column.filter(unit__in=[u.pk for u in values]).select_related("unit", "given_by", "programme")
        }
        own = column.filter(unit=parent).first()
        changed = [
            target
            for unit, value in values.items()
            if (target := _give_one(present.get(unit.pk), programme, phase, indicator, unit, parent, value, own, by))
        ]
        _withdraw(column.filter(given_by=parent).exclude(unit__in=[u.pk for u in values]), by)
        for target in changed if tell else ():
            messages.given(programme, target.unit, parent, by)
    return changed


def _give_one(
    known: Target | None,
    programme: Programme,
    phase: Phase | None,
    indicator: Indicator,
    unit: Unit,
    parent: Unit,
    value: Decimal,
    own: Target | None,
    by: Actor,
) -> Target | None:
    """Create, hand over or change one row; None when there is nothing new in it."""
    today = clock.today()
    if known is None:
        target = Target.objects.create(
            programme=programme,
            phase=phase,
            indicator=indicator,
            unit=unit,
            given_by=parent,
            plan_target=own.plan_target if own else None,
            state=TargetState.GIVEN,
            comparator=own.comparator if own else Comparator.AT_LEAST,
            amount=indicator.amount,
            value=value,
            given_on=today,
        )
        acts.record("targets.target.given", target, by=by, after={"value": value, "phase": str(phase or "")})
        return target
    if known.given_by_id == parent.pk and known.value == value:
        return None
    changes = {
        "value": value,
        "given_by": parent,
        "given_on": today,
        "answered_on": None,
        "asked_value": None,
        "asked_reason": "",
        "ambition": _kept_ambition(known, value),
    }
    noted = {"value": value, "previous": known.value, "phase": str(phase or "")}
    if known.state == TargetState.OWN:
        # What the unit had set itself above the number given stays as its ambition.
        Target.objects.filter(pk=known.pk).update(state=TargetState.GIVEN, **changes)
        known.refresh_from_db()
        acts.record("targets.target.given", known, by=by, before={"value": noted["previous"]}, after=noted)
    else:
        take(WORKFLOW, "give", known, by=by, changes=changes, noted=noted)
    return known


def _kept_ambition(known: Target, value: Decimal) -> Decimal | None:
    aim = known.ambition if known.ambition is not None else (known.value if known.state == TargetState.OWN else None)
    return aim if aim is not None and aim > value else None


def _withdraw(gone: Iterable[Target], by: Actor) -> None:
    for target in list(gone):
        acts.record("targets.target.withdrawn", target, by=by, before={"value": target.value})
        target.delete()


def accept(target: Target, *, by: Actor) -> Target:
    """The unit takes its target on; a pending wish to adjust is dropped."""
    changes = {"answered_on": clock.today(), "asked_value": None, "asked_reason": ""}
    take(WORKFLOW, "accept", target, by=by, changes=changes, noted={"value": target.value})
    return target


def ask_adjustment(target: Target, value: Decimal, reason: str, *, by: Actor) -> Target:
    """The unit asks for another number and says why."""
    if fault := rules.amount_fault(target.unit.short_name, value) if target.amount == Amount.COUNT else None:
        raise Refused(fault, field="value")
    if value == target.value:
        raise Refused(_("Số đề nghị bằng số được giao: hãy nhận chỉ tiêu hoặc nhập số khác."), field="value")
    changes = {"asked_value": value, "asked_reason": reason.strip(), "answered_on": clock.today()}
    with transaction.atomic():
        take(WORKFLOW, "ask", target, by=by, reason=reason, changes=changes, noted={"asked": value})
        messages.asked(target, by)
    return target


def answer_adjustment(target: Target, *, by: Actor, value: Decimal | None = None, reason: str = "") -> Target:
    """The level above grants what was asked (`value` the same), gives another number, or keeps its own (None)."""
    if value is not None and (fault := rules.amount_fault(target.unit.short_name, value)):
        raise Refused(fault, field="value")
    granted = value is not None and value == target.asked_value
    final = target.value if value is None else value
    changes = {"value": final, "asked_value": None, "asked_reason": "", "given_on": clock.today()}
    if target.ambition is not None and target.ambition <= final:
        changes["ambition"] = None
    noted = {"value": final, "previous": target.value, "asked": target.asked_value}
    with transaction.atomic():
        take(WORKFLOW, "grant" if granted else "counter", target, by=by, reason=reason, changes=changes, noted=noted)
        messages.answered(target, by, reason)
    return target


def set_ambition(target: Target, value: Decimal | None, *, by: Actor) -> Target:
    """The unit aims higher than it must; None takes the wish back."""
    refuse_unless(rules.may_accept(by, target))
    if value is not None and (fault := rules.amount_fault(target.unit.short_name, value)):
        raise Refused(fault, field="ambition")
    if value is not None and value < target.value:
        raise Refused(
            _("Mức phấn đấu không thể thấp hơn chỉ tiêu được giao (%(value)d).") % {"value": target.value},
            field="ambition",
        )
    with transaction.atomic():
        before = target.ambition
        target.ambition = value
        target.save(update_fields=["ambition"])
        acts.record("targets.target.ambition", target, by=by, before={"ambition": before}, after={"ambition": value})
    return target
