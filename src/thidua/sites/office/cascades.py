"""How far a plan has come with the units below: who has received it, made a plan from it; its whole lineage."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.kernel import paging
from thidua.kernel.formats import counted
from thidua.orgs import queries as org_queries
from thidua.programmes import queries
from thidua.programmes.choices import Standing
from thidua.programmes.domain import deliveries
from thidua.programmes.models import Delivery, Plan, Programme
from thidua.programmes.queries import deliveries as sent_to
from thidua.programmes.queries import lineages
from thidua.sites.office.plans import at_desk
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.targets import queries as target_queries
from thidua.targets.models import Target

READ, WRITE, RECEIVE = Permission.PLAN_VIEW, Permission.PLAN_WRITE, Permission.PLAN_RECEIVE
ROWS = 50


def _issued(request: HttpRequest, code: str) -> Plan:
    plan = queries.plan_for(desk.person_of(request), code)
    if plan is None or not plan.is_issued:
        raise Http404
    return plan


@needs(READ)
def units(request: HttpRequest, code: str) -> HttpResponse:
    """Every unit the plan was sent to: opened, received, drafting, issued, and with which target."""
    plan = _issued(request, code)
    standing, received, words = (request.GET.get(n, "") for n in ("standing", "received", "q"))
    found = sent_to.narrowed(sent_to.deliveries(plan), standing, received, words)
    page = paging.page(found, ("unit__lft", "pk"), request.GET.get("cursor", ""), ROWS)
    given = _given(plan, page.rows)
    context = {
        "plan": plan,
        "page": page,
        "rows": [(d, given.get(d.unit_id, [])) for d in page.rows],
        "standings": Standing.choices,
        "is_filtered": bool(standing or received or words),
    }
    frame = at_desk(plan, desk.person_of(request), desk.unit_of(request))
    return answer(request, "office/plans/units.html", context | frame)


def _given(plan: Plan, rows: Sequence[Delivery]) -> dict[int, list[Target]]:
    """The targets of the units of one page in the programmes of the plan, in two queries."""
    above = Programme.objects.filter(plan=plan).values("implements")
    within = Programme.objects.filter(Q(plan=plan) | Q(pk__in=above, counts_initiatives=True)).values_list(
        "pk", flat=True
    )
    wanted = target_queries.targets().filter(programme__in=list(within), unit__in=[d.unit_id for d in rows])
    found: dict[int, list[Target]] = {}
    for target in wanted.order_by("programme", "phase__position", "indicator__position"):
        found.setdefault(target.unit_id, []).append(target)
    return found


@needs(WRITE)
@require_POST
def chase(request: HttpRequest, code: str) -> HttpResponse:
    """One unit, when it is named, or all that owe something."""
    plan, named = _issued(request, code), request.POST.get("unit", "")
    unit = org_queries.by_code(named) if named else None
    if named and unit is None:
        raise Http404
    count = deliveries.chase(plan, by=desk.person_of(request), units=[unit] if unit else None)
    told = counted("Đã nhắc %(n)d đơn vị.", count) if count else _("Không còn đơn vị nào phải nhắc.")
    return redirect_after(request, "office:plan-units", told, plan.code)


@needs(RECEIVE)
@require_POST
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """The unit at the desk acknowledges receipt."""
    plan = _issued(request, code)
    deliveries.receive(plan, desk.unit_of(request), by=desk.person_of(request))
    return redirect_after(request, "office:plan", _("Đã xác nhận nhận kế hoạch."), plan.code)


@needs(READ)
def lineage(request: HttpRequest, code: str) -> HttpResponse:
    """Up to the nation, down to the grassroots."""
    plan, person = _issued(request, code), desk.person_of(request)
    lower = queries.plans_visible_to(person).filter(implements__in=queries.family(plan))
    context = {
        "plan": plan,
        "above": queries.lineage(plan),
        "outside": plan.references.filter(relation="implements", target__isnull=True),
        "amended": queries.plans().filter(pk__in=queries.family(plan)[1:]),
        "levels": lineages.levels_below(plan),
        "page": paging.page(lower, ("unit__lft", "pk"), request.GET.get("cursor", ""), ROWS),
    }
    return answer(request, "office/plans/lineage.html", context | at_desk(plan, person, desk.unit_of(request)))


_ONE = "ke-hoach/<slug:code>/"
paths = [
    path(f"{_ONE}don-vi/", units, name="plan-units"),
    path(f"{_ONE}don-doc/", chase, name="plan-chase"),
    path(f"{_ONE}da-nhan/", receive, name="plan-receive"),
    path(f"{_ONE}pha-he/", lineage, name="plan-lineage"),
]
