"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "orgs.unit.establish": _("đã thành lập đơn vị"),
    "orgs.unit.amended": _("đã cập nhật thông tin đơn vị"),
    "orgs.unit.rename": _("đã đổi tên đơn vị"),
    "orgs.unit.reclassify": _("đã đổi loại của đơn vị"),
    "orgs.unit.merge": _("đã sáp nhập đơn vị vào đơn vị khác"),
    "orgs.unit.split": _("đã tách đơn vị mới ra khỏi đơn vị"),
    "orgs.unit.taken_back": _("đã hoàn tác một biến động của đơn vị"),
    "orgs.unit.described": _("đã sửa thông tin đơn vị"),
    "orgs.kind.added": _("đã thêm một loại đơn vị"),
    "orgs.kind.renamed": _("đã đổi tên một loại đơn vị"),
    "orgs.unit.covers": _("đã ghi địa bàn của đơn vị"),
    "orgs.cluster.set_up": _("đã lập cụm, khối thi đua"),
    "orgs.cluster.renamed": _("đã sửa tên cụm, khối thi đua"),
    "orgs.cluster.ended": _("đã kết thúc cụm, khối thi đua"),
    "orgs.cluster.seated": _("đã cập nhật thành viên cụm, khối thi đua"),
    "orgs.unit.move": _("đã chuyển đơn vị sang cấp trên khác"),
    "orgs.unit.dissolve": _("đã ghi nhận đơn vị kết thúc hoạt động"),
    "orgs.unit.headcount": _("đã kê khai số đoàn viên"),
}
