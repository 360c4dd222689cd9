"""The sentence that presents each kind of act. Packages register theirs in `events.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from thidua.ledger.models import Act

_sentences: dict[str, str | Promise] = {}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """`{"initiatives.initiative.submitted": _("đã gửi sáng kiến")}`: lazy strings.

    `%(programme)s` stands for what the act noted under that name; an older act that noted nothing shows a dash.
    """
    _sentences.update(sentences)


def sentence(act: Act) -> str:
    """What the actor did, to follow the actor's name; KeyError for an unregistered kind."""
    noted = act.after or {}
    said = re.sub(r"%\((\w+)\)s", lambda m: str(noted.get(m[1]) or "–"), str(_sentences[act.kind]))
    return said.removesuffix(": –")


def kinds() -> frozenset[str]:
    return frozenset(_sentences)
