"""How a view answers: a page or its part, a redirect with a message, a download."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page; for an htmx request its `partial` template, when there is one."""
    is_part = bool(partial and getattr(request, "htmx", False) and not request.htmx.boosted)  # type: ignore[attr-defined]
    response = render(request, partial if is_part else template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect_after(request: HttpRequest, to: str, message: str = "", *args: Any, **kwargs: Any) -> HttpResponseRedirect:
    """After a POST: go to a URL name (with its arguments) or address, saying what was done."""
    if message:
        messages.success(request, message)
    return redirect(to, *args, **kwargs)


def download(content: bytes, name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """Bytes with a name that survives every browser; active content can do nothing."""
    response = HttpResponse(content, content_type=content_type)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "")
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    is_pdf = inline and content_type == "application/pdf"  # written by us a moment ago; a viewer is no sandbox
    blocked = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    response["Content-Security-Policy"] = blocked if is_pdf else "sandbox; default-src 'none'"
    return response
