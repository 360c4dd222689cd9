"""The procedure of a session, as one table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thidua.review import rules
from thidua.review.choices import SessionState as State
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="session",
    steps=(
        Step(
            name="open",
            sources=frozenset({State.PLANNED}),
            target=State.OPEN,
            label=_("Mở chấm và biểu quyết"),
            may=rules.may_manage_session,
            ready=(rules.has_people, rules.has_cases, rules.council_in_term),
            event="review.session.opened",
        ),
        Step(
            name="close",
            sources=frozenset({State.OPEN}),
            target=State.CLOSED,
            label=_("Kết thúc và kiểm phiếu"),
            may=rules.may_manage_session,
            ready=(rules.has_quorum, rules.every_case_judged),
            event="review.session.closed",
            confirm=_("Kết thúc và kiểm phiếu?|Sau khi kiểm phiếu, thành viên không sửa được phiếu nữa."),
        ),
        Step(
            name="reopen",
            sources=frozenset({State.CLOSED}),
            target=State.OPEN,
            label=_("Mở lại biểu quyết"),
            may=rules.may_manage_session,
            event="review.session.reopened",
            tone="secondary",
        ),
        Step(
            name="sign",
            sources=frozenset({State.CLOSED}),
            target=State.SIGNED,
            label=_("Ký biên bản"),
            may=rules.may_sign,
            event="review.session.signed",
            tone="success",
            confirm=_("Ký biên bản?|Biên bản được lập, lấy số và không sửa được nữa; kết quả gửi người quyết định."),
        ),
        Step(
            name="cancel",
            sources=frozenset({State.PLANNED, State.OPEN}),
            target=State.CANCELLED,
            label=_("Huỷ phiên họp"),
            may=rules.may_manage_session,
            event="review.session.cancelled",
            tone="danger",
            confirm=_("Huỷ phiên họp?|Các hồ sơ trở về danh sách chờ, phiếu đã chấm không được tính."),
        ),
    ),
    holders={
        State.PLANNED: _("Thư ký chuẩn bị danh sách hồ sơ"),
        State.OPEN: _("Thành viên hội đồng chấm và biểu quyết"),
        State.CLOSED: _("Chủ tịch hội đồng ký biên bản"),
        State.SIGNED: _("Người đứng đầu quyết định theo kết quả"),
        State.CANCELLED: _("Đã xong"),
    },
)
