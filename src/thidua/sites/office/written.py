"""The office's share of a dossier's papers: versions, the first user's word from paper, the application, what is owed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access.permissions import Permission
from thidua.initiatives import queries, rules
from thidua.initiatives.domain import benefits
from thidua.initiatives.domain import versions as version_verbs
from thidua.initiatives.forms.benefits import RecordedFirstUseForm
from thidua.kernel.verdicts import Refused
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.shell import desk, dossier_papers
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


@needs(Permission.INITIATIVE_VIEW)
def application(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    item = dossier_or_404(request, code)
    return dossier_papers.application(queries.shown_to(desk.person_of(request), item), kind)


@needs(Permission.INITIATIVE_VIEW)
def remuneration(request: HttpRequest, code: str, year: int, kind: str) -> HttpResponse:
    return dossier_papers.remuneration_sheet(dossier_or_404(request, code), year, kind)


@needs(Permission.INITIATIVE_VIEW)
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions side by side: the last two filings unless others are chosen."""
    item = dossier_or_404(request, code)
    old, new = request.GET.get("cu", ""), request.GET.get("moi", "")
    context = version_verbs.chosen(item, old, new, reader=desk.person_of(request))
    if context is None:
        raise Http404(code)
    return answer(request, "office/dossiers/versions.html", {"item": item, **context})


@needs(Permission.INITIATIVE_RECEIVE)
def first_use(request: HttpRequest, code: str) -> HttpResponse:
    """Write down what the first user's signed paper says."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    rules.may_state_first_use(person, item, None).or_refuse(forbidden=True)
    form = RecordedFirstUseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            benefits.record_first_use(item, by=person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect_after(request, "office:dossier", _("Đã ghi ý kiến của người áp dụng lần đầu."), code)
    context = {"item": item, "form": form}
    return answer(request, "office/dossiers/first_use.html", context, status=422 if form.errors else 200)


paths = [
    path("sang-kien/<str:code>/don.<str:kind>", application, name="dossier-application"),
    path("sang-kien/<str:code>/thu-lao-<int:year>.<str:kind>", remuneration, name="dossier-remuneration"),
    path("sang-kien/<str:code>/phien-ban/", versions, name="dossier-versions"),
    path("sang-kien/<str:code>/nguoi-ap-dung-lan-dau/", first_use, name="dossier-first-use"),
]
