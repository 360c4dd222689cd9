"""Serve a stored file; the calling view has decided that this person may see its record."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from thidua.documents.models import StoredFile
from thidua.sites.shell.answers import download


def send(stored: StoredFile, *, inline: bool = False) -> HttpResponse:
    """Pictures and PDFs may be shown; everything else is downloaded, never run."""
    with stored.stored.open("rb") as opened:
        content = opened.read()
    shown = inline and (stored.is_image or stored.content_type == "application/pdf")
    return download(content, stored.name, stored.content_type, inline=shown)


def uploads(request_files: object, name: str) -> list[tuple[bytes, str]]:
    """(content, name) of every file given under a field."""
    return [(given.read(), given.name) for given in request_files.getlist(name)]  # type: ignore[attr-defined]


def address(request: object, name: str, *arguments: object) -> str:
    """The absolute address of a page, for QR codes: PUBLIC_URL when set."""
    from django.conf import settings

    path = reverse(name, args=arguments)
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)  # type: ignore[attr-defined]
