"""What search does with acts it reads from the ledger."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.initiatives.models import Initiative
from thidua.ledger.models import Act
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Change
from thidua.search.domain import indexing

_MOVING = ("orgs.unit.move", "orgs.unit.merge")  # a merged unit hangs below its successor
_TAKEN_BACK = "orgs.unit.taken_back"
PREFIXES = ("initiatives.initiative.", "initiatives.scopeproposal.", *_MOVING, _TAKEN_BACK)
BATCH = 500


def work(acts: list[Act]) -> None:
    """Index every record an act speaks of; a unit that moved takes all below it, in the background."""
    wanted = {a.subject_id for a in acts if a.subject_type == "initiatives.initiative"}
    asked = {a.subject_id for a in acts if a.subject_type == "initiatives.scopeproposal"}
    if asked:
        wanted |= set(Initiative.objects.filter(scope_proposals__in=asked).values_list("pk", flat=True))
    if wanted:
        indexing.index(wanted)
    for unit_id in sorted({a.subject_id for a in acts if _is_moved_by(a)}):
        app.configure_task("search.reindex_below").defer(unit_id=unit_id)


def _is_moved_by(act: Act) -> bool:
    return act.kind in _MOVING or (act.kind == _TAKEN_BACK and act.after.get("kind") in (Change.MOVE, Change.MERGE))


def reindex_below(unit_id: int) -> int:
    """The records of a unit and everything below it, after the tree changed."""
    unit = org_queries.units().get(pk=unit_id)
    below = Initiative.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return _in_batches(list(below.values_list("pk", flat=True)))


def _in_batches(pks: list[int]) -> int:
    return sum(indexing.index(pks[start : start + BATCH]) for start in range(0, len(pks), BATCH))
