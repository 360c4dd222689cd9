"""The decision: recognised, refused, revoked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.models import Paper, StoredFile
from thidua.initiatives import consents, messages, rules
from thidua.initiatives.choices import Body, Scope
from thidua.initiatives.models import Initiative, Recognition
from thidua.initiatives.workflow import WORKFLOW
from thidua.kernel import clock, formats, text
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.people.models import Person
from thidua.workflow.engine import refuse_short, take


def recognise(
    initiative: Initiative,
    *,
    by: Person,
    decision_number: str,
    decided_on: date,
    body: str = Body.HEAD,
    scope: str = Scope.GRASSROOTS,
    decided_by: str = "",
    file: StoredFile | None = None,
    paper: Paper | None = None,
) -> Recognition:
    """Record the decision that recognises it, by number and date."""
    number = text.tidy(decision_number)
    _refuse_impossible(initiative, number, decided_on)
    unit = rules.office_of(initiative)
    noted: dict[str, Any] = {"decision": number, "decided_on": decided_on}
    if silent := consents.silent_authors(initiative):
        noted["silent"] = silent
    with transaction.atomic():
        take(
            WORKFLOW,
            "recognise",
            initiative,
            by=by,
            changes={"concluded_on": clock.today(), "due_on": None, "reason": ""},
            noted=noted,
        )
        recognition = Recognition.objects.create(
            initiative=initiative,
            unit=unit,
            scope=scope,
            body=body,
            decision_number=number,
            decided_on=decided_on,
            decided_by=text.tidy(decided_by) or by.full_name,
            recorded_by=by,
            file=file,
            paper=paper,
        )
        said = {"number": number, "day": formats.day(decided_on), "unit": unit.name}
        messages.concluded(initiative, by, _("Quyết định số %(number)s ngày %(day)s của %(unit)s.") % said)
    return recognition


def _refuse_impossible(initiative: Initiative, number: str, decided_on: date) -> None:
    if not number:
        raise Refused(_("Hãy nhập số quyết định công nhận."), field="decision_number")
    if decided_on > clock.today():
        raise Refused(_("Ngày quyết định nằm trong tương lai."), field="decided_on")
    applied = initiative.first_applied_on
    if applied and decided_on < applied:
        raise Refused(_("Ngày quyết định trước ngày áp dụng lần đầu của sáng kiến."), field="decided_on")


def refuse(initiative: Initiative, *, by: Person, reason: str) -> None:
    """Not recognised, with the reasons in writing."""
    with transaction.atomic():
        changes = {"concluded_on": clock.today(), "due_on": None, "reason": reason.strip()}
        take(WORKFLOW, "refuse", initiative, by=by, reason=reason, changes=changes)
        messages.concluded(initiative, by)


def revoke(recognition: Recognition, *, by: Person, reason: str) -> None:
    """Take a recognition back; every programme stops counting it.

    A wider scope is taken back alone; with the recognition at the grassroots everything that rests on it goes.
    """
    if recognition.revoked_on is not None:
        raise Refused(_("Công nhận này đã bị huỷ bỏ từ trước."))
    if recognition.initiative.recognitions.filter(revoked_on__isnull=True, pk__lt=recognition.pk).exists():
        _revoke_scope(recognition, by, reason)
        return
    initiative = recognition.initiative
    with transaction.atomic():
        take(WORKFLOW, "revoke", initiative, by=by, reason=reason, changes={"reason": reason.strip()})
        initiative.recognitions.filter(revoked_on__isnull=True).update(
            revoked_on=clock.today(), revoked_reason=reason.strip()
        )
        messages.concluded(initiative, by)


def _revoke_scope(recognition: Recognition, by: Person, reason: str) -> None:
    grants.may(by, Permission.INITIATIVE_REVOKE, recognition.unit).or_refuse(forbidden=True)
    refuse_short(reason, WORKFLOW.reason_min())
    with transaction.atomic():
        still = Recognition.objects.filter(pk=recognition.pk, revoked_on__isnull=True)
        if not still.update(revoked_on=clock.today(), revoked_reason=reason.strip()):
            raise Stale(_("Công nhận này vừa được người khác huỷ bỏ."))
        recognition.refresh_from_db()
        acts.record(
            "initiatives.initiative.scope_revoked",
            recognition.initiative,
            by=by,
            reason=reason.strip(),
            before={"scope": recognition.scope, "decision": recognition.decision_number},
        )
        messages.scope_revoked(recognition, by)


def take_back(initiative: Initiative, *, by: Person) -> None:
    """Forget a recognition on which nothing rests yet, as if it had not been recorded; the ledger remembers."""
    initiative.recognitions.filter(revoked_on__isnull=True).delete()
