"""Fold pending deltas into the sums of every ancestor; rebuild and verify the sums."""

from __future__ import annotations

from django.db import connection, transaction

from thidua.kernel import clock
from thidua.orgs.domain import tree
from thidua.programmes.models import Programme
from thidua.tallies.domain import recounts
from thidua.tallies.models import Delta, Tally

# Rows are claimed with SKIP LOCKED: two folders never take the same delta, and a late commit
# is simply folded the next time. Ancestors are written in id order, so folders do not deadlock.
FOLD = """
WITH claimed AS (
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
), summed AS (
    SELECT c.programme_id, c.phase_id, above.id AS unit_id, c.measure, c.bucket, sum(c.amount) AS amount
    FROM claimed c
    JOIN orgs_unit leaf ON leaf.id = c.unit_id
    JOIN orgs_unit above ON above.lft <= leaf.lft AND above.rgt >= leaf.lft
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


@transaction.atomic
def rebuild(programme: Programme) -> None:
    """Write the sums of a programme anew from its entries (after a reorganisation or a fault)."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tallies_delta IN SHARE ROW EXCLUSIVE MODE")
    recounts.leaves(programme)
    recounts.raise_up()
    Delta.objects.filter(programme=programme).delete()
    Tally.objects.filter(programme=programme).delete()
    recounts.write_sums(programme)
    recounts.correct_days(programme, clock.today())
    recounts.forget()


@transaction.atomic
def faults(programme: Programme) -> list[str]:
    """Where sums + pending differ from a recount; empty when every number adds up."""
    fold()
    recounts.leaves(programme)
    recounts.raise_up()
    found = [
        f"unit {unit}, phase {phase}, {measure} {bucket}: {kept} {what}, {counted} counted"
        for query, what in ((recounts.SUMS, "kept"), (recounts.DAYS, "by days"))
        for phase, unit, measure, bucket, kept, counted in recounts.differences(query, programme)
    ]
    recounts.forget()
    return found
