"""One's own profile: what is known, how one is reached, the language, and all of it to take away."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.accounts import queries as account_queries
from thidua.accounts.domain import contacts
from thidua.awards import queries as award_queries
from thidua.initiatives import queries
from thidua.initiatives.choices import State
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people import queries as people_queries
from thidua.sites.member import own_records
from thidua.sites.shell import desk, entrance
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.security import account_of, proved
from thidua.sites.shell.sign_in import show_refused


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Số điện thoại"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Dùng để đăng nhập; chỉ cán bộ công đoàn của bạn thấy."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Email mới"),
        help_text=gettext_lazy("Một mã 6 chữ số sẽ được gửi đến địa chỉ này."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class EmailCodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Mã trong thư"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    person = desk.person_of(request)
    context = {
        "posts": people_queries.posts_of(person),
        "filed": queries.own(person).exclude(state__in=[State.DRAFT, State.WITHDRAWN]).count(),
        "recognised": queries.own(person).filter(state=State.RECOGNISED).count(),
        "roles": {g.role.name: g.role for g in grants.grants_of(person)}.values(),
        "certificates": award_queries.certificates_of(person),
        "languages": settings.LANGUAGES,
        "language": account_queries.preference(account_of(request)).language,
    }
    return answer(request, "member/profile/show.html", context)


@signed_in
@never_cache
@proved
def phone(request: HttpRequest) -> HttpResponse:
    form = PhoneForm(request.POST or None, initial={"phone": desk.person_of(request).phone or ""})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            contacts.change_phone(account_of(request), form.cleaned_data["phone"])
            return redirect_after(request, "member:profile", _("Đã lưu số điện thoại."))
        except Refused as refused:
            status = show_refused(form, refused)
    return answer(request, "member/profile/phone.html", {"form": form}, status=status)


@signed_in
@never_cache
@proved
def email(request: HttpRequest) -> HttpResponse:
    """The new address, then the code that was sent to it."""
    account, status = account_of(request), 200
    waiting = account_queries.email_change(account)
    form: forms.Form = EmailCodeForm(request.POST or None) if waiting else EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if waiting:
                contacts.confirm_email(account, form.cleaned_data["code"])
                return redirect_after(request, "member:profile", _("Đã đổi email."))
            contacts.ask_email(account, form.cleaned_data["email"])
            return redirect_after(request, "member:email", _("Đã gửi mã, hãy mở hộp thư."))
        except Refused as refused:
            status = show_refused(form, refused)
    context = {"form": form, "waiting": waiting, "can_send": contacts.can_send()}
    return answer(request, "member/profile/email.html", context, status=status)


@signed_in
@require_POST
def give_up_email(request: HttpRequest) -> HttpResponse:
    contacts.give_up_email(account_of(request))
    return redirect_after(request, "member:profile")


@signed_in
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    contacts.choose_language(account_of(request), chosen)
    response = redirect_after(request, "member:profile", _("Đã lưu ngôn ngữ."))
    entrance.remember_language(response, chosen)
    return response


@signed_in
@never_cache
@proved
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that is stored about oneself: what it is, then the file."""
    person = desk.person_of(request)
    if request.method != "POST":
        return answer(request, "member/profile/take_away.html")
    with transaction.atomic():
        acts.record("accounts.record.exported", person, by=person)
    made = own_records.archive(person)
    response = FileResponse(made, as_attachment=True, filename=f"du-lieu-cua-toi-{person.code}.zip")
    response["Cache-Control"] = "private, no-store"
    return response


paths = [
    path("ca-nhan/", profile, name="profile"),
    path("ca-nhan/dien-thoai/", phone, name="phone"),
    path("ca-nhan/email/", email, name="email"),
    path("ca-nhan/email/thoi/", give_up_email, name="email-give-up"),
    path("ca-nhan/ngon-ngu/", language, name="language"),
    path("ca-nhan/du-lieu/", export, name="export"),
]
