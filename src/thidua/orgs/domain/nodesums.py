"""What each unit and all below it add up to in duties done, pledges, gifts, units of a kind: kept, not counted.

A change is posted where it happens, mostly by the database itself beside the row that changed; a worker folds it
into the sums of all units above; a page reads sums and what is not folded yet (`orgs.sums`). As the sums of
initiatives (ADR 15), for what is simply counted by rows.
"""

# ruff: noqa: S608 - statements are composed of our own words only
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction

from thidua.kernel import clock
from thidua.ledger.models import Act
from thidua.orgs.domain import tree

# Subject -> what each unit has itself: (key, unit_id, part, amount), several rows for the same are added up.
# `%(day)s` is today. Higher packages say theirs when they start.
_truths = {
    "kind": """SELECT 0 AS key, id AS unit_id, kind_id AS part, 1 AS amount FROM orgs_unit
        WHERE established_on <= %(day)s AND (ended_on IS NULL OR ended_on > %(day)s)""",
}
KIND_ACTS = tuple(f"orgs.unit.{act}" for act in ("establish", "dissolve", "merge", "split", "reclassify", "taken_back"))
_COLUMNS = "subject, key, unit_id, part"
# Claimed with SKIP LOCKED; sums are written in one order, so that folders do not deadlock.
_FOLD = f"""
WITH RECURSIVE claimed AS (
    DELETE FROM orgs_nodechange WHERE id IN (
        SELECT id FROM orgs_nodechange ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING {_COLUMNS}, amount
), above AS (  -- step by step: the interval of a leaf would look at half the tree
    SELECT unit_id AS leaf, unit_id AS id FROM claimed GROUP BY 1
    UNION ALL
    SELECT above.leaf, u.parent_id FROM above JOIN orgs_unit u ON u.id = above.id WHERE u.parent_id IS NOT NULL
), written AS (
    INSERT INTO orgs_nodesum ({_COLUMNS}, amount)
    SELECT c.subject, c.key, above.id, c.part, sum(c.amount) FROM claimed c JOIN above ON above.leaf = c.unit_id
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT ({_COLUMNS}) DO UPDATE SET amount = orgs_nodesum.amount + EXCLUDED.amount
    RETURNING 1
)
SELECT count(*) FROM claimed
"""
# What a unit has itself by the sums (its own less those of its children, and what is pending) against the truth:
# where that holds for every unit, every sum holds.
_WRONG = """
SELECT key, unit_id, part, sum(kept)::bigint AS kept, sum(truth)::bigint AS truth FROM (
    SELECT key, unit_id, part, amount AS kept, 0 AS truth FROM orgs_nodesum WHERE subject = %(subject)s {of_unit}
    UNION ALL SELECT key, unit_id, part, amount, 0 FROM orgs_nodechange WHERE subject = %(subject)s {of_unit}
    UNION ALL SELECT s.key, u.parent_id, s.part, -s.amount, 0 FROM orgs_nodesum s JOIN orgs_unit u ON u.id = s.unit_id
        WHERE s.subject = %(subject)s AND u.parent_id IS NOT NULL {of_parent}
    UNION ALL SELECT key, unit_id, part, 0, amount FROM ({truth}) t WHERE true {of_unit}
) both_sides GROUP BY 1, 2, 3 HAVING sum(kept) <> sum(truth)
"""


def register(subject: str, truth: str) -> None:
    """Say how a subject is counted anew, for checking and mending."""
    _truths[subject] = truth


def fold(batch: int = 5000) -> int:
    """Fold all pending changes; gives how many. A reading is exact before and after."""
    folded = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            tree.hold_still()  # a unit that moved between our reading of the tree and our writing would be missed
            cursor.execute(_FOLD, {"batch": batch})
            (rows,) = cursor.fetchone()
        folded += rows
        if rows < batch:
            return folded


@transaction.atomic
def correct(subject: str, units: Collection[int] | None = None) -> int:
    """Post what the sums lack or have too much (of these units only); gives how many. Nobody waits."""
    with connection.cursor() as cursor:
        # One at a time, else both would post the same; readers and writers go on.
        cursor.execute("LOCK TABLE orgs_nodesum IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(
            f"INSERT INTO orgs_nodechange ({_COLUMNS}, amount) SELECT %(subject)s, key, unit_id, part, truth - kept "
            f"FROM ({_wrong(subject, units)}) w",
            _asked(subject, units),
        )
        return cursor.rowcount


def rebuild() -> int:
    """Count every subject anew while everybody goes on; gives how many numbers were mended."""
    mended = sum(correct(subject) for subject in sorted(_truths))
    fold()
    return mended


def faults() -> list[str]:
    """Every unit whose sums are not what its rows and those of its children say."""
    found = []
    for subject in sorted(_truths):
        with connection.cursor() as cursor:
            cursor.execute(_wrong(subject, None) + " ORDER BY 1, 2, 3", _asked(subject, None))
            found += [
                f"{subject} {key}, unit {unit}, {part}: {kept} kept, {truth} counted"
                for key, unit, part, kept, truth in cursor.fetchall()
            ]
    return found


def _wrong(subject: str, units: Collection[int] | None) -> str:
    only = units is not None
    return _WRONG.format(
        truth=_truths[subject],
        of_unit="AND unit_id = ANY(%(units)s)" if only else "",
        of_parent="AND u.parent_id = ANY(%(units)s)" if only else "",
    )


def _asked(subject: str, units: Collection[int] | None) -> dict[str, Any]:
    return {"subject": subject, "day": clock.today(), "units": list(units or ())}


def work(acts: Sequence[Act]) -> None:
    """Follow what was founded, ended or became of another kind; some parts name the kind of a unit."""
    correct("kind", {act.subject_id for act in acts})
    if turned := {act.subject_id for act in acts if act.kind in ("orgs.unit.reclassify", "orgs.unit.taken_back")}:
        for subject in sorted(_truths):
            correct(subject, turned)


def moving(table: str, *columns: str) -> str:
    """The statement that takes the sums of moved units from the ancestors they left to those they joined.

    Pending changes are in no sum yet: they are folded along the new tree.
    """
    others = ", ".join(f"t.{name}" for name in columns)
    key = f"{', '.join(columns)}, unit_id"
    return f"""
    INSERT INTO {table} ({key}, amount)
    SELECT {others}, move.node, sum(t.amount * move.sign)
    FROM {table} t
    JOIN unnest(%s::bigint[], %s::bigint[], %s::int[]) AS move(unit, node, sign) ON t.unit_id = move.unit
    WHERE t.amount <> 0
    GROUP BY {others}, move.node
    ORDER BY {others}, move.node
    ON CONFLICT ({key}) DO UPDATE SET amount = {table}.amount + EXCLUDED.amount
    """


def follow_with(statement: str) -> tree.Follower:
    """A follower of the tree's moves, in their transaction; the tree is held, so nothing is folded meanwhile."""

    def follow(shifts: Sequence[tree.Shift]) -> None:
        rows = [(one.unit, node, -1) for one in shifts for node in one.leaving]
        rows += [(one.unit, node, 1) for one in shifts for node in one.joining]
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])

    return follow


follow = follow_with(moving("orgs_nodesum", "subject", "key", "part"))
