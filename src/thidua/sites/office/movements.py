"""Movements, programmes and drives as a catalogue: what they are, who responds, registering and pledging."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.kernel import paging
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.programmes import queries, rules
from thidua.programmes.choices import Audience, ProgrammeKind
from thidua.programmes.domain import movements
from thidua.programmes.forms.steps import Register
from thidua.programmes.models import Programme, Registration
from thidua.programmes.queries import movements as catalogue
from thidua.programmes.workflow import REGISTRATION
from thidua.sites.office.plans import at_desk
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

READ, REGISTER = Permission.PLAN_VIEW, Permission.MOVEMENT_REGISTER
ROWS = 50
COLUMNS = 12


@needs(READ)
def listing(request: HttpRequest) -> HttpResponse:
    """Every movement over and below the own units, filtered by kind, audience and whether it is open."""
    person = desk.person_of(request)
    kind, audience, when, words = (request.GET.get(n, "") for n in ("kind", "audience", "when", "q"))
    found = catalogue.narrowed(catalogue.catalogue(person), kind, audience, when, words)
    page = paging.page(found, ("-plan__year", "unit__lft", "pk"), request.GET.get("cursor", ""), ROWS)
    pledges = catalogue.pledges(page.rows)
    context = {
        "page": page,
        "rows": [(m, *catalogue.span_of(m), pledges.get(m.pk, 0)) for m in page.rows],
        "kinds": ProgrammeKind.choices,
        "audiences": Audience.choices,
        "is_filtered": bool(kind or audience or when or words),
    }
    return answer(request, "office/movements/list.html", context)


def _movement(request: HttpRequest, code: str) -> Programme:
    found = queries.programme_for(desk.person_of(request), code)
    if found is None:
        raise Http404
    return found


@needs(READ)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Who runs it for whom, its rounds with what is due at their ends, and who has registered."""
    movement, person, unit = _movement(request, code), desk.person_of(request), desk.unit_of(request)
    found = catalogue.registrations_visible_to(person, movement)
    page = paging.page(found, ("unit__lft", "pk"), request.GET.get("cursor", ""))
    context = {
        "movement": movement,
        "span": catalogue.span_of(movement),
        "rounds": catalogue.rounds_of(movement),
        "ends": movement.plan.duties.filter(timing__in=("after_round", "after_phase")),
        "page": page,
        "rows": [(r, REGISTRATION.offers(r, person)) for r in page.rows],
        "responding": catalogue.responding(movement),
        "may_register": movement.is_open and movement.unit.covers(unit) and bool(rules.may_register(person, unit)),
        "unit": unit,
    }
    return answer(request, "office/movements/show.html", context)


@needs(REGISTER)
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The unit at the desk, or a collective in it, pledges."""
    movement, person, unit = _movement(request, code), desk.person_of(request), desk.unit_of(request)
    rules.may_register(person, unit).or_refuse(forbidden=True)
    form, status = Register(movement, catalogue.open_rounds(movement), request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                movements.register(movement, unit, by=person, **form.cleaned_data)
                return redirect_after(request, "office:movement", _("Đã đăng ký thi đua."), code)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        status = 422
    context = {"movement": movement, "unit": unit, "form": form}
    return answer(request, "office/movements/register.html", context, status=status)


@needs(REGISTER, Permission.PLAN_WRITE)
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit withdraws, or the launching unit notes the registration."""
    registration = _registration(request, pk)
    if request.POST.get("step") == "withdraw":
        movements.withdraw(registration, by=desk.person_of(request))
        told = _("Đã rút đăng ký.")
    elif request.POST.get("step") == "accept":
        movements.accept(registration, by=desk.person_of(request))
        told = _("Đã ghi nhận đăng ký.")
    else:
        raise Http404
    return redirect_after(request, "office:movement", told, registration.programme.code)


def _registration(request: HttpRequest, pk: int) -> Registration:
    found = catalogue.registration_for(desk.person_of(request), pk)
    if found is None:
        raise Http404
    return found


@needs(READ)
def matrix(request: HttpRequest, code: str) -> HttpResponse:
    """Which unit responds to which movement of a plan: a page of units, a column for each movement."""
    plan = queries.plan_for(desk.person_of(request), code)
    if plan is None or not plan.is_issued:
        raise Http404
    columns = list(catalogue.movements_of(plan)[:COLUMNS])
    page = paging.page(org_queries.children(plan.unit), ("lft", "pk"), request.GET.get("cursor", ""), ROWS)
    found = catalogue.answers(columns, list(page.rows))
    context = {
        "plan": plan,
        "columns": columns,
        "page": page,
        "rows": [(u, [(m, found[u.pk][m.pk]) for m in columns]) for u in page.rows] if columns else [],
    }
    frame = at_desk(plan, desk.person_of(request), desk.unit_of(request))
    return answer(request, "office/movements/matrix.html", context | frame)


paths = [
    path("phong-trao/", listing, name="movements"),
    path("phong-trao/<slug:code>/", show, name="movement"),
    path("phong-trao/<slug:code>/dang-ky/", register, name="movement-register"),
    path("dang-ky-thi-dua/<int:pk>/buoc/", step, name="registration-step"),
    path("ke-hoach/<slug:code>/phong-trao/", matrix, name="plan-movements"),
]
