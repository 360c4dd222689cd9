"""Enumerations of the initiative. States carry two labels: for the office and for the author."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    DRAFT = "draft", _("Nháp")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    RECEIVED = "received", _("Đã tiếp nhận")
    PASSED_UP = "passed_up", _("Chờ cấp trên quyết định")
    RETURNED = "returned", _("Cần bổ sung")
    RECOGNISED = "recognised", _("Đã công nhận")
    REFUSED = "refused", _("Không công nhận")
    REVOKED = "revoked", _("Đã huỷ công nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")


AUTHOR_LABELS = {
    State.DRAFT: _("Bản nháp của bạn"),
    State.SUBMITTED: _("Đã gửi, chờ công đoàn tiếp nhận"),
    State.RECEIVED: _("Công đoàn đang xem xét"),
    State.PASSED_UP: _("Công đoàn cấp trên đang xem xét"),
    State.RETURNED: _("Bạn cần bổ sung"),
    State.RECOGNISED: _("Được công nhận"),
    State.REFUSED: _("Chưa được công nhận"),
    State.REVOKED: _("Đã bị huỷ công nhận"),
    State.WITHDRAWN: _("Bạn đã rút"),
}
TONES = {
    State.DRAFT: "muted",
    State.SUBMITTED: "info",
    State.RECEIVED: "info",
    State.PASSED_UP: "info",
    State.RETURNED: "warning",
    State.RECOGNISED: "success",
    State.REFUSED: "danger",
    State.REVOKED: "danger",
    State.WITHDRAWN: "muted",
}


class Kind(TextChoices):
    """The kinds of Điều lệ Sáng kiến điều 3, and what programmes add."""

    TECHNICAL = "technical", _("Giải pháp kỹ thuật")
    MANAGERIAL = "managerial", _("Giải pháp quản lý")
    OPERATIONAL = "operational", _("Giải pháp tác nghiệp")
    TECHNOLOGY = "technology", _("Ứng dụng tiến bộ kỹ thuật")
    RESEARCH = "research", _("Đề tài nghiên cứu")


class Benefit(TextChoices):
    UNKNOWN = "unknown", _("Chưa ghi")
    MONEY = "money", _("Tính được bằng tiền")
    NOT_QUANTIFIABLE = "not_quantifiable", _("Không tính được bằng tiền")


class Disclosure(TextChoices):
    PUBLIC = "public", _("Công khai tóm tắt")
    INTERNAL = "internal", _("Nội bộ công đoàn")
    COUNCIL = "council", _("Chỉ người xét duyệt")


class Sealable(TextChoices):
    """What an author may keep for those who examine it. Title, effect and reward are always shown."""

    PROBLEM = "problem_before", _("Trước khi có sáng kiến")
    SOLUTION = "solution", _("Đã làm khác đi")
    STEPS = "steps", _("Các bước thực hiện")
    NOVELTY = "novelty", _("Điểm mới")
    CONDITIONS = "conditions", _("Điều kiện cần để áp dụng")
    PLACE = "applied_where", _("Nơi áp dụng")
    SPONSOR = "sponsor", _("Chủ đầu tư tạo ra sáng kiến")
    FILES = "files", _("Ảnh và tài liệu")


class Channel(TextChoices):
    """How the initiative came in."""

    OWN = "own", _("Tác giả tự gửi")
    ON_BEHALF = "on_behalf", _("Cán bộ nhập hộ")
    OPEN = "open", _("Gửi qua mã QR, chưa có tài khoản")


class Body(TextChoices):
    """Who recognises."""

    HEAD = "head", _("Thủ trưởng đơn vị")
    COUNCIL = "council", _("Hội đồng sáng kiến")


class Scope(TextChoices):
    GRASSROOTS = "grassroots", _("Cấp cơ sở")
    PROVINCE = "province", _("Cấp tỉnh, ngành")
    NATION = "nation", _("Toàn quốc")


class AdoptionState(TextChoices):
    REGISTERED = "registered", _("Đã đăng ký áp dụng")
    APPLIED = "applied", _("Đã áp dụng")
    ABANDONED = "abandoned", _("Không tiếp tục")


class ScopeState(TextChoices):
    """Where a proposal stands to recognise a wider scope of an initiative already recognised."""

    WAITING = "waiting", _("Chờ xét phạm vi")
    RETURNED = "returned", _("Cần bổ sung")
    RECOGNISED = "recognised", _("Đã công nhận phạm vi")
    REFUSED = "refused", _("Không công nhận phạm vi")
    WITHDRAWN = "withdrawn", _("Đã rút đề nghị")


class CannedFor(TextChoices):
    """The steps whose reasons a unit keeps ready."""

    RETURN = "send_back", _("Trả lại để bổ sung")
    REFUSE = "refuse", _("Không công nhận")
    REVOKE = "revoke", _("Huỷ bỏ công nhận")


class Consent(TextChoices):
    """Where an author stands to the own share."""

    CONFIRMED = "confirmed", _("đã xác nhận")
    NOTED = "noted", _("đồng ý, cán bộ ghi nhận")
    SILENT = "silent", _("hết hạn trả lời, coi như đồng ý")
    WAITING = "waiting", _("chờ xác nhận")
    OBJECTED = "objected", _("chưa đồng ý")

    @property
    def tone(self) -> str:
        return {"confirmed": "success", "noted": "success", "silent": "info", "objected": "danger"}.get(self, "muted")
