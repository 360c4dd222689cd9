"""The to-dos that the duties of plans have become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, replicas
from thidua.kernel.prepared import composed_once, counted_once
from thidua.orgs import queries as org_queries
from thidua.orgs import sums
from thidua.orgs.models import Unit, UnitKind
from thidua.people.models import Person
from thidua.programmes import rules
from thidua.programmes.choices import IN_FORCE, AssignmentState
from thidua.programmes.models import Assignment, Duty, Plan


def late(day: date | None = None) -> Q:
    return Q(state=AssignmentState.OPEN, due_on__lt=day or clock.today())


def assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("unit__kind", "duty__plan__unit", "done_by")


def assignments_of(unit: Unit) -> QuerySet[Assignment]:
    """A unit's to-dos; those without a last day come after those that have one."""
    return assignments().filter(unit=unit).order_by(F("due_on").asc(nulls_last=True), "pk")


NO_DAY = date(9999, 12, 31)


def listed(found: QuerySet[Assignment], state: str) -> QuerySet[Assignment]:
    """Narrowed to a state (or `overdue`, `undated`), with `due_key` to page by: without a last day at the end."""
    if state == "overdue":
        found = found.filter(late())
    elif state == "undated":
        found = found.filter(state=AssignmentState.OPEN, due_on__isnull=True)
    elif state in AssignmentState.values:
        found = found.filter(state=state)
    return found.annotate(due_key=Coalesce("due_on", Value(NO_DAY)))


def _waiting(day: date) -> Q:
    """Open, begun, and of a plan that is in force: what a closed plan still asked for is history."""
    return Q(state=AssignmentState.OPEN, opens_on__lte=day, duty__plan__state__in=IN_FORCE)


def todo(unit: Unit, day: date | None = None) -> QuerySet[Assignment]:
    """What the unit can do now, the most urgent first."""
    return assignments_of(unit).filter(_waiting(day or clock.today()))


@composed_once
def first_todo(unit: int, day: date) -> QuerySet[Assignment]:
    return todo(Unit(pk=unit), day)[:8]


_COUNTS = """
SELECT count(*) FILTER (WHERE is_waiting), count(*) FILTER (WHERE is_waiting AND due_on < %(day)s),
    count(*) FILTER (WHERE is_waiting AND due_on IS NULL), count(*) FILTER (WHERE is_done)
FROM (
    SELECT a.due_on, a.state = 'open' AND a.opens_on <= %(day)s AND p.state = ANY(%(in_force)s) AS is_waiting,
        a.state IN ('done', 'confirmed') AS is_done
    FROM programmes_assignment a JOIN programmes_duty d ON d.id = a.duty_id JOIN programmes_plan p ON p.id = d.plan_id
    WHERE a.unit_id = %(unit)s
) mine
"""


def todo_counts(unit: Unit) -> dict[str, int]:
    asked: dict[str, Any] = {"unit": unit.pk, "day": clock.today(), "in_force": [str(state) for state in IN_FORCE]}
    with replicas.connection().cursor() as cursor:
        cursor.execute(_COUNTS, asked)
        return dict(zip(("open", "overdue", "undated", "done"), cursor.fetchone(), strict=True))


def to_confirm(unit: Unit) -> QuerySet[Assignment]:
    """Results of other units that the unit, whose plan it is, has yet to confirm."""
    mine = assignments().filter(duty__plan__unit=unit, state=AssignmentState.DONE).exclude(unit=unit)
    return mine.order_by("done_on", "pk")


@counted_once
def how_many_to_confirm(unit: int) -> QuerySet:
    return to_confirm(Unit(pk=unit)).order_by().values("pk")[:100]


def assignment_for(person: Person, pk: int) -> Assignment | None:
    """At a unit the person may see plans of, or of a plan of a unit the person works at."""
    below = grants.visible(person, Permission.PLAN_VIEW, Assignment.objects.all())
    over = grants.visible(person, Permission.PLAN_VIEW, Assignment.objects.all(), path="duty__plan__unit")
    found = assignments().prefetch_related("files__file").filter(pk=pk)
    return found.filter(Q(pk__in=below.values("pk")) | Q(pk__in=over.values("pk"))).first()


def duty_for(person: Person, pk: int, plans_seen: QuerySet[Plan]) -> Duty | None:
    return (
        Duty.objects.select_related("plan__unit__kind")
        .filter(pk=pk, plan__in=plans_seen.order_by().values("pk"))
        .first()
    )


@dataclass(frozen=True)
class Tally:
    """How far a duty has come at and below a node."""

    given: int = 0
    open: int = 0
    overdue: int = 0
    done: int = 0
    confirmed: int = 0
    aside: int = 0

    @property
    def finished(self) -> int:
        return self.done + self.confirmed

    @property
    def percent(self) -> float | None:
        asked = self.given - self.aside
        return 100 * self.finished / asked if asked else None

    @property
    def rate_words(self) -> str:
        """So much of how many that it applies to: the base is always said."""
        return f"{self.finished}/{self.given - self.aside}"


def _tally(parts: Mapping[str, int]) -> Tally:
    """From the parts kept at a node. What a unit that ended had still open, nobody owes."""
    today, found = clock.today().isoformat(), Counter[str]()
    for part, amount in parts.items():
        state, _colon, days = part.partition(":")
        due, _colon, ended = days.partition(":")
        if ended and ended <= today:
            continue
        found[state] += amount
        if due and due < today:
            found["overdue"] += amount
    done, confirmed, aside = (found[state] for state in ("done", "confirmed", "not_applicable"))
    return Tally(found["open"] + done + confirmed + aside, found["open"], found["overdue"], done, confirmed, aside)


def progress_of_duties(duties: Iterable[Duty], below: Unit) -> dict[int, Tally]:
    """Every duty of a plan at and below a unit, from kept sums."""
    found = {
        key: _tally(parts) for (_unit, key), parts in sums.figures("duty", [d.pk for d in duties], [below]).items()
    }
    return {key: tally for key, tally in found.items() if tally.given}


def progress_of_units(duty: Duty, units: Sequence[Unit]) -> dict[int, Tally]:
    """One duty over a page of units, each with everything below it, from kept sums."""
    found = {unit: _tally(parts) for (unit, _key), parts in sums.figures("duty", [duty.pk], units).items()}
    return {unit: tally for unit, tally in found.items() if tally.given}


def kinds_below(unit: Unit) -> list[UnitKind]:
    """The kinds a plan of this unit can speak to: its own and lower ones; sections only in a grassroots union."""
    kinds = list(org_queries.kinds())
    lowest = max((k.rank for k in kinds if k.is_grassroots), default=0)
    if unit.kind.rank >= lowest:
        lowest = max(k.rank for k in kinds)
    return [k for k in kinds if unit.kind.rank < k.rank <= lowest or k.pk == unit.kind_id]


def addressees(duty: Duty) -> QuerySet[Unit]:
    """The units a duty is given to today: active, at or below the unit of the plan."""
    unit = duty.plan.unit
    kinds = duty.addressed or addressed_by_words(duty)
    wanted = Q(kind__in=[k for k in kinds if k != Duty.OWN]) & ~Q(pk=unit.pk)
    if Duty.OWN in kinds:
        wanted |= Q(pk=unit.pk)
    return org_queries.active().filter(wanted, lft__gte=unit.lft, lft__lte=unit.rgt).order_by("lft")


def addressed_by_words(duty: Duty) -> list[str]:
    kinds = [(k.pk, k.name) for k in kinds_below(duty.plan.unit)]
    return rules.addressed(duty.who, duty.plan.unit.kind_id, kinds)
