"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "reports.reportrequest.asked": _("đã yêu cầu báo cáo"),
    "reports.reportrequest.chased": _("đã đôn đốc các đơn vị chưa báo cáo"),
    "reports.report.started": _("đã lập báo cáo"),
    "reports.report.changed": _("đã sửa báo cáo"),
    "reports.report.merged": _("đã tổng hợp báo cáo của các đơn vị"),
    "reports.report.submitted": _("đã gửi báo cáo, số liệu được khoá"),
    "reports.report.returned": _("đã trả lại báo cáo"),
    "reports.difficulty.raised": _("đã phản ánh khó khăn, vướng mắc"),
    "reports.difficulty.answered": _("đã trả lời khó khăn, vướng mắc"),
}
