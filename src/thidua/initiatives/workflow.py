"""The procedure of an initiative, as one table, and where one initiative stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thidua.initiatives import consents, rules
from thidua.initiatives.choices import AUTHOR_LABELS, TONES, ScopeState, State
from thidua.initiatives.models import Initiative
from thidua.initiatives.rules import limits
from thidua.kernel import clock
from thidua.workflow.engine import Offer, Step, Workflow

# Steps that take the last one back; offered beside it, never among the steps forward.
UNDO = "undo_"
DECIDABLE = frozenset({State.RECEIVED, State.PASSED_UP})
_FILED_WELL = (rules.has_idea, rules.shares_complete, rules.application_not_in_future)


def _undo(name: str, source: State, target: State, may, *ready) -> Step:  # type: ignore[no-untyped-def]
    return Step(
        name=UNDO + name,
        sources=frozenset({source}),
        target=target,
        label=_("Hoàn tác"),
        may=may,
        ready=ready,
        event="initiatives.initiative.undone",
        tone="secondary",
    )


def _up_to(initiative: Initiative) -> str | Promise:
    """The step names the unit the dossier goes to."""
    above = initiative.handler.parent
    return _("Chuyển lên %(unit)s") % {"unit": above.short_name} if above else ""


WORKFLOW = Workflow(
    name="initiative",
    reason_min=lambda: limits()["return_reason_min_characters"],
    steps=(
        Step(
            name="submit",
            sources=frozenset({State.DRAFT, State.RETURNED}),
            target=State.SUBMITTED,
            label=_("Gửi"),
            may=rules.may_submit,
            ready=_FILED_WELL,
            event="initiatives.initiative.submitted",
        ),
        Step(
            # What was returned after receipt goes back to the step that returned it.
            name="resume",
            sources=frozenset({State.RETURNED}),
            target=State.RECEIVED,
            label=_("Gửi lại"),
            may=rules.may_resume,
            ready=_FILED_WELL,
            event="initiatives.initiative.submitted",
        ),
        Step(
            name="resume_up",
            sources=frozenset({State.RETURNED}),
            target=State.PASSED_UP,
            label=_("Gửi lại"),
            may=rules.may_resume_up,
            ready=_FILED_WELL,
            event="initiatives.initiative.submitted",
        ),
        Step(
            name="receive",
            sources=frozenset({State.SUBMITTED}),
            target=State.RECEIVED,
            label=_("Tiếp nhận"),
            may=rules.may_receive,
            event="initiatives.initiative.received",
        ),
        Step(
            # The union cannot decide it (its head is the author, the law asks for another): the unit above does.
            name="pass_up",
            sources=frozenset({State.RECEIVED}),
            target=State.PASSED_UP,
            label=_("Chuyển cấp trên"),
            label_of=_up_to,
            may=rules.may_pass_up,
            ready=(rules.has_unit_above, *rules.BEFORE_DECISION, rules.shares_complete, rules.not_before_council),
            event="initiatives.initiative.passed_up",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="hand_down",
            sources=frozenset({State.PASSED_UP}),
            target=State.RECEIVED,
            label=_("Trả về cơ sở quyết định"),
            may=rules.may_receive,
            ready=(rules.not_before_council,),
            event="initiatives.initiative.handed_down",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="call_back",
            sources=frozenset({State.PASSED_UP}),
            target=State.RECEIVED,
            label=_("Rút về cơ sở"),
            may=rules.may_pass_up,
            ready=(rules.not_before_council,),
            event="initiatives.initiative.called_back",
            tone="secondary",
        ),
        Step(
            name="recognise",
            sources=DECIDABLE,
            target=State.RECOGNISED,
            label=_("Công nhận"),
            may=rules.may_recognise,
            ready=(
                *rules.BEFORE_DECISION,
                rules.application_not_in_future,
                rules.shares_complete,
                consents.shares_agreed,
                rules.not_before_council,
            ),
            event="initiatives.initiative.recognised",
            tone="success",
        ),
        Step(
            name="send_back",
            sources=frozenset({State.SUBMITTED, State.RECEIVED, State.PASSED_UP}),
            target=State.RETURNED,
            label=_("Trả lại để bổ sung"),
            may=rules.may_receive,
            ready=(rules.not_before_council,),
            event="initiatives.initiative.returned",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="refuse",
            sources=DECIDABLE,
            target=State.REFUSED,
            label=_("Không công nhận"),
            may=rules.may_recognise,
            ready=(rules.not_before_council,),
            event="initiatives.initiative.refused",
            needs_reason=True,
            tone="danger",
        ),
        Step(
            name="revoke",
            sources=frozenset({State.RECOGNISED}),
            target=State.REVOKED,
            label=_("Huỷ bỏ công nhận"),
            may=rules.may_revoke,
            event="initiatives.initiative.revoked",
            needs_reason=True,
            tone="danger",
            confirm=_(
                "Huỷ bỏ công nhận?|Sáng kiến thôi được tính ở mọi chương trình, giấy chứng nhận ghi đã thu hồi. "
                "Việc huỷ không hoàn tác được."
            ),
        ),
        Step(
            name="withdraw",
            sources=frozenset({State.DRAFT, State.SUBMITTED, State.RECEIVED, State.PASSED_UP, State.RETURNED}),
            target=State.WITHDRAWN,
            label=_("Rút hồ sơ"),
            may=rules.may_withdraw,
            event="initiatives.initiative.withdrawn",
            tone="secondary",
            confirm=_("Rút hồ sơ?|Hồ sơ đã rút không được xét và không được tính nữa; mọi tác giả được báo."),
        ),
        _undo(
            "receive",
            State.RECEIVED,
            State.SUBMITTED,
            rules.may_receive,
            rules.just_done("received"),
            rules.not_before_council,
        ),
        _undo(
            "return_new",
            State.RETURNED,
            State.SUBMITTED,
            rules.may_take_back_return,
            rules.was_never_received,
            rules.just_done("returned"),
        ),
        _undo(
            "return",
            State.RETURNED,
            State.RECEIVED,
            rules.may_take_back_return,
            rules.was_with_handler,
            rules.just_done("returned"),
        ),
        _undo(
            "return_up",
            State.RETURNED,
            State.PASSED_UP,
            rules.may_take_back_return,
            rules.was_with_decider,
            rules.just_done("returned"),
        ),
        _undo(
            "refuse",
            State.REFUSED,
            State.RECEIVED,
            rules.may_reopen,
            rules.was_with_handler,
            rules.just_done("refused"),
        ),
        _undo(
            "refuse_up",
            State.REFUSED,
            State.PASSED_UP,
            rules.may_reopen,
            rules.was_with_decider,
            rules.just_done("refused"),
        ),
        _undo(
            "recognise",
            State.RECOGNISED,
            State.RECEIVED,
            rules.may_reopen,
            rules.was_with_handler,
            rules.just_done("recognised"),
            rules.nothing_rests_on_it,
        ),
        _undo(
            "recognise_up",
            State.RECOGNISED,
            State.PASSED_UP,
            rules.may_reopen,
            rules.was_with_decider,
            rules.just_done("recognised"),
            rules.nothing_rests_on_it,
        ),
    ),
    holders={
        State.DRAFT: _("Tác giả đang viết"),
        State.SUBMITTED: _("Cán bộ công đoàn cơ sở tiếp nhận"),
        State.RECEIVED: _("Chủ tịch công đoàn hoặc thủ trưởng quyết định"),
        State.PASSED_UP: _("Công đoàn cấp trên quyết định"),
        State.RETURNED: _("Tác giả bổ sung rồi gửi lại"),
        State.RECOGNISED: _("Đã xong: đăng thư viện, nhân rộng, xét khen"),
        State.REFUSED: _("Đã xong: tác giả có thể viết lại hoặc viết sáng kiến khác"),
        State.REVOKED: _("Đã xong"),
        State.WITHDRAWN: _("Đã xong"),
    },
)
NEXT = {
    State.DRAFT: _("Gửi cho công đoàn cơ sở"),
    State.SUBMITTED: _("Tiếp nhận hoặc trả lại để bổ sung"),
    State.RECEIVED: _("Quyết định công nhận hoặc không công nhận"),
    State.PASSED_UP: _("Cấp trên công nhận, không công nhận hoặc trả về cơ sở"),
    State.RETURNED: _("Gửi lại cho công đoàn cơ sở"),
    State.RECOGNISED: _("Chọn mức công khai để đưa vào thư viện"),
}
# The way of a dossier as its author sees it; the number is the stage a state stands at.
STAGES = (_("Viết"), _("Gửi"), _("Tiếp nhận"), _("Quyết định"))
# What is being waited for: a dossier just sent waits for receipt.
_STAGE_OF = {
    State.DRAFT: 0,
    State.RETURNED: 0,
    State.SUBMITTED: 2,
    State.RECEIVED: 3,
    State.PASSED_UP: 3,
    State.WITHDRAWN: 0,
}


@dataclass(frozen=True)
class Standing:
    """Step now, who holds it, due when, what next: what every page of an initiative shows."""

    label: str | Promise
    tone: str
    holder: str | Promise
    next: str | Promise
    due_on: date | None
    is_late: bool
    stages: list[tuple[str | Promise, str]]  # (name, "done" | "current" | "")


def _holder_of(initiative: Initiative, state: State) -> str | Promise:
    if state == State.PASSED_UP and initiative.decider is not None:
        return _("%(unit)s quyết định") % {"unit": initiative.decider.short_name}
    return WORKFLOW.holders[state]


def standing_of(initiative: Initiative, *, for_author: bool = False) -> Standing:
    """Where it stands, in the words of the office or of the author."""
    state = State(initiative.state)
    stage = _STAGE_OF.get(state, len(STAGES))
    is_open = state in (State.DRAFT, State.SUBMITTED, State.RECEIVED, State.PASSED_UP, State.RETURNED)
    marks = ["done" if i < stage else "current" if i == stage and is_open else "" for i in range(len(STAGES))]
    return Standing(
        label=AUTHOR_LABELS[state] if for_author else state.label,
        tone=TONES[state],
        holder=_holder_of(initiative, state),
        next=NEXT.get(state, ""),
        due_on=initiative.due_on if is_open else None,
        is_late=bool(is_open and initiative.due_on and initiative.due_on < clock.today()),
        stages=list(zip(STAGES, marks, strict=True)),
    )


def next_filing_step(initiative: Initiative) -> str:
    """'submit'; what was returned after receipt goes back to the step that returned it."""
    is_resumed = initiative.state == State.RETURNED and initiative.received_on is not None
    if not is_resumed:
        return "submit"
    return "resume_up" if initiative.decider_id else "resume"


def undo_offer(initiative: Initiative, actor: object) -> Offer | None:
    """The one step that takes the last one back, if it is still open to this person."""
    found = [o for o in WORKFLOW.offers(initiative, actor) if o.name.startswith(UNDO) and o.is_open]
    return found[0] if found else None


SCOPE = Workflow(
    name="scope",
    reason_min=lambda: limits()["return_reason_min_characters"],
    steps=(
        Step(
            name="ask_again",
            sources=frozenset({ScopeState.RETURNED}),
            target=ScopeState.WAITING,
            label=_("Gửi lại"),
            may=rules.may_send_proposal,
            ready=(rules.still_recognised,),
            event="initiatives.scopeproposal.asked",
        ),
        Step(
            name="recognise_scope",
            sources=frozenset({ScopeState.WAITING}),
            target=ScopeState.RECOGNISED,
            label=_("Công nhận phạm vi"),
            may=rules.may_decide_scope,
            ready=(rules.still_recognised,),
            event="initiatives.scopeproposal.recognised",
            tone="success",
        ),
        Step(
            name="return_scope",
            sources=frozenset({ScopeState.WAITING}),
            target=ScopeState.RETURNED,
            label=_("Trả lại để bổ sung"),
            may=rules.may_return_scope,
            event="initiatives.scopeproposal.returned",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="refuse_scope",
            sources=frozenset({ScopeState.WAITING}),
            target=ScopeState.REFUSED,
            label=_("Không công nhận phạm vi"),
            may=rules.may_decide_scope,
            event="initiatives.scopeproposal.refused",
            needs_reason=True,
            tone="danger",
        ),
        Step(
            name="withdraw_scope",
            sources=frozenset({ScopeState.WAITING, ScopeState.RETURNED}),
            target=ScopeState.WITHDRAWN,
            label=_("Rút đề nghị"),
            may=rules.may_send_proposal,
            event="initiatives.scopeproposal.withdrawn",
            tone="secondary",
        ),
    ),
    holders={
        ScopeState.WAITING: _("Đơn vị cấp trên xét phạm vi"),
        ScopeState.RETURNED: _("Công đoàn cơ sở bổ sung đề nghị"),
        ScopeState.RECOGNISED: _("Đã xong"),
        ScopeState.REFUSED: _("Đã xong"),
        ScopeState.WITHDRAWN: _("Đã xong"),
    },
)
