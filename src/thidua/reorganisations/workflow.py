"""The procedure of an order."""

from django.utils.translation import gettext_lazy as _

from thidua.reorganisations import rules
from thidua.reorganisations.choices import OrderState as State
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="reorganisations.order",
    steps=(
        Step(
            name="schedule",
            sources=frozenset({State.DRAFT}),
            target=State.SCHEDULED,
            label=_("Xác nhận"),
            may=rules.may_order,
            ready=(rules.has_lines,),
            event="reorganisations.order.scheduled",
        ),
        Step(
            name="apply",
            sources=frozenset({State.SCHEDULED}),
            target=State.APPLIED,
            label=_("Thực hiện"),
            may=rules.may_order,
            event="reorganisations.order.applied",
        ),
        Step(
            name="recall",
            sources=frozenset({State.SCHEDULED}),
            target=State.DRAFT,
            label=_("Rút lại để sửa"),
            may=rules.may_order,
            event="reorganisations.order.recalled",
            tone="secondary",
        ),
        Step(
            name="undo",
            sources=frozenset({State.APPLIED}),
            target=State.UNDONE,
            label=_("Hoàn tác"),
            may=rules.may_order,
            event="reorganisations.order.undone",
            needs_reason=True,
            tone="danger",
            confirm=_("Hoàn tác quyết định?|Cây tổ chức và công việc đã bàn giao trở lại như trước quyết định."),
        ),
        Step(
            name="discard",
            sources=frozenset({State.DRAFT, State.UNDONE}),
            target=State.DISCARDED,
            label=_("Bỏ bản soạn này"),
            may=rules.may_order,
            event="reorganisations.order.discarded",
            tone="secondary",
            confirm=_("Bỏ bản này?|Bản soạn không còn hiện trong danh sách; nhật ký vẫn giữ."),
        ),
    ),
    holders={
        State.DRAFT: _("Người quản trị đơn vị"),
        State.SCHEDULED: _("Hệ thống, vào ngày hiệu lực"),
        State.APPLIED: _("Đã xong"),
        State.UNDONE: _("Người quản trị đơn vị"),
        State.DISCARDED: _("Đã xong"),
    },
    reason_min=lambda: 10,
)
