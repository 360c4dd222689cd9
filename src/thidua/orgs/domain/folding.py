"""Changes at one unit become part of the sums of that unit and all above it: the one way this is done.

A change is appended where it happens and read together with the sums until a worker folds it; so nobody who writes
waits for the row of the nation. What is kept by different packages differs in its columns only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from thidua.orgs.domain import tree

# Changes are claimed with SKIP LOCKED: two folders never take the same one, and a late commit is simply folded
# the next time. Sums are written in the order of their key, so that folders do not deadlock.
_FOLD = """
WITH RECURSIVE claimed AS (
    DELETE FROM {changes} WHERE id IN (
        SELECT id FROM {changes} ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING *
), above AS (  -- step by step: the interval of a leaf would look at half the tree
    SELECT unit_id AS leaf, unit_id AS id FROM claimed GROUP BY 1
    UNION ALL
    SELECT above.leaf, u.parent_id FROM above JOIN orgs_unit u ON u.id = above.id WHERE u.parent_id IS NOT NULL
), written AS (
    INSERT INTO {sums} ({key}, amount)
    SELECT {place}, sum(c.amount) FROM claimed c JOIN above ON above.leaf = c.unit_id
    GROUP BY {place} ORDER BY {place}
    ON CONFLICT ({key}) DO UPDATE SET amount = {sums}.amount + EXCLUDED.amount
    RETURNING 1
){beside}
SELECT count(*) FROM claimed
"""
# What units and all below them add up to leaves some ancestors and joins others. Pending changes are in no sum
# yet: they are folded along the new tree.
_MOVE = """
INSERT INTO {sums} ({key}, amount)
SELECT {place}, sum(c.amount * above.sign) FROM {sums} c
JOIN unnest(%s::bigint[], %s::bigint[], %s::int[]) AS above(leaf, id, sign) ON above.leaf = c.unit_id
WHERE c.amount <> 0 GROUP BY {place} ORDER BY {place}
ON CONFLICT ({key}) DO UPDATE SET amount = {sums}.amount + EXCLUDED.amount
"""
# Where this is the truth for every unit, every sum is right, whatever the shape of the tree.
_OWN = """
SELECT {key}, amount FROM {sums} WHERE {among} AND {here}
UNION ALL SELECT {key}, amount FROM {changes} WHERE {among} AND {here}
UNION ALL SELECT {place}, -c.amount FROM {sums} c JOIN orgs_unit u ON u.id = c.unit_id WHERE {among} AND {there}
"""


@dataclass(frozen=True)
class Sums:
    """A table of sums, the table of changes that wait for them, and what both name a sum by (`unit_id` among it).

    `beside`: what else is written of the changes that are folded, a part of a WITH that reads `claimed`.
    """

    table: str
    changes: str
    key: tuple[str, ...]
    beside: str = ""

    def fold(self, batch: int = 5000) -> int:
        """Fold all pending changes; gives how many. A reading is exact before and after."""
        folded = 0
        statement = self._composed(_FOLD, "above.id", beside=f", {self.beside}" if self.beside else "")
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                # A unit that moves between our reading of the tree and our writing would be missed.
                tree.hold_still()
                cursor.execute(statement, {"batch": batch})
                (rows,) = cursor.fetchone()
            folded += rows
            if rows < batch:
                return folded

    def follow(self, shifts: Sequence[tree.Shift]) -> None:
        """Follow moves, in their transaction; the tree is held, so nothing is folded meanwhile."""
        rows = [(one.unit, node, -1) for one in shifts for node in one.leaving]
        rows += [(one.unit, node, 1) for one in shifts for node in one.joining]
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(self._composed(_MOVE, "above.id"), [list(column) for column in zip(*rows, strict=True)])

    def own(self, among: str, which: str) -> str:
        """A query of what each unit has itself: its sum less those of its children, and what is pending.

        `among` says of which sums, `which` of which units, as a condition on {unit}.
        """
        here, there = which.format(unit="unit_id"), which.format(unit="u.parent_id")
        return self._composed(_OWN, "u.parent_id", among=among, here=here, there=there)

    def _composed(self, statement: str, unit: str, **parts: str) -> str:
        """`unit` is the one at which a change counts, in place of the one it was made at."""
        place = ", ".join(unit if name == "unit_id" else f"c.{name}" for name in self.key)
        return statement.format(sums=self.table, changes=self.changes, key=", ".join(self.key), place=place, **parts)
