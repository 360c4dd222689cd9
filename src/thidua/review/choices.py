"""Enumerations of councils."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Chair(TextChoices):
    """What a member is in the council, in the order of the minutes."""

    CHAIR = "chair", _("Chủ tịch hội đồng")
    DEPUTY = "deputy", _("Phó chủ tịch hội đồng")
    SECRETARY = "secretary", _("Thư ký")
    MEMBER = "member", _("Uỷ viên")


RANKS = {Chair.CHAIR: 0, Chair.DEPUTY: 1, Chair.MEMBER: 2, Chair.SECRETARY: 3}


class SessionState(TextChoices):
    PLANNED = "planned", _("Đang chuẩn bị")
    OPEN = "open", _("Đang chấm và biểu quyết")
    CLOSED = "closed", _("Đã kiểm phiếu")
    SIGNED = "signed", _("Đã ký biên bản")
    CANCELLED = "cancelled", _("Đã huỷ phiên")


class Vote(TextChoices):
    """What a member proposes."""

    YES = "yes", _("Đề nghị công nhận")
    MORE = "more", _("Cần bổ sung")
    NO = "no", _("Không công nhận")


class Outcome(TextChoices):
    PENDING = "pending", _("Chưa có kết quả")
    PASSED = "passed", _("Hội đồng đề nghị công nhận")
    MORE = "more", _("Hội đồng đề nghị bổ sung")
    FAILED = "failed", _("Hội đồng đề nghị không công nhận")
    DROPPED = "dropped", _("Rút khỏi phiên")


TONES = {
    Outcome.PENDING: "muted",
    Outcome.PASSED: "success",
    Outcome.MORE: "warning",
    Outcome.FAILED: "danger",
    Outcome.DROPPED: "muted",
}
