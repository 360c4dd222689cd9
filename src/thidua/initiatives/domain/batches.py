"""The same step on many dossiers: each stands or falls alone, and each tells its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused


@dataclass(frozen=True)
class Outcome:
    """What became of one dossier: done, or the sentence that says why not."""

    code: str
    title: str
    is_done: bool
    sentence: str


def each(items: Iterable[Initiative], verb: Callable[[Initiative], str]) -> list[Outcome]:
    """Do `verb` to every item in its own transaction; it gives the sentence of what was done."""
    found = []
    for item in items:
        try:
            with transaction.atomic():
                found.append(Outcome(item.code, item.title, is_done=True, sentence=verb(item)))
        except Refused as refused:
            found.append(Outcome(item.code, item.title, is_done=False, sentence=refused.sentence))
    return found
