"""Between password and session: six digits, a recovery code or a passkey; and passkeys without a password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from thidua.accounts.choices import Method, Step
from thidua.accounts.domain import passkeys, second_steps
from thidua.kernel.verdicts import Refused
from thidua.sites.shell import entrance
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer
from thidua.sites.shell.sign_in import SignInForm, show_refused

CHALLENGE = "passkey_challenge"


class StepForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Mã 6 chữ số trong ứng dụng, hoặc mã dự phòng"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )


@public
@never_cache
@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    waiting = entrance.halfway(request)
    if waiting is None:
        return redirect("shell:login")
    account, method, to = waiting
    form, status = StepForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            second_steps.check(account, form.cleaned_data["code"])
            return entrance.let_in(request, account, method, to=to, strong=True)
        except Refused as refused:
            status = show_refused(form, refused)
    kinds = set(second_steps.authenticators(account).values_list("kind", flat=True))
    context = {"form": form, "has_app": Step.APP in kinds, "has_passkey": Step.PASSKEY in kinds}
    return answer(request, "shell/second_step.html", context, status=status)


@public
@require_POST
@never_cache
def passkey_question(request: HttpRequest) -> HttpResponse:
    """The challenge for the browser: of whoever stands halfway, or of anybody."""
    waiting = entrance.halfway(request)
    account = waiting[0] if waiting and request.POST.get("for") == "second-step" else None
    options, state = passkeys.begin_authentication(request.get_host(), account)
    request.session[CHALLENGE] = {"state": state, "account": account.pk if account else None}
    return JsonResponse(options)


@public
@require_POST
@never_cache
def passkey_answer(request: HttpRequest) -> HttpResponse:
    kept = request.session.pop(CHALLENGE, None) or {}
    waiting = entrance.halfway(request)
    account = waiting[0] if waiting and kept.get("account") == waiting[0].pk else None
    try:
        given = request.POST.get("credential", "")
        found = passkeys.complete_authentication(request.get_host(), kept.get("state"), given, account)
    except Refused as refused:
        form: forms.Form = StepForm({"code": ""}) if account else SignInForm({})
        form.errors.clear()
        form.add_error(None, refused.sentence)
        page = "shell/second_step.html" if account else "shell/login.html"
        return answer(request, page, {"form": form, "has_app": True, "has_passkey": True}, status=422)
    if account and waiting:
        return entrance.let_in(request, found, waiting[1], to=waiting[2], strong=True)
    return entrance.admit(request, found, Method.PASSKEY, to=entrance.next_of(request))


paths = [
    path("dang-nhap/buoc-hai/", second_step, name="second-step"),
    path("dang-nhap/khoa/cau-hoi/", passkey_question, name="passkey-question"),
    path("dang-nhap/khoa/", passkey_answer, name="passkey-answer"),
]
