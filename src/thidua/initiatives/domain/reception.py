"""The grassroots officer takes a dossier in or returns it."""

from __future__ import annotations

from django.db import transaction

from thidua.initiatives import messages
from thidua.initiatives.domain import library
from thidua.initiatives.models import Initiative
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
        library.index(initiative)
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
        library.index(initiative)
        messages.returned(initiative, by)
