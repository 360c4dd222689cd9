"""What the tallies do with acts they read from the ledger."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from thidua.initiatives.models import Initiative
from thidua.ledger.models import Act
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.tallies.domain import verdicts

PREFIXES = (
    "initiatives.initiative.",
    # Not every act on a plan: each read evaluates all initiatives below it.
    "programmes.plan.issued",
    "programmes.plan.closed",
    "programmes.plan.amended",
    "programmes.programme.",
    "orgs.unit.move",
    "orgs.unit.merge",
    "orgs.unit.taken_back",
    "people.person.merge",
    "initiatives.deadline.",
)


def work(acts: list[Act]) -> None:
    """Re-evaluate every initiative an act speaks of; a programme that changed takes all in its scope."""
    wanted: set[int] = set()
    for act in acts:
        if act.subject_type == "initiatives.initiative":
            wanted.add(act.subject_id)
        elif act.subject_type == "people.person":
            wanted |= _initiatives_of([act.after["kept_id"], act.after["dropped_id"]])
        elif act.subject_type == "programmes.programme":
            wanted |= _initiatives_under(Programme.objects.filter(pk=act.subject_id))
        elif act.subject_type == "programmes.plan":
            wanted |= _initiatives_under(Programme.objects.filter(plan=act.subject_id))
        elif act.subject_type == "orgs.unit":
            wanted |= _initiatives_since(act)
    for initiative_id in sorted(wanted):
        verdicts.evaluate(initiative_id)


def _initiatives_of(people: list[int]) -> set[int]:
    """Two records became one person, or one became two again: heads are counted anew."""
    return set(Initiative.objects.filter(authorships__person__in=people).values_list("pk", flat=True))


def _initiatives_under(programmes: QuerySet[Programme]) -> set[int]:
    found: set[int] = set()
    for programme in programmes.filter(counts_initiatives=True).select_related("unit"):
        filed = Initiative.objects.filter(
            unit__lft__gte=programme.unit.lft, unit__lft__lte=programme.unit.rgt, filed_on__isnull=False
        )
        found |= set(filed.values_list("pk", flat=True))
    return found


def _initiatives_since(act: Act) -> set[int]:
    """What stands below a unit that moved and was filed under the new tree, or is not filed yet."""
    unit = Unit.objects.filter(pk=act.subject_id).first()
    day = act.after.get("effective_on")
    if unit is None or not day:
        return set()
    found = Initiative.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return set(
        found.filter(Q(filed_on__gte=day) | Q(entries__isnull=False, filed_on__isnull=True)).values_list(
            "pk", flat=True
        )
    )
