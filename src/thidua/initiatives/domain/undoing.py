"""Take the last step back, while nothing depends on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.initiatives import messages
from thidua.initiatives.choices import State
from thidua.initiatives.domain import recognitions
from thidua.initiatives.models import Initiative
from thidua.initiatives.workflow import UNDO, WORKFLOW, limits
from thidua.kernel import formats
from thidua.kernel.verdicts import Refused
from thidua.people.models import Person
from thidua.workflow.engine import take


def undo(initiative: Initiative, *, by: Person) -> str:
    """Back to where it stood before the last step; gives the label of that state.

    Raises Refused with the reason when something has happened since, or something rests on the step.
    """
    offers = [o for o in WORKFLOW.offers(initiative, by) if o.name.startswith(UNDO)]
    chosen = next((o for o in offers if o.is_open), None)
    if chosen is None:
        raise Refused(offers[-1].why_not if offers else _("Bước này không hoàn tác được."))
    with transaction.atomic():
        if initiative.state == State.RECOGNISED:
            recognitions.take_back(initiative, by=by)
        take(WORKFLOW, chosen.name, initiative, by=by, changes=_as_before(initiative, chosen.step.target))
        messages.undone(initiative, by)
    return str(State(initiative.state).label)


def _as_before(initiative: Initiative, target: str) -> dict[str, Any]:
    """The dates of the step it goes back to; they follow from filing and receipt."""
    if target == State.SUBMITTED:
        filed = initiative.filed_on or date.min
        due = formats.add_working_days(filed, limits()["receive_working_days"])
        return {"received_on": None, "due_on": due, "reason": ""}
    received = initiative.received_on or date.min
    due = formats.add_months(received, limits()["recognition_months"])
    return {"concluded_on": None, "due_on": due, "reason": ""}
