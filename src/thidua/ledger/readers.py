"""How a package above learns what happened below: it reads the ledger.

A reader registers when its app is ready. Each matching act leaves an Unread row in the same
transaction; rows are claimed with SKIP LOCKED, so a late commit is never skipped and a crash
loses nothing. The reader runs right after commit, and the worker sweeps what was left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    name: str
    prefixes: tuple[str, ...]
    work: Callable[[list], None]  # gets the claimed Act rows, inside their transaction


_readers: dict[str, Reader] = {}


def register(name: str, prefixes: tuple[str, ...], work: Callable[[list], None]) -> None:
    _readers[name] = Reader(name, prefixes, work)


def wanting(kind: str) -> list[str]:
    return [r.name for r in _readers.values() if kind.startswith(r.prefixes)]


def drain(name: str, batch: int = 200) -> int:
    """Work through what is unread; gives the number of acts. One transaction a batch."""
    from thidua.ledger.models import Unread

    done = 0
    while True:
        with transaction.atomic():
            rows = list(
                Unread.objects.filter(reader=name)
                .select_related("act")
                .select_for_update(skip_locked=True, of=("self",))
                .order_by("act_id")[:batch]
            )
            if not rows:
                return done
            _readers[name].work([row.act for row in rows])
            Unread.objects.filter(pk__in=[row.pk for row in rows]).delete()
            done += len(rows)


def drain_quietly(name: str) -> None:
    """After commit the user's act is done: a reader's fault is logged and left to the worker."""
    try:
        drain(name)
    except Exception:
        log.exception("reader %s failed; its unread acts stay queued", name)


def drain_all() -> int:
    return sum(drain(name) for name in _readers)
