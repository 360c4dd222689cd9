"""The way of a nomination, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.awards import rules
from thidua.awards.choices import NominationState as State
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="nomination",
    reason_min=lambda: 20,
    steps=(
        Step(
            name="submit",
            sources=frozenset({State.DRAFT, State.RETURNED}),
            target=State.SUBMITTED,
            label=_("Trình cấp trên"),
            may=rules.may_nominate,
            ready=(rules.has_nominees, rules.decidable_there),
            event="awards.nomination.submitted",
        ),
        Step(
            name="send_back",
            sources=frozenset({State.SUBMITTED}),
            target=State.RETURNED,
            label=_("Trả lại"),
            may=rules.may_send_back,
            event="awards.nomination.returned",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="decide",
            sources=frozenset({State.SUBMITTED}),
            target=State.DECIDED,
            label=_("Quyết định khen thưởng"),
            may=rules.may_decide,
            ready=(rules.decidable_there,),
            event="awards.nomination.decided",
        ),
    ),
    holders={
        State.DRAFT: _("Đơn vị lập danh sách"),
        State.SUBMITTED: _("Cấp trên quyết định"),
        State.RETURNED: _("Đơn vị sửa rồi trình lại"),
        State.DECIDED: _("Đã xong: cấp giấy khen, biểu dương"),
    },
)
