"""Enumerations of targets."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TargetState(TextChoices):
    OWN = "own", _("Theo kế hoạch của đơn vị")
    GIVEN = "given", _("Chờ đơn vị nhận")
    ACCEPTED = "accepted", _("Đơn vị đã nhận")
    DISPUTED = "disputed", _("Đơn vị xin điều chỉnh")


class Base(TextChoices):
    """What a percentage is a percentage of; its number and day are kept with the target."""

    MEMBERS = "members", _("đoàn viên")
    WOMEN = "women", _("nữ đoàn viên")
    DIRECT_WORKERS = "direct_workers", _("lao động trực tiếp")
    GRASSROOTS = "grassroots", _("công đoàn cơ sở")
    STATED = "stated", _("số gốc ghi trong kế hoạch")


class IndicatorKind(TextChoices):
    """How the result of an indicator comes about."""

    COUNTED = "counted", _("Hệ thống tự tính")
    REPORTED = "reported", _("Đơn vị kê khai, cấp trên xác nhận")
    SHARE = "share", _("Tỷ lệ đơn vị")
    YES_NO = "yes_no", _("Có hoặc không")


class Keeping(TextChoices):
    """How a unit keeps up with its target today."""

    NO_TARGET = "no_target", _("Chưa có chỉ tiêu")
    NOT_STARTED = "not_started", _("Chưa có hồ sơ nào")
    BEHIND = "behind", _("Chậm tiến độ")
    ON_TRACK = "on_track", _("Đúng tiến độ")
    DONE = "done", _("Đạt, vượt")


KEEPING_TONES = {
    Keeping.NO_TARGET: "muted",
    Keeping.NOT_STARTED: "danger",
    Keeping.BEHIND: "warning",
    Keeping.ON_TRACK: "info",
    Keeping.DONE: "success",
}


class Method(TextChoices):
    """How an amount is split among the units below."""

    EQUAL = "equal", _("Chia đều")
    HEADCOUNT = "headcount", _("Theo số đoàn viên")
    LAST = "last", _("Theo kết quả kỳ trước")
    FORMULA = "formula", _("Theo công thức")
    PASTE = "paste", _("Dán từ Excel")
    BY_HAND = "by_hand", _("Nhập tay")
