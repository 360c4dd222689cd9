"""Keep the sums of the nodes in step with the tree."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from thidua.orgs.domain import tree
from thidua.tallies.models import Tally

# What units and all below them add up to leaves some ancestors and joins others. Pending deltas are
# in no sum yet: they are folded along the new tree.
SHIFT = """
INSERT INTO tallies_tally (programme_id, phase_id, unit_id, measure, bucket, amount)
SELECT t.programme_id, t.phase_id, move.node, t.measure, t.bucket, sum(t.amount * move.sign)
FROM tallies_tally t JOIN unnest(%s::bigint[], %s::bigint[], %s::int[]) AS move(unit, node, sign) ON t.unit_id = move.unit
WHERE t.amount <> 0
GROUP BY t.programme_id, t.phase_id, move.node, t.measure, t.bucket
ORDER BY t.programme_id, move.node, t.phase_id, t.measure, t.bucket
ON CONFLICT (programme_id, unit_id, phase_id, measure, bucket)
DO UPDATE SET amount = tallies_tally.amount + EXCLUDED.amount
"""


def shift(shifts: Sequence[tree.Shift]) -> None:
    """Follow moves of the tree, in their transaction; the tree is held, so nothing is folded meanwhile."""
    rows = [(one.unit, node, -1) for one in shifts for node in one.leaving]
    rows += [(one.unit, node, 1) for one in shifts for node in one.joining]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(SHIFT, [list(column) for column in zip(*rows, strict=True)])


def drop_empty(units: Sequence[int]) -> None:
    """Sums that came and went again; a sum that is not zero stays and protects its unit."""
    Tally.objects.filter(unit__in=list(units), amount=0).delete()
