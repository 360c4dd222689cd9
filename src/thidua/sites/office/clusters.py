"""Clusters and blocks of emulation: members by year, and who leads; places a unit serves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries
from thidua.orgs.choices import ClusterKind, PlaceKind, Seat
from thidua.orgs.domain import clusters, places
from thidua.orgs.models import Cluster, Unit
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


class ClusterForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=ClusterKind.choices)
    name = forms.CharField(label=gettext_lazy("Tên cụm, khối"), max_length=160)


def _unit(request: HttpRequest, code: str, permission: Permission) -> Unit:
    found = Unit.objects.filter(code__iexact=code).select_related("kind")
    unit = grants.visible(desk.person_of(request), permission, found, "").first()
    if unit is None:
        raise Http404
    return unit


def _year(request: HttpRequest) -> int:
    typed = request.GET.get("nam", "") or request.POST.get("year", "")
    year = int(typed) if typed.isdigit() and len(typed) == 4 else clock.today().year
    return min(max(year, 2000), clock.today().year + 2)


@needs(Permission.UNIT_VIEW)
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The clusters of a unit in a year, and the units below it that sit in none."""
    unit, year = _unit(request, code, Permission.UNIT_VIEW), _year(request)
    by = desk.person_of(request)
    may_manage = grants.may(by, Permission.UNIT_MANAGE, unit)
    form = ClusterForm(request.POST or None)
    if request.method == "POST":
        grants.may(by, Permission.UNIT_MANAGE, unit).or_refuse(forbidden=True)
        if form.is_valid():
            try:
                cluster = clusters.set_up(unit, by=by, **form.cleaned_data)
                return redirect_after(request, "office:cluster", "", unit.code, cluster.pk)
            except Refused as refused:
                form.add_error(refused.field, refused.sentence)
    seats: dict[int, list[Any]] = {}
    for seat in queries.seats_in(unit, year):
        seats.setdefault(seat.cluster_id, []).append(seat)
    taken = {seat.unit_id for found in seats.values() for seat in found}
    context = {
        "unit": unit,
        "year": year,
        "years": range(clock.today().year - 3, clock.today().year + 2),
        "rows": [(c, seats.get(c.pk, [])) for c in queries.clusters_of(unit) if not c.ended_on or seats.get(c.pk)],
        "outside": queries.children(unit).exclude(pk__in=taken)[:200],
        "form": form,
        "may_manage": may_manage,
    }
    return answer(request, "office/clusters/list.html", context, status=422 if request.method == "POST" else 200)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdigit() else None


def _cluster(unit: Unit, pk: int) -> Cluster:
    cluster = queries.clusters_of(unit).filter(pk=pk).first()
    if cluster is None:
        raise Http404
    return cluster


def _seated(cluster: Cluster, year: int) -> tuple[dict[int, str], int | None]:
    """unit -> seat of the year; of the last year that had any, to start a new year from."""
    seats = {s.unit_id: s.seat for s in queries.seats_in(cluster.owner, year) if s.cluster_id == cluster.pk}
    from_year = None if seats else queries.last_year_seated(cluster, year)
    if from_year:
        earlier = queries.seats_in(cluster.owner, from_year)
        seats = {s.unit_id: s.seat for s in earlier if s.cluster_id == cluster.pk}
    return seats, from_year


@needs(Permission.UNIT_MANAGE)
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Choose the members of a year, the lead and the deputy."""
    unit, year = _unit(request, code, Permission.UNIT_MANAGE), _year(request)
    cluster, by, fault = _cluster(unit, pk), desk.person_of(request), ""
    children = list(queries.children(unit)[:500])
    current, from_year = _seated(cluster, year)
    chosen = set(current)
    heads = {seat: next((u for u, s in current.items() if s == seat), None) for seat in (Seat.LEAD, Seat.DEPUTY)}
    if request.method == "POST":
        chosen = {int(value) for value in request.POST.getlist("members") if value.isdigit()}
        heads = {seat: _number(request.POST.get(seat, "")) for seat in (Seat.LEAD, Seat.DEPUTY)}
        by_pk = {u.pk: u for u in children}
        try:
            members = [by_pk[value] for value in chosen if value in by_pk]
            lead, deputy = (by_pk.get(heads[s] or 0) for s in (Seat.LEAD, Seat.DEPUTY))
            clusters.seat(cluster, year, members, lead=lead, deputy=deputy, by=by)
            return redirect_after(
                request, "office:clusters", _("Đã lưu cụm, khối năm %(year)d.") % {"year": year}, unit.code
            )
        except Refused as refused:
            fault = refused.sentence
    context = {
        "unit": unit,
        "cluster": cluster,
        "year": year,
        "children": children,
        "chosen": chosen,
        "lead": heads[Seat.LEAD],
        "deputy": heads[Seat.DEPUTY],
        "fault": fault,
        "from_year": from_year,
    }
    return answer(request, "office/clusters/edit.html", context, status=422 if fault else 200)


@needs(Permission.UNIT_MANAGE)
def end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    unit = _unit(request, code, Permission.UNIT_MANAGE)
    if request.method != "POST":
        raise Http404
    clusters.end(_cluster(unit, pk), by=desk.person_of(request))
    return redirect_after(request, "office:clusters", _("Đã kết thúc cụm, khối."), unit.code)


@needs(Permission.UNIT_MANAGE)
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """The communes a unit serves: search, add, remove; dated from today."""
    unit, by, fault = _unit(request, code, Permission.UNIT_MANAGE), desk.person_of(request), ""
    served = list(queries.served_by(unit))
    words = request.GET.get("q", "").strip()
    if request.method == "POST":
        wanted = {p.pk: p for p in served}
        add, remove = request.POST.get("add", ""), request.POST.get("remove", "")
        place = queries.places_on().filter(pk=int(add)).first() if add.isdigit() else None
        if place:
            wanted[place.pk] = place
        wanted.pop(int(remove) if remove.isdigit() else 0, None)
        try:
            places.serve(unit, list(wanted.values()), since=clock.today(), by=by)
            return redirect_after(request, "office:unit-places", _("Đã lưu địa bàn."), unit.code)
        except Refused as refused:
            fault = refused.sentence
    found = queries.places_on().exclude(kind=PlaceKind.DISTRICT).exclude(pk__in=[p.pk for p in served])
    for word in text.words(words):
        found = found.filter(search__contains=word)
    context = {
        "unit": unit,
        "served": served,
        "words": words,
        "found": queries.with_provinces(found[:20]) if words else [],
        "fault": fault,
    }
    return answer(request, "office/clusters/places.html", context, status=422 if fault else 200)


paths = [
    path("don-vi/<slug:code>/cum-khoi/", index, name="clusters"),
    path("don-vi/<slug:code>/cum-khoi/<int:pk>/", edit, name="cluster"),
    path("don-vi/<slug:code>/cum-khoi/<int:pk>/ket-thuc/", end, name="cluster-end"),
    path("don-vi/<slug:code>/dia-ban/", coverage, name="unit-places"),
]
