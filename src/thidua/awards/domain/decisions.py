"""Decide on nominations: one decision, its paper with the list, a certificate for each approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
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
    _refuse_mixed(nominations, by)
    if decided_on > clock.today():
        raise Refused(_("Ngày quyết định nằm trong tương lai."), field="decided_on")
    with transaction.atomic():
        nominees = _hold(nominations)
        approved = _settle(nominees, outcomes)
        if not approved:
            raise Refused(_("Chưa chọn cá nhân, tập thể nào được khen: hãy trả lại danh sách cho đơn vị."))
        title = _title(nominations[0].award_form, decided_on)
        decision = _issue(nominations[0], title, approved, by=by, decided_on=decided_on, number=number)
        Nominee.objects.bulk_update(nominees, ["outcome", "outcome_reason"])
        noted = {"decision": decision.paper.full_number}
        for nomination in nominations:
            take(WORKFLOW, "decide", nomination, by=by, changes={"decision_id": decision.pk}, noted=noted)
        for nominee in approved:
            certificates.issue_for_nominee(nominee, decision, title, by=by)
        _tell(nominations, approved, by, title)
    return decision


def _refuse_mixed(nominations: Sequence[Nomination], by: Person) -> None:
    if not nominations:
        raise Refused(_("Chưa chọn danh sách đề nghị nào."))
    first = nominations[0]
    for nomination in nominations:
        refuse_unless(rules.may_decide(by, nomination))
        if (nomination.decider_id, nomination.award_form, nomination.programme_id) != (
            first.decider_id,
            first.award_form,
            first.programme_id,
        ):
            raise Refused(_("Một quyết định chỉ gồm các danh sách cùng hình thức khen và cùng chương trình."))


def _hold(nominations: Sequence[Nomination]) -> list[Nominee]:
    """The nominees as they stand, their lists held until the decision is made."""
    wanted = [n.pk for n in nominations]
    list(Nomination.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    found = Nominee.objects.filter(nomination__in=wanted).select_related("person__unit", "collective__parent")
    return list(found.order_by("nomination__unit__lft", "nomination", "position", "pk"))


def _title(award_form: str, day: date) -> str:
    """As printed: papers are Vietnamese whatever language the screen speaks."""
    try:
        with translation.override("vi"):
            return rules.forms(day)[award_form].label
    except KeyError:
        raise Refused(
            _("Hình thức khen này chưa có trong danh mục áp dụng vào ngày quyết định."), field="decided_on"
        ) from None


def _issue(
    first: Nomination, title: str, approved: Sequence[Nominee], *, by: Person, decided_on: date, number: int | None
) -> AwardDecision:
    unit = first.decider
    with translation.override("vi"):
        draft = papers.decision(unit, title, first.programme, approved, by.full_name, decided_on.year)
    paper = issued_papers.issue(
        unit, PaperKind.DECISION, draft, by=by, title=draft.subject, issued_on=decided_on, number=number
    )
    return AwardDecision.objects.create(
        code=codes.new_code("QD", 5),
        unit=unit,
        award_form=first.award_form,
        programme=first.programme,
        paper=paper,
        decided_on=decided_on,
        signer=by.full_name,
        decided_by=by,
    )


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


def _tell(nominations: Sequence[Nomination], approved: Sequence[Nominee], by: Person, title: str) -> None:
    """Those who are commended, and the units whose lists were decided."""
    for nominee in approved:
        if nominee.person:
            outbox.tell(
                [nominee.person],
                "awards.certificate_issued",
                about=nominee.certificates.get(),
                headline=_("Bạn được tặng %(title)s") % {"title": title},
                body=nominee.citation,
                but_not=by,
            )
    for nomination in nominations:
        outbox.tell(
            grants.holders(Permission.AWARD_NOMINATE, nomination.unit),
            "awards.decided",
            about=nomination,
            headline=_("Đã có quyết định khen thưởng cho danh sách của %(unit)s")
            % {"unit": nomination.unit.short_name},
            but_not=by,
        )
