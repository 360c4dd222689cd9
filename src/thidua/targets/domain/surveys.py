"""The units below a node on one list: who has no target, has not begun, is behind. Sums are read, no tree walked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from thidua.kernel import clock, replicas
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.tallies.queries import Nested
from thidua.targets.choices import Keeping
from thidua.targets.domain import progress
from thidua.targets.domain.progress import Books, Given, Line, per_thousand_of, percent_of, stretch_of

FILED, COUNTED = str(Measure.FILED), str(Measure.COUNTED)


class Head(NamedTuple):
    """As much of a unit as it takes to count it, choose it and put it in its place among thousands."""

    pk: int
    lft: int
    rgt: int
    sort_key: str
    target: Decimal | None
    filed: int
    counted: int
    members: int


HEADS = """
SELECT u.id, u.lft, u.rgt, u.sort_key, coalesce(g.own, g.parts), coalesce(t.filed, 0), coalesce(t.counted, 0),
    u.members
FROM orgs_unit u
LEFT JOIN LATERAL (
    SELECT sum(f.amount) FILTER (WHERE f.measure = 'filed')::bigint AS filed,
           sum(f.amount) FILTER (WHERE f.measure = 'counted')::bigint AS counted
    FROM tallies_tally f
    WHERE f.programme_id = %(programme)s AND f.unit_id = u.id AND {of_phase}
      AND f.measure IN ('filed', 'counted') AND f.bucket = ''
) t ON true
LEFT JOIN LATERAL (
    SELECT sum(f.value) FILTER (WHERE {of_phase}) AS own, sum(f.value) FILTER (WHERE %(phase)s IS NULL) AS parts
    FROM targets_target f
    WHERE f.unit_id = u.id AND f.programme_id = %(programme)s AND f.indicator_id = 'initiatives'
      AND f.amount = 'count' AND f.label = '' AND f.year IS NULL
) g ON true
WHERE u.parent_id = %(unit)s AND u.established_on <= %(today)s AND (u.ended_on IS NULL OR u.ended_on > %(today)s)
"""


def _percent(head: Head) -> Decimal | None:
    return percent_of(head.target, head.counted)


SORTS: dict[str, Callable[[Head], tuple[Any, ...]]] = {
    "counted": lambda head: (-head.counted, head.sort_key),
    "percent": lambda head: (-(_percent(head) or -1), head.sort_key),
    "per_thousand": lambda head: (-(per_thousand_of(head.members, head.counted) or -1), head.sort_key),
    "behind": lambda head: (10**9 if (found := _percent(head)) is None else found, head.sort_key),
    "name": lambda head: (head.sort_key,),
}
PAGE_OF_UNITS = 25


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


def survey(books: Books, phase: Phase | None, *, keeping: str = "", sort: str = "counted", page: int = 1) -> Survey:
    """A fixed number of queries for any number of units; all of a line only for the page that is shown."""
    past = progress.below(books.programme, units_below(books.unit, books.on), phase, books.on) if books.on else []
    heads = [_head(line) for line in past] if books.on else _heads(books, phase)
    stretch = stretch_of(books.programme, phase, books.on)
    judged = [(stretch.keeping(head.target, head.filed, head.counted), head) for head in heads]
    counts = {str(k): 0 for k in Keeping} | Counter(str(found) for found, _head in judged)
    wanted = Keeping(keeping) if keeping in Keeping.values else None
    chosen = [head for found, head in judged if wanted in (None, found)]
    chosen.sort(key=SORTS.get(sort, SORTS["counted"]))
    pages = max(1, -(-len(chosen) // PAGE_OF_UNITS))
    page = min(max(1, page), pages)
    shown = chosen[(page - 1) * PAGE_OF_UNITS : page * PAGE_OF_UNITS]
    lines = {line.unit.pk: line for line in past or _lines(books, phase, shown)}
    return Survey([lines[head.pk] for head in shown], counts, page, pages)


def _head(line: Line) -> Head:
    unit = line.unit
    return Head(unit.pk, unit.lft, unit.rgt, unit.sort_key, line.target, line.filed, line.counted, line.members)


def _heads(books: Books, phase: Phase | None) -> list[Head]:
    """Every unit that stands directly below today."""
    sql = HEADS.format(of_phase="f.phase_id = %(phase)s" if phase else "f.phase_id IS NULL")
    asked = {"programme": books.programme.pk, "unit": books.unit.pk, "phase": phase.pk if phase else None}
    with replicas.connection().cursor() as cursor:
        cursor.execute(sql, asked | {"today": clock.today()})
        found = {row[0]: Head(*row) for row in cursor.fetchall()}
    if not books.changes:
        return list(found.values())
    nested, key = Nested(found.values()), asked["phase"]
    for lft, phase_id, measure, bucket, amount in books.changes:
        for head in nested.over(lft) if (phase_id, bucket) == (key, "") and measure in (FILED, COUNTED) else ():
            now = found[head.pk]
            found[head.pk] = now._replace(**{measure: getattr(now, measure) + amount})
    return list(found.values())


def _lines(books: Books, phase: Phase | None, heads: Sequence[Head]) -> list[Line]:
    """All there is to show of some units of today."""
    programme, changes, key = books.programme, books.changes, phase.pk if phase else None
    known = org_queries.with_parents(head.pk for head in heads)
    units = [known[head.pk] for head in heads]
    shown = progress.SHOWN
    figures = tally_queries.figures(programme, units, measures=shown, buckets=[""], phase=phase, changes=changes)
    targets = [Given(head.pk, key, progress.COUNTED, head.target) for head in heads if head.target is not None]
    return progress.lines_of(programme, units, [phase], figures, progress.members_of(units), targets)


class Week(NamedTuple):
    """Filed and counted up to the end of a week, and what an even pace would have reached."""

    monday: date
    filed: int
    counted: int
    even: int | None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def trend(books: Books, line: Line) -> list[Week]:
    """The weeks of a phase up to today, added up."""
    figures, unit = books.figures, books.unit
    key = line.phase.pk if line.phase else None
    weeks = {bucket for (_u, p, _m, bucket) in figures if p == key and bucket.startswith("week:")}
    if not weeks:
        return []
    today = clock.today()
    first = date.fromisoformat(min(weeks).removeprefix("week:"))
    if line.starts_on:
        first = min(first, line.starts_on - timedelta(days=line.starts_on.weekday()))
    last = min(today, line.ends_on or today)
    found, filed, counted = [], 0, 0
    while (bucket := f"week:{first.isoformat()}") in weeks or first <= last:
        filed += figures[unit.pk, key, FILED, bucket]
        counted += figures[unit.pk, key, COUNTED, bucket]
        found.append(Week(first, filed, counted, line.even_on(min(first + timedelta(days=6), last))))
        first += timedelta(days=7)
    return found
