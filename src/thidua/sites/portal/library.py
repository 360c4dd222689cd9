"""The public library of initiatives: search, browse, one initiative, what people keep of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries
from thidua.initiatives.choices import AdoptionState, Kind, Scope
from thidua.kernel import paging
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.search import exports
from thidua.search import queries as search
from thidua.search.choices import Benefit, Place
from thidua.search.domain import saved
from thidua.search.models import SavedSearch
from thidua.search.queries import Found, Wanted, holdings, spelling
from thidua.sites.portal import alike
from thidua.sites.shell import desk
from thidua.sites.shell.access import public, signed_in
from thidua.sites.shell.answers import answer, download, redirect_after
from thidua.sites.shell.lagging import may_lag

SIZE = 18
EXPORTED = 1000


@public
@may_lag
def library(request: HttpRequest) -> HttpResponse:
    """Search with or without dấu; without words or filters, the newest first."""
    wanted, found = Wanted.of(request.GET), None
    if wanted:
        found = search.library(wanted)
        numbers, cursors = search.page_of(found, request.GET.get("cursor", ""), SIZE)
        page = replace(cursors, rows=search.public_rows(numbers))
    else:
        page = paging.page(queries.public(), ("-filed_on", "-id"), request.GET.get("cursor", ""), SIZE)
    person = getattr(request.user, "person", None)
    context = {
        "page": page,
        "wanted": wanted,
        "found": found,
        "facets": _facets(request, found, wanted) if found else [],
        "better": spelling.did_you_mean(wanted.words) if found is not None and found.total < search.FEW else "",
        "saved": search.saved_by(person, Place.LIBRARY) if person else [],
        "asked": request.GET.urlencode(),
        "units": org_queries.near_the_top().order_by("lft"),
        "kinds": Kind.choices,
        "fields": holdings.fields_in_use(),
        "scopes": Scope.choices,
        "benefits": Benefit.choices,
        "years": holdings.years(),
    }
    return answer(request, "portal/library/list.html", context)


def _facets(request: HttpRequest, found: Found, wanted: Wanted) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """(name, [(label, how many, address)]) of what would narrow the search."""
    words = {"kind": dict(Kind.choices), "scope": dict(Scope.choices)}
    shown = []
    for name, label in (("kind", _("Loại")), ("field", _("Lĩnh vực")), ("year", _("Năm")), ("scope", _("Phạm vi"))):
        rows = found.facets.get(name, [])
        if getattr(wanted, name) or len(rows) < 2:
            continue
        links = []
        for value, n in rows:
            asked = request.GET.copy()
            asked[name] = value
            asked.pop("cursor", None)
            links.append((str(words.get(name, {}).get(value, value)), n, f"?{asked.urlencode()}"))
        shown.append((label, links))
    return shown


@public
@may_lag
def suggest(request: HttpRequest) -> HttpResponse:
    """How titles of the library go on from what is typed."""
    found = spelling.suggestions(request.GET.get("q", "")[:80])
    return answer(request, "portal/library/_suggestions.html", {"suggestions": found})


@signed_in
@may_lag
def export(request: HttpRequest) -> HttpResponse:
    """What was found, as a spreadsheet."""
    wanted = Wanted.of(request.GET)
    found = search.library(wanted)
    rows = search.public_rows(found.numbers(0, EXPORTED))
    note = _("Chỉ xuất %(n)d sáng kiến mới nhất.") % {"n": EXPORTED} if found.total > EXPORTED else ""
    made = exports.workbook(rows, _("Thư viện sáng kiến"), _said(wanted), note)
    return download(made, "thu-vien-sang-kien.xlsx", exports.XLSX)


def _said(wanted: Wanted) -> str:
    parts = [wanted.words, wanted.field, wanted.unit.name if wanted.unit else "", str(wanted.year or "")]
    return ", ".join(p for p in parts if p)


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a search of the library or of the office under a name."""
    place = Place.OFFICE if request.POST.get("place") == Place.OFFICE else Place.LIBRARY
    back = reverse("office:initiatives" if place == Place.OFFICE else "portal:library")
    try:
        name, asked, is_told = request.POST.get("name", ""), request.POST.get("asked", ""), "told" in request.POST
        made = saved.keep(desk.person_of(request), place, name, asked, is_told=is_told)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, f"{back}?{request.POST.get('asked', '')[:600]}")
    return redirect_after(request, f"{back}?{made.asked}", _("Đã lưu tìm kiếm «%(name)s».") % {"name": made.name})


@signed_in
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a kept search again: where a notice of new records leads to."""
    held = SavedSearch.objects.filter(person=desk.person_of(request), pk=pk).first()
    if held is None:
        raise Http404(str(pk))
    place = "office:initiatives" if held.place == Place.OFFICE else "portal:library"
    return redirect(f"{reverse(place)}?{held.asked}")


@signed_in
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    saved.drop(desk.person_of(request), pk)
    place = "office:initiatives" if request.POST.get("place") == Place.OFFICE else "portal:library"
    return redirect_after(request, place, _("Đã bỏ tìm kiếm đã lưu."))


@public
@may_lag
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Only what the author agreed to show; confidential parts never."""
    initiative = queries.public_by_code(code)
    if initiative is None:
        raise Http404
    adoptions = [a for a in queries.adoptions_of(initiative) if a.state != AdoptionState.ABANDONED]
    context = {
        "initiative": initiative,
        "adoptions": adoptions,
        "may_adopt": _may_adopt(request, initiative.handler_id),
        "recognition": initiative.recognitions.filter(revoked_on__isnull=True).first(),
    }
    return answer(request, "portal/library/show.html", context)


def _may_adopt(request: HttpRequest, handler_id: int) -> Any:
    person = getattr(request.user, "person", None)
    if not person:
        return False
    unit = desk.unit_of(request)
    return bool(grants.may(person, Permission.ADOPTION_REGISTER, unit)) and unit.pk != handler_id


paths = [
    *alike.paths,
    path("thu-vien/", library, name="library"),
    path("thu-vien/goi-y/", suggest, name="library-suggest"),
    path("thu-vien/xuat-excel/", export, name="library-export"),
    path("thu-vien/luu-tim-kiem/", keep, name="search-keep"),
    path("thu-vien/tim-lai/<int:pk>/", again, name="search-again"),
    path("thu-vien/bo-tim-kiem/<int:pk>/", drop, name="search-drop"),
    path("thu-vien/<slug:code>/", show, name="initiative"),
]
