"""The catalogue of movements, programmes and drives: who runs them, who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, text
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import Audience, PhaseKind, PlanState, ProgrammeKind, RegistrationState
from thidua.programmes.models import Phase, Plan, Programme, Registration
from thidua.programmes.queries import programmes_of_their_own

LIVE = ~Q(state=RegistrationState.WITHDRAWN)


def catalogue(person: Person) -> QuerySet[Programme]:
    """What a person's units run or are called to; copies in lower plans belong to the one above."""
    found = programmes_of_their_own(person).exclude(plan__state=PlanState.AMENDED)
    live = Count("registrations", filter=~Q(registrations__state=RegistrationState.WITHDRAWN))
    return found.annotate(registered=live).order_by("-plan__year", "unit__lft", "plan", "position", "pk")


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
    low, high = min(u.lft for u in units), max(u.rgt for u in units)
    pledged: dict[tuple[int, int], int] = {}
    rows = Registration.objects.filter(LIVE, programme__in=movements, unit__lft__range=(low, high))
    for lft, programme, count in rows.values_list("unit__lft", "programme").annotate(n=Count("pk")):
        for unit in units:
            if unit.lft <= lft <= unit.rgt:
                pledged[unit.pk, programme] = pledged.get((unit.pk, programme), 0) + count
    own = Programme.objects.filter(implements__in=movements, unit__in=units, is_open=True)
    in_plan = set(own.values_list("unit_id", "implements_id"))
    return {
        u.pk: {m.pk: Answer(pledged.get((u.pk, m.pk), 0), (u.pk, m.pk) in in_plan) for m in movements} for u in units
    }


def responding(programme: Programme) -> dict[str, int]:
    """How many of the units directly below respond, by plan or by pledge; one query."""
    below = org_queries.children(programme.unit)
    pledged = Registration.objects.filter(
        LIVE, programme=programme, unit__lft__gte=OuterRef("lft"), unit__lft__lte=OuterRef("rgt")
    )
    planned = Programme.objects.filter(implements=programme, unit=OuterRef("pk"), is_open=True)
    rows = below.order_by().annotate(pledged=Exists(pledged), planned=Exists(planned))
    found = list(rows.values_list("pledged", "planned").annotate(n=Count("pk")))
    return {
        "all": sum(n for _pledged, _planned, n in found),
        "pledged": sum(n for is_pledged, _planned, n in found if is_pledged),
        "planned": sum(n for _pledged, is_planned, n in found if is_planned),
        "any": sum(n for is_pledged, is_planned, n in found if is_pledged or is_planned),
    }


def movements_of(plan: Plan) -> QuerySet[Programme]:
    """Every movement of a plan, with its rounds."""
    phases = Prefetch("phases", Phase.objects.order_by("position"))
    return (
        Programme.objects.filter(plan=plan).select_related("unit", "plan").prefetch_related(phases).order_by("position")
    )
