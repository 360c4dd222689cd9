"""Today's tree as nested intervals, so that "everything below" is one range of integers.

Intervals have room at their end: founding or moving a unit usually writes only the rows that move.
When there is no room left, all units are numbered anew, in the order of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection, transaction
from django.db.models import Max

from thidua.orgs.models import Unit

LOCK = 0x7D5EA2
# Room of a unit without children, and how much wider than its content a unit is made.
_ROOM, _GROWTH = 8, 2
_LARGEST = 2**31 - 1

# Called in the transaction of a move, with the ids of the units and of the ancestors they leave and join.
Follower = Callable[[Sequence[int], Sequence[int], Sequence[int]], None]
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
        start = _free_from(parent, leaving_out=[unit])
        if start + _ROOM - 1 <= parent.rgt:
            Unit.objects.filter(pk=unit.pk).update(lft=start, rgt=start + _ROOM - 1, depth=parent.depth + 1)
        else:
            renumber()
    unit.refresh_from_db(fields=["lft", "rgt", "depth"])


@transaction.atomic
def hang(unit: Unit, parent: Unit | None) -> None:
    """Put a unit with all below it under another parent in today's tree, and tell the followers."""
    hold()
    unit.refresh_from_db(fields=["lft", "rgt", "depth", "parent"])
    hang_many([unit], parent)
    unit.parent = parent
    unit.refresh_from_db(fields=["lft", "rgt", "depth"])


@transaction.atomic
def hang_many(units: Sequence[Unit], parent: Unit | None) -> None:
    """Put sisters, each with all below it, under another parent: a dozen statements however many they are."""
    hold()
    units = list(Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("lft", "pk"))
    if not units:
        return
    if len({unit.parent_id for unit in units}) > 1:
        raise ValueError("only units with the same parent are hung together")
    before = _ids_above(units[0])
    Unit.objects.filter(pk__in=[unit.pk for unit in units]).update(parent=parent)
    target = Unit.objects.filter(pk=parent.pk).first() if parent else None
    start = _free_from(target, leaving_out=units) if target else _LARGEST
    width = sum(unit.rgt - unit.lft + 1 for unit in units)
    if target and all(unit.lft for unit in units) and start + width - 1 <= target.rgt:
        _shift(units, start, target.depth + 1)
    else:
        renumber()
    after = _ids_above(Unit.objects.get(pk=units[0].pk))
    leaving, joining = [i for i in before if i not in after], [i for i in after if i not in before]
    for work in _followers:
        work([unit.pk for unit in units], leaving, joining)


def _shift(units: Sequence[Unit], start: int, depth: int) -> None:
    """Give subtrees new numbers, side by side from a start, in one statement."""
    rows = []
    for unit in units:
        rows.append((unit.lft, unit.rgt, start - unit.lft, depth - unit.depth))
        start += unit.rgt - unit.lft + 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orgs_unit u SET lft = u.lft + n.shift, rgt = u.rgt + n.shift, depth = u.depth + n.deeper "
            "FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[]) AS n(low, high, shift, deeper) "
            "WHERE u.lft BETWEEN n.low AND n.high",
            [list(column) for column in zip(*rows, strict=True)],
        )


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


def _free_from(parent: Unit, *, leaving_out: Sequence[Unit]) -> int:
    """The first number after everything below a parent."""
    others = Unit.objects.filter(parent=parent).exclude(pk__in=[unit.pk for unit in leaving_out])
    last = others.aggregate(last=Max("rgt"))["last"]
    return max(last or 0, parent.lft) + 1


def _ids_above(unit: Unit) -> list[int]:
    return list(
        Unit.objects.filter(lft__lte=unit.lft, rgt__gte=unit.lft)
        .exclude(pk=unit.pk)
        .order_by("lft")
        .values_list("pk", flat=True)
    )
