"""The QR landing page: thirty seconds, with or without an account."""

from __future__ import annotations

from django import forms
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import ensure_csrf_cookie

from thidua.documents.choices import Purpose
from thidua.initiatives.domain import dossiers
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Programme
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer
from thidua.sites.shell.dossier_forms import IdeaForm
from thidua.sites.shell.files import uploads

A_VISITOR_AN_HOUR = 10


class OpenIdeaForm(IdeaForm):
    """For somebody without an account; the hidden field catches machines."""

    name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    phone = forms.CharField(
        label=gettext_lazy("Số điện thoại"), max_length=20, widget=forms.TextInput(attrs={"type": "tel"})
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)


def _place(programme_code: str, unit_code: str) -> tuple[Programme, Unit]:
    programme = programme_queries.open_by_code(programme_code)
    unit = org_queries.by_code(unit_code)
    if programme is None or unit is None or not unit.is_active or not programme.unit.covers(unit):
        raise Http404
    return programme, unit


@public
@ensure_csrf_cookie
def quick(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    programme, unit = _place(programme_code, unit_code)
    person: Person | None = getattr(request.user, "person", None)
    needs_account = person is None and not unit.accepts_open_filing
    form = (IdeaForm if person else OpenIdeaForm)(request.POST or None)
    key = request.POST.get("submission_key") or dossiers.new_submission_key()
    status = 200
    if request.method == "POST" and not needs_account:
        if form.is_valid():
            try:
                initiative, claim = _file(request, form, person, unit, programme, key)
                return answer(request, "portal/filing/done.html", _done(initiative, claim, programme, unit))
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        status = 422
    context = {"form": form, "programme": programme, "unit": unit, "key": key, "needs_account": needs_account}
    return answer(request, "portal/filing/quick.html", context, status=status)


def _file(
    request: HttpRequest, form: forms.Form, person: Person | None, unit: Unit, programme: Programme, key: str
) -> tuple[Initiative, str]:
    given = form.cleaned_data
    idea = {name: given[name] for name in ("title", "problem_before", "solution")}
    if person is not None:
        initiative = dossiers.start(person, unit, by=person, programme=programme, submission_key=key, **idea)
        _photos(request, initiative, person)
        if initiative.state == "draft":
            dossiers.submit(initiative, by=person)
        return initiative, ""
    if given.get("website"):
        raise Refused(_("Biểu mẫu không hợp lệ."))
    _slow_down(request)
    initiative, claim = dossiers.start_open(given["name"], given["phone"], unit, programme, submission_key=key, **idea)
    _photos(request, initiative, None)
    return initiative, claim


def _photos(request: HttpRequest, initiative: Initiative, person: Person | None) -> None:
    from thidua.ledger.acts import System

    by = person or System(_("Người gửi qua mã QR"))
    for field, purpose in (("photos", Purpose.PHOTO_AFTER), ("papers", Purpose.EVIDENCE)):
        for content, name in uploads(request.FILES, field):
            dossiers.attach(initiative, content, name, purpose, by=by)


def _slow_down(request: HttpRequest) -> None:
    """A visitor without an account files a bounded number an hour."""
    key = f"open-filing:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, 3600)
    if cache.incr(key) > A_VISITOR_AN_HOUR:
        raise Refused(_("Máy này đã gửi nhiều lần trong một giờ. Hãy thử lại sau hoặc đăng nhập."))


def _done(initiative: Initiative, claim: str, programme: Programme, unit: Unit) -> dict[str, object]:
    return {"initiative": initiative, "claim": claim, "programme": programme, "unit": unit}


paths = [path("gui/<slug:programme_code>/<slug:unit_code>/", quick, name="quick")]
