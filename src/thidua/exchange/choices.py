"""Enumerations of files that come in and go out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UploadState(TextChoices):
    CHECKING = "checking", _("Đang kiểm tra")
    CHECKED = "checked", _("Chờ ghi vào hệ thống")
    UNREADABLE = "unreadable", _("Không đọc được")
    APPLYING = "applying", _("Đang ghi vào hệ thống")
    APPLIED = "applied", _("Đã ghi vào hệ thống")
    UNDOING = "undoing", _("Đang hoàn tác")
    UNDONE = "undone", _("Đã hoàn tác")
    DISCARDED = "discarded", _("Đã bỏ")


# A worker is at it, or should be.
BUSY = (UploadState.CHECKING, UploadState.APPLYING, UploadState.UNDOING)


class FileState(TextChoices):
    MAKING = "making", _("Đang lập")
    READY = "ready", _("Đã xong")
    FAILED = "failed", _("Không lập được")
