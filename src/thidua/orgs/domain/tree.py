"""Today's tree as nested intervals, so that "everything below" is one range of integers.

Intervals have room at their end: founding or moving a unit usually writes only the rows that move.
When there is no room left, all units are numbered anew, in the order of their names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Max

from thidua.orgs.models import Unit

LOCK = 0x7D5EA2
# Room of a unit without children, and how much wider than its content a unit is made.
_ROOM, _GROWTH = 8, 2
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Shift:
    """A unit, with all below it, left some ancestors and joined others."""

    unit: int
    leaving: tuple[int, ...]
    joining: tuple[int, ...]


# Called in the transaction of a move. No unit of one call is an ancestor in another shift of it.
Follower = Callable[[Sequence[Shift]], None]
_followers: list[Follower] = []


def follow(work: Follower) -> None:
    """Let a higher package keep what it stores per node in step with the tree."""
    if work not in _followers:
        _followers.append(work)


# Called with the ids of units that were founded by mistake, before they go.
_forgetters: list[Callable[[Sequence[int]], None]] = []


def forget(work: Callable[[Sequence[int]], None]) -> None:
    """Let a higher package drop the empty rows it stores for a node."""
    if work not in _forgetters:
        _forgetters.append(work)


def unfounded(units: Sequence[int]) -> None:
    for work in _forgetters:
        work(units)


def hold() -> None:
    """Keep two changes of the tree apart, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def hold_still() -> None:
    """Keep the tree as it is until the end of the transaction; others may do so at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


@transaction.atomic
def settle(unit: Unit) -> None:
    """Give a new unit, without anything below it, its place under its parent."""
    hold()
    parent = Unit.objects.get(pk=unit.parent_id) if unit.parent_id else None
    if parent is None:
        renumber()
    else:
        start = _free_from([parent], leaving_out=[unit])[parent.pk]
        if start + _ROOM - 1 <= parent.rgt:
            Unit.objects.filter(pk=unit.pk).update(lft=start, rgt=start + _ROOM - 1, depth=parent.depth + 1)
        else:
            renumber()
    unit.refresh_from_db(fields=["lft", "rgt", "depth"])


@transaction.atomic
def hang(wanted: Sequence[tuple[Unit, Unit]]) -> None:
    """Put units, each with all below it, under other parents in today's tree, and tell the followers.

    As if one by one in this order, in a dozen statements however many they are.
    """
    if not wanted:
        return
    hold()
    goal = {unit.pk: parent.pk for unit, parent in wanted}
    above = parents([*goal, *goal.values()])
    shifts = [_shift_of(unit, parent, above) for unit, parent in goal.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orgs_unit u SET parent_id = x.parent FROM unnest(%s::bigint[], %s::bigint[]) AS x(id, parent) "
            "WHERE u.id = x.id",
            [list(goal), list(goal.values())],
        )
    if not _renumbered_in_place(goal):
        renumber()
    for together in _rounds(shifts):
        for work in _followers:
            work(together)
    placed = Unit.objects.in_bulk(list(goal))
    for unit, parent in wanted:
        now = placed[unit.pk]
        unit.parent, unit.lft, unit.rgt, unit.depth = parent, now.lft, now.rgt, now.depth


def parents(units: Collection[int]) -> dict[int, int | None]:
    """The parent of each unit and of everything above it."""
    if not units:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up AS (SELECT id, parent_id FROM orgs_unit WHERE id = ANY(%s) "
            "UNION SELECT u.id, u.parent_id FROM orgs_unit u JOIN up ON u.id = up.parent_id) SELECT * FROM up",
            [list(units)],
        )
        return dict(cursor.fetchall())


def _shift_of(unit: int, parent: int, above: dict[int, int | None]) -> Shift:
    """What moving one unit means; `above` is the tree before it, and after it when this returns."""
    before = line_up(above[unit], above)
    above[unit] = parent
    after = line_up(parent, above)
    return Shift(unit, tuple(n for n in before if n not in after), tuple(n for n in after if n not in before))


def line_up(node: int | None, above: dict[int, int | None]) -> dict[int, None]:
    """A unit and all its ancestors."""
    found: dict[int, None] = {}
    while node is not None:
        found[node] = None
        node = above[node]
    return found


def _rounds(shifts: Sequence[Shift]) -> Iterator[list[Shift]]:
    """Shifts that do not touch each other's sums may be followed together; usually all of them."""
    together: list[Shift] = []
    units: set[int] = set()
    nodes: set[int] = set()
    for shift in shifts:
        touched = {*shift.leaving, *shift.joining}
        if shift.unit in nodes or units & touched:
            yield together
            together, units, nodes = [], set(), set()
        together.append(shift)
        units.add(shift.unit)
        nodes |= touched
    if together:
        yield together


def _renumbered_in_place(goal: dict[int, int]) -> bool:
    """Give the moved subtrees numbers after what their new parents have below them, if there is room."""
    units = list(Unit.objects.filter(pk__in=goal).order_by("lft", "pk"))
    targets = Unit.objects.in_bulk(set(goal.values()))
    inside = any(one.covers(other) for one, other in pairwise(units))
    inside = inside or any(_lies_in(units, target) for target in targets.values())
    if inside or not all(unit.lft for unit in (*units, *targets.values())):
        return False
    free = _free_from(list(targets.values()), leaving_out=units)
    rows = []
    for unit in units:
        target, width = targets[goal[unit.pk]], unit.rgt - unit.lft + 1
        rows.append((unit.lft, unit.rgt, free[target.pk] - unit.lft, target.depth + 1 - unit.depth))
        free[target.pk] += width
    if any(free[target.pk] - 1 > target.rgt for target in targets.values()):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orgs_unit u SET lft = u.lft + n.shift, rgt = u.rgt + n.shift, depth = u.depth + n.deeper "
            "FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[]) AS n(low, high, shift, deeper) "
            "WHERE u.lft BETWEEN n.low AND n.high",
            [list(column) for column in zip(*rows, strict=True)],
        )
    return True


def _lies_in(units: Sequence[Unit], target: Unit) -> bool:
    """Does a unit lie within one of these? They are in the order of their numbers, none within another."""
    at = bisect_right(units, target.lft, key=lambda unit: unit.lft) - 1
    return at >= 0 and units[at].covers(target)


@transaction.atomic
def renumber() -> None:
    """Number all units anew from their parents, in the order of their names, with room to grow."""
    hold()
    rows = list(Unit.objects.order_by("sort_key", "pk").values_list("pk", "parent_id", "lft", "rgt", "depth"))
    below: dict[int | None, list[int]] = {}
    for pk, parent_id, *_rest in rows:
        below.setdefault(parent_id, []).append(pk)
    growth = _GROWTH
    placed = _placed(below, growth)
    if placed and max(rgt for _lft, rgt, _depth in placed.values()) > _LARGEST:
        placed = _placed(below, growth=1)
    changed = [(pk, *placed[pk]) for pk, _parent, *old in rows if placed.get(pk) != tuple(old) and pk in placed]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE orgs_unit u SET lft = n.lft, rgt = n.rgt, depth = n.depth "
                "FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[]) AS n(id, lft, rgt, depth) "
                "WHERE n.id = u.id",
                [list(column) for column in zip(*changed, strict=True)],
            )


def _placed(below: dict[int | None, list[int]], growth: int) -> dict[int, tuple[int, int, int]]:
    """unit -> (lft, rgt, depth). Without recursion: a tree may be deep."""
    order, depth = [], {}
    stack = [(pk, 0) for pk in reversed(below.get(None, []))]
    while stack:
        pk, level = stack.pop()
        order.append(pk)
        depth[pk] = level
        stack += [(child, level + 1) for child in reversed(below.get(pk, []))]
    width: dict[int, int] = {}
    for pk in reversed(order):
        width[pk] = _ROOM + growth * sum(width[child] for child in below.get(pk, []))
    first: dict[int, int] = {}
    start = 1
    for root in below.get(None, []):
        first[root], start = start, start + width[root]
    for pk in order:
        place = first[pk] + 1
        for child in below.get(pk, []):
            first[child], place = place, place + width[child]
    return {pk: (first[pk], first[pk] + width[pk] - 1, depth[pk]) for pk in order}


def _free_from(targets: Sequence[Unit], *, leaving_out: Sequence[Unit]) -> dict[int, int]:
    """Parent -> the first number after everything below it."""
    others = Unit.objects.filter(parent__in=targets).exclude(pk__in=[unit.pk for unit in leaving_out])
    last = dict(others.order_by().values_list("parent").annotate(last=Max("rgt")))
    return {target.pk: max(last.get(target.pk, 0), target.lft) + 1 for target in targets}
