"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {"documents.paper.issued": _("đã ban hành văn bản")}
