"""A target between the unit that gives and the unit that receives, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.targets import rules
from thidua.targets.choices import TargetState
from thidua.workflow.engine import Step, Workflow

_RECEIVED = frozenset({TargetState.GIVEN, TargetState.ACCEPTED, TargetState.DISPUTED})

WORKFLOW = Workflow(
    name="target",
    steps=(
        Step(
            name="accept",
            sources=frozenset({TargetState.GIVEN, TargetState.DISPUTED}),
            target=TargetState.ACCEPTED,
            label=_("Nhận chỉ tiêu"),
            may=rules.may_accept,
            event="targets.target.accepted",
        ),
        Step(
            name="ask",
            sources=frozenset({TargetState.GIVEN, TargetState.ACCEPTED}),
            target=TargetState.DISPUTED,
            label=_("Xin điều chỉnh"),
            may=rules.may_accept,
            event="targets.target.asked",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="grant",
            sources=frozenset({TargetState.DISPUTED}),
            target=TargetState.ACCEPTED,
            label=_("Đồng ý điều chỉnh"),
            may=rules.may_give,
            event="targets.target.granted",
        ),
        Step(
            name="counter",
            sources=frozenset({TargetState.DISPUTED}),
            target=TargetState.GIVEN,
            label=_("Giữ nguyên hoặc giao số khác"),
            may=rules.may_give,
            event="targets.target.countered",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="give",
            sources=_RECEIVED,
            target=TargetState.GIVEN,
            label=_("Giao lại chỉ tiêu"),
            may=rules.may_give,
            event="targets.target.given",
        ),
    ),
    holders={
        TargetState.OWN: _("Đơn vị tự theo dõi"),
        TargetState.GIVEN: _("Chờ đơn vị nhận"),
        TargetState.ACCEPTED: _("Đơn vị thực hiện"),
        TargetState.DISPUTED: _("Chờ cấp trên trả lời"),
    },
)
