"""The list of initiatives an officer works through."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries, workflow
from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, paging
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer

LATE = "qua-han"
MINE = "nhap-do"  # drafts this officer has entered and not yet sent
UNITS_SHOWN = 200


def dossier_or_404(request: HttpRequest, code: str) -> Initiative:
    """The dossier, for those who may see it; for anybody else it does not exist."""
    found = queries.dossier_for(desk.person_of(request), code)
    if found is None:
        raise Http404(code)
    return found


def _narrowed(found: QuerySet[Initiative], state: str, words: str, unit: Unit | None) -> QuerySet[Initiative]:
    if state == LATE:
        found = found.filter(state__in=[State.SUBMITTED, State.RECEIVED], due_on__lt=clock.today())
    elif state in State.values:
        found = found.filter(state=state)
    if unit:
        found = found.filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return queries.matching(found, words) if words else found


@needs(Permission.INITIATIVE_VIEW)
def initiatives(request: HttpRequest) -> HttpResponse:
    """What was filed at the desk's unit and below, the newest first."""
    person, home = desk.person_of(request), desk.unit_of(request)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    below = org_queries.below(home)
    unit = below.filter(code=request.GET.get("unit", "")).first()
    found, order = _here(person, home, state)
    page = paging.page(_narrowed(found, state, words, unit), order, request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": [(i, workflow.standing_of(i)) for i in page.rows],
        "units": below.exclude(pk=home.pk).order_by("lft")[:UNITS_SHOWN],
        "state": state,
        "words": words,
        "chosen_unit": unit,
    }
    return answer(request, "office/dossiers/inbox.html", context | _frame(person, home))


def _here(person: Person, home: Unit, state: str) -> tuple[QuerySet[Initiative], tuple[str, str]]:
    within = Q(unit__lft__gte=home.lft, unit__lft__lte=home.rgt) | Q(handler=home)
    here = queries.visible_to(person).filter(within)
    if state == MINE:
        return here.filter(state=State.DRAFT, entered_by=person), ("-changed_at", "-id")
    return here.filter(filed_on__isnull=False), ("-filed_on", "-id")


def _frame(person: Person, home: Unit) -> dict[str, Any]:
    """What surrounds the list: tabs with their numbers, what one may do here, posters."""
    return {
        "home": home,
        "tabs": _tabs(queries.waiting(person, home)),
        "states": State.choices[1:],
        "may_receive": bool(grants.may(person, Permission.INITIATIVE_RECEIVE, home)),
        "may_enter": bool(grants.may(person, Permission.INITIATIVE_ENTER, home)),
        "programmes": programme_queries.counting_programmes(home) if home.kind.is_grassroots else [],
    }


def _tabs(waiting: dict[str, int]) -> list[tuple[str, str, int | None]]:
    return [
        ("", _("Tất cả"), None),
        (State.SUBMITTED, _("Chờ tiếp nhận"), waiting["submitted"]),
        (State.RECEIVED, _("Chờ quyết định"), waiting["received"]),
        (LATE, _("Quá hạn"), waiting["overdue"]),
        (State.RETURNED, _("Cần bổ sung"), None),
        (State.RECOGNISED, _("Đã công nhận"), None),
    ]


paths = [path("sang-kien/", initiatives, name="initiatives")]
