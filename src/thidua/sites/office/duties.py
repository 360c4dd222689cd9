"""Duties of plans: what the own unit has to do, one to-do with its evidence, progress over the tree."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, paging
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger_queries
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes import queries
from thidua.programmes.choices import AssignmentState
from thidua.programmes.domain import assignments
from thidua.programmes.forms.steps import DateDuty, Finish
from thidua.programmes.models import Assignment, Duty, Plan
from thidua.programmes.queries import duties
from thidua.programmes.workflow import ASSIGNMENT
from thidua.sites.office.plans import at_desk
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download, redirect_after

READ, WRITE, DO = Permission.PLAN_VIEW, Permission.PLAN_WRITE, Permission.DUTY_DO
ROWS = 50
STATES = [
    ("open", gettext_lazy("Chưa xong")),
    ("overdue", gettext_lazy("Quá hạn")),
    ("undated", gettext_lazy("Chưa có hạn")),
    ("done", gettext_lazy("Đã báo xong")),
    ("confirmed", gettext_lazy("Đã xác nhận")),
    ("not_applicable", gettext_lazy("Không áp dụng")),
]


@needs(DO, READ)
def listing(request: HttpRequest) -> HttpResponse:
    """The to-dos of the unit at the desk, or results that wait for its confirmation."""
    person, unit = desk.person_of(request), desk.unit_of(request)
    grants.may(person, READ, unit).or_refuse(forbidden=True)
    is_confirming = request.GET.get("where") == "confirm"
    state = request.GET.get("state", "" if is_confirming else "open")
    found = duties.to_confirm(unit) if is_confirming else duties.assignments_of(unit)
    context = {
        "unit": unit,
        "page": paging.page(duties.listed(found, state), ("due_key", "pk"), request.GET.get("cursor", ""), ROWS),
        "state": state,
        "states": STATES,
        "counts": duties.todo_counts(unit),
        "is_confirming": is_confirming,
        "to_confirm": paging.bounded_count(duties.to_confirm(unit)),
        "today": clock.today(),
    }
    return answer(request, "office/duties/list.html", context)


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    found = duties.assignment_for(desk.person_of(request), pk)
    if found is None:
        raise Http404
    return found


@needs(DO, READ)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One to-do: what is asked, what was shown, what comes next; reporting it done."""
    item, person = _assignment(request, pk), desk.person_of(request)
    form, status = Finish(item, request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        if form.is_valid() and _finished(request, item, form):
            return redirect_after(request, "office:assignment", _("Đã báo xong."), item.pk)
        status = 422
    offers = ASSIGNMENT.offers(item, person)
    context = {
        "item": item,
        "duty": item.duty,
        "plan": item.duty.plan,
        "form": form,
        "may_finish": any(o.name == "finish" for o in offers),
        "offers": [o for o in offers if o.name != "finish"],
        "holder": ASSIGNMENT.holders[item.state],
        "acts": ledger_queries.timeline_of(item),
        "today": clock.today(),
    }
    return answer(request, "office/duties/show.html", context, status=status)


def _finished(request: HttpRequest, item: Assignment, form: Finish) -> bool:
    values = form.cleaned_data
    uploads = [(given.read(), given.name) for given in values["uploads"]]
    try:
        assignments.finish(
            item, by=desk.person_of(request), note=values["note"], amount=values.get("amount"), uploads=uploads
        )
    except Refused as refused:
        field = {"file": "uploads"}.get(refused.field, refused.field)
        form.add_error(field if field in form.fields else None, refused.sentence)
        return False
    return True


@needs(DO, Permission.DUTY_CONFIRM)
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen, set aside, confirm, send back."""
    item, by, reason = _assignment(request, pk), desk.person_of(request), request.POST.get("reason", "")
    name = request.POST.get("step", "")
    if name == "reopen":
        assignments.reopen(item, by=by)
    elif name == "set_aside":
        assignments.set_aside(item, by=by, reason=reason)
    elif name == "confirm":
        assignments.confirm(item, by=by)
    elif name == "send_back":
        assignments.send_back(item, by=by, reason=reason)
    else:
        raise Http404
    return redirect_after(request, "office:assignment", _("Đã ghi."), item.pk)


@needs(Permission.DUTY_CONFIRM)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Several results at once from the list."""
    chosen = [int(pk) for pk in request.POST.getlist("choice") if pk.isdigit()]
    unit = desk.unit_of(request)
    found = duties.to_confirm(unit).filter(pk__in=chosen)
    for item in found:
        assignments.confirm(item, by=desk.person_of(request))
    told = counted("Đã xác nhận %(n)d kết quả.", len(found))
    answered = redirect_after(request, "office:duties", told)
    answered["Location"] += "?where=confirm"
    return answered


@needs(DO, READ)
def file(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A file shown as evidence."""
    kept = next((f for f in _assignment(request, pk).files.all() if str(f.file_id) == str(key)), None)
    if kept is None:
        raise Http404
    with kept.file.stored.open("rb") as stored:
        return download(stored.read(), kept.file.name, kept.file.content_type, inline="xem" in request.GET)


@needs(DO)
@require_POST
def drop_file(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    item = _assignment(request, pk)
    kept = next((f for f in item.files.all() if str(f.file_id) == str(key)), None)
    if kept is None:
        raise Http404
    assignments.drop_file(kept, by=desk.person_of(request))
    return redirect_after(request, "office:assignment", _("Đã bỏ tệp."), item.pk)


def _issued(request: HttpRequest, code: str) -> Plan:
    plan = queries.plan_for(desk.person_of(request), code)
    if plan is None or not plan.is_issued:
        raise Http404
    return plan


@needs(READ)
def of_plan(request: HttpRequest, code: str) -> HttpResponse:
    """Every duty of a plan with how far it has come below, and those that still need a last day."""
    plan, person = _issued(request, code), desk.person_of(request)
    here = _node(request, plan, plan.unit)
    found = list(plan.duties.all())
    progress = duties.progress_of_duties(found, here)
    own = Assignment.objects.filter(duty__plan=plan, unit=desk.unit_of(request)).order_by("duty", "opens_on", "pk")
    context = {
        "plan": plan,
        "rows": [(d, progress.get(d.pk), [a for a in own if a.duty_id == d.pk]) for d in found],
        "undated": [d for d in found if d.is_undated],
        "states": AssignmentState.choices,
    }
    return answer(request, "office/duties/of_plan.html", context | at_desk(plan, person, desk.unit_of(request)))


def _node(request: HttpRequest, plan: Plan, otherwise: Unit) -> Unit:
    """The unit asked for, within the plan's tree."""
    unit = org_queries.by_code(request.GET.get("unit", "")) if request.GET.get("unit") else otherwise
    if unit is None or not plan.unit.covers(unit):
        raise Http404
    return unit


def _duty(request: HttpRequest, code: str, pk: int) -> Duty:
    plan = _issued(request, code)
    duty = plan.duties.filter(pk=pk).first()
    if duty is None:
        raise Http404
    duty.plan = plan
    return duty


@needs(READ)
def tree(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One duty over the units below a node: a page of children, each with everything under it."""
    duty = _duty(request, code, pk)
    here = _node(request, duty.plan, duty.plan.unit)
    page = paging.page(org_queries.children(here), ("lft", "pk"), request.GET.get("cursor", ""), ROWS)
    progress = duties.progress_of_units(duty, list(page.rows))
    whole = duties.progress_of_duties([duty], here).get(duty.pk)
    at_node = duties.assignments().filter(duty=duty, unit=here).order_by("opens_on", "pk")
    context = {
        "plan": duty.plan,
        "duty": duty,
        "here": here,
        "above": org_queries.ancestors(here).filter(lft__gte=duty.plan.unit.lft),
        "whole": whole,
        "own": at_node,
        "page": page,
        "rows": [(unit, progress.get(unit.pk)) for unit in page.rows],
    }
    return answer(request, "office/duties/tree.html", context)


@needs(WRITE)
def date_duty(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Give a duty the last day the paper does not give."""
    duty = _duty(request, code, pk)
    grants.may(desk.person_of(request), WRITE, duty.plan.unit).or_refuse(forbidden=True)
    form, status = DateDuty(duty, request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                count = assignments.date_duty(duty, by=desk.person_of(request), **form.cleaned_data)
                told = counted("Đã đặt hạn; %(n)d đơn vị được báo.", count)
                return redirect_after(request, "office:plan-duties", told, code)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        status = 422
    return answer(request, "office/duties/date.html", {"plan": duty.plan, "duty": duty, "form": form}, status=status)


_PLAN = "ke-hoach/<slug:code>/nhiem-vu/"
paths = [
    path("nhiem-vu/", listing, name="duties"),
    path("nhiem-vu/xac-nhan/", confirm, name="duties-confirm"),
    path("nhiem-vu/<int:pk>/", show, name="assignment"),
    path("nhiem-vu/<int:pk>/buoc/", step, name="assignment-step"),
    path("nhiem-vu/<int:pk>/tep/<uuid:key>/", file, name="assignment-file"),
    path("nhiem-vu/<int:pk>/tep/<uuid:key>/bo/", drop_file, name="assignment-file-drop"),
    path(_PLAN, of_plan, name="plan-duties"),
    path(f"{_PLAN}<int:pk>/", tree, name="plan-duty"),
    path(f"{_PLAN}<int:pk>/han/", date_duty, name="plan-duty-date"),
]
