"""OpenID Connect: to the provider and back. Authlib keeps state, nonce and PKCE and checks the signature."""

from __future__ import annotations

import logging
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from joserfc.errors import JoseError

from thidua.accounts.choices import Method
from thidua.accounts.domain import providers
from thidua.kernel.verdicts import Refused
from thidua.sites.shell import entrance
from thidua.sites.shell.access import public, signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.files import address
from thidua.sites.shell.security import account_of, proved
from thidua.sites.shell.sign_in import SignInForm

log = logging.getLogger(__name__)
GOING = "provider_going"  # where to and what for, while the visitor is at the provider
_SECONDS = 10  # a provider that does not answer must not hold a worker process


def _client(name: str) -> Any:
    """The client of a provider; 404 for one that is not set up."""
    settings = providers.known().get(name)
    if settings is None:
        raise Http404
    return OAuth().register(
        name,
        server_metadata_url=settings["metadata"],
        client_id=settings["client_id"],
        client_secret=settings["client_secret"] or None,
        client_kwargs={"scope": settings["scope"], "code_challenge_method": "S256", "default_timeout": _SECONDS},
    )


def _label(name: str) -> str:
    return str(providers.known()[name]["label"])


def _go(request: HttpRequest, provider: str, purpose: str) -> HttpResponse:
    client = _client(provider)
    request.session[GOING] = {"purpose": purpose, "to": entrance.next_of(request)}
    try:
        return client.authorize_redirect(request, address(request, "shell:provider-back", provider))
    except (requests.RequestException, AuthlibBaseError, ValueError) as error:
        log.warning("provider %s does not answer: %s", provider, error)
        return _refused(
            request,
            _("%(provider)s không trả lời: hãy thử lại sau, hoặc dùng mật khẩu.") % {"provider": _label(provider)},
        )


@public
@require_GET
@never_cache
def go(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider, to sign in."""
    return _go(request, provider, "sign-in")


@signed_in
@require_GET
@never_cache
@proved
def link(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider, to link the identity one has there to the account one is signed in with."""
    return _go(request, provider, "link")


@public
@require_GET
@never_cache
def back(request: HttpRequest, provider: str) -> HttpResponse:
    client, going = _client(provider), request.session.pop(GOING, None) or {}
    try:
        claims = _claims(client, request)
        if going.get("purpose") == "link" and request.user.is_authenticated:
            providers.link_to(account_of(request), provider, claims)
            return redirect_after(request, "shell:security", _("Đã liên kết."))
        account = providers.account_for(provider, claims)
    except Refused as refused:
        return _refused(request, refused.sentence)
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError) as error:
        log.warning("sign-in by %s refused: %s", provider, error)
        return _refused(
            request, _("Đăng nhập qua %(provider)s không thành: hãy thử lại từ đầu.") % {"provider": _label(provider)}
        )
    return entrance.admit(request, account, Method.PROVIDER, to=going.get("to", ""))


def _claims(client: Any, request: HttpRequest) -> providers.Claims:
    """What the signed identity token says, with the details a provider keeps for its userinfo page."""
    token = client.authorize_access_token(request)
    claims = dict(token.get("userinfo") or {})
    if not claims.get("sub"):
        raise ValueError("no identity token in the answer")
    if "email" not in claims and "userinfo_endpoint" in client.load_server_metadata():
        more = dict(client.userinfo(token=token))
        if more.get("sub") == claims["sub"]:
            claims = {**more, **claims}
    return claims


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.user.is_authenticated:
        raise Refused(sentence)
    form = SignInForm({})
    form.errors.clear()
    form.add_error(None, sentence)
    return answer(request, "shell/login.html", {"form": form}, status=422)


@signed_in
@require_POST
@proved
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    providers.unlink(account_of(request), pk)
    return redirect_after(request, "shell:security", _("Đã bỏ liên kết."))


paths = [
    path("dang-nhap/qua/<slug:provider>/", go, name="provider"),
    path("dang-nhap/qua/<slug:provider>/ve/", back, name="provider-back"),
    path("bao-mat/lien-ket/<slug:provider>/", link, name="provider-link"),
    path("bao-mat/lien-ket/<int:pk>/bo/", unlink, name="provider-unlink"),
]
