"""Serve a stored file; the calling view has decided that this person may see its record."""

from __future__ import annotations

from urllib.parse import quote

from django.core.files.base import File
from django.http import FileResponse, HttpResponseBase
from django.urls import reverse

from thidua.documents.choices import Purpose
from thidua.documents.models import StoredFile

# Nothing a file contains may run, fetch or be framed elsewhere. A browser's own PDF viewer does not work in a
# sandbox: somebody's PDF is shown as a picture of its first page and downloaded; only papers this software has
# written open in the viewer, forbidden to load anything.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def send(stored: StoredFile, *, inline: bool = False, small: bool = False) -> HttpResponseBase:
    """Pictures and our own papers may be shown; everything else is downloaded, never run. `small`: the preview."""
    if small and stored.preview:
        return _answer(stored.preview.open("rb"), stored.name, "image/jpeg", inline=True)
    is_ours = stored.purpose == Purpose.PAPER and stored.content_type == "application/pdf"
    shown = inline and (stored.is_image or is_ours)
    return _answer(stored.stored.open("rb"), stored.name, stored.content_type, inline=shown)


def _answer(opened: File, name: str, content_type: str, *, inline: bool) -> HttpResponseBase:
    response = FileResponse(opened, content_type=content_type)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "")
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["Content-Length"] = str(opened.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    is_pdf = inline and content_type == "application/pdf"
    response["Content-Security-Policy"] = VIEWER if is_pdf else SANDBOX
    return response


def uploads(request_files: object, name: str) -> list[tuple[bytes, str]]:
    """(content, name) of every file given under a field."""
    return [(given.read(), given.name) for given in request_files.getlist(name)]  # type: ignore[attr-defined]


def address(request: object, name: str, *arguments: object) -> str:
    """The absolute address of a page, for QR codes: PUBLIC_URL when set."""
    from django.conf import settings

    path = reverse(name, args=arguments)
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)  # type: ignore[attr-defined]
