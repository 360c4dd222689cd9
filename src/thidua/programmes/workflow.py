"""The life of a plan, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.programmes import rules
from thidua.programmes.choices import PlanState
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="plan",
    steps=(
        Step(
            name="issue",
            sources=frozenset({PlanState.DRAFT}),
            target=PlanState.ISSUED,
            label=_("Ban hành"),
            may=rules.may_issue,
            ready=(rules.has_title, rules.is_confirmed, rules.phases_dated, rules.phases_apart),
            event="programmes.plan.issued",
        ),
        Step(
            name="close",
            sources=frozenset({PlanState.ISSUED}),
            target=PlanState.CLOSED,
            label=_("Kết thúc kế hoạch"),
            may=rules.may_issue,
            event="programmes.plan.closed",
            tone="secondary",
            confirm=_("Kết thúc kế hoạch?|Các chương trình của kế hoạch sẽ không nhận sáng kiến mới."),
        ),
    ),
    holders={
        PlanState.DRAFT: _("Đơn vị đang soạn"),
        PlanState.ISSUED: _("Các đơn vị đang thực hiện"),
        PlanState.CLOSED: _("Đã xong"),
    },
)
