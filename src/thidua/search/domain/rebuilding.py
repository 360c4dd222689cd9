"""Very many records are indexed at once: after an upgrade, after a load, or anew.

A stretch of what is missing, the oldest first, is read and taken apart without holding anybody up; then its slots
and sets are appended by COPY, as new rows of their terms. Every stretch is committed by itself, so what is broken
off goes on with the next; meanwhile the site works, and finds what is there. In the end the rows are joined.
"""

from __future__ import annotations

import itertools
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet
from pyroaring import BitMap

from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.search.domain import indexing, postings
from thidua.search.models import Document, Posting

STRETCH = 5_000  # records; twice as many took 246 MB
CHUNK = 500  # read at a time
_ONE_AT_A_TIME = 0x7D5EA6  # two would take the same stretch apart; held by the transaction of a stretch

Told = Callable[[int], None]


def missing() -> QuerySet[Initiative]:
    """What should be found and has no document."""
    filed = Initiative.objects.filter(filed_on__isnull=False, document__isnull=True)
    return filed.exclude(state__in=[State.DRAFT, State.WITHDRAWN])


def forget() -> None:
    """Empty the index: nothing is found until `catch_up` has been through."""
    with transaction.atomic(), connection.cursor() as cursor:
        postings.lock()
        cursor.execute(f"TRUNCATE {Document._meta.db_table}, {Posting._meta.db_table}")


def catch_up(seconds: float | None = None, told: Told = lambda _done: None) -> int:
    """Index what has no document; for so long at most. Gives how many it went through, told after every stretch."""
    started, done = time.monotonic(), 0
    while many := _stretch():
        done += many
        told(done)
        if seconds is not None and time.monotonic() - started > seconds:
            break
    return done


@transaction.atomic
def _stretch() -> int:
    if not _is_alone():
        return 0
    # The oldest first, so that the newest stands last, as always.
    pks = list(missing().order_by("filed_on", "pk").values_list("pk", flat=True)[:STRETCH])
    having: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    documents = [(e.pk, e.fingerprint, sorted(e.places)) for e in _taken_apart(pks, having)]
    postings.lock()
    # What was read by others meanwhile, or withdrawn, is theirs. What changes from now on is read after us.
    due = set(missing().filter(pk__in=pks).values_list("pk", flat=True))
    slots = iter(indexing.new_slots(len(due)))
    slot_of = [next(slots) if pk in due else None for pk, _words, _places in documents]
    ours = [(pk, slot, *rest) for (pk, *rest), slot in zip(documents, slot_of, strict=True) if slot is not None]
    load_documents(ours)
    sets = ((term, BitMap(s for n in having[term] if (s := slot_of[n]) is not None)) for term in sorted(having))
    load_sets((term, slots.min(), slots) for term, slots in sets if slots)
    return len(pks)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def _taken_apart(pks: list[int], having: defaultdict[str, array[int]]) -> Iterator[indexing.Entry]:
    """The entries in order; each is entered at its terms by its place in that order."""
    chunks = (set(pks[start : start + CHUNK]) for start in range(0, len(pks), CHUNK))
    for number, entry in enumerate(itertools.chain.from_iterable(map(indexing.entries, chunks))):
        for term in itertools.chain(entry.words, entry.places):
            having[term].append(number)
        yield entry


def load_documents(rows: Iterable[tuple]) -> None:
    """Append (initiative, slot, fingerprint, places)."""
    types = ("int8", "int4", "int8", "varchar[]")
    with _copy(f"{Document._meta.db_table} (initiative_id, slot, words, places)", types) as write:
        for row in rows:
            write(row)


def load_sets(sets: Iterable[tuple[str, int, BitMap]]) -> None:
    """Append (term, where its first row begins, slots): no term may have slots or rows from there on."""
    with _copy(f"{Posting._meta.db_table} (term, first, slots)", ("varchar", "int4", "bytea")) as write:
        for term, begins, whole in sets:
            for first, slots in postings.split(begins, whole):
                write((term, first, slots.serialize()))


@contextmanager
def _copy(target: str, types: tuple[str, ...]) -> Iterator[Callable[[tuple], None]]:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as stream:
        stream.set_types(types)
        yield stream.write_row
