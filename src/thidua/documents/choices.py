"""Enumerations of files and papers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    """Kinds of issued paper; the value is the abbreviation in the symbol (17/KH-CĐYT)."""

    PLAN = "KH", _("Kế hoạch")
    REPORT = "BC", _("Báo cáo")
    DECISION = "QĐ", _("Quyết định")
    SUBMISSION = "TTr", _("Tờ trình")
    MINUTES = "BB", _("Biên bản")
    LETTER = "CV", _("Công văn")
    CERTIFICATE = "CN", _("Giấy chứng nhận, giấy khen")


class Purpose(TextChoices):
    """What a stored file is for."""

    PHOTO_BEFORE = "photo_before", _("Ảnh trước khi áp dụng")
    PHOTO_AFTER = "photo_after", _("Ảnh sau khi áp dụng")
    EVIDENCE = "evidence", _("Tài liệu minh chứng")
    DECISION = "decision", _("Quyết định, văn bản")
    PLAN = "plan", _("Văn bản kế hoạch")
    PAPER = "paper", _("Văn bản do hệ thống lập")
