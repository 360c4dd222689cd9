"""The door for reading targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Plan, Programme
from thidua.targets.choices import TargetState
from thidua.targets.models import Target
from thidua.targets.rules import Balance

INITIATIVES = "initiatives"


def of_unit(programme: Programme, unit: Unit) -> QuerySet[Target]:
    """What a unit is to reach in a programme, whole programme first, then by phase."""
    return (
        Target.objects.filter(programme=programme, unit=unit)
        .select_related("indicator", "phase", "given_by", "programme")
        .order_by("phase__position", "indicator__position")
    )


def target_for(unit: Unit, pk: int) -> Target | None:
    return Target.objects.filter(pk=pk, unit=unit).select_related("indicator", "phase", "given_by", "programme").first()


def target_value(programme: Programme, unit: Unit, phase: Phase | None, indicator: str = INITIATIVES) -> Decimal | None:
    found = Target.objects.filter(programme=programme, unit=unit, phase=phase, indicator_id=indicator).first()
    return found.value if found else None


def waiting(unit: Unit) -> QuerySet[Target]:
    """Given to a unit and not yet answered."""
    return Target.objects.filter(unit=unit, state=TargetState.GIVEN).select_related("programme", "phase", "indicator")


def disputed(unit: Unit) -> QuerySet[Target]:
    """Adjustments asked of a unit."""
    return Target.objects.filter(given_by=unit, state=TargetState.DISPUTED).select_related(
        "unit", "programme", "phase", "indicator"
    )


def own_for_cascade(upper: Plan, unit: Unit) -> dict[tuple[int | None, str], Decimal]:
    """What the level above has given to a unit, as `plans.cascade` wants it."""
    found = Target.objects.filter(programme__plan=upper, unit=unit)
    return {(t.phase_id, t.indicator_id): t.value for t in found}


@dataclass(frozen=True)
class Cell:
    phase: Phase | None
    target: Target | None

    @property
    def value(self) -> int | None:
        return int(self.target.value) if self.target else None


@dataclass(frozen=True)
class Row:
    unit: Unit
    members: int
    cells: list[Cell]


@dataclass(frozen=True)
class Grid:
    """Units below × phases, with what there is to give and what has been given."""

    phases: list[Phase | None]
    rows: list[Row]
    balances: list[Balance]


def grid(programme: Programme, parent: Unit, units: list[Unit] | None = None) -> Grid:
    """The allocation of initiatives by a unit to those directly below. Constant number of queries."""
    phases: list[Phase | None] = list(programme.phases.all()) or [None]
    units = units if units is not None else list(org_queries.children(parent))
    members = org_queries.members_of(units)
    wanted = Target.objects.filter(programme=programme, indicator_id=INITIATIVES)
    given = {(t.unit_id, t.phase_id): t for t in wanted.filter(unit__in=units, given_by=parent)}
    own = {t.phase_id: t.value for t in wanted.filter(unit=parent)}
    rows = [
        Row(
            unit,
            members[unit.pk],
            [Cell(phase, given.get((unit.pk, phase.pk if phase else None))) for phase in phases],
        )
        for unit in units
    ]
    balances = []
    for phase in phases:
        key = phase.pk if phase else None
        allocated = sum((t.value for (_u, p), t in given.items() if p == key), Decimal(0))
        balances.append(Balance(own.get(key, Decimal(0)), allocated))
    return Grid(phases, rows, balances)


def unallocated(programme: Programme, parent: Unit) -> list[Unit]:
    """Units directly below that have been given nothing."""
    return [row.unit for row in grid(programme, parent).rows if not any(c.target for c in row.cells)]
