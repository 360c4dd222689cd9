"""Append to the ledger. Call inside the transaction of the change it tells of."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, connections, models, router

from thidua.kernel import clock
from thidua.ledger import origin, readers
from thidua.ledger.models import Act


class Actor(Protocol):
    """Anybody who acts: a Person, or the named system actor."""

    @property
    def pk(self) -> int | None: ...

    @property
    def full_name(self) -> str: ...


class System:
    """A job acts under its own name."""

    pk = None

    def __init__(self, name: str) -> None:
        self.full_name = name


def digest_of(act: Act) -> str:
    content = {
        name: getattr(act, name)
        for name in (
            "kind",
            "actor_id",
            "actor_name",
            "subject_type",
            "subject_id",
            "subject_label",
            "unit_id",
            "reason",
            "before",
            "after",
            "origin",
        )
    }
    content["at"] = act.at.astimezone(UTC).isoformat()
    packed = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def _plain(values: dict[str, Any] | None) -> dict[str, Any]:
    return json.loads(json.dumps(values or {}, cls=DjangoJSONEncoder))


def _act(kind: str, subject: models.Model, by: Actor, unit_id: int | None, reason: str, before: Any, after: Any) -> Act:
    act = Act(
        at=clock.now(),
        kind=kind,
        actor_id=by.pk,
        actor_name=by.full_name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        unit_id=unit_id if unit_id is not None else getattr(subject, "unit_id", None),
        reason=reason,
        before=_plain(before),
        after=_plain(after),
        origin=origin.current(),
    )
    act.digest = digest_of(act)
    return act


def record(
    kind: str,
    subject: models.Model,
    *,
    by: Actor,
    unit_id: int | None = None,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Act:
    """Append one act and queue it for the readers that asked for its kind.

    `unit_id` defaults to the subject's own. Raises RuntimeError outside a transaction: an act
    without its change, or a change without its act, must be impossible.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind}: record() belongs inside the transaction of the change")
    act = _act(kind, subject, by, unit_id, reason, before, after)
    _append(kind, [act])
    return act


@dataclass(frozen=True)
class Told:
    """One of many acts of the same kind: on what, and what changed."""

    subject: models.Model
    unit_id: int | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def record_many(kind: str, told: Iterable[Told], *, by: Actor, reason: str = "") -> None:
    """`record` for a batch, in one statement however many there are."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind}: record_many() belongs inside the transaction of the change")
    _append(kind, [_act(kind, t.subject, by, t.unit_id, reason, t.before, t.after) for t in told])


_WRITTEN = [field for field in Act._meta.concrete_fields if not field.primary_key]
# The acts, what is to be sealed and what is to be read of them: one statement, since every change anywhere sends it.
_APPEND = """
    WITH told AS (
        INSERT INTO ledger_act ({columns}) SELECT * FROM UNNEST({values}) RETURNING id
    ), unsealed AS (
        INSERT INTO ledger_unsealed (act_id) SELECT id FROM told
    ), unread AS (
        INSERT INTO ledger_unread (act_id, reader) SELECT told.id, reader FROM told, UNNEST(%s::varchar[]) AS reader
    )
    SELECT id FROM told ORDER BY id
"""


@functools.cache
def _statement() -> str:
    # Without its length: a cast would cut what is too long, where the column refuses it.
    types = [str(field.db_type(connection)).partition("(")[0] for field in _WRITTEN]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in _WRITTEN)
    return _APPEND.format(columns=columns, values=", ".join(f"%s::{kind}[]" for kind in types))


def _append(kind: str, acts: list[Act]) -> None:
    if not acts:
        return
    wanting = readers.wanting(kind)
    columns = [[field.get_db_prep_save(getattr(a, field.attname), connection) for a in acts] for field in _WRITTEN]
    with connections[router.db_for_write(Act)].cursor() as cursor:
        cursor.execute(_statement(), [*columns, [reader.name for reader in wanting]])
        for act, (pk,) in zip(acts, cursor.fetchall(), strict=True):
            act.pk, act._state.adding = pk, False
    readers.follow(kind, [act.pk for act in acts], wanting)
