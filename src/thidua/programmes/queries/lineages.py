"""A plan's place: up to the nation, down to the grassroots; and what one plan changes in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thidua.kernel import formats
from thidua.orgs import queries as org_queries
from thidua.orgs import sums
from thidua.orgs.models import Unit, UnitKind
from thidua.programmes.choices import Amount
from thidua.programmes.models import Duty, Phase, Plan, PlanTarget, Programme
from thidua.programmes.queries import family


@dataclass(frozen=True)
class LevelLine:
    """One kind of unit below a plan: how many units there are, how many have come how far."""

    kind: UnitKind
    units: int
    drafting: int
    issued: int

    @property
    def percent(self) -> float | None:
        return 100 * self.issued / self.units if self.units else None


def levels_below(plan: Plan) -> list[LevelLine]:
    """Each kind of unit below, from kept sums: a unit stands once, and what it has issued goes before what it drafts."""
    first = family(plan)[-1]  # under which its amendments are counted, too
    found = Counter(sums.figures("plan", [first], [plan.unit])[plan.unit.pk, first])
    counts = _units_below(plan.unit)
    kinds = list(org_queries.kinds())
    # Sections make no plans of their own: they are shown only where one did.
    lowest = max((k.rank for k in kinds if k.is_grassroots), default=0)
    return [
        LevelLine(k, counts[k.pk], found[f"{k.pk}:drafting"], found[f"{k.pk}:issued"])
        for k in kinds
        if k.pk in counts and (k.rank <= lowest or found[f"{k.pk}:issued"] or found[f"{k.pk}:drafting"])
    ]


def _units_below(unit: Unit) -> dict[str, int]:
    """Kind -> how many units of it stand below, today."""
    counts = Counter(sums.figures("kind", [0], [unit])[unit.pk, 0])
    counts.subtract([unit.kind_id] if unit.is_active else [])
    return +counts


@dataclass(frozen=True)
class Change:
    """One thing a plan says otherwise than another: kind is added | dropped | changed."""

    kind: str
    what: str
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        return {"added": _("Thêm"), "dropped": _("Bỏ")}.get(self.kind, _("Sửa"))

    @property
    def tone(self) -> str:
        return {"added": "success", "dropped": "danger"}.get(self.kind, "warning")


def changes(old: Plan, new: Plan) -> list[Change]:
    """What `new` says otherwise than `old`, both read as they are now: programmes, phases, targets, duties."""
    found: list[Change] = []
    if old.title != new.title and new.implements_id != old.pk:
        found.append(Change("changed", _("Trích yếu"), old.title, new.title))
    mine = list(_programmes(new))
    partners = {p.pk: _partner(p, mine) for p in _programmes(old)}
    taken = {p.pk for p in partners.values() if p}
    for programme in _programmes(old):
        partner = partners[programme.pk]
        if partner is None:
            found.append(Change("dropped", programme.name))
        else:
            found += _programme_changes(programme, partner)
    found += [Change("added", p.name) for p in mine if p.pk not in taken]
    return [*found, *_duty_changes(old.duties.all(), new.duties.all())]


def _programmes(plan: Plan) -> Iterable[Programme]:
    return plan.programmes.prefetch_related("phases", "plan_targets__indicator", "plan_targets__phase")


def _partner(old: Programme, mine: list[Programme]) -> Programme | None:
    for one in mine:
        if one.origin_id == old.pk or old.origin_id == one.pk or one.implements_id == old.pk:
            return one
    return None


def _programme_changes(old: Programme, new: Programme) -> list[Change]:
    found = []
    if old.name != new.name:
        found.append(Change("changed", _("Tên chương trình"), old.name, new.name))
    window = (_span(old.eligible_from, old.eligible_to), _span(new.eligible_from, new.eligible_to))
    if window[0] != window[1]:
        found.append(Change("changed", _("%(name)s: tính sáng kiến áp dụng") % {"name": new.short_name}, *window))
    phases = {(p.kind, p.position): p for p in old.phases.all()}
    for phase in new.phases.all():
        found += _phase_changes(phases.pop((phase.kind, phase.position), None), phase)
    found += [Change("dropped", p.name) for p in phases.values()]
    return [*found, *_target_changes(old, new)]


def _phase_changes(old: Phase | None, new: Phase) -> list[Change]:
    if old is None:
        return [Change("added", new.name, "", _span(new.starts_on, new.ends_on))]
    found = []
    if (old.starts_on, old.ends_on) != (new.starts_on, new.ends_on):
        found.append(Change("changed", new.name, _span(old.starts_on, old.ends_on), _span(new.starts_on, new.ends_on)))
    if old.theme != new.theme:
        found.append(Change("changed", _("%(phase)s: chủ đề") % {"phase": new.name}, old.theme, new.theme))
    return found


def _target_changes(old: Programme, new: Programme) -> list[Change]:
    def keyed(programme: Programme) -> dict[tuple[int, str], PlanTarget]:
        return {(t.phase.position if t.phase else 0, t.indicator_id): t for t in programme.plan_targets.all()}

    before, found = keyed(old), []
    for key, target in keyed(new).items():
        was = before.pop(key, None)
        what = f"{target.indicator.name}, {target.phase.name}" if target.phase else target.indicator.name
        if was is None:
            found.append(Change("added", what, "", _value(target)))
        elif was.value != target.value:
            found.append(Change("changed", what, _value(was), _value(target)))
    return [*found, *(Change("dropped", t.indicator.name, _value(t)) for t in before.values())]


def _duty_changes(old: Iterable[Duty], new: Iterable[Duty]) -> list[Change]:
    before, found = {d.pk: d for d in old}, []
    for duty in new:
        was = before.pop(duty.origin_id, None) if duty.origin_id else None
        if was is None:
            found.append(Change("added", duty.text))
        elif was.text != duty.text:
            found.append(Change("changed", _("Nhiệm vụ"), was.text, duty.text))
        elif (was.timing, was.due_on, was.within_days) != (duty.timing, duty.due_on, duty.within_days):
            found.append(Change("changed", duty.text[:120], _due(was), _due(duty)))
    return [*found, *(Change("dropped", d.text) for d in before.values())]


def _due(duty: Duty) -> str:
    if duty.due_on:
        return formats.day(duty.due_on)
    return _("chưa có hạn") if duty.is_undated else str(duty.get_timing_display())


def _span(first: object, last: object) -> str:
    return f"{formats.day(first) if first else '…'} – {formats.day(last) if last else '…'}"  # type: ignore[arg-type]


def _value(target: PlanTarget) -> str:
    return f"{formats.number(target.value)} %" if target.amount == Amount.PERCENT else formats.number(target.value)
