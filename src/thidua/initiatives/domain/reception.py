"""The office takes a dossier in, returns it, or passes it up to the unit above."""

from __future__ import annotations

from django.db import transaction

from thidua.initiatives import messages
from thidua.initiatives.models import Initiative
from thidua.initiatives.rules import office_of
from thidua.initiatives.workflow import WORKFLOW, limits
from thidua.kernel import clock, formats
from thidua.ledger import acts
from thidua.workflow.engine import take


def receive(initiative: Initiative, *, by: acts.Actor) -> None:
    """Take it in; the decision is due within the limit of the rule pack."""
    today = clock.today()
    with transaction.atomic():
        take(
            WORKFLOW,
            "receive",
            initiative,
            by=by,
            changes={
                "received_on": initiative.received_on or today,
                "due_on": formats.add_months(today, limits()["recognition_months"]),
            },
        )
        messages.received(initiative, by)


def send_back(initiative: Initiative, *, by: acts.Actor, reason: str) -> None:
    """Return it with a reason, the first thing its author sees."""
    with transaction.atomic():
        take(
            WORKFLOW,
            "send_back",
            initiative,
            by=by,
            reason=reason,
            changes={
                "reason": reason.strip(),
                "due_on": formats.add_months(clock.today(), limits()["supplement_months"]),
            },
        )
        messages.returned(initiative, by)


def pass_up(initiative: Initiative, *, by: acts.Actor, reason: str) -> None:
    """The unit above decides; the limit runs on from the day of receipt."""
    with transaction.atomic():
        above = initiative.handler.parent
        take(
            WORKFLOW,
            "pass_up",
            initiative,
            by=by,
            reason=reason,
            changes={"decider": above},
            noted={"to": above.short_name if above else ""},
        )
        messages.passed_up(initiative, by, reason.strip())


def hand_down(initiative: Initiative, *, by: acts.Actor, reason: str) -> None:
    """The unit above leaves the decision to the union that handles it."""
    _give_back(initiative, "hand_down", by, reason)


def call_back(initiative: Initiative, *, by: acts.Actor) -> None:
    """The union takes back what it passed up, while nothing is decided."""
    _give_back(initiative, "call_back", by, "")


def _give_back(initiative: Initiative, step: str, by: acts.Actor, reason: str) -> None:
    before = office_of(initiative)
    with transaction.atomic():
        take(WORKFLOW, step, initiative, by=by, reason=reason, changes={"decider": None})
        messages.handed_down(initiative, by, before, reason.strip())
