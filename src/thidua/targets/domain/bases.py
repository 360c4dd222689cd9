"""What a percentage is of, and how many that were on a day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from thidua.kernel import clock
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount
from thidua.programmes.models import Indicator
from thidua.targets.choices import Base

# The measure of the indicator says whom a percentage is taken of.
OF_MEASURE = {"people": Base.MEMBERS, "women": Base.WOMEN, "direct_people": Base.DIRECT_WORKERS}

GRASSROOTS = """
SELECT node.id, count(*) FROM orgs_unit node
JOIN orgs_unit u ON u.lft >= node.lft AND u.lft <= node.rgt
JOIN orgs_unitkind k ON k.code = u.kind_id AND k.is_grassroots
WHERE node.id = ANY(%(ids)s) AND u.established_on <= %(day)s AND (u.ended_on IS NULL OR u.ended_on > %(day)s)
GROUP BY node.id
"""


def base_of(indicator: Indicator) -> Base:
    measure = indicator.measure.partition("/")[0]
    if measure == "units" or indicator.measure == "done":
        return Base.GRASSROOTS
    return OF_MEASURE.get(measure, Base.STATED if measure == "" else Base.MEMBERS)


def grassroots_below(units: Sequence[Unit], on: date) -> dict[int, int]:
    """unit id -> grassroots unions at or below it on a day. One query for any number of units."""
    with connection.cursor() as cursor:
        cursor.execute(GRASSROOTS, {"ids": [u.pk for u in units], "day": on})
        found = dict(cursor.fetchall())
    return {unit.pk: found.get(unit.pk, 0) for unit in units}


def number(base: str, unit: Unit, on: date) -> int | None:
    """How many there were of a base; None when nobody has declared it."""
    if base == Base.MEMBERS:
        return org_queries.members_of([unit], on)[unit.pk]
    if base == Base.GRASSROOTS:
        return grassroots_below([unit], on)[unit.pk]
    if base in (Base.WOMEN, Base.DIRECT_WORKERS):
        return org_queries.women_and_direct(unit, on)[str(base)]
    return None


def stated(indicator: Indicator, amount: str, unit: Unit, on: date) -> dict[str, Any]:
    """The fields of a target that say what its percentage is of; {} for a number that is none."""
    if amount != Amount.PERCENT:
        return {}
    base = base_of(indicator)
    count = number(base, unit, on)
    return {"base": base, "base_value": count, "base_on": on if count is not None else None}


GROUPS = """
SELECT DISTINCT ON (u.id) u.lft, coalesce(h.women, 0), coalesce(h.direct_workers, 0)
FROM orgs_unit u
JOIN orgs_unitkind k ON k.code = u.kind_id AND k.is_grassroots
JOIN orgs_headcount h ON h.unit_id = u.id AND h.on <= %(day)s
WHERE u.lft >= %(low)s AND u.lft <= %(high)s AND (u.ended_on IS NULL OR u.ended_on > %(day)s)
ORDER BY u.id, h.on DESC
"""


def groups_below(units: Sequence[Unit]) -> dict[int, tuple[int, int]]:
    """unit id -> (women, direct workers) as the grassroots unions at or below it declared last. One query."""
    if not units:
        return {}
    low, high = min(u.lft for u in units), max(u.rgt for u in units)
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, {"low": low, "high": high, "day": clock.today()})
        rows = sorted(cursor.fetchall())
    places = [row[0] for row in rows]
    found = {}
    for unit in units:
        within = rows[bisect_left(places, unit.lft) : bisect_right(places, unit.rgt)]
        found[unit.pk] = (sum(r[1] for r in within), sum(r[2] for r in within))
    return found
