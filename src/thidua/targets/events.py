"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "targets.target.opened": _("đã đặt chỉ tiêu theo kế hoạch của đơn vị"),
    "targets.target.amended": _("đã đổi chỉ tiêu theo kế hoạch điều chỉnh"),
    "targets.target.given": _("đã giao chỉ tiêu"),
    "targets.target.withdrawn": _("đã rút chỉ tiêu"),
    "targets.target.accepted": _("đã nhận chỉ tiêu"),
    "targets.target.asked": _("đã xin điều chỉnh chỉ tiêu"),
    "targets.target.granted": _("đã đồng ý điều chỉnh chỉ tiêu"),
    "targets.target.countered": _("đã trả lời đề nghị điều chỉnh chỉ tiêu"),
    "targets.issue.given": _("đã ban hành lần giao chỉ tiêu"),
    "targets.target.ambition": _("đã đăng ký phấn đấu cao hơn chỉ tiêu"),
}
