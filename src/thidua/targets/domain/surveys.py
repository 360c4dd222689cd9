"""The units below a node on one list: who has no target, has not begun, is behind. Sums are read, no tree walked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from thidua.kernel import clock
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount
from thidua.programmes.models import Phase
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.targets.choices import Keeping
from thidua.targets.domain import progress
from thidua.targets.domain.progress import Books, Line, per_thousand_of, percent_of, stretch_of
from thidua.targets.models import Target

FILED, COUNTED = str(Measure.FILED), str(Measure.COUNTED)
HEAD = (Measure.FILED, Measure.COUNTED)


class Head(NamedTuple):
    """As much of a unit as it takes to count it, choose it and put it in its place among thousands."""

    pk: int
    sort_key: str
    target: Decimal | None
    filed: int
    counted: int
    members: int  # 0 where the order does not ask


def _percent(head: Head) -> Decimal | None:
    return percent_of(head.target, head.counted)


SORTS: dict[str, Callable[[Head], tuple[Any, ...]]] = {
    "counted": lambda head: (-head.counted, head.sort_key),
    "percent": lambda head: (-(_percent(head) or -1), head.sort_key),
    "per_thousand": lambda head: (-(per_thousand_of(head.members, head.counted) or -1), head.sort_key),
    "behind": lambda head: (10**9 if (found := _percent(head)) is None else found, head.sort_key),
    "name": lambda head: (head.sort_key,),
}
PAGE_OF_UNITS = 40


@dataclass(frozen=True)
class Survey:
    """All units directly below, counted by how they keep up; `lines` is one page of those asked for."""

    lines: Sequence[Line]
    counts: dict[str, int]
    page: int
    pages: int

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def units_below(unit: Unit, on: date | None = None, *, only: Sequence[int] | None = None) -> list[Unit]:
    """What stands directly below, today or on a day; then with the names of that day."""
    rows = history.children_on(unit, on) if on else org_queries.children(unit)
    found = list(rows if only is None else rows.filter(pk__in=only))
    for one in found if on else ():
        if one.name_then != one.name:  # type: ignore[attr-defined]
            one.name = one.short_name = one.name_then  # type: ignore[attr-defined]
    return found


def survey(books: Books, phase: Phase | None, *, keeping: str = "", sort: str = "counted", page: int = 1) -> Survey:
    """A fixed number of queries for any number of units; all of a line only for the page that is shown."""
    heads = _heads(books, phase, with_members=sort == "per_thousand")
    stretch = stretch_of(books.programme, phase, books.on)
    judged = [(stretch.keeping(head.target, head.filed, head.counted), head) for head in heads]
    counts = {str(k): 0 for k in Keeping} | Counter(str(found) for found, _head in judged)
    wanted = Keeping(keeping) if keeping in Keeping.values else None
    chosen = [head for found, head in judged if wanted in (None, found)]
    chosen.sort(key=SORTS.get(sort, SORTS["counted"]))
    pages = max(1, -(-len(chosen) // PAGE_OF_UNITS))
    page = min(max(1, page), pages)
    shown = [head.pk for head in chosen[(page - 1) * PAGE_OF_UNITS : page * PAGE_OF_UNITS]]
    units = sorted(units_below(books.unit, books.on, only=shown), key=lambda unit: shown.index(unit.pk))
    lines = progress.below(books.programme, units, phase, books.on, changes=books.changes)
    return Survey(lines, counts, page, pages)


def _heads(books: Books, phase: Phase | None, *, with_members: bool) -> list[Head]:
    """Every unit directly below. Three queries, four with members."""
    programme, unit, on = books.programme, books.unit, books.on
    found = history.children_on(unit, on) if on else org_queries.children(unit)
    rows: list[Any] = list(found.order_by("sort_key", "pk").values_list("pk", "lft", "rgt", "sort_key", named=True))
    below = Q(unit__in=[row.pk for row in rows]) if on else Q(unit__parent=unit)
    key = phase.pk if phase else None
    figures = (
        tally_queries.figures_on(programme, rows, on)
        if on
        else tally_queries.figures(
            programme, rows, measures=HEAD, buckets=[""], phases=[key], among=below, changes=books.changes
        )
    )
    given = Target.objects.filter(below, programme=programme, indicator=progress.COUNTED, amount=Amount.COUNT)
    goals = progress.goals(given.filter(label="", year=None).values_list("unit_id", "phase_id", "value"), phase)
    members = progress.members_of(rows, on) if with_members else {}
    return [
        Head(
            row.pk,
            row.sort_key,
            goals.get(row.pk),
            figures[row.pk, key, FILED, ""],
            figures[row.pk, key, COUNTED, ""],
            members.get(row.pk, 0),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Week:
    """Filed and counted up to the end of a week, and what an even pace would have reached."""

    monday: date
    filed: int
    counted: int
    even: int | None


def trend(books: Books, line: Line) -> list[Week]:
    """The weeks of a phase up to today, added up."""
    figures, unit = books.figures, books.unit
    key = line.phase.pk if line.phase else None
    weeks = sorted({bucket for (_u, p, _m, bucket) in figures if p == key and bucket.startswith("week:")})
    if not weeks:
        return []
    today = clock.today()
    first = date.fromisoformat(weeks[0].removeprefix("week:"))
    if line.starts_on:
        first = min(first, line.starts_on - timedelta(days=line.starts_on.weekday()))
    last = min(today, line.ends_on or today)
    found, filed, counted = [], 0, 0
    while first <= last or f"week:{first:%Y-%m-%d}" in weeks:
        bucket = f"week:{first:%Y-%m-%d}"
        filed += figures[unit.pk, key, FILED, bucket]
        counted += figures[unit.pk, key, COUNTED, bucket]
        found.append(Week(first, filed, counted, line.even_on(min(first + timedelta(days=6), last))))
        first += timedelta(days=7)
    return found
