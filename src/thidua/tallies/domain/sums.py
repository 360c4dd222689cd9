"""Fold pending deltas into the sums of every ancestor; rebuild and verify the sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import SerializationFailure

from thidua.kernel import clock
from thidua.orgs.domain import tree
from thidua.programmes.models import Programme
from thidua.tallies.domain import recounts
from thidua.tallies.models import Delta, Tally

_ATTEMPTS = 5

# Rows are claimed with SKIP LOCKED: two folders never take the same delta, and a late commit
# is simply folded the next time. Ancestors are written in id order, so folders do not deadlock.
FOLD = """
WITH RECURSIVE claimed AS (
    DELETE FROM tallies_delta WHERE id IN (
        SELECT id FROM tallies_delta {where} ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING programme_id, phase_id, unit_id, measure, bucket, amount, day
), remembered AS (
    INSERT INTO tallies_daily (programme_id, day, unit_id, phase_id, measure, bucket, amount)
    SELECT programme_id, day, unit_id, phase_id, measure, bucket, sum(amount) FROM claimed
    WHERE bucket NOT LIKE 'week:%%'
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (programme_id, day, unit_id, phase_id, measure, bucket)
    DO UPDATE SET amount = tallies_daily.amount + EXCLUDED.amount
    RETURNING 1
), above AS (  -- step by step: the interval of a leaf would look at half the tree
    SELECT unit_id AS leaf, unit_id AS id FROM claimed GROUP BY 1
    UNION ALL
    SELECT above.leaf, u.parent_id FROM above JOIN orgs_unit u ON u.id = above.id WHERE u.parent_id IS NOT NULL
), summed AS (
    SELECT c.programme_id, c.phase_id, above.id AS unit_id, c.measure, c.bucket, sum(c.amount) AS amount
    FROM claimed c
    JOIN above ON above.leaf = c.unit_id
    GROUP BY 1, 2, 3, 4, 5
), written AS (
    INSERT INTO tallies_tally (programme_id, phase_id, unit_id, measure, bucket, amount)
    SELECT programme_id, phase_id, unit_id, measure, bucket, amount FROM summed
    ORDER BY programme_id, unit_id, phase_id, measure, bucket
    ON CONFLICT (programme_id, unit_id, phase_id, measure, bucket)
    DO UPDATE SET amount = tallies_tally.amount + EXCLUDED.amount
    RETURNING 1
)
SELECT count(*) FROM claimed
"""


def fold(batch: int = 5000) -> int:
    """Fold all pending deltas; gives how many rows. A read is exact before and after."""
    folded = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # A unit that moves between our reading of the tree and our writing would be missed.
            tree.hold_still()
            cursor.execute(FOLD.format(where=""), {"batch": batch})
            (rows,) = cursor.fetchone()
        folded += rows
        if rows < batch:
            return folded


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment, whoever writes meanwhile; nobody waits."""
    is_first = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a part of a nation is a million rows
        yield


Told = Callable[[recounts.Part], None]  # after each part, so that what is broken off can go on


def rebuild(programme: Programme, *, after: int = 0, told: Told = lambda _part: None) -> None:
    """Make the sums of a programme those of its entries again, while everybody goes on working.

    Some units at a time: what differs is posted as deltas beside the live ones, so no reader or writer is
    held up. Done twice, it finds nothing more to do.
    """
    if not Tally.objects.filter(programme=programme).exists():
        _build(programme)
        return
    for part in recounts.parts(after):
        for attempt in range(_ATTEMPTS):
            try:
                _correct(programme, part)
                break
            except OperationalError as error:  # the days were written to meanwhile: look again
                if not isinstance(error.__cause__, SerializationFailure) or attempt == _ATTEMPTS - 1:
                    raise
        fold()
        told(part)


def _correct(programme: Programme, part: recounts.Part) -> None:
    with _one_moment(), connection.cursor() as cursor:
        # One at a time; keeps neither readers nor writers waiting. First, as it takes no snapshot.
        cursor.execute("LOCK TABLE tallies_tally IN SHARE UPDATE EXCLUSIVE MODE")
        recounts.leaves(programme, part)
        recounts.post_corrections(programme, clock.today(), part)
        recounts.correct_days(programme, clock.today(), part)
        recounts.forget()


@transaction.atomic
def _build(programme: Programme) -> None:
    """The first sums of a programme that has entries but no sums; its writers wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tallies_delta IN SHARE ROW EXCLUSIVE MODE")
    recounts.leaves(programme)
    recounts.raise_up()
    Delta.objects.filter(programme=programme).delete()
    recounts.write_sums(programme)
    recounts.correct_days(programme, clock.today())
    recounts.forget()


def faults(programme: Programme) -> list[str]:
    """Where sums + pending differ from a recount; empty when every number adds up."""
    return [fault for _part, found in faults_by_part(programme) for fault in found]


def faults_by_part(programme: Programme, *, after: int = 0) -> Iterator[tuple[recounts.Part, list[str]]]:
    """Some units at a time, each part as it was at one moment. A wrong sum shows at its unit and, the other
    way round, at the unit above."""
    for part in recounts.parts(after):
        with _one_moment():
            recounts.leaves(programme, part)
            found = [
                f"unit {unit}, phase {phase}, {measure} {bucket}: {kept} {what}, {counted} counted"
                for query, what in ((recounts.OWN, "kept of its own"), (recounts.DAYS, "by days"))
                for phase, unit, measure, bucket, kept, counted in recounts.differences(query, programme, part)
            ]
            recounts.forget()
        yield part, found
