"""The office's list of initiatives: what lies at a unit and below it, narrowed and in order.

The first page, which is the one opened all the time, and the rows a search names are composed once for each
shape of the list (ADR 18); whoever goes on reading, or exports, asks a query of their own. Both are narrowed
here, by the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from thidua.access import grants
from thidua.access.grants import Reach
from thidua.access.permissions import Permission
from thidua.initiatives import queries, rules
from thidua.initiatives.choices import State
from thidua.initiatives.models import Authorship, Initiative
from thidua.initiatives.queries import desks
from thidua.kernel import clock, paging
from thidua.kernel.prepared import composed_only
from thidua.orgs.models import Unit
from thidua.people.models import Person

SIZE = 20
WORK = (State.SUBMITTED, State.RECEIVED, State.PASSED_UP)
_TEXTS = ("problem_before", "solution", "steps", "novelty", "conditions", "effect", "confidential", "reason")
_FAR = date.max


class Order(Enum):
    """What has no deadline comes after what has one."""

    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"

    @property
    def fields(self) -> tuple[str, ...]:
        return _FIELDS[self]


_FIELDS = {
    Order.DUE: ("due_key", "filed_on", "id"),
    Order.OLDEST: ("filed_on", "id"),
    Order.NEWEST: ("-filed_on", "-id"),
}


class Turn(Enum):
    """What is to be done, and by whom."""

    HERE = "passed up to this unit"
    LATE = "past its day here"
    SOON = "due soon here"
    ESCALATED = "past its day right below"


class Narrowing(NamedTuple):
    """What was chosen above the list, in plain values; what was not chosen is None and no part of the query."""

    turn: Turn | None = None
    state: str | None = None
    kind: str | None = None
    channel: str | None = None
    below: tuple[int, int] | None = None
    home: int | None = None  # of the turn
    days: tuple[date, ...] = ()  # of the turn

    def at(self, turn: Turn, home: Unit) -> Narrowing:
        """By whose turn it is, seen from a unit, today."""
        today = clock.today()
        days = {
            Turn.HERE: (),
            Turn.LATE: (today,),
            Turn.SOON: (today, desks.soon_after(today)),
            Turn.ESCALATED: (rules.escalated_before(today),),
        }
        return self._replace(turn=turn, home=home.pk, days=days[turn])

    @property
    def chosen(self) -> Narrowing:
        """But for the unit, which is part of the reach."""
        return self._replace(below=None)

    def narrow(self, rows: QuerySet[Initiative]) -> QuerySet[Initiative]:
        """`due_key` is the index of what is to be done."""
        if self.turn is not None:
            # Said outright, or the database does not see that its index fits.
            rows = rows.filter(self._turn(), state__in=WORK)
        for name in ("state", "kind", "channel"):
            if (value := getattr(self, name)) is not None:
                rows = rows.filter(**{name: value})
        return rows

    def _turn(self) -> Q:
        home = self.home or 0
        if self.turn is Turn.HERE:
            return Q(state=State.PASSED_UP, decider=home)
        if self.turn is Turn.ESCALATED:
            return desks.late_below(home, *self.days)
        day = Q(due_key__lt=self.days[0])
        if self.turn is Turn.SOON:
            day = Q(due_key__gte=self.days[0], due_key__lte=self.days[1])
        return desks.at_desk(home) & desks.turn_of(home) & day


def filed(person: Person, home: Unit, narrowing: Narrowing) -> QuerySet[Initiative]:
    """What was filed at a unit and below it, as far as this person may see it."""
    rows = _within(_reach(person, home, narrowing)).select_related("unit", "handler__parent", "decider")
    return narrowing.narrow(rows)


def page(person: Person, home: Unit, narrowing: Narrowing, order: Order, cursor: str, size: int) -> paging.Page:
    """One page of it: rows with their units beside them, not joined to each, and the names of their authors."""
    if cursor or size != SIZE:
        rows = listed(filed(person, home, narrowing))
        found = paging.page(rows, order.fields, cursor, size)
    else:
        reach = _reach(person, home, narrowing)
        found = paging.first(_first(order, reach, narrowing.chosen, _is_walked(reach, narrowing)), order.fields, size)
    queries.lay_units(found.rows)
    return found


def numbered(person: Person, home: Unit, narrowing: Narrowing, numbers: Iterable[int]) -> list[Initiative]:
    """Those of it with these numbers, in no order: what a search has found."""
    wanted = list(numbers)
    if not wanted:
        return []
    room = -len(wanted) % SIZE  # some of them twice, so that the statement is one of a few
    found = _numbered((*wanted, *wanted[:1] * room), _reach(person, home, narrowing), narrowing.chosen)
    queries.lay_units(found)
    return found


class _Span(NamedTuple):
    lft: int
    rgt: int


def _reach(person: Person, home: Unit, narrowing: Narrowing) -> Reach:
    """As far as one sees at a unit, or at the one below it that was chosen."""
    return grants.reach(person, Permission.INITIATIVE_VIEW, _Span(*narrowing.below) if narrowing.below else home)


def _is_walked(reach: Reach, narrowing: Narrowing) -> bool:
    """Past what others filed; what is at one desk, or was passed up, are few and found without."""
    return reach.is_noted and narrowing.turn is None and narrowing.state != State.PASSED_UP


@composed_only
def _first(order: Order, reach: Reach, narrowing: Narrowing, is_noted: bool) -> QuerySet[Initiative]:
    """The keys first: what stands in the order and belongs to others is passed in the index, without its rows."""
    keys = narrowing.narrow(_within(reach, is_noted)).order_by(*order.fields).values("pk")[: SIZE + 1]
    return listed(_dated(Initiative.objects.filter(pk__in=keys))).order_by(*order.fields)


@composed_only
def _numbered(numbers: tuple[int, ...], reach: Reach, narrowing: Narrowing) -> QuerySet[Initiative]:
    return listed(narrowing.narrow(_within(reach))).filter(pk__in=numbers)


def _within(reach: Reach, is_noted: bool = False) -> QuerySet[Initiative]:
    condition = reach.noted() if is_noted else reach.condition()
    return _dated(Initiative.objects.filter(condition, filed_on__isnull=False))


def _dated(rows: QuerySet[Initiative]) -> QuerySet[Initiative]:
    return rows.annotate(due_key=Coalesce("due_on", Value(_FAR)))


def listed(rows: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """As a line of a list shows it: the names of its authors, none of the long texts."""
    authors = Authorship.objects.filter(initiative=OuterRef("pk")).order_by("position").values("name")
    return rows.select_related(None).defer(*_TEXTS).annotate(author_names=ArraySubquery(authors))
