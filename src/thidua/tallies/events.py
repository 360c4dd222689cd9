"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "tallies.entry.counted": _("đã tính sáng kiến vào chương trình"),
    "tallies.entry.not_counted": _("không tính sáng kiến vào chương trình"),
}
