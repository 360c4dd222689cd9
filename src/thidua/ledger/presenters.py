"""The sentence that presents each kind of act. Packages register theirs in `events.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from thidua.ledger.models import Act

_sentences: dict[str, str | Promise] = {}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """`{"initiatives.initiative.submitted": _("đã gửi sáng kiến")}`: lazy strings."""
    _sentences.update(sentences)


def sentence(act: Act) -> str:
    """What the actor did, to follow the actor's name; KeyError for an unregistered kind."""
    return str(_sentences[act.kind])


def kinds() -> frozenset[str]:
    return frozenset(_sentences)
