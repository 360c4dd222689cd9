"""How a package above learns what happened below: it reads the ledger.

A reader registers when its app is ready. Each matching act leaves an Unread row in the same
transaction; rows are claimed with SKIP LOCKED, so a late commit is never skipped and a crash
loses nothing. Right after the commit a reader reads the acts of that commit, before the answer
of the request; where a worker runs (`READERS_WAIT`), what nobody looks for in the next page is
left to it: first what is looked for in a moment, and between its batches the dear reading of those
who are in no hurry. What was left over is swept every minute. An act that a reader cannot read is
put off, alone and for that reader alone, and tried again after a while.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection, models, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thidua.kernel import clock

log = logging.getLogger(__name__)

BATCH = 200  # acts in one transaction
# … by the worker, who is slow while people file: whoever sends a dossier that is just being judged waits for it.
SHORT_BATCH, DEAR_BATCH = 25, 100
# How long the worker reads before it asks for the rest as another job. A stop waits for that and a batch at most.
STRETCH_SECONDS = 5.0
# How long the worker lets acts gather before it reads them: a burst is read in few batches.
GATHER_SECONDS = 0.5
_ONE_JOB_EACH = 0x7D5EA7
LONGEST_WAIT = 60  # minutes until an act that failed again and again has its next turn


@dataclass(frozen=True)
class Reader:
    name: str
    prefixes: tuple[str, ...]
    work: Callable[[list], None]  # gets the claimed Act rows, inside their transaction
    patient: tuple[str, ...] = ()  # kinds that may wait a moment for the worker
    unhurried: bool = False  # … and longer while others are read: dear, and nobody waits for it

    @property
    def at_once(self) -> int:
        if not self.patient:
            return BATCH
        return DEAR_BATCH if self.unhurried else SHORT_BATCH


class _Awaited(threading.local):
    """What follows the transaction in progress: one reading by each reader, one job, however many acts.

    Numbers of a transaction that was rolled back may stay: they name nothing.
    """

    def __init__(self) -> None:
        self.acts: defaultdict[str, list[int]] = defaultdict(list)
        self.worker = False


_readers: dict[str, Reader] = {}
_awaited = _Awaited()
_covered_until = 0.0  # what is committed before this moment, a job already asked for will read


def register(
    name: str,
    prefixes: tuple[str, ...],
    work: Callable[[list], None],
    *,
    patient: tuple[str, ...] = (),
    unhurried: bool = False,
) -> None:
    _readers[name] = Reader(name, prefixes, work, patient, unhurried)


def wanting(kind: str) -> list[Reader]:
    """Who asked for acts of this kind."""
    return [reader for reader in _readers.values() if kind.startswith(reader.prefixes)]


def follow(kind: str, acts: Sequence[int], wanted_by: Sequence[Reader]) -> None:
    """Inside the transaction that left these acts unread: what reads them once it is committed."""
    for reader in wanted_by:
        if settings.READERS_WAIT and kind.startswith(reader.patient):
            _awaited.worker = True
            transaction.on_commit(partial(_quietly, _ask_worker))
        else:
            _awaited.acts[reader.name] += acts
            transaction.on_commit(partial(_quietly, partial(_read, reader)))


def _quietly(follow: Callable[[], None]) -> None:
    """After commit the user's act is done: what fails here is logged and left to the worker."""
    try:
        follow()
    except Exception:
        log.exception("reading the ledger failed; unread acts stay queued")


def _read(reader: Reader) -> None:
    acts = _awaited.acts.pop(reader.name, [])
    for start in range(0, len(acts), BATCH):
        _work(reader, acts[start : start + BATCH])


def _ask_worker() -> None:
    """Once in a while however much is filed: the job begins by waiting, and reads what came meanwhile."""
    if not _awaited.worker:
        return
    _awaited.worker = False
    global _covered_until  # noqa: PLW0603 - one number of this process
    asked = time.monotonic()
    if asked < _covered_until:
        return
    ask_for_a_stretch()
    _covered_until = asked + GATHER_SECONDS


def ask_for_a_stretch() -> None:
    """Named, not imported: tasks stand above the domain. One that waits already begins later than now."""
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task("ledger.read", queueing_lock="ledger.read").defer()


def ask_anew() -> None:
    """Forget what has been asked for: jobs were taken away."""
    global _covered_until  # noqa: PLW0603
    _covered_until = 0.0


def is_behind(name: str, subject: models.Model) -> bool:
    """Has this reader still to read an act on this record? Only where a worker is waited for."""
    from thidua.ledger.models import Unread

    if not settings.READERS_WAIT:
        return False
    about = {"act__subject_type": subject._meta.label_lower, "act__subject_id": subject.pk}
    return Unread.objects.filter(reader=name, **about).exists()


def drain(name: str) -> int:
    """Work through all that is unread, put off or not, or raise what fails; gives the number of acts."""
    return _batches(_readers[name], _work, None)


def _batches(reader: Reader, read: Callable[[Reader], int], most: int | None) -> int:
    done = 0
    for _batch in itertools.count() if most is None else range(most):
        acts = read(reader)
        done += acts
        if acts < reader.at_once:
            break
    return done


def _unread(reader: Reader, only: Sequence[int] | None = None) -> models.QuerySet:
    from thidua.ledger.models import Unread

    waiting = Unread.objects.filter(reader=reader.name).order_by("act_id")
    return waiting if only is None else waiting.filter(act__in=only)


def _work(reader: Reader, only: Sequence[int] | None = None) -> int:
    """One batch, one transaction: of what is unread, or of these acts at most."""
    claimed = _unread(reader, only).select_related("act").select_for_update(skip_locked=True, of=("self",))
    with transaction.atomic():
        rows = list(claimed[: reader.at_once] if only is None else claimed)
        if rows:
            reader.work([row.act for row in rows])
            _unread(reader, [row.act_id for row in rows]).delete()
    return len(rows)


def _due(reader: Reader) -> models.QuerySet:
    return _unread(reader).filter(models.Q(not_before=None) | models.Q(not_before__lte=clock.running()))


def _work_on(reader: Reader) -> int:
    """One batch of what is due. Where it fails, each act alone, so that one cannot stand in the way of others."""
    acts = list(_due(reader).values_list("act_id", flat=True)[: reader.at_once])
    if not acts:
        return 0
    try:
        _work(reader, acts)
    except Exception:
        log.warning("reader %s failed; its acts are read one by one", reader.name, exc_info=True)
        if not sum([_read_or_put_off(reader, act) for act in acts]):
            return 0  # all of them: the fault is not in the acts, and the rest is left for later
    return len(acts)


def _read_or_put_off(reader: Reader, act: int) -> bool:
    try:
        _work(reader, [act])
    except Exception:
        row = _unread(reader, [act]).first()
        if row is not None:
            row.tries = min(row.tries + 1, 100)
            wait = timedelta(minutes=min(2 ** (row.tries - 1), LONGEST_WAIT))
            row.not_before = clock.running() + wait
            row.save(update_fields=["tries", "not_before"])
            log.exception("reader %s failed on act %s; again in %s", reader.name, act, wait)
        return False
    return True


def _turn(reader: Reader) -> int:
    """The unhurried are read by one job at a time, so that the next is free for what somebody waits for."""
    if not reader.unhurried:
        return _work_on(reader)
    with transaction.atomic():
        return _work_on(reader) if _is_alone(reader) else 0


def _is_alone(reader: Reader) -> bool:
    """Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_ONE_JOB_EACH, reader.name])
        return bool(cursor.fetchone()[0])


def _sweep(chosen: Sequence[Reader], most: int | None) -> dict[str, int]:
    """Each reader by itself: one that fails is logged and keeps its place, the others go on."""
    done = dict.fromkeys([reader.name for reader in chosen], 0)
    for reader in chosen:
        try:
            done[reader.name] = _batches(reader, _turn, most)
        except Exception:
            log.exception("reader %s failed; its unread acts stay queued", reader.name)
    return done


def drain_all() -> int:
    return sum(drain(name) for name in _readers)


def sweep() -> int:
    """All that is due, by the worker: what fails is put off instead of raised. For the unhurried a job is asked for."""
    unhurried = [reader for reader in _readers.values() if reader.unhurried]
    done = _sweep([reader for reader in _readers.values() if not reader.unhurried], None)
    if any(_due(reader).exists() for reader in unhurried):
        ask_for_a_stretch()
    return sum(done.values())


def drain_patient() -> bool:
    """A stretch of what was left to the worker; True when something may be left."""
    patient = [reader for reader in _readers.values() if reader.patient]
    awaited = [reader for reader in patient if not reader.unhurried]
    unhurried = [reader for reader in patient if reader.unhurried]
    until = time.monotonic() + STRETCH_SECONDS
    while True:
        is_left = _round(awaited, unhurried)
        if not is_left or time.monotonic() >= until:
            return is_left


def _round(awaited: Sequence[Reader], unhurried: Sequence[Reader]) -> bool:
    """One batch of each, and before each batch what somebody waits for. True when more may be left."""
    is_left = False
    for some in ([], *([reader] for reader in unhurried)):
        if _is_full(_sweep(awaited, 1)):
            return True
        is_left |= _is_full(_sweep(some, 1))
    return is_left


def _is_full(done: dict[str, int]) -> bool:
    return any(acts == _readers[name].at_once for name, acts in done.items())


def are_failing() -> bool:
    """Is there an act that a reader tried to read and could not?"""
    from thidua.ledger.models import Unread

    return Unread.objects.filter(tries__gt=0).exists()
