"""The units below a node on one list: who has no target, has not begun, is behind. Sums are read, no tree walked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from thidua.kernel import clock
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.targets.choices import Keeping
from thidua.targets.domain import progress
from thidua.targets.domain.progress import Line

SORTS = {
    "counted": lambda line: (-line.counted, line.unit.sort_key),
    "percent": lambda line: (-(line.percent or -1), line.unit.sort_key),
    "per_thousand": lambda line: (-(line.per_thousand or -1), line.unit.sort_key),
    "behind": lambda line: (line.percent if line.percent is not None else 10**9, line.unit.sort_key),
    "name": lambda line: (line.unit.sort_key,),
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


def units_below(unit: Unit, on: date | None = None) -> list[Unit]:
    """What stands directly below, today or on a day; then with the names of that day."""
    if on is None:
        return list(org_queries.children(unit))
    found = list(history.children_on(unit, on))
    for one in found:
        if one.name_then != one.name:  # type: ignore[attr-defined]
            one.name = one.short_name = one.name_then  # type: ignore[attr-defined]
    return found


def survey(
    programme: Programme,
    unit: Unit,
    phase: Phase | None,
    *,
    keeping: str = "",
    sort: str = "counted",
    page: int = 1,
    on: date | None = None,
) -> Survey:
    """A fixed number of queries for any number of units."""
    lines = progress.below(programme, units_below(unit, on), phase, on)
    counts = {str(k): 0 for k in Keeping}
    for line in lines:
        counts[str(line.keeping)] += 1
    chosen = [line for line in lines if line.keeping == keeping] if keeping in Keeping.values else lines
    chosen.sort(key=SORTS.get(sort, SORTS["counted"]))
    pages = max(1, -(-len(chosen) // PAGE_OF_UNITS))
    page = min(max(1, page), pages)
    return Survey(chosen[(page - 1) * PAGE_OF_UNITS : page * PAGE_OF_UNITS], counts, page, pages)


@dataclass(frozen=True)
class Week:
    """Filed and counted up to the end of a week, and what an even pace would have reached."""

    monday: date
    filed: int
    counted: int
    even: int | None


def trend(programme: Programme, unit: Unit, line: Line) -> list[Week]:
    """The weeks of a phase up to today, added up. Two queries; two more when the phase says no first day."""
    figures = tally_queries.figures(programme, [unit], measures=[Measure.FILED, Measure.COUNTED])
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
        filed += figures[unit.pk, key, str(Measure.FILED), bucket]
        counted += figures[unit.pk, key, str(Measure.COUNTED), bucket]
        found.append(Week(first, filed, counted, line.even_on(min(first + timedelta(days=6), last))))
        first += timedelta(days=7)
    return found
