"""The sums of every node: folded, rebuilt while everybody works, and verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import SerializationFailure

from thidua.kernel import clock
from thidua.orgs.domain import tree
from thidua.programmes.models import Programme
from thidua.tallies.domain import recounts
from thidua.tallies.domain.nodes import SUMS
from thidua.tallies.models import Delta, Tally

_ATTEMPTS = 5

fold = SUMS.fold


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment, whoever writes meanwhile; nobody waits."""
    is_first = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a part of a nation is a million rows
        yield


Told = Callable[[recounts.Part, int], None]  # after each part, and how many were wrong: what is broken off can go on


def rebuild(programme: Programme, *, after: int = 0, told: Told = lambda _part, _wrong: None) -> None:
    """Make the sums of a programme those of its entries again, while everybody goes on working.

    Some units at a time: what differs is posted as deltas beside the live ones, so no reader or writer is
    held up. Done twice, it finds nothing more to do.
    """
    if _build(programme):
        return
    for part in recounts.parts(after):
        for attempt in range(_ATTEMPTS):
            try:
                wrong = _correct(programme, part)
                break
            except OperationalError as error:  # the days were written to meanwhile: look again
                if not isinstance(error.__cause__, SerializationFailure) or attempt == _ATTEMPTS - 1:
                    raise
        fold()
        told(part, wrong)


def _correct(programme: Programme, part: recounts.Part) -> int:
    with _one_moment(), connection.cursor() as cursor:
        # One at a time; keeps neither readers nor writers waiting. First, as it takes no snapshot.
        cursor.execute("LOCK TABLE tallies_tally IN SHARE UPDATE EXCLUSIVE MODE")
        recounts.leaves(programme, part)
        wrong = recounts.post_corrections(programme, clock.today(), part)
        wrong += recounts.correct_days(programme, clock.today(), part)
        recounts.forget()
    return wrong


@transaction.atomic
def _build(programme: Programme) -> bool:
    """The first sums of a programme that has entries but no sums; its writers wait for it. False: it has some."""
    kept = Tally.objects.filter(programme=programme)
    if kept.exists():
        return False
    tree.hold_still()  # a move would shift sums that it does not see yet
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tallies_delta IN SHARE ROW EXCLUSIVE MODE")
    if kept.exists():  # somebody has folded while we waited
        return False
    recounts.leaves(programme)
    recounts.raise_up()
    Delta.objects.filter(programme=programme).delete()
    recounts.write_sums(programme)
    recounts.correct_days(programme, clock.today())
    recounts.forget()
    return True


def faults(programme: Programme) -> list[str]:
    """Where sums + pending differ from a recount; empty when every number adds up."""
    return [fault for _part, found in faults_by_part(programme) for fault in found]


def faults_by_part(programme: Programme, *, after: int = 0) -> Iterator[tuple[recounts.Part, list[str]]]:
    """Some units at a time, each part as it was at one moment. A wrong sum shows at its unit and, the other
    way round, at the unit above."""
    for part in recounts.parts(after):
        with _one_moment():
            recounts.leaves(programme, part)
            found = [
                f"unit {unit}, phase {phase}, {measure} {bucket}: {kept} {what}, {counted} counted"
                for query, what in ((recounts.OWN, "kept of its own"), (recounts.DAYS, "by days"))
                for phase, unit, measure, bucket, kept, counted in recounts.differences(query, programme, part)
            ]
            recounts.forget()
        yield part, found
