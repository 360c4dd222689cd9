"""The door for reading targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from thidua.kernel import clock, text
from thidua.kernel.prepared import composed_once
from thidua.ledger.models import Act
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount
from thidua.programmes.models import Indicator, Phase, Plan, Programme
from thidua.tallies.rules import DONE
from thidua.targets import rules
from thidua.targets.choices import TargetState
from thidua.targets.models import Issue, IssueLine, Sheet, Target

INITIATIVES = "initiatives"


def targets() -> QuerySet[Target]:
    return Target.objects.select_related("indicator", "phase", "given_by", "unit", "programme__unit", "plan_target")


def targets_of(unit: Unit, programme: Programme) -> QuerySet[Target]:
    """What a unit is to reach in a programme, the whole first, then by phase."""
    whole_first = F("phase__position").asc(nulls_first=True)
    return (
        targets()
        .filter(unit=unit, programme=programme)
        .order_by(whole_first, "indicator__position", "label", "year", "pk")
    )


@composed_once
def targets_in(unit: int, programme: int) -> QuerySet[Target]:
    """As `targets_of`, without the papers and units around them."""
    found = targets_of(Unit(pk=unit), Programme(pk=programme))
    return found.select_related(None).select_related("indicator", "phase")


def by_hand(programme: Programme, units: Iterable[Unit]) -> QuerySet[Target]:
    """Targets whose results units report themselves, in the order of the catalogue."""
    found = targets().filter(programme=programme, unit__in=[u.pk for u in units], indicator__measure__in=["", DONE])
    return found.order_by("indicator__position", "label", "pk")


def target_for(unit: Unit, pk: int) -> Target | None:
    return targets().filter(pk=pk, unit=unit).first()


def target_given(by_unit: Unit, pk: int) -> Target | None:
    return targets().filter(pk=pk, given_by=by_unit).first()


def target_value(programme: Programme, unit: Unit, phase: Phase | None, indicator: str = INITIATIVES) -> Decimal | None:
    found = Target.objects.filter(programme=programme, unit=unit, phase=phase, indicator_id=indicator)
    return found.values_list("value", flat=True).first()


@composed_once
def given_to(unit: int) -> QuerySet[Target]:
    """As `waiting`, with what a line about each of them shows."""
    return Target.objects.filter(unit=unit, state=TargetState.GIVEN).select_related("programme", "phase", "indicator")


@composed_once
def disputed_with(unit: int) -> QuerySet[Target]:
    """As `disputed`, with what a line about each of them shows."""
    return Target.objects.filter(given_by=unit, state=TargetState.DISPUTED).select_related("unit", "programme")


def waiting(unit: Unit) -> QuerySet[Target]:
    """Given to a unit and not yet answered."""
    return targets().filter(unit=unit, state=TargetState.GIVEN).order_by("programme", "phase__position")


def disputed(unit: Unit) -> QuerySet[Target]:
    """Adjustments asked of a unit by those below."""
    return targets().filter(given_by=unit, state=TargetState.DISPUTED).order_by("answered_on", "pk")


def history(given: QuerySet[Target], own: Iterable[Target]) -> QuerySet[Act]:
    """Every act on these targets, newest first."""
    label = Target._meta.label_lower
    wanted = Q(subject_id__in=given.order_by().values("pk")) | Q(subject_id__in=[t.pk for t in own])
    return Act.objects.filter(wanted, subject_type=label).order_by("-id")


def as_of(found: Iterable[Target], day: date) -> list[Target]:
    """These targets with their values at the end of a day, without those that were not there yet; not to be saved.

    The ledger tells: the first act after the day that changed a value says what it was.
    """
    targets = list(found)
    label, next_day = Target._meta.label_lower, clock.first_moment(day + timedelta(days=1))
    changing = Q(after__has_key="previous") | Q(kind__in=_CHANGING)
    acts = Act.objects.filter(changing, subject_type=label, subject_id__in=[t.pk for t in targets], at__gte=next_day)
    first = {act.subject_id: act for act in acts.order_by("subject_id", "id").distinct("subject_id")}
    there = []
    for target in targets:
        if act := first.get(target.pk):
            was = (act.after or {}).get("previous", (act.before or {}).get("value"))
            if was is None:
                continue
            target.value = Decimal(was)
        there.append(target)
    return there


_CHANGING = ("targets.target.opened", "targets.target.amended", "targets.target.given")


def own_targets_for_cascade(unit: Unit, upper: Plan) -> dict[tuple[int | None, str], Decimal]:
    """(phase id, indicator) -> value the level above has given to a unit, as `plans.cascade` wants it."""
    found = Target.objects.filter(programme__plan=upper, unit=unit)
    return {(t.phase_id, t.indicator_id): t.value for t in found}


@dataclass(frozen=True)
class Cell:
    """One unit in one column."""

    phase: Phase | None
    target: Target | None

    @property
    def key(self) -> str:
        return str(self.phase.pk) if self.phase else "0"

    @property
    def value(self) -> int | None:
        return int(self.target.value) if self.target else None

    @property
    def is_disputed(self) -> bool:
        return self.target is not None and self.target.state == TargetState.DISPUTED


@dataclass(frozen=True)
class Row:
    unit: Unit
    members: int
    cells: Sequence[Cell]

    @property
    def total(self) -> int:
        return sum(cell.value or 0 for cell in self.cells)


@dataclass(frozen=True)
class Column:
    """A phase (None: the whole programme) with what there is to give and what has been given."""

    phase: Phase | None
    balance: rules.Reconciliation

    @property
    def key(self) -> str:
        return str(self.phase.pk) if self.phase else "0"

    @property
    def field(self) -> str:
        return f"p{self.key}"


@dataclass(frozen=True)
class Grid:
    """Units directly below × phases."""

    programme: Programme
    parent: Unit
    indicator: Indicator
    columns: Sequence[Column]
    rows: Sequence[Row]
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.indicator.name

    @property
    def is_even(self) -> bool:
        return all(column.balance.fits for column in self.columns)

    @property
    def total(self) -> rules.Reconciliation:
        given = [c.balance.given for c in self.columns if c.balance.given is not None]
        return rules.reconcile(sum(given, Decimal(0)) if given else None, [c.balance.allocated for c in self.columns])


def grid(programme: Programme, parent: Unit, indicator: str = INITIATIVES, label: str = "") -> Grid:
    """What a unit was given and how it has allocated it, in full. Five queries for any number of units."""
    units = list(org_queries.children(parent))
    members = org_queries.members_of(units)
    measured = Indicator.objects.get(pk=indicator)
    found = _counted(programme, measured, label)
    rows = list(found.filter(unit__in=[parent.pk, *(u.pk for u in units)]).select_related("unit", "phase"))
    own = {t.phase_id: t.value for t in rows if t.unit_id == parent.pk}
    given = {(t.unit_id, t.phase_id): t for t in rows if t.given_by_id == parent.pk}
    phases = _columns(programme, own)
    columns = []
    for phase in phases:
        key = phase.pk if phase else None
        values = [t.value for (_unit, p), t in given.items() if p == key]
        columns.append(Column(phase, rules.reconcile(own.get(key), values)))
    lines = [
        Row(unit, members[unit.pk], [Cell(p, given.get((unit.pk, p.pk if p else None))) for p in phases])
        for unit in units
    ]
    return Grid(programme, parent, measured, columns, lines, label)


def _counted(programme: Programme, indicator: Indicator, label: str) -> QuerySet[Target]:
    return Target.objects.filter(programme=programme, indicator=indicator, label=label, year=None, amount=Amount.COUNT)


def _columns(programme: Programme, own: dict[int | None, Decimal]) -> list[Phase | None]:
    """By phase where the unit's number is by phase; otherwise the whole programme in one column."""
    phases: list[Phase | None] = list(programme.phases.all())
    by_phase = any(p.pk in own for p in phases if p)
    return phases if phases and (by_phase or None not in own) else [None]


def own_values(programme: Programme, parent: Unit, indicator: Indicator, label: str) -> dict[int | None, Decimal]:
    """phase id -> what a unit itself was given to reach."""
    return dict(_counted(programme, indicator, label).filter(unit=parent).values_list("phase_id", "value"))


def columns_of(programme: Programme, parent: Unit, indicator: Indicator, label: str) -> list[Phase | None]:
    return _columns(programme, own_values(programme, parent, indicator, label))


def given_rows(
    programme: Programme, parent: Unit, indicator: Indicator, label: str
) -> QuerySet[Target, tuple[int, int | None, Decimal]]:
    """(unit id, phase id, value) of everything a unit has given."""
    found = _counted(programme, indicator, label).filter(given_by=parent)
    return found.values_list("unit_id", "phase_id", "value")  # type: ignore[return-value]


def given_to_ended(programme: Programme, parent: Unit, indicator: Indicator, label: str) -> QuerySet[Target]:
    """What was given to units that have ended since, or have moved elsewhere."""
    found = targets().filter(pk__in=_counted(programme, indicator, label).filter(given_by=parent))
    return found.exclude(unit__in=org_queries.children(parent)).order_by("unit__sort_key", "pk")


def sheet_of(programme: Programme, parent: Unit, indicator: Indicator, label: str) -> Sheet | None:
    found = Sheet.objects.filter(programme=programme, parent=parent, indicator=indicator, label=label)
    return found.select_related("programme", "parent", "indicator", "changed_by").first()


def sheet_column(sheet: Sheet, phase: Phase | None) -> dict[int, int]:
    """unit id -> number of one column of a sheet."""
    cells = sheet.cells.filter(phase=phase).values_list("unit_id", "value")
    return {unit_id: value for unit_id, value in cells if value is not None}


def indicators_given(programme: Programme, unit: Unit) -> list[Target]:
    """One target for each number a unit can split among those below it."""
    found: dict[tuple[str, str], Target] = {}
    for target in targets_of(unit, programme).filter(amount=Amount.COUNT, year=None):
        found.setdefault((target.indicator_id, target.label), target)
    return list(found.values())


def issues(programme: Programme, parent: Unit, indicator: Indicator, label: str) -> QuerySet[Issue]:
    found = Issue.objects.filter(programme=programme, parent=parent, indicator=indicator, label=label)
    found = found.select_related("issued_by", "indicator", "parent__parent", "parent__kind", "programme__plan")
    return found.annotate(count=Count("lines")).order_by("-number")


def issue_lines(issue: Issue) -> QuerySet[IssueLine]:
    return IssueLine.objects.filter(issue=issue).select_related("unit", "phase")


def initiatives() -> Indicator:
    return Indicator.objects.get(pk=INITIATIVES)


def has_annex(plan: Plan) -> bool:
    """Does the plan's own annex name numbers of units?"""
    return any(item.get("unit_name") for item in (plan.reading or {}).get("targets") or [])


def annex(found: Grid) -> dict[tuple[int, str], int]:
    """(unit id, column key) -> number that the annex table of the unit's own plan names for a unit below."""
    plan = found.programme.plan
    if plan.unit_id != found.parent.pk:
        return {}
    units = {plain_name(name): row.unit.pk for row in found.rows for name in (row.unit.name, row.unit.short_name)}
    keys = {plain_name(column.phase.name) if column.phase else "": column.key for column in found.columns}
    named: dict[tuple[int, str], int] = {}
    for item in (plan.reading or {}).get("targets") or []:
        unit_id = units.get(plain_name(item.get("unit_name") or ""))
        key = keys.get(plain_name(item.get("phase") or ""))
        if unit_id and key and item.get("indicator") == found.indicator.pk:
            named[unit_id, key] = int(item["value"])
    return named


def plain_name(name: str) -> str:
    """A name as tables shorten it: without dấu, 'Công đoàn cơ sở' and 'CĐCS' the same."""
    return " ".join(text.fold(name).replace("cong doan co so", "cdcs").split())


def unallocated(found: Grid) -> list[Unit]:
    """Units directly below that have been given nothing."""
    return [row.unit for row in found.rows if not any(cell.target for cell in row.cells)]
