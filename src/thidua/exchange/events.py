"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "exchange.upload.given": _("đã tải lên tệp dữ liệu"),
    "exchange.upload.checked": _("đã kiểm tra xong tệp dữ liệu"),
    "exchange.upload.unreadable": _("không đọc được tệp dữ liệu"),
    "exchange.upload.apply_asked": _("đã yêu cầu ghi tệp vào hệ thống"),
    "exchange.upload.applied": _("đã ghi tệp vào hệ thống"),
    "exchange.upload.apply_failed": _("không ghi được tệp vào hệ thống"),
    "exchange.upload.undo_asked": _("đã yêu cầu hoàn tác tệp"),
    "exchange.upload.undone": _("đã hoàn tác tệp"),
    "exchange.upload.undo_refused": _("không hoàn tác được tệp"),
    "exchange.upload.discarded": _("đã bỏ tệp dữ liệu"),
    "exchange.file.taken": _("đã xuất dữ liệu ra Excel"),
    "exchange.file.asked": _("đã yêu cầu xuất dữ liệu"),
}
