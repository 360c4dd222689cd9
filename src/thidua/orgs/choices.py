"""Enumerations of the organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Employer(TextChoices):
    """What kind of body employs the members of a grassroots union."""

    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    AGENCY = "agency", _("Cơ quan hành chính")
    PUBLIC_SERVICE = "public_service", _("Đơn vị sự nghiệp")
    NONE = "none", _("Không áp dụng")


class Change(TextChoices):
    """Kinds of entry in the ledger of unit changes (sổ biến động)."""

    ESTABLISH = "establish", _("Thành lập")
    RENAME = "rename", _("Đổi tên")
    MOVE = "move", _("Chuyển cấp trên trực tiếp")
    DISSOLVE = "dissolve", _("Kết thúc hoạt động")


class HeadcountSource(TextChoices):
    DECLARED = "declared", _("Đơn vị kê khai")
    COMPUTED = "computed", _("Tính từ danh sách đoàn viên")
