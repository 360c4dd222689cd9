"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "similarity.initiative.judged": _("đã kết luận sau khi so sánh với sáng kiến đã có"),
    "similarity.initiative.cited": _("được nêu khi so sánh một hồ sơ khác"),
}
