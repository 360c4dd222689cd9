"""The way of an uploaded file, as one table."""

from django.utils.translation import gettext_lazy as _

from thidua.exchange import rules
from thidua.exchange.choices import UploadState as State
from thidua.workflow.engine import Step, Workflow

WORKFLOW = Workflow(
    name="upload",
    steps=(
        Step(
            name="ready",
            sources=frozenset({State.CHECKING}),
            target=State.CHECKED,
            label=_("Kiểm tra xong"),
            may=rules.is_the_worker,
            event="exchange.upload.checked",
        ),
        Step(
            name="give_up",
            sources=frozenset({State.CHECKING}),
            target=State.UNREADABLE,
            label=_("Không đọc được"),
            may=rules.is_the_worker,
            event="exchange.upload.unreadable",
        ),
        Step(
            name="apply",
            sources=frozenset({State.CHECKED}),
            target=State.APPLYING,
            label=_("Ghi các dòng đạt vào hệ thống"),
            may=rules.may_work,
            ready=(rules.has_something_to_write,),
            event="exchange.upload.apply_asked",
        ),
        Step(
            name="applied",
            sources=frozenset({State.APPLYING}),
            target=State.APPLIED,
            label=_("Ghi xong"),
            may=rules.is_the_worker,
            event="exchange.upload.applied",
        ),
        Step(
            name="apply_failed",
            sources=frozenset({State.APPLYING}),
            target=State.CHECKED,
            label=_("Không ghi được"),
            may=rules.is_the_worker,
            event="exchange.upload.apply_failed",
        ),
        Step(
            name="undo",
            sources=frozenset({State.APPLIED}),
            target=State.UNDOING,
            label=_("Hoàn tác"),
            may=rules.may_work,
            event="exchange.upload.undo_asked",
            tone="danger",
        ),
        Step(
            name="undone",
            sources=frozenset({State.UNDOING}),
            target=State.UNDONE,
            label=_("Hoàn tác xong"),
            may=rules.is_the_worker,
            event="exchange.upload.undone",
        ),
        Step(
            name="undo_refused",
            sources=frozenset({State.UNDOING}),
            target=State.APPLIED,
            label=_("Không hoàn tác được"),
            may=rules.is_the_worker,
            event="exchange.upload.undo_refused",
        ),
        Step(
            name="discard",
            sources=frozenset({State.CHECKED, State.UNREADABLE}),
            target=State.DISCARDED,
            label=_("Bỏ tệp này"),
            may=rules.may_work,
            event="exchange.upload.discarded",
            tone="secondary",
        ),
    ),
    holders={
        State.CHECKING: _("Hệ thống đang kiểm tra"),
        State.CHECKED: _("Cán bộ xem lại rồi ghi"),
        State.UNREADABLE: _("Cán bộ sửa tệp rồi tải lên lại"),
        State.APPLYING: _("Hệ thống đang ghi"),
        State.APPLIED: _("Đã xong"),
        State.UNDOING: _("Hệ thống đang hoàn tác"),
        State.UNDONE: _("Đã xong: các dòng đã được trả về như cũ"),
        State.DISCARDED: _("Đã bỏ"),
    },
)
