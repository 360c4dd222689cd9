"""Attachments of dossiers entered by Excel, sent as ZIP packages and told file by file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.domain import packages as verbs
from thidua.kernel import paging
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs.models import Unit
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

MISSING_SHOWN = 100


def _unit(request: HttpRequest) -> Unit:
    unit = desk.unit_of(request)
    if grants.may(desk.person_of(request), Permission.INITIATIVE_ENTER, unit):
        return unit
    return grants.units_where(desk.person_of(request), Permission.INITIATIVE_ENTER)[0]


@needs(Permission.INITIATIVE_ENTER)
def packages(request: HttpRequest) -> HttpResponse:
    """Send a package; what lists have named and has not come yet."""
    unit, person, fault = _unit(request), desk.person_of(request), ""
    if request.method == "POST":
        given: Any = request.FILES.get("file")
        try:
            if given is None:
                raise Refused(_("Hãy chọn gói ZIP."))
            package = verbs.receive(given, unit=unit, by=person)
            return redirect_after(request, "office:package", "", package.pk)
        except Forbidden:
            raise
        except Refused as refused:
            fault = refused.sentence
    missing = verbs.awaited(unit).order_by("initiative", "pk")
    context = {
        "unit": unit,
        "fault": fault,
        "page": paging.page(verbs.packages_of(unit), ("-id",), request.GET.get("cursor", "")),
        "missing": list(missing[:MISSING_SHOWN]),
        "how_many": paging.bounded_count(missing),
        "most_mb": verbs.MOST_BYTES // 2**20,
    }
    return answer(request, "office/packages/list.html", context, status=422 if fault else 200)


@needs(Permission.INITIATIVE_ENTER)
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress, then what became of each file."""
    found = verbs.packages_of(_unit(request)).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    context = {
        "package": found,
        "percent": found.done * 100 // found.total if found.total else 0,
        "left": list(verbs.left_over(found)[:500]) if found.ended_at else [],
        "attached": found.files.filter(outcome="attached").count(),
        "same": found.files.filter(outcome="same").count(),
    }
    response = answer(request, "office/packages/show.html", context, partial="office/packages/_progress.html")
    if found.ended_at:
        response["HX-Refresh"] = "true"
    return response


paths = [
    path("sang-kien/goi-tep/", packages, name="packages"),
    path("sang-kien/goi-tep/<int:pk>/", package, name="package"),
]
