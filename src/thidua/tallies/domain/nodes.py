"""Keep the sums of the nodes in step with the tree."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from thidua.tallies.models import Tally

# What units and all below them add up to leaves some ancestors and joins others. Pending deltas are
# in no sum yet: they are folded along the new tree.
SHIFT = """
INSERT INTO tallies_tally (programme_id, phase_id, unit_id, measure, bucket, amount)
SELECT t.programme_id, t.phase_id, node.id, t.measure, t.bucket, sum(t.amount) * node.sign
FROM tallies_tally t, unnest(%(nodes)s::bigint[], %(signs)s::int[]) AS node(id, sign)
WHERE t.unit_id = ANY(%(units)s) AND t.amount <> 0
GROUP BY t.programme_id, t.phase_id, node.id, node.sign, t.measure, t.bucket
ORDER BY t.programme_id, node.id, t.phase_id, t.measure, t.bucket
ON CONFLICT (programme_id, unit_id, phase_id, measure, bucket)
DO UPDATE SET amount = tallies_tally.amount + EXCLUDED.amount
"""


def shift(units: Sequence[int], leaving: Sequence[int], joining: Sequence[int]) -> None:
    """Follow a move of the tree, in its transaction; the tree is held, so nothing is folded meanwhile."""
    nodes = [*leaving, *joining]
    if nodes:
        signs = [-1] * len(leaving) + [1] * len(joining)
        with connection.cursor() as cursor:
            cursor.execute(SHIFT, {"units": list(units), "nodes": nodes, "signs": signs})


def drop_empty(units: Sequence[int]) -> None:
    """Sums that came and went again; a sum that is not zero stays and protects its unit."""
    Tally.objects.filter(unit__in=list(units), amount=0).delete()
