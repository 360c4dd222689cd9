"""Wider scope: a recognised initiative is put to a unit above, which recognises its influence by a decision."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thidua.documents.choices import PaperKind
from thidua.documents.domain import papers as issuing
from thidua.documents.models import StoredFile
from thidua.initiatives import messages, papers, rules
from thidua.initiatives.choices import Body, Scope, ScopeState, State
from thidua.initiatives.models import Initiative, Recognition, ScopeProposal
from thidua.initiatives.workflow import SCOPE, limits
from thidua.kernel import clock, formats, text
from thidua.kernel.prepared import counted_once
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless, take

GROUNDS_MIN = 20


def scope_of(unit: Unit) -> str:
    """The scope a unit can recognise: the nation's at the root, a province's or a sector's below it."""
    return Scope.NATION if unit.parent_id is None else Scope.PROVINCE


def deciders(initiative: Initiative) -> list[Unit]:
    """The units above that may recognise a wider scope, nearest first."""
    return list(org_queries.ancestors(initiative.handler).order_by("-lft"))


def left_to_ask(initiative: Initiative) -> list[Unit]:
    """Those above whose scope is neither recognised nor being decided."""
    open_ones = initiative.scope_proposals.filter(state__in=[ScopeState.WAITING, ScopeState.RETURNED])
    taken = set(open_ones.values_list("scope", flat=True))
    taken |= set(initiative.recognitions.filter(revoked_on__isnull=True).values_list("scope", flat=True))
    return [unit for unit in deciders(initiative) if scope_of(unit) not in taken]


def propose(initiative: Initiative, unit: Unit, *, by: Person, grounds: str) -> ScopeProposal:
    """The head of the union asks a unit above; once a scope at a time."""
    refuse_unless(rules.may_propose_scope(by, initiative))
    if initiative.state != State.RECOGNISED:
        raise Refused(_("Chỉ đề nghị phạm vi rộng hơn cho sáng kiến đã được công nhận ở cơ sở."))
    if unit.pk not in {u.pk for u in deciders(initiative)}:
        raise Refused(_("Hãy chọn một đơn vị cấp trên."), field="unit")
    if len(text.tidy(grounds)) < GROUNDS_MIN:
        raise Refused(
            _("Hãy nêu hiệu quả, khả năng nhân rộng và phạm vi ảnh hưởng, ít nhất %(n)d ký tự.") % {"n": GROUNDS_MIN},
            field="grounds",
        )
    scope = scope_of(unit)
    if initiative.recognitions.filter(scope=scope, revoked_on__isnull=True).exists():
        raise Refused(_("Sáng kiến đã được công nhận ở phạm vi này."), field="unit")
    try:
        with transaction.atomic():
            proposal = ScopeProposal.objects.create(
                initiative=initiative,
                unit=unit,
                scope=scope,
                grounds=text.nfc(grounds).strip(),
                proposed_by=by,
                proposed_on=clock.today(),
                due_on=_due(),
            )
            acts.record("initiatives.scopeproposal.asked", proposal, by=by, unit_id=unit.pk)
            messages.scope_asked(proposal, by)
    except IntegrityError as error:
        raise Refused(_("Đã đề nghị phạm vi này và đang chờ kết quả."), field="unit") from error
    return proposal


def _due() -> date:
    return formats.add_months(clock.today(), limits()["scope_recognition_months"])


def ask_again(proposal: ScopeProposal, *, by: Person, grounds: str) -> None:
    """After a return, with better grounds."""
    if len(text.tidy(grounds)) < GROUNDS_MIN:
        raise Refused(_("Hãy nêu căn cứ, ít nhất %(n)d ký tự.") % {"n": GROUNDS_MIN}, field="grounds")
    with transaction.atomic():
        changes = {"grounds": text.nfc(grounds).strip(), "due_on": _due(), "reason": ""}
        take(SCOPE, "ask_again", proposal, by=by, changes=changes)
        messages.scope_asked(proposal, by)


def send_back(proposal: ScopeProposal, *, by: Person, reason: str) -> None:
    with transaction.atomic():
        take(SCOPE, "return_scope", proposal, by=by, reason=reason, changes={"reason": reason.strip(), "due_on": None})
        messages.scope_answered(proposal, by)


def refuse(proposal: ScopeProposal, *, by: Person, reason: str) -> None:
    changes = {"reason": reason.strip(), "due_on": None, "concluded_on": clock.today()}
    with transaction.atomic():
        take(SCOPE, "refuse_scope", proposal, by=by, reason=reason, changes=changes)
        messages.scope_answered(proposal, by)


def withdraw(proposal: ScopeProposal, *, by: Person) -> None:
    with transaction.atomic():
        take(SCOPE, "withdraw_scope", proposal, by=by, changes={"due_on": None, "concluded_on": clock.today()})


def recognise(
    proposal: ScopeProposal,
    *,
    by: Person,
    decided_on: date,
    decision_number: str = "",
    body: str = Body.COUNCIL,
    decided_by: str = "",
    file: StoredFile | None = None,
) -> Recognition:
    """Record the decision on the scope; without a number the system numbers and writes the paper."""
    if decided_on > clock.today():
        raise Refused(_("Ngày quyết định nằm trong tương lai."), field="decided_on")
    initiative, unit = proposal.initiative, proposal.unit
    signer = text.tidy(decided_by) or by.full_name
    number, paper = text.tidy(decision_number), None
    rules.may_decide_scope(by, proposal).or_refuse(forbidden=True)
    SCOPE.verdict(SCOPE.step("recognise_scope"), proposal, by).or_refuse()
    with transaction.atomic():
        if not number:
            draft = papers.recognition(
                unit, [initiative], signer=signer, decided_on=decided_on, body=body, scope=proposal.scope
            )
            paper = issuing.issue(unit, PaperKind.DECISION, draft, by=by, title=draft.subject, issued_on=decided_on)
            number = paper.full_number
        recognition = Recognition.objects.create(
            initiative=initiative,
            unit=unit,
            scope=proposal.scope,
            body=body,
            decision_number=number,
            decided_on=decided_on,
            decided_by=signer,
            recorded_by=by,
            file=file,
            paper=paper,
        )
        changes = {"recognition": recognition, "due_on": None, "concluded_on": clock.today(), "reason": ""}
        take(SCOPE, "recognise_scope", proposal, by=by, changes=changes, noted={"decision": number})
        acts.record(
            "initiatives.initiative.scope_recognised",
            initiative,
            by=by,
            after={"scope": proposal.scope, "decision": number, "unit": unit.short_name},
        )
        messages.scope_answered(proposal, by)
    return recognition


def waiting(unit: Unit) -> int:
    return _how_many_at(unit.pk)


@counted_once
def _how_many_at(unit: int) -> QuerySet:
    return ScopeProposal.objects.filter(unit=unit, state=ScopeState.WAITING).values("pk")
