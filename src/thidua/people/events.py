"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "people.person.entered": _("đã thêm vào danh sách đoàn viên, người lao động"),
    "people.account.opened": _("đã mở tài khoản"),
    "people.post.appointed": _("đã giao chức danh"),
}
