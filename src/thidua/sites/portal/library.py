"""The public library of initiatives."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries
from thidua.initiatives.choices import AdoptionState, Kind
from thidua.kernel import paging
from thidua.orgs import queries as org_queries
from thidua.sites.portal import alike
from thidua.sites.shell import desk
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer

SHOWN = 60


@public
def library(request: HttpRequest) -> HttpResponse:
    """Search with or without dấu; without words, the newest first."""
    words = request.GET.get("q", "").strip()[:200]
    year = request.GET.get("year", "")
    unit = org_queries.by_code(request.GET["unit"]) if request.GET.get("unit") else None
    filters = queries.LibraryFilters(
        kind=request.GET.get("kind", "") if request.GET.get("kind") in Kind.values else "",
        field=request.GET.get("field", ""),
        unit=unit,
        year=int(year) if year.isdigit() and len(year) == 4 else None,
    )
    if words:
        page = paging.Page(queries.library_search(words, filters)[:SHOWN], "", "")
    else:
        page = paging.page(queries.library(filters), ("-filed_on", "-id"), request.GET.get("cursor", ""), 18)
    context = {
        "page": page,
        "words": words,
        "filters": filters,
        "kinds": Kind.choices,
        "fields": queries.fields_in_use(),
        "units": org_queries.active().filter(kind__rank__lte=2).order_by("lft"),
    }
    return answer(request, "portal/library/list.html", context)


@public
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Only what the author agreed to show; confidential parts never."""
    initiative = queries.public_by_code(code)
    if initiative is None:
        raise Http404
    person = getattr(request.user, "person", None)
    may_adopt = False
    if person:
        unit = desk.unit_of(request)
        may_adopt = bool(grants.may(person, Permission.ADOPTION_REGISTER, unit)) and unit.pk != initiative.handler_id
    adoptions = list(queries.adoptions_of(initiative).exclude(state=AdoptionState.ABANDONED))
    context = {
        "initiative": initiative,
        "adoptions": adoptions,
        "may_adopt": may_adopt,
        "recognition": initiative.recognitions.filter(revoked_on__isnull=True).first(),
    }
    return answer(request, "portal/library/show.html", context)


paths = [
    *alike.paths,
    path("thu-vien/", library, name="library"),
    path("thu-vien/<slug:code>/", show, name="initiative"),
]
