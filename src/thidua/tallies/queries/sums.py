"""Sums of any nodes of the tree: one indexed row each and a few pending changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from types import EllipsisType
from typing import Any, NamedTuple

from thidua.kernel import replicas
from thidua.orgs import history
from thidua.orgs.models import Unit
from thidua.orgs.queries import Node
from thidua.orgs.sums import Nested
from thidua.programmes.models import Phase, Programme
from thidua.tallies.choices import Measure
from thidua.tallies.models import Daily, Delta, Tally

Key = tuple[int, int | None, str, str]  # unit, phase, measure, bucket


Change = tuple[int, int | None, str, str, int]  # place in the tree (lft), phase, measure, bucket, amount


def pending(programme: Programme, low: int, high: int, asked: str = "", **values: Any) -> list[Change]:
    """What has changed between two places of the tree and is not folded yet."""
    return _rows(_PENDING.format(asked=asked), programme=programme.pk, low=low, high=high, **values)


class Part(NamedTuple):
    """Some of the sums of a node; `phase` None: of the whole programme, `...`: of that and every phase."""

    measures: Iterable[Measure] | None = None
    buckets: Iterable[str] | None = None
    phase: Phase | EllipsisType | None = ...


def figures(
    programme: Programme,
    units: Iterable[Node],
    *,
    measures: Iterable[Measure] | None = None,
    buckets: Iterable[str] | None = None,
    phase: Phase | EllipsisType | None = ...,
    also: Iterable[Part] = (),
    changes: Iterable[Change] | None = None,
) -> dict[Key, int]:
    """All sums of some nodes, exact (folded + pending), in two queries whatever their number.

    Pages of many units name the measures, the buckets and the phase (None: the whole programme) they show;
    `also` are further parts, which may overlap. What was not asked for is not to be read from the answer.
    `changes` are all the pending ones of a page that has read them.
    """
    wanted = Nested(units)
    found: dict[Key, int] = defaultdict(int)
    if not wanted.units:
        return found
    asked, values = _conditions(Part(measures, buckets, phase))
    more = [_conditions(part, str(place)) for place, part in enumerate(also)]
    sql = " UNION ALL ".join(_FOLDED.format(asked=condition) for condition in (asked, *(each for each, _v in more)))
    named = {name: value for _c, given in more for name, value in given.items()} | values
    ids = [u.pk for u in wanted.units]
    for unit_id, *rest, amount in _rows(sql, programme=programme.pk, units=ids, **named):
        found[unit_id, *rest] = amount  # one row each, met twice where parts overlap
    if more:
        asked, values = "", {}
    if changes is None:
        low, high = wanted.units[0].lft, max(u.rgt for u in wanted.units)
        changes = pending(programme, low, high, asked, **values)
    for lft, *rest, amount in changes:  # of what was not asked for, too, where the page has read it for others
        for unit in wanted.over(lft):
            found[unit.pk, *rest] += amount
    return found


_FOLDED = f"""
SELECT f.unit_id, f.phase_id, f.measure, f.bucket, f.amount FROM {Tally._meta.db_table} f
WHERE f.programme_id = %(programme)s AND f.unit_id = ANY(%(units)s){{asked}}
"""  # noqa: S608 - the tables of our own models
_PENDING = f"""
SELECT u.lft, f.phase_id, f.measure, f.bucket, sum(f.amount)::bigint
FROM {Delta._meta.db_table} f JOIN {Unit._meta.db_table} u ON u.id = f.unit_id
WHERE f.programme_id = %(programme)s AND u.lft >= %(low)s AND u.lft <= %(high)s{{asked}}
GROUP BY u.lft, f.phase_id, f.measure, f.bucket
"""  # noqa: S608 - the tables of our own models


def _conditions(part: Part, place: str = "") -> tuple[str, dict[str, Any]]:
    """Said only when asked for: then they are read off the index. `place` tells the values of one part from others'."""
    values: dict[str, Any] = {}
    asked = ""
    if part.measures is not None:
        values[f"measures{place}"] = [str(m) for m in part.measures]
        asked += f" AND f.measure = ANY(%(measures{place})s)"
    if part.buckets is not None:
        values[f"buckets{place}"] = list(part.buckets)
        asked += f" AND f.bucket = ANY(%(buckets{place})s)"
    if part.phase is None:
        asked += " AND f.phase_id IS NULL"
    elif part.phase is not ...:
        values[f"phase{place}"] = part.phase.pk
        asked += f" AND f.phase_id = %(phase{place})s"
    return asked, values


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with replicas.connection().cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def figures_on(programme: Programme, units: Iterable[Node], day: date) -> dict[Key, int]:
    """All sums of some nodes as they were at the end of a day, in the tree of that day.

    Units that had ended by then count where they went. Without the parts by week.
    """
    found: dict[Key, int] = defaultdict(int)
    asked = _rows(_ON_A_DAY, units=[unit.pk for unit in units], day=day, programme=programme.pk)
    for top, phase_id, measure, bucket, amount in asked:
        found[top, phase_id, measure, bucket] = int(amount)
    return found


_ON_A_DAY = f"""
{history.WALK}, changes AS (
    SELECT unit_id, phase_id, measure, bucket, amount FROM {Daily._meta.db_table}
    WHERE programme_id = %(programme)s AND day <= %(day)s
    UNION ALL
    SELECT unit_id, phase_id, measure, bucket, amount FROM {Delta._meta.db_table}
    WHERE programme_id = %(programme)s AND day <= %(day)s
)
SELECT walk.top, c.phase_id, c.measure, c.bucket, sum(c.amount)
FROM changes c JOIN walk ON walk.id = c.unit_id GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - the tables of our own models


def figure(
    programme: Programme,
    unit: Unit,
    measure: Measure | str,
    *,
    phase: Phase | None = None,
    bucket: str = "",
) -> int:
    """One number of one node."""
    found = figures(programme, [unit], measures=[Measure(measure)], buckets=[bucket], phase=phase)
    return found[unit.pk, phase.pk if phase else None, str(measure), bucket]
