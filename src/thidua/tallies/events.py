"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "tallies.entry.counted": _("đã tính sáng kiến vào chương trình «%(programme)s»"),
    "tallies.entry.not_counted": _("không tính sáng kiến vào chương trình «%(programme)s»: %(why)s"),
    "tallies.declaration.declared": _("đã kê khai kết quả"),
    "tallies.declaration.confirmed": _("đã xác nhận kết quả kê khai"),
    "tallies.declaration.returned": _("đã trả lại kết quả kê khai"),
    "tallies.declaration.corrected": _("đã sửa và gửi lại kết quả kê khai"),
    "tallies.declaration.withdrawn": _("đã rút kết quả kê khai"),
}
