"""Write the sets of slots: short rows at the end of a term for what is new, long ones for what is old.

A row is written anew when one of its slots changes, so what is written often is kept short; reading takes
all rows of a term, so from time to time they are joined.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from pyroaring import BitMap

LOCK = 0x7D5EA5  # one writer at a time, or of two one would write a row without the other's slots
FRESH = 1500  # bytes: a longer row takes no new slots, a new one is begun
LONG = 16_500  # bytes: a longer row is split; two full containers
CONTAINER = 1 << 16  # slots in one container of a roaring bitmap
SCATTERED = 6  # rows of a term that are worth joining
BATCH = 500  # terms joined at a time
_ROWS = """
    SELECT DISTINCT p.term, p.first, p.slots FROM unnest(%s::text[], %s::int[]) AS w(term, slot)
    CROSS JOIN LATERAL (SELECT term, first, slots FROM search_posting
        WHERE term = w.term AND first <= w.slot ORDER BY first DESC LIMIT 1) p
"""
_WRITE = """
    INSERT INTO search_posting (term, first, slots) SELECT * FROM unnest(%s::text[], %s::int[], %s::bytea[])
    ON CONFLICT (term, first) DO UPDATE SET slots = EXCLUDED.slots
"""
# Terms with many rows that are a fraction of what they could be.
_SCATTERED = """
    SELECT term FROM search_posting GROUP BY term HAVING count(*) >= %s AND sum(length(slots)) < count(*) * %s / 3
"""

Rows = dict[int, BitMap]  # where a row begins → its slots


@dataclass
class Changes:
    """Slots that terms gain and lose, none of them both. Those from `since` on are new to the whole index."""

    since: int
    gained: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lost: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def gain(self, terms: Iterable[str], slot: int) -> None:
        for term in terms:
            self.gained[term].append(slot)

    def lose(self, terms: Iterable[str], slot: int) -> None:
        for term in terms:
            self.lost[term].append(slot)

    def probes(self, term: str) -> set[int]:
        """Slots that lie in all rows concerned: new ones all belong to the last."""
        gained = self.gained.get(term, [])
        old = {slot for slot in itertools.chain(gained, self.lost.get(term, [])) if slot < self.since}
        return old | {self.since} if any(slot >= self.since for slot in gained) else old


def lock() -> None:
    """Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(changes: Changes) -> int:
    """Apply, under the lock; gives how many rows were written."""
    terms = sorted(changes.gained.keys() | changes.lost.keys())
    there = _rows(terms, changes)
    return _put((term, first, slots) for term in terms for first, slots in _changed(term, there[term], changes).items())


def _rows(terms: list[str], changes: Changes) -> defaultdict[str, Rows]:
    return _holding([(term, slot) for term in terms for slot in changes.probes(term)])


def _holding(wanted: list[tuple[str, int]]) -> defaultdict[str, Rows]:
    """The rows in which these slots of these terms would be."""
    found: defaultdict[str, Rows] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [[term for term, _slot in wanted], [slot for _term, slot in wanted]])
        for term, first, slots in cursor.fetchall():
            found[term][first] = BitMap.deserialize(bytes(slots))
    return found


def lacking(terms: Iterable[str], slot: int) -> list[str]:
    """Those of the terms that do not have the slot."""
    wanted = list(terms)
    found = _holding([(term, slot) for term in wanted])
    return [term for term in wanted if not any(slot in slots for slots in found[term].values())]


def _changed(term: str, there: Rows, changes: Changes) -> Rows:
    """The rows of one term that are to be written, as they are then."""
    firsts, result = sorted(there), Rows()

    def row_of(slot: int) -> BitMap:
        row = bisect_right(firsts, slot)
        first = firsts[row - 1] if row else 0
        return result.setdefault(first, there.get(first, BitMap()))

    for slot in changes.lost.get(term, []):
        row_of(slot).discard(slot)
    gained = changes.gained.get(term, [])
    for slot in gained:
        if slot < changes.since:
            row_of(slot).add(slot)
    if new := BitMap(slot for slot in gained if slot >= changes.since):
        last = firsts[-1] if firsts else 0
        if last in there and len(there[last].serialize()) > FRESH:
            result[new.min()] = new
        else:
            result[last] = result.get(last, there.get(last, BitMap())) | new
    return dict(itertools.chain.from_iterable(split(first, slots) for first, slots in result.items()))


def split(first: int, slots: BitMap) -> Iterator[tuple[int, BitMap]]:
    """One row, or several where it would be too long: (where it begins, slots)."""
    slots.run_optimize()
    if len(slots.serialize()) <= LONG:
        yield first, slots
        return
    piece, begins, size = BitMap(), first, 0
    for container in _containers(slots):
        length = len(container.serialize())
        if piece and size + length > LONG:
            yield begins, piece
            piece, begins, size = BitMap(), container.min(), 0
        piece |= container
        size += length
    yield begins, piece


def _containers(slots: BitMap) -> Iterator[BitMap]:
    for start in range(slots.min() // CONTAINER * CONTAINER, slots.max() + 1, CONTAINER):
        if container := slots & BitMap(range(start, start + CONTAINER)):
            container.run_optimize()
            yield container


def _put(rows: Iterable[tuple[str, int, BitMap]]) -> int:
    whole = [(term, first, slots.serialize()) for term, first, slots in rows]
    if whole:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*whole, strict=True)])
    return len(whole)


def join() -> int:
    """Make long rows out of many short ones, some terms at a time; gives how many terms."""
    with connection.cursor() as cursor:
        cursor.execute(_SCATTERED, [SCATTERED, LONG])
        terms = [term for (term,) in cursor.fetchall()]
    for start in range(0, len(terms), BATCH):
        _join(terms[start : start + BATCH])
    return len(terms)


@transaction.atomic
def _join(terms: list[str]) -> None:
    lock()
    whole: defaultdict[str, BitMap] = defaultdict(BitMap)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_posting WHERE term = ANY(%s) RETURNING term, slots", [terms])
        for term, slots in cursor.fetchall():
            whole[term] |= BitMap.deserialize(bytes(slots))
    _put((term, first, slots) for term in sorted(whole) for first, slots in split(0, whole[term]))
