"""Requests that Django refuses before a view sees them, said so that a person knows what to do."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import bad_request as plain_bad_request


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; or 413 with the limit when too much was sent at once."""
    if isinstance(exception, RequestDataTooBig):
        sentence = _(
            "Một lần gửi tối đa %(limit)s MB chữ, không kể tệp đính kèm. Hãy quay lại, chia nhỏ rồi gửi lại."
        ) % {"limit": (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20}
    elif isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        sentence = _("Biểu mẫu có quá nhiều ô hoặc tệp. Hãy quay lại, chia thành nhiều lần gửi.")
    else:
        return plain_bad_request(request, exception)
    context = {"code": "413", "heading": _("Nội dung gửi lên quá lớn"), "sentence": sentence}
    return HttpResponse(render_to_string("shell/fault.html", context), status=413)
