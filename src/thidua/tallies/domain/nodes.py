"""Where the sums of the nodes are kept, and what goes with a node."""

from __future__ import annotations

from collections.abc import Sequence

from thidua.orgs.domain.folding import Sums
from thidua.tallies.models import Tally

SUMS = Sums(
    "tallies_tally",
    "tallies_delta",
    ("programme_id", "unit_id", "phase_id", "measure", "bucket"),
    beside="""remembered AS (
    INSERT INTO tallies_daily (programme_id, day, unit_id, phase_id, measure, bucket, amount)
    SELECT programme_id, day, unit_id, phase_id, measure, bucket, sum(amount) FROM claimed
    WHERE bucket NOT LIKE 'week:%%'
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (programme_id, day, unit_id, phase_id, measure, bucket)
    DO UPDATE SET amount = tallies_daily.amount + EXCLUDED.amount
    RETURNING 1
)""",
)


def drop_empty(units: Sequence[int]) -> None:
    """Sums that came and went again; a sum that is not zero stays and protects its unit."""
    Tally.objects.filter(unit__in=list(units), amount=0).delete()
