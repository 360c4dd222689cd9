"""Give targets to the units directly below; they accept, ask to adjust, or aim higher."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, formats
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


@dataclass(frozen=True)
class Column:
    """What is given: an indicator (of the "other" ones by its words) of a programme, in all or in a phase."""

    programme: Programme
    phase: Phase | None
    indicator: Indicator
    label: str = ""

    def rows(self) -> QuerySet[Target]:
        return Target.objects.filter(
            programme=self.programme, phase=self.phase, indicator=self.indicator, label=self.label, year=None
        )


def allocate(
    programme: Programme,
    phase: Phase | None,
    indicator: Indicator | str,
    parent: Unit,
    values: dict[int, Decimal],
    *,
    by: Actor,
    tell: bool = True,
    label: str = "",
    below_given: bool = False,
) -> list[Target]:
    """The whole column of a phase: what each unit directly below is to reach.

    A unit that is missing from `values` loses its target; a changed number goes back to the unit
    for acceptance, an unchanged one keeps its state. Raises Refused naming the unit at fault.
    `below_given`: give a unit less than it has already given to those below it.
    """
    measured = _indicator(indicator)
    if measured.amount != Amount.COUNT:
        raise Refused(_("«%(name)s» là tỷ lệ: tỷ lệ được giao xuống nguyên vẹn.") % {"name": measured.name})
    column = Column(programme, phase, measured, label)
    children = _receivers(programme, phase, parent, by)
    faults = [rules.amount_fault(children[k].short_name, v) for k, v in values.items() if k in children]
    faults += _strangers(values.keys() - children.keys(), parent)
    if found := [f for f in faults if f]:
        raise Refused(" ".join(found), field="values")
    wanted = {children[k]: v for k, v in values.items()}
    if not below_given:
        _refuse_below_given(column, wanted)
    return _give(column, parent, wanted, by, tell=tell)


def _strangers(ids: Collection[int], parent: Unit) -> list[str]:
    """Why each unit cannot receive, and the mend: give to its successor, or take its number away."""
    found = []
    for unit in Unit.objects.filter(pk__in=ids).order_by("sort_key"):
        if not unit.is_active:
            words = _(
                "%(unit)s đã kết thúc hoạt động từ %(day)s nên không phải đơn vị trực thuộc đang hoạt động: "
                "hãy bỏ số của đơn vị này và giao cho đơn vị kế thừa."
            )
            found.append(words % {"unit": unit.short_name, "day": formats.day(unit.ended_on)})
        else:
            words = _("Không phải đơn vị trực thuộc đang hoạt động của %(parent)s: %(names)s.")
            found.append(words % {"parent": parent.short_name, "names": unit.short_name})
    return found or ([_("Không phải đơn vị trực thuộc đang hoạt động: %(names)s.") % {"names": ids}] if ids else [])


def _refuse_below_given(column: Column, values: dict[Unit, Decimal]) -> None:
    """A unit that has already given more to those below it hears of it before, not after."""
    given = column.rows().filter(given_by__in=[u.pk for u in values]).order_by()
    sums = dict(given.values_list("given_by").annotate(total=Sum("value")))
    known = dict(column.rows().filter(unit__in=sums.keys()).values_list("unit_id", "value"))
    faults = [
        _("%(unit)s đã giao %(sum)s cho các đơn vị bên dưới, nhiều hơn %(value)s.")
        % {"unit": unit.short_name, "sum": formats.number(sums[unit.pk]), "value": formats.number(value)}
        for unit, value in values.items()
        if unit.pk in sums and value < sums[unit.pk] and known.get(unit.pk) != value
    ]
    if faults:
        mend = _("Hãy giao ít nhất bằng số đó, hoặc chọn «Vẫn giao» để đơn vị điều chỉnh phần đã giao.")
        raise Refused(" ".join([*faults, mend]), field="below")


def allocate_rate(
    programme: Programme,
    phase: Phase | None,
    indicator: Indicator | str,
    parent: Unit,
    *,
    by: Actor,
    tell: bool = True,
    label: str = "",
) -> list[Target]:
    """Hand a percentage down unchanged: 10 % of all members is 10 % of each unit's."""
    children = _receivers(programme, phase, parent, by)
    column = Column(programme, phase, _indicator(indicator), label)
    own = column.rows().filter(unit=parent, amount=Amount.PERCENT).first()
    if own is None:
        raise Refused(_("%(unit)s chưa có chỉ tiêu tỷ lệ này để giao xuống.") % {"unit": parent.short_name})
    return _give(column, parent, dict.fromkeys(children.values(), own.value), by, tell=tell)


def announce(programme: Programme, parent: Unit, units: Iterable[Unit], *, by: Actor) -> None:
    """One notice a person after several columns were given with `tell=False`."""
    messages.given(programme, list(units), parent, by)


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


def _give(column: Column, parent: Unit, values: dict[Unit, Decimal], by: Actor, *, tell: bool) -> list[Target]:
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=parent.pk)  # one allocation of a unit at a time
        rows = column.rows().filter(unit__in=[u.pk for u in values])
        present = {t.unit_id: t for t in rows.select_related("unit", "given_by", "programme")}
        own = column.rows().filter(unit=parent).first()
        changed = _create(column, parent, {u: v for u, v in values.items() if u.pk not in present}, own, by)
        for unit, value in values.items():
            known = present.get(unit.pk)
            if known and not (known.given_by_id == parent.pk and known.value == value):
                changed.append(_change(known, column, parent, value, by))
        _withdraw(column.rows().filter(given_by=parent).exclude(unit__in=[u.pk for u in values]), by)
        if tell:
            messages.given(column.programme, [t.unit for t in changed], parent, by)
    return changed


def _create(column: Column, parent: Unit, values: dict[Unit, Decimal], own: Target | None, by: Actor) -> list[Target]:
    """New rows and their acts, in a few statements for any number of units."""
    today = clock.today()
    made = Target.objects.bulk_create(
        [
            Target(
                programme=column.programme,
                phase=column.phase,
                indicator=column.indicator,
                label=column.label,
                threshold=own.threshold if own else None,
                unit=unit,
                given_by=parent,
                plan_target=own.plan_target if own else None,
                state=TargetState.GIVEN,
                comparator=own.comparator if own else Comparator.AT_LEAST,
                value_to=own.value_to if own and own.amount == Amount.PERCENT else None,
                amount=column.indicator.amount,
                base=own.base if own else "",
                value=value,
                given_on=today,
            )
            for unit, value in values.items()
        ],
        batch_size=1000,
    )
    phase = str(column.phase or "")
    told = [acts.Told(t, after={"value": t.value, "phase": phase}) for t in made]
    acts.record_many("targets.target.given", told, by=by)
    return made


def _change(known: Target, column: Column, parent: Unit, value: Decimal, by: Actor) -> Target:
    """Hand over or change one row."""
    changes = {
        "value": value,
        "given_by": parent,
        "given_on": clock.today(),
        "answered_on": None,
        "asked_value": None,
        "asked_reason": "",
        "ambition": _kept_ambition(known, value),
    }
    noted = {"value": value, "previous": known.value, "phase": str(column.phase or "")}
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


def _withdraw(gone: QuerySet[Target], by: Actor) -> None:
    rows = list(gone.select_related("unit", "indicator"))
    told = [acts.Told(t, before={"value": t.value}) for t in rows]
    acts.record_many("targets.target.withdrawn", told, by=by)
    Target.objects.filter(pk__in=[t.pk for t in rows]).delete()


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
