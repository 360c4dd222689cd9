"""How many members each unit has today with all below it, kept in its row (`Unit.members`).

It is what `queries.members_of` counts: a unit's own declaration holds, else the sum of the units
directly below. So a change reaches only the line above it, and one pass from the deepest level up
counts the whole tree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from thidua.kernel import clock
from thidua.ledger.models import Act
from thidua.orgs.domain import tree
from thidua.orgs.models import Unit
from thidua.orgs.queries import DECLARED

# Acts after which a unit counts for more or fewer; moves are followed with the tree.
KINDS = tuple(f"orgs.unit.{act}" for act in ("headcount", "establish", "dissolve", "merge", "taken_back"))
_NOW = f"""
SELECT u.id, coalesce({DECLARED}, (SELECT sum(c.members) FROM orgs_unit c WHERE c.parent_id = u.id), 0) AS members
FROM orgs_unit u
"""  # noqa: S608 - our own text
_LINES_UP = """
WITH RECURSIVE up AS (
    SELECT id, parent_id, depth FROM orgs_unit WHERE id = ANY(%s)
    UNION
    SELECT u.id, u.parent_id, u.depth FROM orgs_unit u JOIN up ON u.id = up.parent_id
)
SELECT depth, id FROM up ORDER BY depth DESC
"""
WRONG = f"""
SELECT u.code FROM orgs_unit u JOIN ({_NOW}) n ON n.id = u.id WHERE n.members <> u.members
"""  # noqa: S608


def work(acts: Sequence[Act]) -> None:
    """Follow what units declared and where they ended."""
    recount({act.subject_id for act in acts})


def follow(shifts: Sequence[tree.Shift]) -> None:
    """Follow moves of the tree, in their transaction."""
    recount({node for shift in shifts for node in (shift.unit, *shift.leaving, *shift.joining)})


@transaction.atomic
def recount(units: Collection[int]) -> None:
    """Count these units and everything above them anew: a statement for each level."""
    tree.hold()
    with connection.cursor() as cursor:
        cursor.execute(_LINES_UP, [list(units)])
        for _depth, level in groupby(cursor.fetchall(), itemgetter(0)):
            _write("u.id = ANY(%(units)s)", units=[pk for _, pk in level])


def recount_all() -> int:
    """Count every unit anew, as on the day a declaration begins to hold; gives how many had changed."""
    changed, deepest = 0, Unit.objects.aggregate(deepest=Max("depth"))["deepest"] or 0
    with transaction.atomic():
        tree.hold()
        for depth in range(deepest, -1, -1):
            changed += _write("u.depth = %(depth)s", depth=depth)
    return changed


def _write(which: str, **asked: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE orgs_unit u SET members = n.members FROM ({_NOW} WHERE {which}) n "  # noqa: S608
            "WHERE n.id = u.id AND n.members <> u.members",
            {**asked, "day": clock.today()},
        )
        return cursor.rowcount
