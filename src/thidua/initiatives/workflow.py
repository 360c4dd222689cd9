"""The procedure of an initiative, as one table, and where one initiative stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thidua.initiatives import rules
from thidua.initiatives.choices import AUTHOR_LABELS, TONES, State
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, rulepacks
from thidua.workflow.engine import Step, Workflow


def limits() -> dict[str, int]:
    """Time limits and lengths in force today."""
    return rulepacks.in_force("initiative-procedure", clock.today()).rules


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
            ready=(rules.has_idea, rules.shares_complete, rules.application_not_in_future),
            event="initiatives.initiative.submitted",
        ),
        Step(
            # What was returned after receipt goes back to the step that returned it.
            name="resume",
            sources=frozenset({State.RETURNED}),
            target=State.RECEIVED,
            label=_("Gửi lại"),
            may=rules.may_resume,
            ready=(rules.has_idea, rules.shares_complete, rules.application_not_in_future),
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
            name="recognise",
            sources=frozenset({State.RECEIVED}),
            target=State.RECOGNISED,
            label=_("Công nhận"),
            may=rules.may_recognise,
            ready=(*rules.BEFORE_DECISION, rules.application_not_in_future, rules.shares_complete),
            event="initiatives.initiative.recognised",
            tone="success",
        ),
        Step(
            name="send_back",
            sources=frozenset({State.SUBMITTED, State.RECEIVED}),
            target=State.RETURNED,
            label=_("Trả lại để bổ sung"),
            may=rules.may_receive,
            event="initiatives.initiative.returned",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="refuse",
            sources=frozenset({State.RECEIVED}),
            target=State.REFUSED,
            label=_("Không công nhận"),
            may=rules.may_recognise,
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
        ),
        Step(
            name="withdraw",
            sources=frozenset({State.DRAFT, State.SUBMITTED, State.RECEIVED, State.RETURNED}),
            target=State.WITHDRAWN,
            label=_("Rút hồ sơ"),
            may=rules.may_withdraw,
            event="initiatives.initiative.withdrawn",
            tone="secondary",
            confirm=_("Rút hồ sơ?|Hồ sơ đã rút không được xét và không được tính nữa."),
        ),
    ),
    holders={
        State.DRAFT: _("Tác giả đang viết"),
        State.SUBMITTED: _("Cán bộ công đoàn cơ sở tiếp nhận"),
        State.RECEIVED: _("Chủ tịch công đoàn hoặc thủ trưởng quyết định"),
        State.RETURNED: _("Tác giả bổ sung rồi gửi lại"),
        State.RECOGNISED: _("Đã xong: đăng thư viện, nhân rộng, xét khen"),
        State.REFUSED: _("Đã xong: tác giả có thể viết sáng kiến khác"),
        State.REVOKED: _("Đã xong"),
        State.WITHDRAWN: _("Đã xong"),
    },
)
NEXT = {
    State.DRAFT: _("Gửi cho công đoàn cơ sở"),
    State.SUBMITTED: _("Tiếp nhận hoặc trả lại để bổ sung"),
    State.RECEIVED: _("Quyết định công nhận hoặc không công nhận"),
    State.RETURNED: _("Gửi lại cho công đoàn cơ sở"),
    State.RECOGNISED: _("Chọn mức công khai để đưa vào thư viện"),
}
# The way of a dossier as its author sees it; the number is the stage a state stands at.
STAGES = (_("Viết"), _("Gửi"), _("Tiếp nhận"), _("Quyết định"))
_STAGE_OF = {
    State.DRAFT: 0,
    State.RETURNED: 0,
    State.SUBMITTED: 1,
    State.RECEIVED: 2,
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


def standing_of(initiative: Initiative, *, for_author: bool = False) -> Standing:
    """Where it stands, in the words of the office or of the author."""
    state = State(initiative.state)
    stage = _STAGE_OF.get(state, len(STAGES))
    is_open = state in (State.DRAFT, State.SUBMITTED, State.RECEIVED, State.RETURNED)
    marks = ["done" if i < stage else "current" if i == stage and is_open else "" for i in range(len(STAGES))]
    return Standing(
        label=AUTHOR_LABELS[state] if for_author else state.label,
        tone=TONES[state],
        holder=WORKFLOW.holders[state],
        next=NEXT.get(state, ""),
        due_on=initiative.due_on if is_open else None,
        is_late=bool(is_open and initiative.due_on and initiative.due_on < clock.today()),
        stages=list(zip(STAGES, marks, strict=True)),
    )


def next_filing_step(initiative: Initiative) -> str:
    """'submit', or 'resume' for what was returned after it had been received."""
    is_resumed = initiative.state == State.RETURNED and initiative.received_on is not None
    return "resume" if is_resumed else "submit"
