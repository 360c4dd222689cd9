"""Enumerations of search."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Place(TextChoices):
    """Where one searches: each has its own rows and its own rights."""

    LIBRARY = "library", _("Thư viện sáng kiến")
    OFFICE = "office", _("Hồ sơ sáng kiến")


class Benefit(TextChoices):
    """The benefit as a filter: quantified or not, and from which sum a year."""

    MONEY = "money", _("Tính được bằng tiền")
    TEN = "10", _("Từ 10 triệu đồng mỗi năm")
    HUNDRED = "100", _("Từ 100 triệu đồng mỗi năm")
    THOUSAND = "1000", _("Từ 1 tỷ đồng mỗi năm")
    NOT_QUANTIFIABLE = "not_quantifiable", _("Không tính được bằng tiền")
