"""Enumerations of people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AbsenceKind(TextChoices):
    """Why somebody is away for a while."""

    MATERNITY = "maternity", _("Nghỉ thai sản")
    MILITARY = "military", _("Thực hiện nghĩa vụ quân sự")
    STUDY = "study", _("Đi học tập trung")
    SICKNESS = "sickness", _("Nghỉ ốm dài ngày")
    UNPAID = "unpaid", _("Tạm hoãn hợp đồng, nghỉ không lương")
    OTHER = "other", _("Lý do khác")


class RosterFilter(TextChoices):
    """Whom a roster shows."""

    ACTIVE = "dang-co", _("Đang có trong danh sách")
    AWAY = "tam-nghi", _("Đang tạm nghỉ")
    LEFT = "da-thoi", _("Đã thôi")
    ALL = "tat-ca", _("Tất cả")
