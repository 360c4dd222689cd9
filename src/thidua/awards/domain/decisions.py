"""Decide on nominations: one decision, its paper with the list, a certificate for each approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.awards import papers, rules
from thidua.awards.choices import Outcome
from thidua.awards.domain import certificates
from thidua.awards.models import AwardDecision, Nomination, Nominee
from thidua.awards.workflow import WORKFLOW
from thidua.documents.choices import PaperKind
from thidua.documents.domain import papers as issued_papers
from thidua.kernel import clock, codes
from thidua.kernel.verdicts import Refused
from thidua.notify import outbox
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless, take

Outcomes = Mapping[int, tuple[bool, str]]  # nominee id -> (approved, reason when not)


def decide(
    nominations: Sequence[Nomination], outcomes: Outcomes, *, by: Person, decided_on: date, number: int | None = None
) -> AwardDecision:
    """One decision on lists of one form and programme, addressed to one unit.

    Raises Refused naming a nominee without an outcome, or a refusal without a reason.
    """
    first = nominations[0]
    for nomination in nominations:
        refuse_unless(rules.may_decide(by, nomination))
        if (nomination.decider_id, nomination.award_form, nomination.programme_id) != (
            first.decider_id,
            first.award_form,
            first.programme_id,
        ):
            raise Refused(_("Một quyết định chỉ gồm các danh sách cùng hình thức khen và cùng chương trình."))
    if decided_on > clock.today():
        raise Refused(_("Ngày quyết định nằm trong tương lai."), field="decided_on")
    nominees = [
        n
        for nomination in nominations
        for n in nomination.nominees.select_related("person__unit", "collective__parent")
    ]
    approved = _settle(nominees, outcomes)
    if not approved:
        raise Refused(_("Chưa chọn cá nhân, tập thể nào được khen."))
    unit, form = first.decider, rules.forms(decided_on)[first.award_form]
    with transaction.atomic():
        draft = papers.decision(unit, form.label, first.programme, approved, by.full_name, decided_on.year)
        paper = issued_papers.issue(
            unit, PaperKind.DECISION, draft, by=by, title=draft.subject, issued_on=decided_on, number=number
        )
        decision = AwardDecision.objects.create(
            code=codes.new_code("QD", 5),
            unit=unit,
            award_form=first.award_form,
            programme=first.programme,
            paper=paper,
            decided_on=decided_on,
            signer=by.full_name,
            decided_by=by,
        )
        for nominee in nominees:
            nominee.save(update_fields=["outcome", "outcome_reason"])
        for nomination in nominations:
            changes = {"decision_id": decision.pk}
            take(WORKFLOW, "decide", nomination, by=by, changes=changes, noted={"decision": paper.full_number})
        for nominee in approved:
            certificates.issue_for_nominee(nominee, decision, form.label, by=by)
        _tell(nominees, by, form.label)
    return decision


def _settle(nominees: Sequence[Nominee], outcomes: Outcomes) -> list[Nominee]:
    approved = []
    for nominee in nominees:
        if nominee.pk not in outcomes:
            raise Refused(_("Chưa có kết quả cho %(name)s.") % {"name": nominee})
        is_approved, reason = outcomes[nominee.pk]
        if not is_approved and not reason.strip():
            raise Refused(_("Hãy ghi lý do không khen %(name)s.") % {"name": nominee})
        nominee.outcome = Outcome.APPROVED if is_approved else Outcome.DECLINED
        nominee.outcome_reason = "" if is_approved else reason.strip()
        if is_approved:
            approved.append(nominee)
    return approved


def _tell(nominees: Sequence[Nominee], by: Person, title: str) -> None:
    for nominee in nominees:
        if nominee.person and nominee.outcome == Outcome.APPROVED:
            certificate = nominee.certificates.get()
            outbox.tell(
                [nominee.person],
                "awards.certificate_issued",
                about=certificate,
                headline=_("Bạn được tặng %(title)s") % {"title": title},
                body=nominee.citation,
                but_not=by,
            )
