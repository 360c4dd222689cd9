"""In what, and how often, Python searches for cycles of objects."""

from __future__ import annotations

import gc
from typing import Any

# New objects between two searches. A page makes some 50,000, nearly all gone by themselves when it is drawn;
# Python's own 700 means a search every few rows of a table.
_NEW_OBJECTS = 50_000


def set_aside(_app: Any = None) -> None:
    """What is loaded by now stays for good and is never searched again: half a million objects, some 50 ms each time.

    procrastinate calls this in every process, when all models, verbs and tasks are loaded.
    """
    gc.freeze()


def calm() -> None:
    """For pages: also what they leave is searched more rarely. Not for jobs, whose tables may be large."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
