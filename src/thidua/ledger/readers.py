"""How a package above learns what happened below: it reads the ledger.

A reader registers when its app is ready. Each matching act leaves an Unread row in the same
transaction; rows are claimed with SKIP LOCKED, so a late commit is never skipped and a crash
loses nothing. Right after the commit a reader reads the acts of that commit, before the answer
of the request; a patient one leaves them to the worker where there is one (`READERS_WAIT`).
What was left is swept every minute.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """`is_patient`: nobody looks for its result in the very next page, and reading takes its time."""

    name: str
    prefixes: tuple[str, ...]
    work: Callable[[list], None]  # gets the claimed Act rows, inside their transaction
    is_patient: bool = False


class _Awaited(threading.local):
    """Acts of the transaction in progress, by reader: one reading after the commit, however many there are.

    Numbers of a transaction that was rolled back may stay: they name nothing.
    """

    def __init__(self) -> None:
        self.acts: defaultdict[str, list[int]] = defaultdict(list)


_readers: dict[str, Reader] = {}
_awaited = _Awaited()


def register(name: str, prefixes: tuple[str, ...], work: Callable[[list], None], *, is_patient: bool = False) -> None:
    _readers[name] = Reader(name, prefixes, work, is_patient)


def queue(kind: str, acts: Sequence) -> None:
    """Inside the transaction of these acts: leave them to every reader that asked for their kind."""
    from thidua.ledger.models import Unread

    wanting = [r for r in _readers.values() if kind.startswith(r.prefixes)] if acts else []
    Unread.objects.bulk_create([Unread(act=act, reader=reader.name) for act in acts for reader in wanting])
    for reader in wanting:
        _awaited.acts[reader.name] += [act.pk for act in acts]
        transaction.on_commit(partial(_read_or_leave, reader))


def _read_or_leave(reader: Reader) -> None:
    """After commit the user's act is done: a reader's fault is logged and its acts are left to the worker."""
    acts = _awaited.acts.pop(reader.name, None)
    if not acts:
        return
    try:
        if reader.is_patient and settings.READERS_WAIT:
            for other in [r.name for r in _readers.values() if r.is_patient]:
                _awaited.acts.pop(other, None)  # one job reads for all of them
            _ask_worker()
        else:
            drain(reader.name, acts)
    except Exception:
        log.exception("reader %s failed; its unread acts stay queued", reader.name)


def _ask_worker() -> None:
    # Named, not imported: tasks stand above the domain. The job that waits reads what came since, too.
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task("ledger.read", queueing_lock="ledger.read").defer()


def drain(name: str, only: Sequence[int] | None = None, batch: int = 200) -> int:
    """Work through what is unread, or `only` these acts; gives their number. One transaction a batch."""
    from thidua.ledger.models import Unread

    waiting, done = Unread.objects.filter(reader=name), 0
    if only is not None:
        waiting = waiting.filter(act__in=only)
    while True:
        with transaction.atomic():
            rows = list(
                waiting.select_related("act")
                .select_for_update(skip_locked=True, of=("self",))
                .order_by("act_id")[:batch]
            )
            if rows:
                _readers[name].work([row.act for row in rows])
                Unread.objects.filter(pk__in=[row.pk for row in rows]).delete()
        done += len(rows)
        if len(rows) < batch:
            return done


def drain_all(*, patient_only: bool = False) -> int:
    return sum(drain(reader.name) for reader in _readers.values() if reader.is_patient or not patient_only)
