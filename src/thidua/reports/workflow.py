"""The way of a report, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.reports import rules
from thidua.reports.choices import ReportState as State
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="report",
    reason_min=lambda: 20,
    steps=(
        Step(
            name="submit",
            sources=frozenset({State.DRAFT, State.RETURNED}),
            target=State.SUBMITTED,
            label=_("Gửi báo cáo"),
            may=rules.may_submit,
            ready=(rules.has_text, rules.merged_stand),
            event="reports.report.submitted",
            confirm=_("Gửi báo cáo?|Số liệu và nội dung sẽ được khoá; sau đó chỉ sửa bằng bản điều chỉnh."),
        ),
        Step(
            name="send_back",
            sources=frozenset({State.SUBMITTED}),
            target=State.RETURNED,
            label=_("Trả lại"),
            may=rules.may_return,
            ready=(rules.is_anothers, rules.is_not_built_upon),
            event="reports.report.returned",
            needs_reason=True,
            tone="secondary",
        ),
    ),
    holders={
        State.DRAFT: _("Đơn vị đang soạn"),
        State.SUBMITTED: _("Cấp trên tổng hợp"),
        State.RETURNED: _("Đơn vị sửa rồi gửi lại"),
    },
)
