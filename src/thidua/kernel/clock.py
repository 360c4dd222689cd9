"""The only place that knows what time it is.

A demonstration may stand inside 2022, and generated data must carry the dates of the acts it
plays; both go through `at()`. Tests freeze time the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("standing_clock", default=None)
_running: ContextVar[datetime | None] = ContextVar("running_clock", default=None)


def now() -> datetime:
    return _standing.get() or timezone.now()


def today() -> date:
    """Today's date in Viet Nam."""
    return timezone.localtime(now()).date()


def first_moment(day: date) -> datetime:
    """Midnight in Viet Nam."""
    return timezone.make_aware(datetime.combine(day, time()))


@contextmanager
def at(moment: date | datetime | None) -> Iterator[None]:
    """Let the clock stand at a day (09:00 local) or moment; None lets it run."""
    if moment is not None and not isinstance(moment, datetime):
        moment = timezone.make_aware(datetime.combine(moment, time(9, 0)))
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def running() -> datetime:
    """The real time, wherever a demonstration's clock stands: for delays, expiry and sessions."""
    return _running.get() or timezone.now()


@contextmanager
def running_at(moment: datetime) -> Iterator[None]:
    """Tests wait an hour without waiting."""
    token = _running.set(moment)
    try:
        yield
    finally:
        _running.reset(token)
