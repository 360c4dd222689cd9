"""Programmes a person meets: when, how much, what to do, which papers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.programmes import queries
from thidua.programmes.models import Programme
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer
from thidua.targets import queries as target_queries
from thidua.targets.domain import progress


@needs(Permission.TARGET_VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """Counted programmes with the unit's own numbers first, then movements and drives."""
    person, unit = desk.person_of(request), desk.unit_of(request)
    found = list(queries.programmes_of_their_own(person)[:200])
    counted = [p for p in found if p.counts_initiatives]
    context = {
        "counted": [(p, progress.node(p, _place(p, unit))[0], _place(p, unit)) for p in counted],
        "others": [p for p in found if not p.counts_initiatives],
        "unit": unit,
        "waiting": target_queries.waiting(unit),
        "disputed": target_queries.disputed(unit),
        "may_write": grants.may(person, Permission.PLAN_WRITE, unit),
    }
    return answer(request, "office/programmes/list.html", context)


def _place(programme: Programme, unit: Unit) -> Unit:
    """Where a person looks at a programme: the own unit, or the top of one that runs below it."""
    return unit if programme.unit.covers(unit) else programme.unit


@needs(Permission.TARGET_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    programme = queries.programme_for(desk.person_of(request), code)
    if programme is None:
        raise Http404
    person, unit = desk.person_of(request), desk.unit_of(request)
    here = _place(programme, unit)
    whole, *phases = progress.node(programme, here)
    plan = programme.plan
    context = {
        "programme": programme,
        "here": here,
        "whole": whole,
        "phases": phases,
        "current": queries.phase_of(programme, clock.today()),
        "targets": target_queries.targets_of(here, programme),
        "ordered": programme.plan_targets.select_related("indicator", "phase"),
        "duties": queries.duties_of(unit, plan.duties.all()) if here == unit else list(plan.duties.all()),
        "lineage": queries.lineage(plan),
        "lower": queries.programmes().filter(implements=programme, is_open=True)[:50],
        "movements": queries.programmes().filter(plan=plan).exclude(pk=programme.pk),
        "may_allocate": grants.may(person, Permission.TARGET_ALLOCATE, here),
    }
    return answer(request, "office/programmes/show.html", context)


paths = [
    path("chuong-trinh/", listing, name="programmes"),
    path("chuong-trinh/<slug:code>/", show, name="programme"),
]
