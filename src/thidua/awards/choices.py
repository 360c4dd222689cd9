"""Enumerations of commendation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NominationState(TextChoices):
    DRAFT = "draft", _("Đang lập")
    SUBMITTED = "submitted", _("Đã trình cấp trên")
    RETURNED = "returned", _("Cấp trên trả lại")
    DECIDED = "decided", _("Đã có quyết định")


class NomineeKind(TextChoices):
    PERSON = "person", _("Cá nhân")
    COLLECTIVE = "collective", _("Tập thể")


class Outcome(TextChoices):
    PROPOSED = "proposed", _("Đề nghị")
    APPROVED = "approved", _("Được khen")
    DECLINED = "declined", _("Không được khen")


class CertificateKind(TextChoices):
    AWARD = "award", _("Giấy khen, bằng khen")
    INITIATIVE = "initiative", _("Giấy chứng nhận sáng kiến")


class CertificateState(TextChoices):
    VALID = "valid", _("Có hiệu lực")
    CORRECTED = "corrected", _("Đã được thay bằng bản chỉnh sửa")
    REVOKED = "revoked", _("Đã thu hồi")
