"""The catalogue of movements, programmes and drives: who runs them, who takes part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, text
from thidua.orgs import queries as org_queries
from thidua.orgs import sums
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import Audience, PhaseKind, PlanState, ProgrammeKind, RegistrationState
from thidua.programmes.models import Phase, Plan, Programme, Registration
from thidua.programmes.queries import programmes_of_their_own

LIVE = ~Q(state=RegistrationState.WITHDRAWN)


def catalogue(person: Person) -> QuerySet[Programme]:
    """What a person's units run or are called to; copies in lower plans belong to the one above."""
    found = programmes_of_their_own(person).exclude(plan__state=PlanState.AMENDED)
    return found.order_by("-plan__year", "unit__lft", "plan", "position", "pk")


def narrowed(found: QuerySet[Programme], kind: str, audience: str, when: str, words: str) -> QuerySet[Programme]:
    """By kind, by whom it addresses (everybody is always included), open or over, and by name."""
    if kind in ProgrammeKind.values:
        found = found.filter(kind=kind)
    if audience in Audience.values:
        found = found.filter(audience__in=[audience, Audience.ALL])
    if when in ("open", "over"):
        found = found.filter(is_open=when == "open")
    for word in words.split():
        found = found.filter(name__icontains=text.nfc(word))
    return found


def span_of(programme: Programme) -> tuple[date | None, date | None]:
    """When a movement runs: its own days, else from its first phase to its last, else its plan's year."""
    phases = list(programme.phases.all())
    first = programme.starts_on or min((p.starts_on for p in phases if p.starts_on), default=None)
    last = programme.ends_on or max((p.ends_on for p in phases if p.ends_on), default=None)
    return first or programme.plan.issued_on, last or date(programme.plan.year, 12, 31)


def rounds_of(programme: Programme) -> list[Phase]:
    """The rounds a movement is run in: its own, else those of the movement of the year in the same plan."""
    own = list(programme.phases.filter(kind=PhaseKind.ROUND).order_by("position"))
    if own:
        return own
    return list(Phase.objects.filter(programme__plan=programme.plan_id, kind=PhaseKind.ROUND).order_by("position"))


def open_rounds(programme: Programme) -> list[Phase]:
    """The movement's own rounds one can still register for."""
    today = clock.today()
    own = programme.phases.filter(kind=PhaseKind.ROUND).order_by("position")
    return [r for r in own if r.ends_on is None or r.ends_on >= today]


def registrations(programme: Programme) -> QuerySet[Registration]:
    """Each knows the programme it is of without asking again."""
    found = programme.registrations.filter(LIVE).select_related("unit", "round", "registered_by")
    return found.order_by("unit__lft", "pk")


def registrations_visible_to(person: Person, programme: Programme) -> QuerySet[Registration]:
    """Of the units the person may see, and everything of a movement the person's unit runs."""
    return grants.visible(person, Permission.PLAN_VIEW, registrations(programme))


def registration_for(person: Person, pk: int) -> Registration | None:
    found = Registration.objects.select_related("programme__unit", "unit", "round").filter(pk=pk)
    return grants.visible(person, Permission.PLAN_VIEW, found).first()


@dataclass(frozen=True)
class Answer:
    """What one unit has done with one movement."""

    registered: int  # pledges of the unit and the collectives below it
    in_plan: bool  # its own plan in force carries the movement

    @property
    def words(self) -> str:
        return str(self.registered) if self.registered else ""


def answers(movements: Sequence[Programme], units: Sequence[Unit]) -> dict[int, dict[int, Answer]]:
    """unit -> movement -> answer for a page of units, in two queries for any number of movements."""
    if not units or not movements:
        return {}
    pledged = sums.figures("movement", [m.pk for m in movements], units)
    own = Programme.objects.filter(implements__in=movements, unit__in=units, is_open=True)
    in_plan = set(own.values_list("unit_id", "implements_id"))
    return {u.pk: {m.pk: Answer(pledged[u.pk, m.pk][""], (u.pk, m.pk) in in_plan) for m in movements} for u in units}


def pledges(movements: Iterable[Programme]) -> dict[int, int]:
    """movement -> how many units and collectives pledge to take part, wherever they stand."""
    return sums.everywhere("movement", [m.pk for m in movements])


def responding(programme: Programme) -> dict[str, int]:
    """How many of the units directly below respond, by plan or by pledge; one query of their sums."""
    below = org_queries.children(programme.unit).order_by()
    planned = Programme.objects.filter(implements=programme, unit=OuterRef("pk"), is_open=True)
    rows = below.annotate(pledges=sums.amount_below("movement", programme.pk), planned=Exists(planned))
    found = list(rows.values_list("pledges", "planned"))
    return {
        "all": len(found),
        "pledged": sum(pledges > 0 for pledges, _planned in found),
        "planned": sum(is_planned for _pledges, is_planned in found),
        "any": sum(pledges > 0 or is_planned for pledges, is_planned in found),
    }


def movements_of(plan: Plan) -> QuerySet[Programme]:
    """Every movement of a plan, with its rounds."""
    phases = Prefetch("phases", Phase.objects.order_by("position"))
    return (
        Programme.objects.filter(plan=plan).select_related("unit", "plan").prefetch_related(phases).order_by("position")
    )
