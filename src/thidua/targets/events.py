"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "targets.target.opened": _("đã ghi chỉ tiêu theo kế hoạch của đơn vị"),
    "targets.target.given": _("đã giao chỉ tiêu"),
    "targets.target.accepted": _("đã nhận chỉ tiêu"),
    "targets.target.disputed": _("đã xin điều chỉnh chỉ tiêu"),
    "targets.target.answered": _("đã trả lời đề nghị điều chỉnh chỉ tiêu"),
    "targets.target.ambition": _("đã đặt mức phấn đấu của đơn vị"),
}
