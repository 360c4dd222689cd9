"""Enumerations of targets."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TargetState(TextChoices):
    OWN = "own", _("Theo kế hoạch của đơn vị")
    GIVEN = "given", _("Chờ đơn vị nhận")
    ACCEPTED = "accepted", _("Đơn vị đã nhận")
    DISPUTED = "disputed", _("Đơn vị xin điều chỉnh")


class Method(TextChoices):
    """How an amount is split among the units below."""

    EQUAL = "equal", _("Chia đều")
    HEADCOUNT = "headcount", _("Theo số đoàn viên")
    BY_HAND = "by_hand", _("Nhập tay")
