"""What is counted, and why something is not."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Measure(TextChoices):
    FILED = "filed", _("Sáng kiến đã gửi")
    RECOGNISED = "recognised", _("Sáng kiến được công nhận")
    COUNTED = "counted", _("Sáng kiến được tính")
    BENEFIT = "benefit", _("Giá trị làm lợi (đồng)")
    PEOPLE = "people", _("Người có sáng kiến được tính")
    DIRECT_PEOPLE = "direct_people", _("Người lao động trực tiếp có sáng kiến được tính")
    WOMEN = "women", _("Nữ có sáng kiến được tính")
    UNITS = "units", _("Công đoàn cơ sở")
    REPORTED = "reported", _("Kết quả kê khai đã xác nhận")
    WAITING = "waiting", _("Kết quả kê khai chờ xác nhận")


class DeclarationState(TextChoices):
    """A result reported by hand, between the unit that reports and the level above."""

    DECLARED = "declared", _("Chờ cấp trên xác nhận")
    CONFIRMED = "confirmed", _("Đã xác nhận")
    RETURNED = "returned", _("Trả lại để sửa")
    WITHDRAWN = "withdrawn", _("Đã rút")


class Reason(TextChoices):
    """Why a programme does not count an initiative, in plain words."""

    NOT_FILED = "not_filed", _("chưa gửi hồ sơ")
    WITHDRAWN = "withdrawn", _("tác giả đã rút hồ sơ")
    NOT_RECEIVED = "not_received", _("công đoàn cơ sở chưa tiếp nhận")
    RETURNED = "returned", _("đang chờ tác giả bổ sung")
    LATE_SUPPLEMENT = "late_supplement", _("quá hạn bổ sung mà chưa gửi lại")
    NOT_RECOGNISED = "not_recognised", _("chưa có quyết định công nhận")
    REFUSED = "refused", _("không được công nhận")
    REVOKED = "revoked", _("đã bị huỷ bỏ công nhận")
    NO_APPLIED_DATE = "no_applied_date", _("chưa ghi ngày áp dụng lần đầu")
    APPLIED_TOO_EARLY = "applied_too_early", _("áp dụng trước thời gian chương trình quy định")
    APPLIED_TOO_LATE = "applied_too_late", _("áp dụng sau thời gian chương trình quy định")
    OUTSIDE_PHASES = "outside_phases", _("không thuộc giai đoạn nào của chương trình")
    IP_PROTECTED = "ip_protected", _("đang được bảo hộ quyền sở hữu trí tuệ")
    BREACHES_ORDER = "breaches_order", _("trái trật tự công cộng hoặc đạo đức xã hội")
    DUPLICATE = "duplicate", _("trùng với một sáng kiến khác")
    OUT_OF_SCOPE = "out_of_scope", _("đơn vị không thuộc phạm vi chương trình")
