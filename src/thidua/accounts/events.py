"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "accounts.code.issued": _("đã cấp mã dùng một lần"),
    "accounts.code.withdrawn": _("đã huỷ mã dùng một lần"),
    "accounts.code.used": _("đã dùng mã một lần để nhận tài khoản"),
    "accounts.password.set": _("đã đặt mật khẩu"),
    "accounts.sign_in.succeeded": _("đã đăng nhập"),
    "accounts.sign_in.slowed": _("đã làm chậm việc đăng nhập vì sai nhiều lần"),
    "accounts.sign_in.ended": _("đã kết thúc phiên đăng nhập"),
    "accounts.second_step.added": _("đã thêm bước xác minh thứ hai"),
    "accounts.second_step.removed": _("đã bỏ bước xác minh thứ hai"),
    "accounts.second_step.reset": _("đã gỡ các bước xác minh thứ hai theo yêu cầu"),
    "accounts.second_step.recovery_used": _("đã đăng nhập bằng mã dự phòng"),
    "accounts.provider.linked": _("đã liên kết tài khoản của cơ quan"),
    "accounts.provider.unlinked": _("đã bỏ liên kết tài khoản của cơ quan"),
    "accounts.contact.changed": _("đã đổi thông tin liên hệ của mình"),
    "accounts.record.exported": _("đã tải về dữ liệu của mình"),
}
