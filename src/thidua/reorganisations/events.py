"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "reorganisations.order.drawn_up": _("đã soạn quyết định sắp xếp tổ chức"),
    "reorganisations.order.amended": _("đã sửa quyết định sắp xếp tổ chức"),
    "reorganisations.order.line_added": _("đã thêm nội dung sắp xếp"),
    "reorganisations.order.line_removed": _("đã bỏ nội dung sắp xếp"),
    "reorganisations.order.scheduled": _("đã xác nhận; thực hiện vào ngày hiệu lực"),
    "reorganisations.order.recalled": _("đã rút lại để sửa"),
    "reorganisations.order.applied": _("đã thực hiện quyết định sắp xếp tổ chức"),
    "reorganisations.order.undone": _("đã hoàn tác quyết định sắp xếp tổ chức"),
    "reorganisations.order.discarded": _("đã bỏ quyết định sắp xếp tổ chức"),
    "reorganisations.order.failed": _("chưa thực hiện được quyết định sắp xếp tổ chức"),
}
