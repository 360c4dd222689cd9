"""A button pressed twice: the second press is the same act, not a fault to be told of."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Model
from django.utils.translation import gettext as _

from thidua.initiatives import workflow
from thidua.kernel import clock
from thidua.ledger import queries as ledger
from thidua.people.models import Person
from thidua.workflow.engine import Workflow

# A second click or a reload within this time is the same act, not another one.
SAME_ACT = timedelta(minutes=5)
UNDONE = "initiatives.initiative.undone"


def said() -> str:
    return _("Việc này đã được ghi ở lần bấm trước.")


def was_just_done(item: Model, step: str, person: Person, table: Workflow = workflow.WORKFLOW) -> bool:
    """The same person has just done this very step: a double click, not a fault."""
    events = {s.name: s.event for s in table.steps} | {"undo": UNDONE}
    return is_last_act(item, events.get(step, ""), person)


def is_last_act(item: Model, kind: str, person: Person) -> bool:
    """The last thing that happened to it, a moment ago and by the same person."""
    last = ledger.timeline_of(item).filter(kind__startswith=f"{item._meta.label_lower}.").last()
    is_same = last is not None and last.kind == kind and last.actor_id == person.pk
    return bool(is_same and last and clock.now() - last.at <= SAME_ACT)
