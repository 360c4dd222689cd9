"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "appointments.post.granted": _("đã giao chức danh"),
    "appointments.post.ended": _("đã kết thúc chức danh"),
    "appointments.post.substituted": _("đã cử người thay"),
    "appointments.post.returned": _("đã trở lại, kết thúc việc thay"),
}
