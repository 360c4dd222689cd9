"""The door for reading the organisation as it was on a day, past or present."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import F, QuerySet

from thidua.kernel.prepared import composed_once
from thidua.orgs.choices import Change
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitName

# The tree of a day, walked along the affiliations that held that day.
_BELOW = """
WITH RECURSIVE walk AS (
    SELECT id FROM orgs_unit WHERE id = ANY(%(units)s)
    UNION ALL
    SELECT a.unit_id FROM orgs_affiliation a JOIN walk ON a.parent_id = walk.id WHERE a.valid @> %(day)s::date
)
SELECT id FROM walk
"""
_ABOVE = """
WITH RECURSIVE walk AS (
    SELECT unit AS asked, day, unit AS id, 0 AS step FROM unnest(%(units)s::bigint[], %(days)s::date[]) AS t(unit, day)
    UNION ALL
    SELECT walk.asked, walk.day, a.parent_id, step + 1 FROM orgs_affiliation a JOIN walk ON a.unit_id = walk.id
    WHERE a.valid @> walk.day AND step < 50
)
SELECT asked, day, id FROM walk ORDER BY step
"""
# `walk`: (id, top) for all that counted under the asked units on a day, given %(units)s and %(day)s.
# With what had ended by that day: a merged unit below its successor, a dissolved one where it last stood.
WALK = """
WITH RECURSIVE edges AS (
    SELECT unit_id, parent_id FROM orgs_affiliation WHERE valid @> %(day)s::date
    UNION ALL
    SELECT unit_id, other_id FROM orgs_unitevent
    WHERE kind = 'merge' AND taken_back_on IS NULL AND effective_on <= %(day)s
    UNION ALL
    SELECT a.unit_id, a.parent_id FROM orgs_unitevent e JOIN orgs_affiliation a ON a.unit_id = e.unit_id
    WHERE e.kind = 'dissolve' AND e.taken_back_on IS NULL AND e.effective_on <= %(day)s
      AND upper(a.valid) = e.effective_on
), walk AS (
    SELECT id, id AS top FROM orgs_unit WHERE id = ANY(%(units)s)
    UNION ALL
    SELECT e.unit_id, walk.top FROM edges e JOIN walk ON e.parent_id = walk.id
)
"""
_TOPS = f"{WALK} SELECT top, id FROM walk"  # noqa: S608
# Down to the first unit that has declared; a unit's own declaration holds for all below it.
_MEMBERS = """
WITH RECURSIVE walk AS (
    SELECT id, id AS top, (SELECT h.members FROM orgs_headcount h WHERE h.unit_id = u.id AND h.on <= %(day)s
                           ORDER BY h.on DESC LIMIT 1) AS members
    FROM orgs_unit u WHERE id = ANY(%(units)s)
    UNION ALL
    SELECT a.unit_id, walk.top, (SELECT h.members FROM orgs_headcount h WHERE h.unit_id = a.unit_id AND h.on <= %(day)s
                                 ORDER BY h.on DESC LIMIT 1)
    FROM orgs_affiliation a JOIN walk ON a.parent_id = walk.id
    WHERE a.valid @> %(day)s::date AND walk.members IS NULL
)
SELECT top, sum(members) FROM walk WHERE members IS NOT NULL GROUP BY top
"""


def members_on(units: Iterable[Unit], day: date) -> dict[int, int]:
    """Members per unit in the tree of a day, in one query."""
    wanted = [u.pk for u in units]
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"units": wanted, "day": day})
        return dict.fromkeys(wanted, 0) | {top: int(members) for top, members in cursor.fetchall()}


def units_on(day: date) -> QuerySet[Unit]:
    """Units that existed on a day, with the name of that day as `name_then`."""
    return Unit.objects.filter(names__valid__contains=day).annotate(name_then=F("names__name")).select_related("kind")


def parent_on(unit: Unit, day: date) -> Unit | None:
    link = Affiliation.objects.filter(unit=unit, valid__contains=day).select_related("parent").first()
    return link.parent if link else None


def children_on(unit: Unit, day: date) -> QuerySet[Unit]:
    """What stood directly below a unit on a day, with the names of that day."""
    links = Affiliation.objects.filter(parent=unit, valid__contains=day)
    return units_on(day).filter(pk__in=links.values("unit")).order_by("kind__rank", "sort_key")


def lines_up(asked: Iterable[tuple[int, date]]) -> dict[tuple[int, date], list[int]]:
    """For units on days: the unit and everything above it that day, from itself up; in one query."""
    wanted = sorted(set(asked))
    found: dict[tuple[int, date], list[int]] = {key: [] for key in wanted}
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"units": [pk for pk, _day in wanted], "days": [day for _pk, day in wanted]})
        for unit_id, day, pk in cursor.fetchall():
            found[unit_id, day].append(pk)
    return found


def ids_above(unit_id: int, day: date) -> list[int]:
    """The unit and everything above it on a day, from itself up."""
    return lines_up([(unit_id, day)])[unit_id, day]


def path_on(unit: Unit, day: date) -> list[Unit]:
    """From the nation down to the unit, with the names of that day."""
    ids = ids_above(unit.pk, day)
    found = {u.pk: u for u in units_on(day).filter(pk__in=ids)}
    return [found[pk] for pk in reversed(ids) if pk in found]


def ids_below(units: Iterable[Unit], day: date) -> set[int]:
    """The units and everything below them on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"units": [u.pk for u in units], "day": day})
        return {pk for (pk,) in cursor.fetchall()}


def tops_of(units: Iterable[Unit], day: date) -> dict[int, list[int]]:
    """Unit below -> the asked units it counted under on a day (itself included), in one query."""
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TOPS, {"units": [u.pk for u in units], "day": day})
        for top, pk in cursor.fetchall():
            found.setdefault(pk, []).append(top)
    return found


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on a day; today's name before it existed."""
    return UnitName.objects.filter(unit=unit, valid__contains=day).values_list("name", flat=True).first() or unit.name


def names_on(units: Iterable[Unit], day: date) -> dict[int, str]:
    """Names of a day for many units, in one query."""
    wanted = {u.pk: u.name for u in units}
    rows = UnitName.objects.filter(unit__in=wanted, valid__contains=day).values_list("unit_id", "name")
    return wanted | dict(rows)


def predecessors(unit: Unit) -> QuerySet[UnitEvent]:
    """The mergers by which other units ended in this one."""
    return (
        UnitEvent.objects.filter(other=unit, kind=Change.MERGE, taken_back_on__isnull=True)
        .select_related("unit__kind")
        .order_by("effective_on", "unit__sort_key")
    )


@composed_once
def mergers_into(unit: int) -> QuerySet[UnitEvent]:
    return predecessors(Unit(pk=unit))


@composed_once
def changes_of(unit: int) -> QuerySet[UnitEvent]:
    """The ledger of changes of the unit itself."""
    return UnitEvent.objects.filter(unit=unit).select_related("other")


def successor_of(unit: Unit) -> Unit | None:
    """Where an ended unit went, followed to the unit that works today."""
    seen = {unit.pk}
    while unit.ended_on is not None:
        event = UnitEvent.objects.filter(unit=unit, kind=Change.MERGE, taken_back_on__isnull=True).last()
        if event is None or event.other is None or event.other_id in seen:
            return None
        unit = event.other
        seen.add(unit.pk)
    return unit


def ledger_of(unit: Unit) -> QuerySet[UnitEvent]:
    """The ledger of changes of a unit and everything below it today, the newest first."""
    return (
        UnitEvent.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
        .select_related("unit", "other")
        .order_by("-effective_on", "-id")
    )
