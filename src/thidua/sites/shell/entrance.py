"""From proven identity to an open session: the only place that calls Django's login()."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login as open_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from thidua.accounts import queries
from thidua.accounts.choices import Method
from thidua.accounts.domain import sign_ins
from thidua.kernel import clock
from thidua.people.models import Account

BACKEND = "thidua.people.backends.IdentifierBackend"
DEVICE_COOKIE = "thidua_device"
_YEAR = 60 * 60 * 24 * 365
SEEN = "seen"  # when the session was last written down as used
STRONG = "strong"  # the second step was taken in this session


def visit_of(request: HttpRequest) -> sign_ins.Visit:
    return sign_ins.Visit(
        network=request.META.get("REMOTE_ADDR", ""),
        device_token=request.COOKIES.get(DEVICE_COOKIE, "")[:100],
        device_name=sign_ins.device_name(request.META.get("HTTP_USER_AGENT", "")),
    )


def next_of(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is on this site; else ''."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def let_in(
    request: HttpRequest, account: Account, method: Method, *, to: str = "", strong: bool = False
) -> HttpResponse:
    """Open the session (with a new key), remember device and language, go on."""
    visit = visit_of(request)
    open_session(request, account, backend=BACKEND)
    request.session[STRONG] = strong
    request.session[SEEN] = clock.running().timestamp()
    token = sign_ins.opened(account, request.session.session_key or "", method, visit)
    if account.must_change_password:
        to = resolve_url("shell:password")
    response = redirect(to or settings.LOGIN_REDIRECT_URL)
    _remember(response, DEVICE_COOKIE, token, httponly=True)
    if language := queries.preference(account).language:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def _remember(response: HttpResponse, name: str, value: str, **how: Any) -> None:
    response.set_cookie(name, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", **how)
