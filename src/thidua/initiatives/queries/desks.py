"""What lies at a desk: waits for the unit, is due next, or was let lie by those right below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries, rules
from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, formats, replicas
from thidua.kernel.prepared import composed_only, counted_once, statement_once
from thidua.orgs.models import Unit
from thidua.people.models import Person

# What waits at one desk is counted up to here.
WAITING = 10_000


def inbox(person: Person, unit: Unit) -> QuerySet[Initiative]:
    """What this unit handles, for those who may see it."""
    return queries.visible_to(person).filter(at_desk(unit))


def at_desk(unit: Unit | int) -> Q:
    """What a unit itself works on: what it handles, and what was passed up to it."""
    return Q(handler=unit) | Q(decider=unit, state=State.PASSED_UP)


@dataclass(frozen=True)
class Waiting:
    """How many of the nearest `WAITING` at a desk wait for receipt, for a decision, and how they are in time."""

    submitted: int = 0
    received: int = 0
    overdue: int = 0
    soon: int = 0


_WAITING = """
SELECT count(*) FILTER (WHERE state = 'submitted'), count(*) FILTER (WHERE state <> 'submitted'),
    count(*) FILTER (WHERE due_on < %s), count(*) FILTER (WHERE due_on BETWEEN %s AND %s)
FROM (({own}) UNION ALL ({passed_up})) waiting
"""


def waiting(person: Person, unit: Unit) -> Waiting:
    """In one query, of those this person may see."""
    reach = grants.reach(person, Permission.INITIATIVE_VIEW)
    if not any(reach):
        return Waiting()
    asked = (unit.pk, reach, reach.is_vast)
    (own, values), (passed_up, more) = _counted_at(*asked), _counted_passed_up_to(*asked)
    today = clock.today()
    with replicas.connection().cursor() as cursor:
        sql = _WAITING.format(own=own, passed_up=passed_up)
        cursor.execute(sql, [today, today, soon_after(today), *values, *more])
        return Waiting(*cursor.fetchone())


@statement_once
def _counted_at(unit: int, reach: grants.Reach, is_vast: bool) -> QuerySet:
    return _own_work(unit, reach, is_vast).values("state", "due_on")[:WAITING]


@statement_once
def _counted_passed_up_to(unit: int, reach: grants.Reach, is_vast: bool) -> QuerySet:
    return _passed_up_to(unit, reach, is_vast).values("state", "due_on")[:WAITING]


def _own_work(unit: int, reach: grants.Reach, is_vast: bool) -> QuerySet[Initiative]:
    """Read along the index of a desk: of what is open, all that is asked stands in it (and it has been filed)."""
    seen = reach.condition() if is_vast else reach.noted()
    return Initiative.objects.filter(seen, handler=unit, state__in=[State.SUBMITTED, State.RECEIVED])


def _passed_up_to(unit: int, reach: grants.Reach, is_vast: bool) -> QuerySet[Initiative]:
    seen = reach.condition() if is_vast else reach.noted()
    return Initiative.objects.filter(seen, decider=unit, state=State.PASSED_UP)


NEAREST = 6


def nearest_due(person: Person, unit: Unit) -> list[Initiative]:
    """What this unit is to receive or decide next.

    Its own and what was passed up to it are asked for apart: each is then read in its order and no further.
    """
    reach = grants.reach(person, Permission.INITIATIVE_VIEW)
    asked = (unit.pk, reach, reach.is_vast)
    found = _due_at(*asked) + _due_passed_up_to(*asked)
    return sorted(found, key=lambda one: (one.due_on or date.max, one.pk))[:NEAREST]


@composed_only
def _due_at(unit: int, reach: grants.Reach, is_vast: bool) -> QuerySet[Initiative]:
    return _nearest(_own_work(unit, reach, is_vast))


@composed_only
def _due_passed_up_to(unit: int, reach: grants.Reach, is_vast: bool) -> QuerySet[Initiative]:
    return _nearest(_passed_up_to(unit, reach, is_vast))


def _nearest(rows: QuerySet[Initiative]) -> QuerySet[Initiative]:
    return rows.select_related("unit").order_by("due_on", "pk")[:NEAREST]


def late_below(unit: int, day: date) -> Q:
    """Where a unit right below has let a deadline pass so long before the day that this one was told."""
    below = Q(_right_below("handler", unit), state__in=[State.SUBMITTED, State.RECEIVED])
    asked = Q(_right_below("decider", unit), state=State.PASSED_UP)
    return Q(due_on__lt=day) & (below | asked)


def _right_below(name: str, unit: int) -> RawSQL:
    """As an array of keys: joined, the database reads everything that is late anywhere to find these."""
    column = f'"{Initiative._meta.db_table}"."{name}_id"'
    sql = f"{column} = ANY(ARRAY(SELECT id FROM orgs_unit WHERE parent_id = %s))"  # noqa: S608 - our own text
    return RawSQL(sql, [unit], BooleanField())  # noqa: S611 - the key is a value


def escalated(person: Person, unit: Unit) -> int:
    """How many of these, of the first `WAITING`: at desks right below, and passed up to them."""
    day, reach = rules.escalated_before(clock.today()), grants.reach(person, Permission.INITIATIVE_VIEW)
    late = _late_at_desks_below(unit.pk, day, reach, reach.is_vast)
    return min(WAITING, late + _late_passed_up_below(unit.pk, day, reach, reach.is_vast))


@counted_once
def _late_at_desks_below(unit: int, day: date, reach: grants.Reach, is_vast: bool) -> QuerySet:
    return _late(reach, is_vast, day, Q(_right_below("handler", unit), state__in=[State.SUBMITTED, State.RECEIVED]))


@counted_once
def _late_passed_up_below(unit: int, day: date, reach: grants.Reach, is_vast: bool) -> QuerySet:
    return _late(reach, is_vast, day, Q(_right_below("decider", unit), state=State.PASSED_UP))


def _late(reach: grants.Reach, is_vast: bool, day: date, where: Q) -> QuerySet:
    """Keys alone: whoever has a desk has filed it, so that all that is asked stands in the index."""
    seen = reach.condition() if is_vast else reach.noted()
    return Initiative.objects.filter(seen, where, due_on__lt=day).values("pk")[:WAITING]


def soon_after(today: date) -> date:
    """The last day that counts as near: within the days of receipt of the rule pack."""
    return formats.add_working_days(today, rules.limits()["receive_working_days"])


def turn_of(unit: Unit | int) -> Q:
    """Whose next step is this unit's."""
    return Q(state__in=[State.SUBMITTED, State.RECEIVED]) | Q(state=State.PASSED_UP, decider=unit)
