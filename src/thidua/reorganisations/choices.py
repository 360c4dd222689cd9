"""Enumerations of the reorganisation of units."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderState(TextChoices):
    """Where an order stands. A scheduled one takes effect by itself on its day."""

    DRAFT = "draft", _("Đang soạn")
    SCHEDULED = "scheduled", _("Chờ đến ngày hiệu lực")
    APPLIED = "applied", _("Đã thực hiện")
    UNDONE = "undone", _("Đã hoàn tác")
    DISCARDED = "discarded", _("Đã bỏ")
