"""Files travel in pieces: begin, send pieces, ask where to go on, take off again."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.documents.domain import resumption
from thidua.documents.models import Upload
from thidua.kernel import counters
from thidua.kernel.verdicts import Refused
from thidua.people.models import Person
from thidua.sites.shell import desk
from thidua.sites.shell.access import public

MOST_FOR_VISITORS = 6


def holder_of(request: HttpRequest) -> str:
    """Whose uploads these are: the person's, or this browser session's."""
    if request.user.is_authenticated:
        return f"p{desk.person_of(request).pk}"
    if not request.session.session_key:
        request.session.create()
    return "s" + hashlib.sha256(str(request.session.session_key).encode()).hexdigest()


def _person(request: HttpRequest) -> Person | None:
    return desk.person_of(request) if request.user.is_authenticated else None


def _own_or_404(request: HttpRequest, pk: UUID) -> Upload:
    found = Upload.objects.filter(pk=pk, holder=holder_of(request)).select_related("file").first()
    if found is None:
        raise Http404(str(pk))
    return found


def _said(upload: Upload) -> JsonResponse:
    """Where to go on, and whether all of it is here."""
    address = reverse("shell:upload", args=[upload.pk])
    return JsonResponse(
        {
            "url": address,
            "drop": reverse("shell:upload-drop", args=[upload.pk]),
            "offset": upload.received,
            "piece": resumption.PIECE_BYTES,
            "done": upload.file_id is not None,
            "name": upload.name,
        }
    )


def _refused(refused: Refused) -> JsonResponse:
    return JsonResponse({"sentence": refused.sentence}, status=422)


@public
@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """Name, size, date and purpose of a file of the form `key`."""
    try:
        given = json.loads(request.body)
        size = int(given.get("size", 0))
    except (ValueError, TypeError, AttributeError):
        return _refused(Refused(_("Mẫu gửi không hợp lệ: hãy tải lại trang rồi gửi lại.")))
    person = _person(request)
    said = {name: str(given.get(name, "")) for name in ("name", "mark", "purpose", "key")}
    try:
        if person is None:
            _refuse_flood(request)
        upload = resumption.begin(
            holder_of(request),
            said["key"][:64],
            said["name"][:300],
            size,
            said["mark"][:40],
            said["purpose"],
            unit=person.unit if person else None,
            most=resumption.MOST_A_FORM if person else MOST_FOR_VISITORS,
        )
    except Refused as refused:
        return _refused(refused)
    return _said(upload)


def _refuse_flood(request: HttpRequest) -> None:
    """Visitors of one network begin a bounded number of files an hour, enough for a whole factory's shift."""
    begun = counters.count(f"open-upload:{request.META.get('REMOTE_ADDR', '')}", timedelta(hours=1))
    if begun > settings.OPEN_UPLOADS_AN_HOUR:
        raise Refused(_("Có quá nhiều tệp gửi từ mạng này: hãy thử lại sau một giờ, hoặc đăng nhập để gửi."))


@public
def piece(request: HttpRequest, pk: UUID) -> JsonResponse:
    """GET says where to go on; POST appends a piece at the offset it names."""
    upload = _own_or_404(request, pk)
    typed = request.headers.get("Upload-Offset", "")
    try:
        if request.method == "POST" and typed.isdecimal() and len(typed) < 12:
            upload = resumption.add(upload, int(typed), request.body)
        if upload.received == upload.size and upload.file_id is None:
            upload = resumption.finish(upload, by=_person(request))
    except Refused as refused:
        return _refused(refused)
    return _said(upload)


@public
@require_POST
def drop(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The person takes the file off the form again."""
    resumption.forget(_own_or_404(request, pk))
    return JsonResponse({"dropped": True})


paths = [
    path("tai-tep/", begin, name="upload-begin"),
    path("tai-tep/<uuid:pk>/", piece, name="upload"),
    path("tai-tep/<uuid:pk>/bo/", drop, name="upload-drop"),
]
