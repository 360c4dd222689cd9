"""Enumerations of the organisation."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Employer(TextChoices):
    """What kind of body employs the members of a grassroots union."""

    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    AGENCY = "agency", _("Cơ quan hành chính")
    PUBLIC_SERVICE = "public_service", _("Đơn vị sự nghiệp")
    NONE = "none", _("Không áp dụng")


class Rank(IntegerChoices):
    """At which level a kind of unit stands."""

    NATION = 1, _("Trung ương")
    PROVINCE = 2, _("Tỉnh, thành phố, ngành trung ương")
    UPPER = 3, _("Cấp trên trực tiếp của cơ sở")
    GRASSROOTS = 4, _("Cơ sở")
    COMPONENT = 5, _("Thành viên, bộ phận của cơ sở")
    GROUP = 6, _("Tổ công đoàn, tổ nghiệp đoàn")


class Change(TextChoices):
    """Kinds of entry in the ledger of unit changes (sổ biến động)."""

    ESTABLISH = "establish", _("Thành lập")
    RENAME = "rename", _("Đổi tên")
    RECLASSIFY = "reclassify", _("Đổi loại đơn vị")
    MOVE = "move", _("Chuyển cấp trên trực tiếp")
    MERGE = "merge", _("Sáp nhập vào đơn vị khác")
    SPLIT = "split", _("Tách ra đơn vị mới")
    DISSOLVE = "dissolve", _("Kết thúc hoạt động")


class HeadcountSource(TextChoices):
    DECLARED = "declared", _("Đơn vị kê khai")
    COMPUTED = "computed", _("Tính từ danh sách đoàn viên")


class PlaceKind(TextChoices):
    """Levels of the State's administrative places; the district level ended on 1 July 2025."""

    PROVINCE = "province", _("Tỉnh, thành phố")
    DISTRICT = "district", _("Quận, huyện (đến 30/6/2025)")
    COMMUNE = "commune", _("Xã, phường, đặc khu")


class ClusterKind(TextChoices):
    """How units that compete with one another are grouped."""

    CLUSTER = "cluster", _("Cụm thi đua")
    BLOCK = "block", _("Khối thi đua")


class Seat(TextChoices):
    """The part a unit plays in its cluster in a year."""

    LEAD = "lead", _("Trưởng cụm, khối")
    DEPUTY = "deputy", _("Phó trưởng cụm, khối")
    MEMBER = "member", _("Thành viên")
