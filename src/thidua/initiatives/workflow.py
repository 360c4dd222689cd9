"""The procedure of an initiative, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.initiatives import rules
from thidua.initiatives.choices import State
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
            ready=(
                rules.has_kind,
                rules.has_application_date,
                rules.application_not_in_future,
                rules.has_effect,
                rules.authors_known,
                rules.shares_complete,
            ),
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
