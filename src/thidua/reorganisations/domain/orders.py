"""Confirm an order, carry it out, undo it; the preview is the real thing, rolled back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change
from thidua.orgs.domain import undoing
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import UnitEvent
from thidua.people.models import Person
from thidua.reorganisations import queries, succession
from thidua.reorganisations.domain import drafting, lines
from thidua.reorganisations.models import Handover, Line, LineEvent, Order
from thidua.reorganisations.workflow import WORKFLOW
from thidua.workflow.engine import take

KEEPER = acts.System("Hệ thống sắp xếp tổ chức")


@dataclass
class Outcome:
    """What one line does: how many records pass on, what stays behind, or why it cannot be done."""

    line: Line
    passed: Counter[str] = field(default_factory=Counter)
    left_behind: Counter[str] = field(default_factory=Counter)
    fault: str = ""

    def named(self, counts: Counter[str]) -> list[tuple[str, int]]:
        return [(str(succession.heirloom(name).label), n) for name, n in counts.items() if n]

    @property
    def consequences(self) -> list[tuple[str, int]]:
        return self.named(self.passed)

    @property
    def warnings(self) -> list[tuple[str, int]]:
        return self.named(self.left_behind)


@dataclass
class Preview:
    outcomes: list[Outcome]

    @property
    def is_possible(self) -> bool:
        return not any(o.fault for o in self.outcomes)

    @property
    def totals(self) -> list[tuple[str, int]]:
        total: Counter[str] = Counter()
        for outcome in self.outcomes:
            total.update(outcome.passed)
        return [(str(succession.heirloom(name).label), n) for name, n in total.items() if n]


class _RolledBack(Exception):
    """Ends a preview."""


def preview(order: Order, *, by: Person) -> Preview:
    """Carry the order out and take it all back: what is shown is what will happen."""
    outcomes: list[Outcome] = []
    try:
        with transaction.atomic():
            for line in order.lines.all():
                outcome = Outcome(line)
                outcomes.append(outcome)
                try:
                    with transaction.atomic():
                        _carry_out(order, outcome, by)
                except Refused as refused:
                    outcome.fault = refused.sentence
            raise _RolledBack
    except _RolledBack:
        return Preview(outcomes)


def confirm(order: Order, *, by: Person) -> None:
    """Carry it out now, or on its day when that lies ahead. Refused with the first line that cannot be done."""
    with transaction.atomic():
        take(WORKFLOW, "schedule", order, by=by)
        if order.effective_on <= clock.today():
            carry_out(order, by=by)
        elif fault := next((o for o in preview(order, by=by).outcomes if o.fault), None):
            raise Refused(_in_line(fault.line, fault.fault))


def carry_out(order: Order, *, by: acts.Actor) -> list[Outcome]:
    """All lines or none, in one transaction."""
    outcomes = []
    with transaction.atomic():
        take(WORKFLOW, "apply", order, by=by, changes={"applied_at": clock.now(), "fault": ""})
        for line in order.lines.all():
            outcome = Outcome(line)
            try:
                _carry_out(order, outcome, by)
            except Refused as refused:
                raise Refused(_in_line(line, refused.sentence)) from refused
            outcomes.append(outcome)
    return outcomes


def carry_out_due() -> int:
    """The scheduled orders whose day has come; one that cannot be done says why and waits."""
    done = 0
    for order in queries.due():
        try:
            carry_out(order, by=KEEPER)
            done += 1
        except Refused as refused:
            with transaction.atomic():
                if order.fault != refused.sentence:
                    Order.objects.filter(pk=order.pk).update(fault=refused.sentence)
                    acts.record(
                        "reorganisations.order.failed", order, by=KEEPER, unit_id=order.unit_id, reason=refused.sentence
                    )
    return done


def undo(order: Order, *, by: Person, reason: str) -> None:
    """Everything as before, while nothing stands on it. Raises Refused with what does."""
    with transaction.atomic():
        take(WORKFLOW, "undo", order, by=by, reason=reason, changes={"applied_at": None})
        for line in reversed(list(order.lines.all())):
            try:
                _give_back(line)
                made = LineEvent.objects.filter(line=line).values("event")
                undoing.take_back_many(UnitEvent.objects.filter(pk__in=made), by=by)
            except Refused as refused:
                raise Refused(_in_line(line, refused.sentence)) from refused
        LineEvent.objects.filter(line__order=order).delete()


def _carry_out(order: Order, outcome: Outcome, by: acts.Actor) -> None:
    decision = Decision(order.effective_on, order.decision_number, order.decided_on)
    lines.carry_out(outcome.line, decision, by=by, outcome=outcome, keeps_posts=order.keeps_posts)


def _give_back(line: Line) -> None:
    """Hand back what the line handed over, the last first."""
    noted = list(Handover.objects.filter(line=line).order_by("-id"))
    by_heirloom: dict[str, list[Handover]] = {}
    for handover in noted:
        by_heirloom.setdefault(handover.heirloom, []).append(handover)
    for name, rows in by_heirloom.items():
        check = succession.heirloom(name).undoable
        if check:
            check(rows)
    lines.give_back(noted)
    Handover.objects.filter(line=line).delete()


def _in_line(line: Line, sentence: str) -> str:
    [(name, _to_name)] = drafting.names_of(line.order, [line])
    return _("Dòng %(n)d (%(kind)s %(unit)s): %(sentence)s") % {
        "n": line.position,
        "kind": Change(line.kind).label,
        "unit": f"{name} ({line.unit_code})",
        "sentence": sentence,
    }


def steps_of(order: Order, by: Person) -> list:
    """Buttons of an order: what is confirmed or done goes through a page of its own."""
    return [o for o in WORKFLOW.offers(order, by) if o.name not in {"schedule", "apply"}]
