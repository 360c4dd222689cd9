"""Issued papers of the unit and of those below, as they were frozen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import PaperKind
from thidua.documents.models import Paper
from thidua.kernel import paging
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download


@needs(Permission.PAPER_VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; by kind, year and whose."""
    unit = desk.unit_of(request)
    found = grants.visible(desk.person_of(request), Permission.PAPER_VIEW, Paper.objects.select_related("unit"))
    kind, year, where = (request.GET.get(n, "") for n in ("kind", "year", "where"))
    if kind in PaperKind.values:
        found = found.filter(kind=kind)
    if year.isdigit() and len(year) == 4:
        found = found.filter(issued_on__year=int(year))
    if where == "own":
        found = found.filter(unit=unit)
    context = {
        "page": paging.page(found, ("-issued_on", "-id"), request.GET.get("cursor", "")),
        "kinds": PaperKind.choices,
        "is_filtered": bool(kind or year or where),
    }
    return answer(request, "office/papers/list.html", context)


@needs(Permission.PAPER_VIEW)
def show(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The frozen bytes of a paper as Word, PDF or Excel."""
    found = grants.visible(desk.person_of(request), Permission.PAPER_VIEW, Paper.objects.all())
    paper = found.filter(pk=pk).select_related("docx", "pdf", "xlsx").first()
    stored = getattr(paper, form) if paper and form in ("docx", "pdf", "xlsx") else None
    if stored is None:
        raise Http404
    with stored.stored.open("rb") as content:
        return download(content.read(), stored.name, stored.content_type)


paths = [
    path("van-ban/", listing, name="papers"),
    path("van-ban/<int:pk>/<slug:form>/", show, name="paper"),
]
