"""Sentences for the acts of this package."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "awards.nomination.opened": _("đã lập danh sách đề nghị khen thưởng"),
    "awards.nomination.changed": _("đã sửa danh sách đề nghị"),
    "awards.nomination.submitted": _("đã trình đề nghị khen thưởng"),
    "awards.nomination.returned": _("đã trả lại đề nghị khen thưởng"),
    "awards.nomination.decided": _("đã quyết định khen thưởng"),
    "awards.certificate.issued": _("đã cấp giấy chứng nhận"),
    "awards.certificate.corrected": _("đã cấp lại giấy chứng nhận có chỉnh sửa"),
    "awards.certificate.revoked": _("đã thu hồi giấy chứng nhận"),
}
