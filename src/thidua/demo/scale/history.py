"""The acts behind every state, as the procedure records them, sealed into the chain."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from thidua.demo.scale import bulk
from thidua.demo.scale.bulk import Progress
from thidua.demo.scale.initiatives import (
    CONCLUDED_AT,
    DECIDED,
    DECISION,
    PASSED_UP,
    RECEIVED_AT,
    REFUSED,
    RETURNED,
    REVOKED,
    REVOKED_AT,
)
from thidua.kernel import clock
from thidua.ledger import seals
from thidua.ledger.models import Act, Seal

LINK = 5000  # acts under one seal
_HANDLED = f"p.state IN {DECIDED} OR p.state IN ('received', 'passed_up', 'refused')"
_AUTHOR = "CASE p.channel WHEN 'on_behalf' THEN h.officer ELSE p.lead END"
_TO = """', "to": ' || to_json(o.short_name)::text"""
_DECIDED = f"""'"decided_on": "' || p.concluded_on || '", "decision": ' || to_json({DECISION})::text || ', '"""


@dataclass(frozen=True)
class Step:
    """One kind of act: when, by whom, from which state to which, and what else is noted with it."""

    kind: str
    at: str
    actor: str
    source: str
    which: str
    reason: str = "''"
    target: str = ""
    noted_before: str = "''"  # by the alphabet: as Python sorts the keys
    noted_after: str = "''"

    @property
    def before(self) -> str:
        return f"""'{{"state": "{self.source}"}}'""" if self.source else "'{}'"

    @property
    def after(self) -> str:
        if not self.source:
            return "'{}'"
        return (
            f"""'{{' || {self.noted_before} || '"state": "{self.target or self.kind}"' || {self.noted_after} || '}}'"""
        )


STEPS = (
    Step("started", "p.filed_at", _AUTHOR, "", "true"),
    Step("submitted", "p.filed_at", _AUTHOR, "draft", "p.state <> 'draft'"),
    Step("received", RECEIVED_AT, "h.officer", "submitted", _HANDLED),
    Step("returned", RECEIVED_AT, "h.officer", "submitted", "p.state = 'returned'", RETURNED),
    Step("withdrawn", "p.filed_at + interval '1 hour'", "p.lead", "submitted", "p.state = 'withdrawn'"),
    Step(
        "passed_up", f"{RECEIVED_AT} + interval '1 hour'", "h.officer", "received", "p.state = 'passed_up'",
        f"'{PASSED_UP}'", noted_after=_TO,
    ),
    Step("refused", CONCLUDED_AT, "h.chair", "received", "p.state = 'refused'", REFUSED),
    Step("recognised", CONCLUDED_AT, "h.chair", "received", f"p.state IN {DECIDED}", noted_before=_DECIDED),
    Step("revoked", REVOKED_AT, "h.chair", "recognised", "p.state = 'revoked'", f"'{REVOKED}'"),
)  # fmt: skip
_STAGE = """
    CREATE TEMP TABLE scale_act (id bigint, step int, kind text, at timestamptz, actor bigint, initiative bigint,
        unit bigint, label text, reason text, before text, after text)
"""
_ADD = """
    INSERT INTO scale_act SELECT p.id, {step}, 'initiatives.initiative.{kind}', {at}, {actor}, p.id, h.unit,
        left(p.code || ' ' || t.title, 300), {reason}, {before}, {after}
    FROM scale_plan p JOIN scale_home h USING (place) JOIN scale_text t ON t.number = p.text
    LEFT JOIN orgs_unit o ON o.id = h.upper WHERE {which}
"""
# `ledger.acts.digest_of` in the words of the database: the keys in order, as Python writes JSON.
_DIGEST = """
    encode(sha256(convert_to('{"actor_id": ' || s.actor || ', "actor_name": ' || to_json(w.full_name)::text
        || ', "after": ' || s.after || ', "at": "' || to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
        || '+00:00", "before": ' || s.before || ', "kind": "' || s.kind || '", "origin": "", "reason": '
        || to_json(s.reason)::text || ', "subject_id": ' || s.initiative || ', "subject_label": '
        || to_json(s.label)::text || ', "subject_type": "initiatives.initiative", "unit_id": ' || s.unit || '}',
        'UTF8')), 'hex')
"""


def write(progress: Progress, *, is_detailed: bool) -> int:
    """Record every act in the order of time, and seal it; gives how many.

    Where not everything is kept, of a filed dossier the act of beginning it is left out.
    """
    while seals.seal(batch=100_000):
        pass
    bulk.run(_STAGE)
    for number, step in enumerate(STEPS):
        given = {"step": number, "kind": step.kind, "at": step.at, "actor": step.actor, "reason": step.reason}
        which = "p.state = 'draft'" if step.kind == "started" and not is_detailed else step.which
        bulk.run(_ADD.format(**given, before=step.before, after=step.after, which=which))
        progress.meanwhile(f"acts drawn: {step.kind}")
    bulk.analyze("scale_act")
    own = {"at": "s.at", "kind": "s.kind", "actor_id": "s.actor", "actor_name": "w.full_name"}
    own |= {"subject_type": "'initiatives.initiative'", "subject_id": "s.initiative", "subject_label": "s.label"}
    own |= {"unit_id": "s.unit", "reason": "s.reason", "before": "s.before::jsonb", "after": "s.after::jsonb"}
    before = Act.objects.aggregate(last=Max("pk"))["last"] or 0
    with bulk.bare(Act, progress=progress):
        source = "scale_act s JOIN people_person w ON w.id = s.actor ORDER BY s.at, s.initiative, s.step"
        made = bulk.insert(Act, {**own, "digest": _DIGEST}, source)
    _seal(before)
    return made


def _seal(before: int) -> None:
    """Chain what was recorded in bulk, as `ledger.seals` would have, batch by batch."""
    last = Seal.objects.order_by("-pk").first()
    previous, now = last.digest if last else "", clock.now()
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT id, digest FROM ledger_act WHERE id > %s ORDER BY id", [before])
        while rows := cursor.fetchmany(LINK):
            digest = seals.chain(previous, [row[1] for row in rows])
            Seal.objects.create(previous=previous, digest=digest, act_ids=[row[0] for row in rows], sealed_at=now)
            previous = digest
