"""The life of a plan and of a to-do of a unit, as tables."""

from django.utils.translation import gettext_lazy as _

from thidua.kernel import clock, rulepacks
from thidua.programmes import rules
from thidua.programmes.choices import BEFORE_ISSUE, IN_FORCE, AssignmentState, PlanState, RegistrationState
from thidua.workflow.engine import Step, Workflow


def _reason_min() -> int:
    return rulepacks.in_force("duty-reminders", clock.today()).rules["reason_min_characters"]


WORKFLOW = Workflow(
    name="plan",
    reason_min=_reason_min,
    steps=(
        Step(
            name="propose",
            sources=frozenset({PlanState.DRAFT}),
            target=PlanState.PROPOSED,
            label=_("Trình duyệt"),
            may=rules.may_write,
            ready=(rules.has_title, rules.is_confirmed, rules.phases_dated, rules.phases_apart, rules.phases_kept),
            event="programmes.plan.proposed",
        ),
        Step(
            name="approve",
            sources=frozenset({PlanState.PROPOSED}),
            target=PlanState.APPROVED,
            label=_("Duyệt"),
            may=rules.may_issue,
            event="programmes.plan.approved",
        ),
        Step(
            name="return",
            sources=frozenset({PlanState.PROPOSED, PlanState.APPROVED}),
            target=PlanState.DRAFT,
            label=_("Trả lại để sửa"),
            may=rules.may_issue,
            event="programmes.plan.returned",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="issue",
            sources=frozenset(BEFORE_ISSUE),
            target=PlanState.ISSUED,
            label=_("Ban hành"),
            may=rules.may_issue,
            ready=(
                rules.has_title,
                rules.is_confirmed,
                rules.phases_dated,
                rules.phases_apart,
                rules.phases_kept,
                rules.amended_in_force,
            ),
            event="programmes.plan.issued",
        ),
        Step(
            name="start",
            sources=frozenset({PlanState.ISSUED}),
            target=PlanState.RUNNING,
            label=_("Bắt đầu thực hiện"),
            may=rules.may_issue,
            event="programmes.plan.started",
        ),
        Step(
            name="review",
            sources=frozenset({PlanState.RUNNING}),
            target=PlanState.REVIEWING,
            label=_("Bắt đầu sơ kết"),
            may=rules.may_issue,
            event="programmes.plan.review_begun",
            tone="secondary",
        ),
        Step(
            name="resume",
            sources=frozenset({PlanState.REVIEWING}),
            target=PlanState.RUNNING,
            label=_("Xong sơ kết, tiếp tục thực hiện"),
            may=rules.may_issue,
            event="programmes.plan.review_ended",
        ),
        Step(
            name="amend",
            sources=frozenset(IN_FORCE),
            target=PlanState.AMENDED,
            label=_("Nhường hiệu lực cho kế hoạch điều chỉnh"),
            may=rules.may_give_way,
            event="programmes.plan.amended",
        ),
        Step(
            name="close",
            sources=frozenset(IN_FORCE),
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
        PlanState.PROPOSED: _("Chờ người ký duyệt"),
        PlanState.APPROVED: _("Chờ lấy số và ban hành"),
        PlanState.ISSUED: _("Các đơn vị nhận và lập kế hoạch của mình"),
        PlanState.RUNNING: _("Các đơn vị đang thực hiện"),
        PlanState.REVIEWING: _("Đơn vị ban hành đang sơ kết"),
        PlanState.AMENDED: _("Đã có kế hoạch điều chỉnh thay"),
        PlanState.CLOSED: _("Đã xong"),
    },
)

ASSIGNMENT = Workflow(
    name="assignment",
    reason_min=_reason_min,
    steps=(
        Step(
            name="finish",
            sources=frozenset({AssignmentState.OPEN}),
            target=AssignmentState.DONE,
            label=_("Báo đã xong"),
            may=rules.may_do,
            event="programmes.assignment.done",
        ),
        Step(
            name="set_aside",
            sources=frozenset({AssignmentState.OPEN}),
            target=AssignmentState.NOT_APPLICABLE,
            label=_("Không áp dụng cho đơn vị"),
            may=rules.may_do,
            event="programmes.assignment.set_aside",
            needs_reason=True,
            tone="secondary",
        ),
        Step(
            name="reopen",
            sources=frozenset({AssignmentState.DONE, AssignmentState.NOT_APPLICABLE}),
            target=AssignmentState.OPEN,
            label=_("Mở lại"),
            may=rules.may_do,
            event="programmes.assignment.reopened",
            tone="secondary",
        ),
        Step(
            name="confirm",
            sources=frozenset({AssignmentState.DONE}),
            target=AssignmentState.CONFIRMED,
            label=_("Xác nhận"),
            may=rules.may_confirm,
            event="programmes.assignment.confirmed",
        ),
        Step(
            name="send_back",
            sources=frozenset({AssignmentState.DONE, AssignmentState.CONFIRMED, AssignmentState.NOT_APPLICABLE}),
            target=AssignmentState.OPEN,
            label=_("Trả lại"),
            may=rules.may_confirm,
            event="programmes.assignment.sent_back",
            needs_reason=True,
            tone="secondary",
        ),
    ),
    holders={
        AssignmentState.OPEN: _("Đơn vị được giao"),
        AssignmentState.DONE: _("Đơn vị ban hành kế hoạch xác nhận"),
        AssignmentState.CONFIRMED: _("Đã xong"),
        AssignmentState.NOT_APPLICABLE: _("Đã xong"),
    },
)

REGISTRATION = Workflow(
    name="registration",
    steps=(
        Step(
            name="accept",
            sources=frozenset({RegistrationState.REGISTERED}),
            target=RegistrationState.ACCEPTED,
            label=_("Ghi nhận đăng ký"),
            may=rules.may_accept,
            event="programmes.registration.accepted",
        ),
        Step(
            name="withdraw",
            sources=frozenset({RegistrationState.REGISTERED, RegistrationState.ACCEPTED}),
            target=RegistrationState.WITHDRAWN,
            label=_("Rút đăng ký"),
            may=rules.may_register_again,
            event="programmes.registration.withdrawn",
            tone="secondary",
            confirm=_("Rút đăng ký?|Đơn vị có thể đăng ký lại khi phong trào còn mở."),
        ),
    ),
    holders={
        RegistrationState.REGISTERED: _("Đơn vị phát động ghi nhận"),
        RegistrationState.ACCEPTED: _("Đơn vị đăng ký thực hiện"),
        RegistrationState.WITHDRAWN: _("Đã xong"),
    },
)
