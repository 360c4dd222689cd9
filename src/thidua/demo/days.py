"""Days as they are played: what happens on one is counted on that day, so that progress of the past shows growth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from thidua.kernel import clock
from thidua.ledger import readers


@contextmanager
def played(day: date) -> Iterator[None]:
    with clock.at(day):
        yield
        readers.drain("tallies")
