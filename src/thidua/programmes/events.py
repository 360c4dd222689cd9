"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "programmes.plan.drafted": _("đã lập dự thảo kế hoạch"),
    "programmes.plan.changed": _("đã sửa dự thảo kế hoạch"),
    "programmes.plan.confirmed": _("đã đối chiếu và xác nhận nội dung đọc từ văn bản"),
    "programmes.plan.issued": _("đã ban hành kế hoạch"),
    "programmes.plan.closed": _("đã kết thúc kế hoạch"),
    "programmes.plan.chased": _("đã đôn đốc các đơn vị chưa có kế hoạch"),
    "programmes.plan.discarded": _("đã xoá dự thảo kế hoạch"),
    "programmes.programme.changed": _("đã sửa quy tắc của chương trình"),
}
