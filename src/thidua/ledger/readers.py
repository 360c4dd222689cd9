"""How a package above learns what happened below: it reads the ledger.

A reader registers when its app is ready. Each matching act leaves an Unread row in the same
transaction; rows are claimed with SKIP LOCKED, so a late commit is never skipped and a crash
loses nothing. Right after the commit a reader reads the acts of that commit, before the answer
of the request; where a worker runs (`READERS_WAIT`), what nobody looks for in the next page is
left to it. What was left over is swept every minute.
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
from functools import partial

from django.conf import settings
from django.db import models, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

log = logging.getLogger(__name__)

BATCH = 200  # acts in one transaction
BATCHES_A_JOB = 3
# How long the worker lets acts gather before it reads them: a burst is read in few batches.
GATHER_SECONDS = 0.5


@dataclass(frozen=True)
class Reader:
    name: str
    prefixes: tuple[str, ...]
    work: Callable[[list], None]  # gets the claimed Act rows, inside their transaction
    patient: tuple[str, ...] = ()  # kinds that may wait a moment for the worker


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
    name: str, prefixes: tuple[str, ...], work: Callable[[list], None], *, patient: tuple[str, ...] = ()
) -> None:
    _readers[name] = Reader(name, prefixes, work, patient)


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
    # Named, not imported: tasks stand above the domain. One that waits already begins later than now.
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task("ledger.read", queueing_lock="ledger.read").defer()
    _covered_until = asked + GATHER_SECONDS


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


def drain(name: str, most: int | None = None) -> int:
    """Work through what is unread, `most` batches at the most; gives the number of acts."""
    done = 0
    for _batch in itertools.count() if most is None else range(most):
        read = _work(_readers[name])
        done += read
        if read < BATCH:
            break
    return done


def _work(reader: Reader, only: Sequence[int] | None = None) -> int:
    """One batch, one transaction: of what is unread, or of these acts at most."""
    from thidua.ledger.models import Unread

    waiting = Unread.objects.filter(reader=reader.name)
    if only is not None:
        waiting = waiting.filter(act__in=only)
    claimed = waiting.select_related("act").select_for_update(skip_locked=True, of=("self",))
    with transaction.atomic():
        rows = list(claimed.order_by("act_id")[:BATCH])
        if rows:
            reader.work([row.act for row in rows])
            Unread.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def drain_all() -> int:
    return sum(drain(name) for name in _readers)


def drain_patient(most: int = BATCHES_A_JOB) -> bool:
    """A stretch of what was left to the worker; True when something may be left. A stop waits for one stretch at most."""
    patient = [reader.name for reader in _readers.values() if reader.patient]
    return any([drain(name, most) == most * BATCH for name in patient])  # noqa: C419 - every reader has its turn
