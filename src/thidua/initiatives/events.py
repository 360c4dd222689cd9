"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "initiatives.initiative.started": _("đã tạo bản nháp sáng kiến"),
    "initiatives.initiative.submitted": _("đã gửi sáng kiến"),
    "initiatives.initiative.received": _("đã tiếp nhận hồ sơ"),
    "initiatives.initiative.returned": _("đã trả lại để bổ sung"),
    "initiatives.initiative.recognised": _("đã ghi quyết định công nhận sáng kiến"),
    "initiatives.initiative.refused": _("đã ghi quyết định không công nhận"),
    "initiatives.initiative.revoked": _("đã huỷ bỏ công nhận sáng kiến"),
    "initiatives.initiative.withdrawn": _("đã rút hồ sơ"),
    "initiatives.initiative.changed": _("đã sửa hồ sơ"),
    "initiatives.initiative.attached": _("đã thêm tệp vào hồ sơ"),
    "initiatives.initiative.detached": _("đã bỏ tệp khỏi hồ sơ"),
    "initiatives.initiative.disclosed": _("đã chọn mức công khai"),
    "initiatives.initiative.benefit": _("đã xác nhận giá trị làm lợi"),
    "initiatives.initiative.claimed": _("đã nhận hồ sơ về tài khoản của mình"),
    "initiatives.adoption.registered": _("đã đăng ký áp dụng sáng kiến"),
    "initiatives.adoption.applied": _("đã báo cáo kết quả áp dụng"),
    "initiatives.adoption.abandoned": _("đã dừng áp dụng sáng kiến"),
}
