"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "people.person.entered": _("đã thêm vào danh sách đoàn viên, người lao động"),
    "people.person.amended": _("đã sửa thông tin trong danh sách"),
    "people.person.removed": _("đã bỏ khỏi danh sách do nhập nhầm"),
    "people.person.transferred": _("đã chuyển đơn vị"),
    "people.person.move_undone": _("đã hoàn tác việc chuyển hoặc thôi"),
    "people.person.left": _("đã ghi nhận thôi"),
    "people.person.returned": _("đã ghi nhận trở lại"),
    "people.person.paused": _("đã ghi nhận tạm nghỉ"),
    "people.person.resumed": _("đã ghi nhận đi làm lại"),
    "people.person.merged": _("đã gộp hai bản ghi của một người"),
    "people.person.merge_undone": _("đã hoàn tác việc gộp"),
    "people.person.namesakes": _("đã xác nhận là hai người khác nhau"),
    "people.post.ended": _("đã kết thúc chức danh"),
    "people.post.changed": _("đã sửa chức danh"),
    "people.account.opened": _("đã mở tài khoản"),
    "people.post.appointed": _("đã giao chức danh"),
}
