"""The page «Bảo mật»: one's password, second steps, devices. Changes ask who it is, if that is long ago."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from thidua.accounts import queries, rules
from thidua.accounts.domain import one_time_passwords, passkeys, passwords, providers, second_steps, sign_ins
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.people.models import Account
from thidua.sites.shell import desk, entrance
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.sign_in import password_field, show_refused

SECRET = "new_app_secret"  # noqa: S105 - the name of a place in the session
KEY_STATE = "new_passkey_challenge"


class ProveForm(forms.Form):
    password = password_field(gettext_lazy("Mật khẩu"), new=False)


class AppForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Mã 6 chữ số đang hiện trong ứng dụng"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def account_of(request: HttpRequest) -> Account:
    return request.user  # type: ignore[return-value]


def frame_of(request: HttpRequest) -> str:
    return "shell/office.html" if desk.is_officer(desk.person_of(request)) else "shell/member.html"


def proved(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask for the password again when the last proof is older than a quarter of an hour."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if entrance.is_proved(request):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("shell:security")
        return redirect(f"{reverse('shell:prove')}?next={back}")

    return checked


@signed_in
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    context = {
        "frame": frame_of(request),
        "steps": second_steps.authenticators(account),
        "app": second_steps.app_of(account),
        "recovery_left": second_steps.recovery_codes_left(account),
        "needs_second_step": rules.needs_second_step(account.person),
        "passkeys_possible": passkeys.are_possible(request.get_host()),
        "sign_ins": queries.sign_ins(account),
        "session_key": request.session.session_key,
        "links": queries.links(account),
        "linkable": {
            n: p for n, p in providers.known().items() if n not in {x.provider for x in queries.links(account)}
        },
    }
    return answer(request, "shell/security.html", context)


@signed_in
def owed(request: HttpRequest) -> HttpResponse:
    """Where a page sends whoever must take a second step first."""
    if not entrance.owes_second_step(request):
        return redirect("shell:home")
    context = {
        "has_steps": second_steps.exist(account_of(request)),
        "passkeys_possible": passkeys.are_possible(request.get_host()),
    }
    return answer(request, "shell/second_step_owed.html", context)


@signed_in
@never_cache
@sensitive_post_parameters()
def prove(request: HttpRequest) -> HttpResponse:
    form, status = ProveForm(request.POST or None), 200
    to, has_password = entrance.next_of(request), account_of(request).has_usable_password()
    if request.method == "POST" and form.is_valid():
        try:
            passwords.prove(account_of(request), form.cleaned_data["password"])
            entrance.proved(request)
            return redirect(to or "shell:security")
        except Refused as refused:
            status = show_refused(form, refused)
    return answer(request, "shell/prove.html", {"form": form, "next": to, "has_password": has_password}, status=status)


@signed_in
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    ended = sign_ins.end(account_of(request), pk)
    return redirect_after(request, "shell:security", _("Đã đăng xuất %(device)s.") % {"device": ended.device_name})


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    count = sign_ins.end_others(account_of(request), request.session.session_key or "")
    return redirect_after(request, "shell:security", counted("Đã đăng xuất %(n)d thiết bị khác.", count))


def _done(request: HttpRequest, sentence: str, codes: list[str]) -> HttpResponse:
    """Back to the page; or first the recovery codes, which are shown this once."""
    request.session[entrance.STRONG] = True
    if not codes:
        return redirect_after(request, "shell:security", sentence)
    return answer(request, "shell/recovery_codes.html", {"codes": codes, "sentence": sentence})


@signed_in
@never_cache
@proved
@sensitive_post_parameters()
def add_app(request: HttpRequest) -> HttpResponse:
    account, form, status = account_of(request), AppForm(request.POST or None), 200
    secret = request.session.setdefault(SECRET, one_time_passwords.new_secret())
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_steps.add_app(account, secret, form.cleaned_data["code"])
            del request.session[SECRET]
            return _done(request, _("Ứng dụng xác minh đã hoạt động."), codes)
        except Refused as refused:
            status = show_refused(form, refused)
    grouped = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    context = {"form": form, "picture": second_steps.picture(account, secret), "secret": grouped}
    return answer(request, "shell/second_step_app.html", context, status=status)


@signed_in
@never_cache
@proved
def add_passkey(request: HttpRequest) -> HttpResponse:
    account, host = account_of(request), request.get_host()
    name, fault = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            state = request.session.pop(KEY_STATE, None)
            codes = passkeys.complete_registration(account, host, state, request.POST.get("credential", ""), name)
            return _done(request, _("Khoá đăng nhập đã hoạt động."), codes)
        except Refused as refused:
            fault = refused.sentence
    options, request.session[KEY_STATE] = passkeys.begin_registration(account, host)
    name = name or sign_ins.device_name(request.META.get("HTTP_USER_AGENT", ""))
    context = {"options": options, "name": name, "fault": fault}
    return answer(request, "shell/passkey.html", context, status=422 if fault else 200)


@signed_in
@require_POST
@proved
def remove_step(request: HttpRequest, pk: int) -> HttpResponse:
    name = second_steps.remove(account_of(request), pk)
    return redirect_after(request, "shell:security", _("Đã bỏ %(step)s.") % {"step": name})


@signed_in
@require_POST
@never_cache
@proved
def recovery_codes(request: HttpRequest) -> HttpResponse:
    codes = second_steps.renew_recovery_codes(account_of(request))
    context = {"codes": codes, "sentence": _("Mã dự phòng mới; các mã cũ hết tác dụng.")}
    return answer(request, "shell/recovery_codes.html", context)


paths = [
    path("bao-mat/", security, name="security"),
    path("bao-mat/can-buoc-hai/", owed, name="second-step-owed"),
    path("bao-mat/xac-nhan/", prove, name="prove"),
    path("bao-mat/phien/<int:pk>/ket-thuc/", end_session, name="end-session"),
    path("bao-mat/phien-khac/ket-thuc/", end_others, name="end-others"),
    path("bao-mat/ung-dung/", add_app, name="add-app"),
    path("bao-mat/khoa/", add_passkey, name="add-passkey"),
    path("bao-mat/buoc-hai/<int:pk>/bo/", remove_step, name="remove-step"),
    path("bao-mat/ma-du-phong/", recovery_codes, name="recovery-codes"),
]
