"""Many rows, so many at a time: what is held in memory does not grow with the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Row = TypeVar("Row")


def in_batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of at most `size`, the last one shorter; nothing is read before it is asked for."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch
