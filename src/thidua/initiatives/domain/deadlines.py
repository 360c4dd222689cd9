"""Deadlines: the holder is reminded, told when one passes, and then the level above is told."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from thidua.initiatives import messages
from thidua.initiatives.choices import State
from thidua.initiatives.models import DueNotice, Initiative
from thidua.initiatives.rules import limits
from thidua.kernel import clock, formats
from thidua.ledger import acts

REMINDED, PASSED, ESCALATED = 0, 1, 2
WAITING = (State.SUBMITTED, State.RECEIVED, State.PASSED_UP, State.RETURNED)
CLOCK = acts.System("Hệ thống nhắc hạn")


def level_of(due_on: date, today: date) -> int | None:
    """How far a deadline is: None while it is still away."""
    rule = limits()
    if formats.add_working_days(due_on, rule["escalate_after_working_days"]) < today:
        return ESCALATED
    if due_on < today:
        return PASSED
    return REMINDED if due_on <= formats.add_working_days(today, rule["remind_before_working_days"]) else None


def remind_all(batch: int = 500) -> int:
    """Tell of every deadline that has come nearer since; each level once a deadline. Gives how many."""
    today = clock.today()
    soon = formats.add_working_days(today, limits()["remind_before_working_days"])
    told, after = 0, 0
    while rows := list(_due_by(soon, after)[:batch]):
        after = rows[-1].pk
        told += sum(_tell(item, today) for item in rows)
    return told


def _due_by(soon: date, after: int) -> QuerySet[Initiative]:
    """What is due soon or was, without what has been escalated already."""
    said = DueNotice.objects.filter(initiative=OuterRef("pk"), due_on=OuterRef("due_on"), level=ESCALATED)
    rows = Initiative.objects.filter(~Exists(said), state__in=WAITING, due_on__lte=soon, pk__gt=after)
    return rows.select_related("unit", "handler__parent", "decider__parent").order_by("pk")


def _tell(item: Initiative, today: date) -> bool:
    assert item.due_on
    level = level_of(item.due_on, today)
    if level is None:
        return False
    try:
        with transaction.atomic():
            DueNotice.objects.create(initiative=item, due_on=item.due_on, level=level, at=clock.now())
            acts.record("initiatives.deadline.told", item, by=CLOCK, after={"level": level, "due_on": item.due_on})
            messages.due(item, level, CLOCK)
    except IntegrityError:
        return False
    return True
