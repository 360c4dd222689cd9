"""Reading from copies of the database that may lag: the one place that decides which database a query goes to.

Reads go to the primary unless the code says by name that they may lag: `with reading(…)`, for pages the
decorator `may_lag` of the shell. Inside such a read nothing may be written: the router refuses, with or
without a replica, so a test finds it on a laptop. Whoever has just written is served by a copy only once
that has replayed the write: `position()` after it, `choose(position)` before the next read.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

# Asking a copy how far it is costs a third of a millisecond: once a second is enough, and
# again when somebody needs a later position than the last one seen.
PROBE_SECONDS = 1.0
# A copy that failed is left alone for a while.
DOWN_SECONDS = 5.0
# Who is signed in, and how often one has tried: never from a copy.
PRIMARY_APPS = frozenset({"sessions", "accounts", "procrastinate", "django_cache"})
PRIMARY_MODELS = frozenset({"people.account"})

_reading: ContextVar[str | None] = ContextVar("reading", default=None)
_written: ContextVar[dict[str, bool] | None] = ContextVar("written", default=None)


class WroteWhileReading(RuntimeError):
    """A read that may lag tried to write: the code is wrong, not the user."""


class Router:
    """Django's DATABASE_ROUTERS: the primary, or the copy this read has chosen."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        if model._meta.app_label in PRIMARY_APPS or model._meta.label_lower in PRIMARY_MODELS:
            return DEFAULT_DB_ALIAS
        return alias()

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        if model._meta.app_label not in PRIMARY_APPS:
            if _reading.get() is not None:
                raise WroteWhileReading(f"{model._meta.label} is written inside a read that may lag")
            if (seen := _written.get()) is not None:
                seen["wrote"] = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        return True  # the same rows, in the same database or in a copy of it

    def allow_migrate(self, db: str, *_args: Any, **_hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def alias() -> str:
    """The database a query of this read goes to."""
    return _reading.get() or DEFAULT_DB_ALIAS


def connection() -> BaseDatabaseWrapper:
    """For queries written in SQL: `replicas.connection().cursor()`."""
    return connections[alias()]


@contextmanager
def reading(database: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Everything read in here may lag, and nothing may be written."""
    token = _reading.set(database)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def noting_writes() -> Iterator[dict[str, bool]]:
    """`seen["wrote"]` says afterwards whether anything was written in here."""
    seen = {"wrote": False}
    token = _written.set(seen)
    try:
        yield seen
    finally:
        _written.reset(token)


# --- how far each copy is ---


@dataclass
class Copy:
    """What this process last saw of a copy."""

    name: str
    replayed: int = 0
    looked: float = float("-inf")
    down_until: float = float("-inf")
    is_late: bool = False
    probing: threading.Lock = field(default_factory=threading.Lock)

    def serves(self, needed: int) -> bool:
        """May somebody who has written up to `needed` read here?"""
        now = time.monotonic()
        if now < self.down_until:
            return False
        if now - self.looked > PROBE_SECONDS or self.replayed < needed:
            # One thread asks; while it waits for a dead machine the others go to the primary.
            if not self.probing.acquire(blocking=False):
                return now - self.looked <= 2 * PROBE_SECONDS and self.replayed >= needed and not self.is_late
            try:
                self._probe()
            finally:
                self.probing.release()
        return time.monotonic() >= self.down_until and self.replayed >= needed and not self.is_late

    def _probe(self) -> None:
        try:
            with connections[self.name].cursor() as cursor:
                cursor.execute(
                    "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint,"
                    " extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"
                )
                is_copy, replayed, lag = cursor.fetchone()
        except Error as fault:
            self.fail(fault)
            return
        if not is_copy:  # promoted, or the wrong address: its rows are no copy of ours any more
            self.fail(RuntimeError("not a replica"))
            return
        self.replayed, self.looked = int(replayed or 0), time.monotonic()
        # The worker writes every ten seconds, so a copy that follows has replayed something lately.
        self.is_late = lag is not None and lag > settings.REPLICA_LAG_SECONDS

    def fail(self, fault: Exception) -> None:
        first = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        log.warning("%s is left alone for %d s: %s", self.name, DOWN_SECONDS, first)
        self.down_until = time.monotonic() + DOWN_SECONDS


_copies: dict[str, Copy] = {}


def copies() -> list[Copy]:
    for name in settings.REPLICAS:
        _copies.setdefault(name, Copy(name))
    return [_copies[name] for name in settings.REPLICAS]


def choose(needed: int = 0) -> str:
    """A copy that has replayed position `needed`, else the primary."""
    found = copies()
    random.shuffle(found)
    return next((copy.name for copy in found if copy.serves(needed)), DEFAULT_DB_ALIAS)


def failed(name: str, fault: Exception) -> None:
    """A read on this copy broke off; `name` may be the primary, then it is no copy's fault."""
    if name in _copies:
        _copies[name].fail(fault)


def position() -> int:
    """How far the primary's log is: everything committed so far lies before it."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
        return int(cursor.fetchone()[0])
