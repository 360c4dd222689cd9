"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "review.council.set_up": _("đã lập hội đồng"),
    "review.council.changed": _("đã sửa hội đồng"),
    "review.council.seated": _("đã thêm thành viên hội đồng"),
    "review.council.unseated": _("đã cho thôi thành viên hội đồng"),
    "review.session.planned": _("đã lập phiên họp"),
    "review.session.changed": _("đã sửa phiên họp"),
    "review.session.case_added": _("đã đưa hồ sơ vào phiên họp"),
    "review.session.case_dropped": _("đã rút hồ sơ khỏi phiên họp"),
    "review.session.opened": _("đã mở chấm và biểu quyết"),
    "review.session.present": _("đã ghi thành viên dự họp"),
    "review.session.voted": _("đã bỏ phiếu một hồ sơ"),
    "review.session.recused": _("đã khai xung đột lợi ích"),
    "review.session.closed": _("đã kết thúc và kiểm phiếu"),
    "review.session.reopened": _("đã mở lại biểu quyết"),
    "review.session.signed": _("đã ký biên bản"),
    "review.session.cancelled": _("đã huỷ phiên họp"),
}
