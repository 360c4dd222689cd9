"""Keep the sums of the nodes in step with the tree."""

from __future__ import annotations

from collections.abc import Sequence

from thidua.orgs.domain import nodesums
from thidua.tallies.models import Tally

# What units and all below them add up to leaves some ancestors and joins others.
shift = nodesums.follow_with(nodesums.moving("tallies_tally", "programme_id", "phase_id", "measure", "bucket"))


def drop_empty(units: Sequence[int]) -> None:
    """Sums that came and went again; a sum that is not zero stays and protects its unit."""
    Tally.objects.filter(unit__in=list(units), amount=0).delete()
