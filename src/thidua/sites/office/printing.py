"""How certificates are handed over: at once, or by the page that says how far the worker is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from thidua.exchange.models import OutgoingFile
from thidua.sites.shell.answers import download, redirect_after


def public_address(request: HttpRequest) -> str:
    """Where the QR codes of certificates lead."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def printed(request: HttpRequest, made: bytes | OutgoingFile, name: str) -> HttpResponse:
    """The PDF, or the page that says how far the worker is with it."""
    if isinstance(made, bytes):
        return download(made, name, "application/pdf")
    return redirect_after(request, "office:outgoing", "", made.code)
