"""Append to the ledger. Call inside the transaction of the change it tells of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from thidua.kernel import clock
from thidua.ledger import origin, readers
from thidua.ledger.models import Act, Unsealed


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
    act.save(force_insert=True)
    Unsealed.objects.create(act=act)
    readers.queue(kind, [act])
    return act


@dataclass(frozen=True)
class Told:
    """One of many acts of the same kind: on what, and what changed."""

    subject: models.Model
    unit_id: int | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def record_many(kind: str, told: Iterable[Told], *, by: Actor, reason: str = "") -> None:
    """`record` for a batch, in three statements however many there are."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind}: record_many() belongs inside the transaction of the change")
    acts = Act.objects.bulk_create([_act(kind, t.subject, by, t.unit_id, reason, t.before, t.after) for t in told])
    Unsealed.objects.bulk_create([Unsealed(act=act) for act in acts])
    readers.queue(kind, acts)
