"""From where an act comes (address and page, or a job's name), carried beside the call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("ledger_origin", default="")


def current() -> str:
    return _origin.get()


@contextmanager
def using(origin: str) -> Iterator[None]:
    token = _origin.set(origin[:200])
    try:
        yield
    finally:
        _origin.reset(token)
