"""A result reported by hand, between the unit that did it and the level above, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.tallies import rules
from thidua.tallies.choices import DeclarationState
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="declaration",
    steps=(
        Step(
            name="confirm",
            sources=frozenset({DeclarationState.DECLARED}),
            target=DeclarationState.CONFIRMED,
            label=_("Xác nhận"),
            may=rules.may_confirm,
            event="tallies.declaration.confirmed",
        ),
        Step(
            name="return",
            sources=frozenset({DeclarationState.DECLARED, DeclarationState.CONFIRMED}),
            target=DeclarationState.RETURNED,
            label=_("Trả lại"),
            may=rules.may_return,
            event="tallies.declaration.returned",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="correct",
            sources=frozenset({DeclarationState.DECLARED, DeclarationState.CONFIRMED, DeclarationState.RETURNED}),
            target=DeclarationState.DECLARED,
            label=_("Sửa và gửi lại"),
            may=rules.may_declare,
            event="tallies.declaration.corrected",
            tone="secondary",
        ),
        Step(
            name="withdraw",
            sources=frozenset({DeclarationState.DECLARED, DeclarationState.RETURNED}),
            target=DeclarationState.WITHDRAWN,
            label=_("Rút"),
            may=rules.may_declare,
            event="tallies.declaration.withdrawn",
            tone="secondary",
            confirm=_("Rút kết quả này? Số đã được xác nhận trước đó (nếu có) cũng không còn được tính."),
        ),
    ),
    holders={
        DeclarationState.DECLARED: _("Chờ cấp trên xác nhận"),
        DeclarationState.CONFIRMED: _("Đã tính vào kết quả"),
        DeclarationState.RETURNED: _("Chờ đơn vị sửa và gửi lại"),
        DeclarationState.WITHDRAWN: _("Không còn được tính"),
    },
)
