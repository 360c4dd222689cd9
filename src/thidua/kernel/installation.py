"""Read the installation row, remembered for a few seconds in each process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from thidua.kernel import clock
from thidua.kernel.models import Installation

REMEMBERED_FOR = 5.0
_remembered: tuple[float, Installation] | None = None


def current() -> Installation:
    """The installation; an unsaved default when the row does not exist yet."""
    global _remembered  # noqa: PLW0603 - one small process-wide memory, refreshed by time
    if _remembered is None or time.monotonic() - _remembered[0] > REMEMBERED_FOR:
        _remembered = (time.monotonic(), Installation.objects.first() or Installation())
    return _remembered[1]


@contextmanager
def standing_clock() -> Iterator[None]:
    """The day a demonstration stands at, else the running clock. Every background job that dates anything runs in it."""
    standing = current()
    with clock.at(standing.clock_on if standing.is_demonstration else None):
        yield


def set_demonstration(*, is_demonstration: bool, clock_on: date | None) -> None:
    Installation.objects.update_or_create(id=1, defaults={"is_demonstration": is_demonstration, "clock_on": clock_on})
    forget()


def forget() -> None:
    global _remembered  # noqa: PLW0603
    _remembered = None
