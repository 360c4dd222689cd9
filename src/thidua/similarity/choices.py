"""Enumerations of likeness."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Finding(TextChoices):
    """What the officer found when comparing. Words a person weighed, never set by the machine."""

    NEW = "new", _("Là sáng kiến mới")
    IMPROVEMENT = "improvement", _("Cải tiến từ sáng kiến đã có")
    ADOPTION = "adoption", _("Áp dụng lại sáng kiến đã có")
    COPY = "copy", _("Sao chép")


TONES = {Finding.NEW: "success", Finding.IMPROVEMENT: "info", Finding.ADOPTION: "info", Finding.COPY: "danger"}


class Degree(TextChoices):
    """How much of a text is found again, in words for a chip."""

    WHOLE = "whole", _("Gần như giống hệt")
    MOST = "most", _("Giống phần lớn")
    PART = "part", _("Giống một phần")
    TITLE = "title", _("Tên gần giống")


class Place(IntegerChoices):
    """Where a sketch was taken; texts of files begin at FILES, a hundred places each."""

    TITLE = 0
    TEXT = 1
    FILES = 100


class KeyKind(TextChoices):
    SHINGLE = "shingle", _("Cụm ba chữ gặp quá nhiều nơi")
    PHRASE = "phrase", _("Cụm bốn chữ ai cũng viết")
