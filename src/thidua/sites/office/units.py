"""Units and people: the tree one node a page, the roster with search."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.kernel import clock, paging
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.sites.office import days
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer


def _unit(request: HttpRequest, code: str) -> Unit:
    unit = org_queries.by_code(code)
    if unit is None or not grants.may(desk.person_of(request), Permission.UNIT_VIEW, unit):
        raise Http404
    return unit


@needs(Permission.UNIT_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Search over the units within one's rights; without words, the desk's own page."""
    words = request.GET.get("q", "").strip()
    person = desk.person_of(request)
    if not words:
        unit = desk.unit_of(request)
        return show(request, unit.code)  # type: ignore[return-value]
    found = org_queries.search(grants.visible(person, Permission.UNIT_VIEW, org_queries.active(), ""), words)
    page = paging.page(found, ("sort_key", "id"), request.GET.get("cursor", ""))
    return answer(request, "office/units/search.html", {"page": page, "words": words})


@needs(Permission.UNIT_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A unit with what stands directly below it, today or on the day asked for (?ngay=)."""
    unit, person = _unit(request, code), desk.person_of(request)
    asked = days.asked(request, may_be_to_come=True)
    as_of, day = asked.day, asked.or_today
    above = history.path_on(unit, day)[:-1] if as_of else org_queries.line_above(unit.pk)
    page, how_many = _children(unit, as_of, request.GET.get("cursor", ""))
    members = history.members_on([unit, *page.rows], day) if as_of else {}
    context: dict[str, Any] = {
        "unit": unit,
        "as_of": as_of,
        "asked": asked,
        "name": history.name_on(unit, day) if as_of else unit.name,
        "path": above,
        "may_climb": {u.pk for u in above if grants.may(person, Permission.UNIT_VIEW, u)},
        "page": page,
        "rows": [(child, members.get(child.pk, child.members)) for child in page.rows],
        "own_members": members.get(unit.pk, unit.members),
        "may_manage": grants.may(person, Permission.PERSON_MANAGE, unit),
        "may_reorganise": grants.may(person, Permission.UNIT_MANAGE, unit),
        "how_many_children": how_many,
        **_facts(unit, day),
    }
    return answer(request, "office/units/show.html", context, status=asked.status)


def _children(unit: Unit, as_of: date | None, cursor: str) -> tuple[paging.Page, paging.Count]:
    """One page of them, and how many there are: today, or on a past day as it was then."""
    if as_of is None:
        today = clock.today()
        page = org_queries.children_page(cursor, unit.pk, today)
        return page, paging.bounded(org_queries.how_many_children(unit.pk, today))
    found = history.children_on(unit, as_of).select_related("kind")
    page = paging.page(found, org_queries.CHILDREN_ORDER, cursor, org_queries.CHILDREN_SHOWN)
    return page, paging.bounded_count(found)


def _facts(unit: Unit, day: date) -> dict[str, Any]:
    """Who holds what, where it serves, what it was before."""
    ended = unit.ended_on is not None and unit.ended_on <= day
    held = people_queries.posts_at(unit.pk, day)
    return {
        "headcount": None if ended else next(iter(org_queries.last_headcount(unit.pk, day)), None),
        "is_working": unit.is_active,
        "posts": [(post, post.title or ROLES[post.role].label) for post in held if post.role in ROLES],
        "served": org_queries.places_served(unit.pk, day),
        "predecessors": history.mergers_into(unit.pk),
        "successor": history.successor_of(unit) if unit.ended_on else None,
        "changes": history.changes_of(unit.pk),
    }


paths = [
    path("don-vi/", index, name="units"),
    path("don-vi/<slug:code>/", show, name="unit"),
]
