"""One page of the allocation grid, its sums always those of all units: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from thidua.kernel import paging
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Indicator, Phase, Programme
from thidua.targets import queries, rules
from thidua.targets.choices import TargetState
from thidua.targets.models import Sheet, SheetCell, Target

PAGE_OF_UNITS = 100
ORDER = ("kind__rank", "sort_key", "pk")


@dataclass(frozen=True)
class Subject:
    """What is being split: a number of a programme, at a unit."""

    programme: Programme
    parent: Unit
    indicator: Indicator
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.indicator.name

    @property
    def address(self) -> str:
        """As the address of the page names it."""
        return f"{self.indicator.pk}|{self.label}"

    def given(self) -> QuerySet[Target]:
        return Target.objects.filter(
            programme=self.programme, indicator=self.indicator, label=self.label, year=None, given_by=self.parent
        )


@dataclass(frozen=True)
class Cell:
    """A unit in a column: what stands in it now, and what was given."""

    name: str  # of the input
    text: str
    target: Target | None
    stored: Decimal = Decimal(0)

    @property
    def is_changed(self) -> bool:
        return self.text != (str(int(self.target.value)) if self.target else "")


@dataclass(frozen=True)
class Row:
    unit: Unit
    members: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """A phase (None: the whole programme): given to the unit, allocated in the sheet, left, over."""

    phase: Phase | None
    balance: rules.Reconciliation
    saved: Decimal  # what has been given so far, whatever stands in the sheet
    here: Decimal  # of the allocated, on this page

    @property
    def elsewhere(self) -> Decimal:
        """Allocated to units that are not on this page: what the browser adds to its own sum."""
        return self.balance.allocated - self.here

    @property
    def key(self) -> str:
        return str(self.phase.pk) if self.phase else "0"


@dataclass(frozen=True)
class Window:
    """What a person sees of the grid."""

    subject: Subject
    sheet: Sheet | None
    columns: Sequence[Column]
    rows: Sequence[Row]
    page: paging.Page
    counts: dict[str, int]

    @property
    def is_long(self) -> bool:
        return self.counts["all"] > PAGE_OF_UNITS


def cell_name(unit_id: int, phase: Phase | None) -> str:
    return f"u{unit_id}p{phase.pk if phase else 0}"


def window(
    subject: Subject, *, cursor: str = "", words: str = "", state: str = "", typed: dict[str, str] | None = None
) -> Window:
    """One page of the units below; `typed` are numbers that could not be kept, shown as they were typed."""
    phases = queries.columns_of(subject.programme, subject.parent, subject.indicator, subject.label)
    sheet = queries.sheet_of(subject.programme, subject.parent, subject.indicator, subject.label)
    units = _filtered(subject, words, state)
    page = paging.page(units, ORDER, cursor, PAGE_OF_UNITS)
    given = {(t.unit_id, t.phase_id): t for t in subject.given().filter(unit__in=page.rows)}
    drafted = _drafted(sheet, page.rows)
    rows = [Row(unit, unit.members, _cells(unit, phases, given, drafted, typed or {})) for unit in page.rows]
    return Window(subject, sheet, _columns(subject, sheet, phases, rows), rows, page, _counts(subject))


def _filtered(subject: Subject, words: str, state: str) -> QuerySet[Unit]:
    units = org_queries.children(subject.parent)
    if words:
        units = org_queries.search(units, words)
    mine = subject.given().filter(unit=OuterRef("pk"))
    if state == "none":
        return units.filter(~Exists(mine))
    if state in (TargetState.GIVEN, TargetState.ACCEPTED, TargetState.DISPUTED):
        return units.filter(Exists(mine.filter(state=state)))
    return units


def _drafted(sheet: Sheet | None, units: Sequence[Unit]) -> dict[tuple[int, int | None], int | None] | None:
    if sheet is None:
        return None
    cells = SheetCell.objects.filter(sheet=sheet, unit__in=units)
    return {
        (unit_id, phase_id): value for unit_id, phase_id, value in cells.values_list("unit_id", "phase_id", "value")
    }


def _cells(
    unit: Unit,
    phases: Sequence[Phase | None],
    given: dict[tuple[int, int | None], Target],
    drafted: dict[tuple[int, int | None], int | None] | None,
    typed: dict[str, str],
) -> list[Cell]:
    cells = []
    for phase in phases:
        key, name = (unit.pk, phase.pk if phase else None), cell_name(unit.pk, phase)
        target = given.get(key)
        value = (int(target.value) if target else None) if drafted is None else drafted.get(key)
        cells.append(Cell(name, typed.get(name, "" if value is None else str(value)), target, Decimal(value or 0)))
    return cells


def _columns(
    subject: Subject, sheet: Sheet | None, phases: Sequence[Phase | None], rows: Sequence[Row]
) -> list[Column]:
    own = queries.own_values(subject.programme, subject.parent, subject.indicator, subject.label)
    saved = dict(subject.given().order_by().values_list("phase_id").annotate(total=Sum("value")))
    allocated = saved
    if sheet is not None:
        children = org_queries.children(subject.parent).order_by().values("pk")
        cells = SheetCell.objects.filter(sheet=sheet, unit__in=children).order_by()
        allocated = dict(cells.values_list("phase_id").annotate(total=Sum("value")))
    found = []
    for place, phase in enumerate(phases):
        key = phase.pk if phase else None
        total = Decimal(allocated.get(key) or 0)
        here = sum((row.cells[place].stored for row in rows), Decimal(0))
        found.append(Column(phase, rules.reconcile(own.get(key), [total]), Decimal(saved.get(key) or 0), here))
    return found


def _counts(subject: Subject) -> dict[str, int]:
    """How many units: all, without a number, waiting, accepted, asking."""
    children = org_queries.children(subject.parent).order_by()
    rows = subject.given().filter(unit__in=children.values("pk")).order_by()
    states = [TargetState.GIVEN, TargetState.ACCEPTED, TargetState.DISPUTED]
    found = rows.aggregate(
        given_to=Count("unit", distinct=True),
        **{str(s): Count("unit", distinct=True, filter=Q(state=s)) for s in states},
    )
    total = children.count()
    return {"all": total, "none": total - found["given_to"], **{str(s): found[str(s)] for s in states}}
