"""The door for reading the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from thidua.kernel import clock, paging, replicas, text
from thidua.kernel.prepared import composed_once, composed_only, counted_once
from thidua.orgs.choices import PlaceKind
from thidua.orgs.models import Cluster, ClusterSeat, Coverage, Headcount, Place, Unit, UnitKind

# Units a form offers of those below another.
OFFERED = 200
_UP_FROM = """
WITH RECURSIVE up AS (
    SELECT id, parent_id FROM orgs_unit WHERE id = {start}
    UNION
    SELECT u.id, u.parent_id FROM orgs_unit u JOIN up ON u.id = up.parent_id
)
SELECT id FROM up
"""
_OVER, _OVER_ONE = _UP_FROM.format(start="ANY(%s)"), _UP_FROM.format(start="%s")
_PLACES = f"SELECT lft FROM orgs_unit WHERE id IN ({_OVER})"  # noqa: S608 - our own text
# What a unit `u` has itself declared, while it exists.
DECLARED = """CASE WHEN u.established_on <= %(day)s AND (u.ended_on IS NULL OR u.ended_on > %(day)s) THEN (
    SELECT h.members FROM orgs_headcount h WHERE h.unit_id = u.id AND h.on <= %(day)s ORDER BY h.on DESC LIMIT 1
) END"""
# Down to the first unit that has declared; a unit's own declaration holds for all below it.
_MEMBERS = f"""
WITH RECURSIVE walk AS (
    SELECT u.id, u.id AS top, {DECLARED} AS members FROM orgs_unit u WHERE u.id = ANY(%(units)s)
    UNION ALL
    SELECT u.id, walk.top, {DECLARED} FROM orgs_unit u JOIN walk ON u.parent_id = walk.id WHERE walk.members IS NULL
)
SELECT top, sum(members) FROM walk WHERE members IS NOT NULL GROUP BY top
"""  # noqa: S608 - our own text
# As _OVER, for many units at once: who stands over whom, step by step.
_LINES = """
WITH RECURSIVE up AS (
    SELECT id AS asked, id, parent_id, 0 AS step FROM orgs_unit WHERE id = ANY(%s)
    UNION ALL
    SELECT up.asked, u.id, u.parent_id, step + 1 FROM orgs_unit u JOIN up ON u.id = up.parent_id
)
SELECT asked, id FROM up ORDER BY step
"""


class Span(Protocol):
    """A unit and all below it in today's tree."""

    @property
    def lft(self) -> int: ...
    @property
    def rgt(self) -> int: ...


class Node(Span, Protocol):
    """A unit, or as much of its row as it takes to find it in the tree."""

    @property
    def pk(self) -> int: ...


def kinds() -> QuerySet[UnitKind]:
    return UnitKind.objects.all()


def units() -> QuerySet[Unit]:
    return Unit.objects.select_related("kind")


def active(on: date | None = None) -> QuerySet[Unit]:
    """Units that exist on a day (today by default)."""
    day = on or clock.today()
    return units().filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), established_on__lte=day)


def near_the_top() -> QuerySet[Unit]:
    """The nation, its provinces, central sectors and corporations: a few rows, whatever stands below."""
    # Kinds by name: joined, the planner expects half the tree and reads all of it.
    return active().filter(kind__in=list(kinds().filter(rank__lte=2).values_list("code", flat=True)))


def below(unit: Unit, *, include_self: bool = True) -> QuerySet[Unit]:
    """Everything below in today's tree: one integer range."""
    found = units().filter(lft__gte=unit.lft, lft__lte=unit.rgt)
    return found if include_self else found.exclude(pk=unit.pk)


def noted(path: str, lft: int, rgt: int) -> Q:
    """Rows whose unit (at `path`) lies in a span of the tree, for a list that walks along an order past those of others.

    The database notes the units of the span once and looks each row's up among them, in memory; joined, it would
    read the unit of every row it passes. `COALESCE` keeps it from joining after all.
    """
    units = Unit.objects.filter(lft__gte=lft, lft__lte=rgt).values("pk")
    return Q(Coalesce(In(F(path), units), Value(False)))


# Numbers of a span (a unit takes eight and more, domain/tree.py). Fewer, and rows are found through the few units;
# more, and a walk is soon at its end, so that the units it passes are looked up sooner than all are noted.
_FEW, _MANY = 2_000, 300_000


def is_noted(lft: int, rgt: int) -> bool:
    """Is a list of this span in an order better asked with `noted`?"""
    return _FEW < rgt - lft < _MANY


def is_vast(lft: int, rgt: int) -> bool:
    """Is a span too wide to note its units for a few rows?"""
    return rgt - lft >= _MANY


def is_whole(unit: Unit) -> bool:
    """Does everybody belong to this unit or something below it?"""
    return unit.parent_id is None and not Unit.objects.filter(parent=None).exclude(pk=unit.pk).exists()


def names_below(unit: Unit) -> list[tuple[str, str]]:
    """Code and short name of the first units below, as a form offers them."""
    return _names_below(unit.lft, unit.rgt)


@composed_only
def _names_below(lft: int, rgt: int) -> QuerySet:
    found = Unit.objects.filter(lft__gt=lft, lft__lte=rgt).order_by("lft")
    return found.values_list("code", "short_name")[:OFFERED]


def children(unit: Unit) -> QuerySet[Unit]:
    return active().filter(parent=unit).order_by("kind__rank", "sort_key")


CHILDREN_ORDER = ("kind__rank", "sort_key", "id")
CHILDREN_SHOWN = 50


@paging.composed_once(CHILDREN_ORDER, CHILDREN_SHOWN)
def children_page(unit: int, day: date) -> QuerySet[Unit]:
    """What stands right below a unit today, page by page."""
    return active(day).filter(parent=unit)


@counted_once
def how_many_children(unit: int, day: date) -> QuerySet:
    """Counted one beyond what a label says."""
    return active(day).filter(parent=unit).values("pk")[: paging.COUNT_BOUND + 1]


def over(*wanted: Unit) -> RawSQL:
    """Ids of units and everything above them, as a subquery: a step per level, not half the tree."""
    return RawSQL(_OVER, [[unit.pk for unit in wanted]])  # noqa: S611 - the statement is ours, the ids are values


def places_over(wanted: Iterable[Unit]) -> list[int]:
    """Where in the tree (lft) units and everything above them stand.

    Beside a range of the tree in one condition: the index of places then serves both, which it cannot for a
    range of places *or* a key.
    """
    with replicas.connection().cursor() as cursor:
        cursor.execute(_PLACES, [[unit.pk for unit in wanted]])
        return [place for (place,) in cursor.fetchall()]


def over_one(unit: int) -> RawSQL:
    """`over` for one unit by its number, as a query composed once asks."""
    return RawSQL(_OVER_ONE, [unit])  # noqa: S611 - as above


def lines_up(wanted: Iterable[Unit]) -> dict[int, list[int]]:
    """For each unit: itself and everything above it today, from itself up; in one query."""
    found: dict[int, list[int]] = {unit.pk: [] for unit in wanted}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(found)])
        for asked, pk in cursor.fetchall():
            found[asked].append(pk)
    return found


def ancestors(unit: Unit, *, include_self: bool = False) -> QuerySet[Unit]:
    """From the nation down to the unit."""
    found = units().filter(pk__in=over(unit)).order_by("lft")
    return found if include_self else found.exclude(pk=unit.pk)


_NAMED = "SELECT unnest(%s::bigint[]) UNION SELECT parent_id FROM orgs_unit WHERE id = ANY(%s)"


def with_parents(pks: Iterable[int]) -> dict[int, Unit]:
    """Units by their keys, and what stands directly above each, in one query."""
    wanted = sorted(set(pks))
    # Some of them twice, so that the statement is one of a few.
    room = 1 << max(0, len(wanted) - 1).bit_length()
    return {unit.pk: unit for unit in _with_parents((*wanted, *wanted[:1] * (room - len(wanted))))} if wanted else {}


@composed_once
def _with_parents(pks: tuple[int, ...]) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=RawSQL(_NAMED, [list(pks), list(pks)]))  # noqa: S611 - the statement is ours


def grassroots_of(unit: Unit) -> Unit | None:
    """The grassroots union that handles a unit's initiatives: itself or the nearest above."""
    return grassroots_among({unit.pk: lines_up([unit])[unit.pk]})[unit.pk]


def grassroots_among(lines: Mapping[int, list[int]]) -> dict[int, Unit | None]:
    """For each line (from a unit up): the grassroots union that handles its initiatives, the first there is."""
    over = {pk for line in lines.values() for pk in line}
    unions = {unit.pk: unit for unit in units().filter(pk__in=over, kind__is_grassroots=True)}
    return {pk: next((unions[above] for above in line if above in unions), None) for pk, line in lines.items()}


def by_code(code: str) -> Unit | None:
    return next(iter(_by_code(code.strip())), None)


@composed_once
def _by_code(code: str) -> QuerySet[Unit]:
    return units().filter(code__iexact=code).order_by("pk")[:1]


@composed_once
def line_above(unit: int) -> QuerySet[Unit]:
    """As `ancestors`, for the path above a page."""
    return ancestors(Unit(pk=unit))


def search(queryset: QuerySet[Unit], words: str) -> QuerySet[Unit]:
    """Every typed word must occur, with or without dấu."""
    for word in text.words(words):
        queryset = queryset.filter(search__contains=word)
    return queryset


def members_of(units_wanted: Iterable[Node], on: date | None = None) -> dict[int, int]:
    """Members per unit on a day in today's tree, in one query for any number of units.

    A unit's own last declared headcount holds; a unit without one is the sum of the
    headcounts of the highest units below it that have one. Units that have ended by that day count
    no more: their members are counted where they went. Pages show `Unit.members`, which is kept in
    step (`domain.strengths`); what decides or is signed asks here.
    """
    wanted = [unit.pk for unit in units_wanted]
    if not wanted:
        return {}
    with replicas.connection().cursor() as cursor:
        cursor.execute(_MEMBERS, {"units": wanted, "day": on or clock.today()})
        return dict.fromkeys(wanted, 0) | {top: int(members) for top, members in cursor.fetchall()}


def women_and_direct(unit: Unit, on: date | None = None) -> dict[str, int | None]:
    """Women and direct workers below a unit from the last declarations of its grassroots unions."""
    day = on or clock.today()
    newest = Headcount.objects.filter(unit=OuterRef("unit"), on__lte=day).order_by("-on").values("pk")[:1]
    return (
        Headcount.objects.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt, unit__kind__is_grassroots=True)
        .filter(Q(unit__ended_on__isnull=True) | Q(unit__ended_on__gt=day))
        .annotate(newest=Subquery(newest))
        .filter(pk=F("newest"))
        .aggregate(women=Sum("women"), direct_workers=Sum("direct_workers"))
    )


def places_on(day: date | None = None) -> QuerySet[Place]:
    """Administrative places that exist on a day."""
    return Place.objects.filter(valid__contains=day or clock.today()).order_by("sort_key")


def served_by(unit: Unit, on: date | None = None) -> QuerySet[Place]:
    day = on or clock.today()
    lines = Coverage.objects.filter(unit=unit, valid__contains=day)
    return Place.objects.filter(pk__in=lines.values("place")).order_by("sort_key")


@composed_once
def places_served(unit: int, day: date) -> QuerySet[Place]:
    return served_by(Unit(pk=unit), day)


@composed_once
def last_headcount(unit: int, day: date) -> QuerySet[Headcount]:
    return Headcount.objects.filter(unit=unit, on__lte=day).order_by("-on")[:1]


def clusters_of(owner: Unit) -> QuerySet[Cluster]:
    return Cluster.objects.filter(owner=owner)


def seats_in(owner: Unit, year: int) -> QuerySet[ClusterSeat]:
    """Every seat of an owner's clusters in a year."""
    return ClusterSeat.objects.filter(owner=owner, year=year).select_related("cluster", "unit")


def last_year_seated(cluster: Cluster, before: int) -> int | None:
    """The newest year before this one with members, to start a new year from."""
    return (
        ClusterSeat.objects.filter(cluster=cluster, year__lt=before)
        .order_by("-year")
        .values_list("year", flat=True)
        .first()
    )


def with_provinces(places: Iterable[Place]) -> list[tuple[Place, str]]:
    """Each place with the name of its province, for lists where many communes have one name."""
    found = list(places)
    codes = {p.parent_code for p in found if p.kind == PlaceKind.COMMUNE}
    today = clock.today()
    provinces = Place.objects.filter(kind=PlaceKind.PROVINCE, code__in=codes, valid__contains=today)
    names = dict(provinces.values_list("code", "name"))
    return [(place, names.get(place.parent_code, "")) for place in found]
