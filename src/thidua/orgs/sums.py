"""Sums of any units with all below them: one indexed row each and a few changes not folded yet."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from thidua.kernel import replicas
from thidua.orgs.models import NodeChange, NodeSum
from thidua.orgs.queries import Node

# At one moment, so that what is folded meanwhile is neither missed nor counted twice.
_AT_NODES = """
SELECT unit_id, NULL::int, key, part, amount FROM orgs_nodesum
WHERE subject = %(subject)s AND key = ANY(%(keys)s) AND unit_id = ANY(%(units)s)
UNION ALL
SELECT NULL, u.lft, c.key, c.part, sum(c.amount)::bigint FROM orgs_nodechange c JOIN orgs_unit u ON u.id = c.unit_id
WHERE c.subject = %(subject)s AND c.key = ANY(%(keys)s) AND u.lft BETWEEN %(low)s AND %(high)s GROUP BY 2, 3, 4
"""
_OF_KEYS = """
SELECT key, sum(amount)::bigint FROM (
    SELECT key, amount FROM orgs_nodesum s JOIN orgs_unit u ON u.id = s.unit_id AND u.parent_id IS NULL
    WHERE subject = %(subject)s AND key = ANY(%(keys)s)
    UNION ALL SELECT key, amount FROM orgs_nodechange WHERE subject = %(subject)s AND key = ANY(%(keys)s)
) everywhere GROUP BY 1
"""


def figures(subject: str, keys: Iterable[int], units: Iterable[Node]) -> dict[tuple[int, int], dict[str, int]]:
    """(unit, key) -> part -> amount at each unit and everything below it, exact, in one query."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    wanted = Nested(units)
    if not wanted.units:
        return found
    asked: dict[str, Any] = {"subject": subject, "keys": list(keys), "units": [u.pk for u in wanted.units]}
    asked |= {"low": wanted.units[0].lft, "high": max(u.rgt for u in wanted.units)}
    with replicas.connection().cursor() as cursor:
        cursor.execute(_AT_NODES, asked)
        for unit, lft, key, part, amount in cursor.fetchall():
            for at in (unit,) if lft is None else (node.pk for node in wanted.over(lft)):
                found[at, key][part] += amount
    return found


def amount_below(subject: str, key: int) -> CombinedExpression:
    """For a query of units: the amount of one key at each and below it, all parts together, exact."""
    kept = NodeSum.objects.filter(subject=subject, key=key, unit=OuterRef("pk"))
    within = {"unit__lft__gte": OuterRef("lft"), "unit__lft__lte": OuterRef("rgt")}
    pending = NodeChange.objects.filter(subject=subject, key=key, **within)
    folded, waiting = (Subquery(rows.values("key").annotate(n=Sum("amount")).values("n")) for rows in (kept, pending))
    return Coalesce(folded, 0) + Coalesce(waiting, 0)


def everywhere(subject: str, keys: Iterable[int]) -> dict[int, int]:
    """key -> amount over the whole tree, all parts together."""
    with replicas.connection().cursor() as cursor:
        cursor.execute(_OF_KEYS, {"subject": subject, "keys": list(keys)})
        return dict(cursor.fetchall())


class Nested:
    """Units by their place, each with the one around it: who stands over a place is found in a few steps."""

    def __init__(self, units: Iterable[Node]) -> None:
        self.units = sorted({u.pk: u for u in units}.values(), key=lambda u: (u.lft, -u.rgt))
        self._starts = [u.lft for u in self.units]
        self._around: list[int] = []
        open_units: list[int] = []
        for place, unit in enumerate(self.units):
            while open_units and self.units[open_units[-1]].rgt < unit.lft:
                open_units.pop()
            self._around.append(open_units[-1] if open_units else -1)
            open_units.append(place)

    def over(self, lft: int) -> Iterator[Node]:
        place = bisect_right(self._starts, lft) - 1
        while place >= 0:
            if self.units[place].rgt >= lft:
                yield self.units[place]
            place = self._around[place]
