"""From proven identity to an open session: the only place that calls Django's login().

A password (or code, or provider) lets in whoever has no second step; the others wait halfway
until the step is taken. A passkey is both at once: the device and the finger on it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login as open_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from thidua.accounts import queries, rules
from thidua.accounts.choices import Method
from thidua.accounts.domain import second_steps, sign_ins
from thidua.kernel import clock
from thidua.people.models import Account

BACKEND = "thidua.people.backends.IdentifierBackend"
DEVICE_COOKIE = "thidua_device"
_YEAR = 60 * 60 * 24 * 365
SEEN = "seen"  # when the session was last written down as used
STRONG = "strong"  # the second step was taken in this session
PROVED = "proved"  # when the visitor last proved who it is
HALFWAY = "halfway"
_HALFWAY_SECONDS = 10 * 60
_PROVED_SECONDS = 15 * 60


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


def admit(request: HttpRequest, account: Account, method: Method, *, to: str = "") -> HttpResponse:
    """Let in, or to the second step first."""
    if method == Method.PASSKEY:
        return let_in(request, account, method, to=to, strong=True)
    if not second_steps.exist(account):
        return let_in(request, account, method, to=to)
    request.session[HALFWAY] = {
        "account": account.pk,
        "method": str(method),
        "to": to,
        "until": clock.running().timestamp() + _HALFWAY_SECONDS,
        "password": account.get_session_auth_hash(),  # void once the password is another
    }
    return redirect("shell:second-step")


def halfway(request: HttpRequest) -> tuple[Account, Method, str] | None:
    """Who stands between password and second step, how they came, where they want to go."""
    kept = request.session.get(HALFWAY)
    if not kept or kept["until"] < clock.running().timestamp():
        return None
    account = Account.objects.select_related("person__unit__kind").filter(pk=kept["account"], is_active=True).first()
    if account is None or account.get_session_auth_hash() != kept["password"]:
        return None
    return account, Method(kept["method"]), kept["to"]


def owes_second_step(request: HttpRequest) -> bool:
    """The person's posts ask for a second step, and this session went without."""
    return not request.session.get(STRONG) and rules.needs_second_step(request.user.person)  # type: ignore[union-attr]


def is_proved(request: HttpRequest) -> bool:
    """Proved lately enough to change how one signs in."""
    return clock.running().timestamp() - request.session.get(PROVED, 0) < _PROVED_SECONDS


def proved(request: HttpRequest) -> None:
    request.session[PROVED] = clock.running().timestamp()


def let_in(
    request: HttpRequest, account: Account, method: Method, *, to: str = "", strong: bool = False
) -> HttpResponse:
    """Open the session (with a new key), remember device and language, go on."""
    visit = visit_of(request)
    open_session(request, account, backend=BACKEND)
    request.session[STRONG] = strong
    request.session[SEEN] = clock.running().timestamp()
    request.session.pop(HALFWAY, None)
    proved(request)
    token = sign_ins.opened(account, request.session.session_key or "", method, visit)
    if account.must_change_password:
        to = resolve_url("shell:password")
    response = redirect(to or settings.LOGIN_REDIRECT_URL)
    _remember(response, DEVICE_COOKIE, token, httponly=True)
    if language := queries.preference(account).language:
        remember_language(response, language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    _remember(response, settings.LANGUAGE_COOKIE_NAME, language)


def _remember(response: HttpResponse, name: str, value: str, **how: Any) -> None:
    response.set_cookie(name, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", **how)
