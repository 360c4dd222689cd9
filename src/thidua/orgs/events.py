"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "orgs.unit.establish": _("đã thành lập đơn vị"),
    "orgs.unit.rename": _("đã đổi tên đơn vị"),
    "orgs.unit.move": _("đã chuyển đơn vị sang cấp trên khác"),
    "orgs.unit.dissolve": _("đã ghi nhận đơn vị kết thúc hoạt động"),
    "orgs.unit.headcount": _("đã kê khai số đoàn viên"),
}
