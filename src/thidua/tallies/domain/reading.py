"""What the tallies do with acts they read from the ledger."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from thidua.initiatives.models import Initiative
from thidua.ledger.models import Act
from thidua.orgs.choices import Change
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.tallies import messages
from thidua.tallies.domain import verdicts
from thidua.tallies.models import Revaluation

AT_ONCE = 500  # more are left to the worker, so many at a time
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
# What authors do: the dossier shows the verdict from its facts until this is read, the sums follow in a moment.
# What an office decides is in the sums of the next page.
PATIENT = tuple(f"initiatives.initiative.{act}" for act in ("started", "changed", "submitted", "attached", "detached"))


def work(acts: list[Act]) -> None:
    """Re-evaluate every initiative an act speaks of; a programme that changed takes all in its scope."""
    wanted: set[int] = set()
    for act in acts:
        if act.subject_type == "initiatives.initiative":
            wanted.add(act.subject_id)
            continue
        touched = _stretch(act, 0, AT_ONCE + 1)
        if len(touched) <= AT_ONCE:
            _evaluate(act, touched)
        else:  # the reader's transaction stays short; the worker goes through them
            Revaluation.objects.get_or_create(act=act)
    verdicts.evaluate_many(wanted)


def go_on(most: int = 20) -> bool:
    """Evaluate the next stretches of what is under way; True when something is left.

    Every stretch is a transaction of its own; a stop loses at most one, and doing it again harms nothing.
    """
    for _turn in range(most):
        current = Revaluation.objects.select_related("act").order_by("act_id").first()
        if current is None:
            return False
        stretch = _stretch(current.act, current.after, AT_ONCE)
        with transaction.atomic():  # nobody is told twice of a stretch that was stopped
            _evaluate(current.act, stretch)
            if len(stretch) < AT_ONCE:
                current.delete()
            else:
                Revaluation.objects.filter(pk=current.pk).update(after=stretch[-1])
    return Revaluation.objects.exists()


def _evaluate(act: Act, stretch: list[int]) -> None:
    """Of other rules everybody is told for whom the result turned; of a unit that moved its order told them."""
    changes = verdicts.evaluate_many(stretch)
    if act.subject_type.startswith("programmes."):
        messages.recounted([c.entry for c in changes if c.is_turned], since=act.at)


def _stretch(act: Act, after: int, most: int) -> list[int]:
    """Numbers of the next initiatives an act touches."""
    rows = _touched_by(act).filter(pk__gt=after).order_by("pk").distinct()
    return list(rows.values_list("pk", flat=True)[:most])


def _touched_by(act: Act) -> QuerySet[Initiative]:
    match act.subject_type:
        case "people.person":  # two records became one person, or one became two again: heads are counted anew
            people = [act.after["kept_id"], act.after["dropped_id"]]
            return Initiative.objects.filter(authorships__person__in=people)
        case "programmes.programme":
            return _initiatives_under(Programme.objects.filter(pk=act.subject_id))
        case "programmes.plan":
            return _initiatives_under(Programme.objects.filter(plan=act.subject_id))
        case "orgs.unit":
            return _initiatives_since(act)
    return Initiative.objects.none()


def _initiatives_under(programmes: QuerySet[Programme]) -> QuerySet[Initiative]:
    below = Q(pk__in=[])
    for programme in programmes.filter(counts_initiatives=True).select_related("unit"):
        below |= Q(unit__lft__gte=programme.unit.lft, unit__lft__lte=programme.unit.rgt)
    return Initiative.objects.filter(below, filed_on__isnull=False)


def _initiatives_since(act: Act) -> QuerySet[Initiative]:
    """What stands below a unit that moved and was filed under the new tree, or is not filed yet."""
    day = act.after.get("effective_on")
    if act.kind == "orgs.unit.taken_back" and act.after.get("kind") not in (Change.MOVE, Change.MERGE):
        return Initiative.objects.none()  # another name or kind counts the same
    unit = Unit.objects.filter(pk=act.subject_id).first()
    if unit is None or not day:
        return Initiative.objects.none()
    found = Initiative.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return found.filter(Q(filed_on__gte=day) | Q(entries__isnull=False, filed_on__isnull=True))
