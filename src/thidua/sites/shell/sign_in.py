"""Signing in and out, the first sign-in with a code, one's own password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import logout as close_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from thidua.accounts.choices import Method
from thidua.accounts.domain import codes, delays, passwords, providers, sign_ins
from thidua.kernel.verdicts import Refused
from thidua.people.models import Account
from thidua.sites.shell import entrance
from thidua.sites.shell.access import public, signed_in
from thidua.sites.shell.answers import answer, redirect_after


def password_field(label: Any, *, new: bool, **options: Any) -> forms.CharField:
    kind = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, **options)


class SignInForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Số điện thoại, mã đoàn viên hoặc email"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = password_field(gettext_lazy("Mật khẩu"), new=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Mã trên phiếu"),
        max_length=40,
        help_text=gettext_lazy("12 chữ và số, viết hoa hay thường đều được."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class NewPasswordForm(forms.Form):
    """A new password typed twice."""

    password = password_field(gettext_lazy("Mật khẩu mới"), new=True)
    again = password_field(gettext_lazy("Nhập lại mật khẩu mới"), new=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = passwords.help_text()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("password") and typed.get("again") and typed["password"] != typed["again"]:
            self.add_error("again", _("Hai lần nhập không giống nhau."))
        return typed


class PasswordForm(NewPasswordForm):
    old_password = password_field(gettext_lazy("Mật khẩu hiện tại"), new=False)
    field_order = ("old_password", "password", "again")


def show_refused(form: forms.Form, refused: Refused) -> int:
    """The sentence at its field; gives the status of the answer."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return 429 if isinstance(refused, delays.TooSoon) else 422


@public
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    to = entrance.next_of(request)
    if request.user.is_authenticated and request.method == "GET":
        return redirect(to or "shell:home")
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data
            account = sign_ins.check(typed["username"], typed["password"], entrance.visit_of(request))
            return entrance.admit(request, account, Method.PASSWORD, to=to)
        except Refused as refused:
            # Wrong details are no fault of the request: the page comes back as a page.
            status = 429 if show_refused(form, refused) == 429 else 200
    context = {"form": form, "next": to, "providers": providers.known()}
    return answer(request, "shell/login.html", context, status=status)


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    sign_ins.closed(request.session.session_key or "")
    close_session(request)
    return redirect("portal:home")


@public
@never_cache
@sensitive_post_parameters("password", "again", "code")
def claim(request: HttpRequest) -> HttpResponse:
    """The code from the slip; then whose record it is, and a password of one's own."""
    form, status, found = CodeForm(request.POST or None), 200, None
    network = request.META.get("REMOTE_ADDR", "")
    chosen = NewPasswordForm(request.POST if "password" in request.POST else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data["code"]
            try:
                found = codes.read(typed, network=network)
                status = 200 if not chosen.is_bound else 422
                if chosen.is_valid():
                    account = codes.redeem(typed, chosen.cleaned_data["password"], network=network)
                    return entrance.admit(request, account, Method.CODE)
            except Refused as refused:
                status = show_refused(chosen if found and refused.field == "password" else form, refused)
    context = {"form": form, "chosen": chosen, "found": found}
    return answer(request, "shell/claim.html", context, status=status)


@signed_in
@never_cache
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session ends."""
    account: Account = request.user  # type: ignore[assignment]
    form, status = PasswordForm(request.POST or None), 200
    if not account.has_usable_password() and entrance.is_proved(request):
        del form.fields["old_password"]  # came by a provider or a passkey, a moment ago
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _change(request, account, form.cleaned_data)
                return redirect_after(request, "shell:home", _("Đã đổi mật khẩu; các thiết bị khác đã được đăng xuất."))
            except Refused as refused:
                status = show_refused(form, refused)
    return answer(request, "shell/password.html", {"form": form}, status=status)


def _change(request: HttpRequest, account: Account, typed: dict[str, str]) -> None:
    if "old_password" in typed:
        passwords.change(account, typed["old_password"], typed["password"])
    else:
        passwords.give(account, typed["password"], by=account.person)
    old_key = request.session.session_key or ""
    update_session_auth_hash(request, account)
    sign_ins.moved(old_key, request.session.session_key or "")
    sign_ins.end_others(account, request.session.session_key or "")


paths = [
    path("dang-nhap/", login, name="login"),
    path("dang-xuat/", logout, name="logout"),
    path("nhan-tai-khoan/", claim, name="claim"),
    path("mat-khau/", password, name="password"),
]
