"""Read the index: which slots have a term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg.pq import Format
from pyroaring import BitMap

from thidua.kernel import replicas

MOST_KEPT = 400
# Which rows a term has, and which version of each: another one after every write.
_VERSIONS = """
    SELECT term, string_agg(xmin::text || ctid::text, ' ' ORDER BY first) FROM search_posting
    WHERE term = ANY(%s) GROUP BY term
"""
_NOTHING: tuple[str, BitMap] = ("", BitMap())
_kept: dict[str, tuple[str, BitMap]] = {}  # term → versions of its rows, its slots; never changed in place


class Slots(dict[str, BitMap]):
    """Term → the slots that have it; a term that is not there nobody has."""

    def __missing__(self, term: str) -> BitMap:
        return BitMap()

    def having_any(self, terms: Iterable[str]) -> BitMap:
        return BitMap.union(*found) if (found := [self[term] for term in terms]) else BitMap()


def read(terms: Iterable[str]) -> Slots:
    """The slots of these terms, all as of one moment."""
    return _read("term = ANY(%s)", sorted(set(terms)))


def read_often(terms: Iterable[str]) -> Slots:
    """As `read`, for the few terms by which every search of the library counts: this process keeps them while their
    rows in the database are the same ones."""
    wanted = sorted(set(terms))
    with replicas.connection().cursor() as cursor:
        cursor.execute(_VERSIONS, [wanted])
        versions = dict(cursor.fetchall())
    held = {term: _kept.get(term, _NOTHING) for term in wanted}
    changed = [term for term in wanted if held[term][0] != versions.get(term, "")]
    read_anew = read(changed) if changed else Slots()
    # Read after their versions: at worst newer than these say, and then read once more the next time.
    fresh = {term: (versions.get(term, ""), read_anew[term]) for term in changed}
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    _kept.update(fresh)
    return Slots({term: slots for term, (_version, slots) in {**held, **fresh}.items()})


def beginning(mark: str) -> Slots:
    """The slots of every term that begins so, of a kind that has few."""
    return _read("term LIKE %s", f"{mark}%")


def _read(condition: str, value: object) -> Slots:
    connection: Any = replicas.connection()
    with connection.cursor() as cursor:
        query = cursor.mogrify(f"SELECT term, slots FROM search_posting WHERE {condition}", [value])  # noqa: S608 - ours
    rows: dict[str, list[BitMap]] = {}
    with _in_binary(connection) as cursor:
        cursor.execute(query)
        for term, slots in cursor.fetchall():
            rows.setdefault(term, []).append(BitMap.deserialize(slots))
    return Slots({term: BitMap.union(*found) if len(found) > 1 else found[0] for term, found in rows.items()})


def _in_binary(connection: Any) -> Any:
    """A cursor that gives bytes as they are: as the text of other cursors they are twice as many and take twice as
    long. It takes no values: Django's fills them in on our side."""
    raw = psycopg.Cursor(connection.connection)
    raw.format = Format.BINARY
    return connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
