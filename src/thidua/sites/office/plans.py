"""Plans: the list, one plan as a document with its structure, issuing, cascading, reminding."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.domain.files import DOCX
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger_queries
from thidua.orgs import queries as org_queries
from thidua.programmes import forms, papers, queries
from thidua.programmes.choices import PlanState
from thidua.programmes.domain import plans
from thidua.programmes.models import Plan
from thidua.programmes.workflow import WORKFLOW
from thidua.sites.office import plan_review
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download, redirect_after
from thidua.targets import queries as target_queries

READ, WRITE, SIGN = Permission.PLAN_VIEW, Permission.PLAN_WRITE, Permission.PLAN_ISSUE


def _plan(request: HttpRequest, code: str) -> Plan:
    plan = queries.plan_for(desk.person_of(request), code)
    if plan is None:
        raise Http404
    return plan


@needs(READ)
def listing(request: HttpRequest) -> HttpResponse:
    person, unit = desk.person_of(request), desk.unit_of(request)
    found = queries.plans_visible_to(person)
    state, year, where = (request.GET.get(n, "") for n in ("state", "year", "where"))
    if state in PlanState.values:
        found = found.filter(state=state)
    if year.isdigit():
        found = found.filter(year=int(year))
    if where == "own":
        found = found.filter(unit=unit)
    elif where == "above":
        found = found.filter(unit__lft__lt=unit.lft, unit__rgt__gte=unit.lft)
    elif where == "below":
        found = found.filter(unit__lft__gt=unit.lft, unit__lft__lte=unit.rgt)
    context = {
        "page": paging.page(found, ("-year", "-pk"), request.GET.get("cursor", "")),
        "states": PlanState.choices,
        "may_write": grants.may(person, WRITE, unit),
        "owing": queries.implementable(unit) if grants.may(person, WRITE, unit) else (),
        "is_filtered": bool(state or year or where),
    }
    return answer(request, "office/plans/list.html", context)


@needs(READ)
def show(request: HttpRequest, code: str) -> HttpResponse:
    plan = _plan(request, code)
    person, unit = desk.person_of(request), desk.unit_of(request)
    answered = queries.responses(plan) if plan.state != PlanState.DRAFT else []
    below = plan.unit.covers(unit) and plan.unit_id != unit.pk and plan.state == PlanState.ISSUED
    paper = papers.official_paper(plan)
    reading = plan.reading or {}
    context = {
        "plan": plan,
        "paper": paper,
        "blocks": [(type(block).__name__, block) for block in paper.blocks],
        "lineage": queries.lineage(plan),
        "programmes": queries.programmes().filter(plan=plan),
        "targets": plan.targets.select_related("indicator", "phase"),
        "duties": plan.duties.all(),
        "responses": answered,
        "owing": [r for r in answered if r.state != "issued"],
        "own": queries.plans().filter(unit=unit, implements=plan).first() if below else None,
        "may_cascade": below and grants.may(person, WRITE, unit),
        "may_write": grants.may(person, WRITE, plan.unit),
        "offers": WORKFLOW.offers(plan, person),
        "holder": WORKFLOW.holders[plan.state],
        "acts": ledger_queries.timeline_of(plan),
        "warnings": [] if reading.get("confirmed") else reading.get("warnings") or [],
    }
    return answer(request, "office/plans/show.html", context)


@needs(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Start a plan without a paper to read."""
    form = forms.NewPlan(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reading = {"title": form.cleaned_data["title"]}
        plan = plans.draft_from_reading(desk.unit_of(request), reading, by=desk.person_of(request))
        return redirect_after(request, "office:plan-review", _("Đã lập dự thảo. Hãy nhập nội dung."), plan.code)
    status = 422 if form.is_bound else 200
    return answer(request, "office/plans/upload.html", {"form": forms.Upload(), "new_form": form}, status=status)


@needs(WRITE)
@require_POST
def cascade(request: HttpRequest, code: str) -> HttpResponse:
    """The unit's own draft from the plan above it."""
    upper, unit = _plan(request, code), desk.unit_of(request)
    own = target_queries.own_targets_for_cascade(unit, upper)
    plan = plans.cascade(upper, unit, by=desk.person_of(request), own_targets=own)
    if plan.state != PlanState.DRAFT:
        return redirect_after(request, "office:plan", "", plan.code)
    return redirect_after(request, "office:plan-review", _("Đã lập dự thảo từ kế hoạch cấp trên."), plan.code)


@needs(SIGN)
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """Number and day, then the plan is in force."""
    plan, person = _plan(request, code), desk.person_of(request)
    grants.may(person, SIGN, plan.unit).or_refuse(forbidden=True)
    initial = {"number": plan.number, "issued_on": plan.issued_on or clock.today()}
    form = forms.Issue(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                plans.issue(plan, by=person, **form.cleaned_data)
                told = _("Đã ban hành kế hoạch %(number)s.") % {"number": plan.full_number}
                return redirect_after(request, "office:plan", told, plan.code)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        status = 422
    verdict = WORKFLOW.verdict(WORKFLOW.step("issue"), plan, person)
    context = {"plan": plan, "form": form, "verdict": verdict, "below": org_queries.children(plan.unit).count()}
    return answer(request, "office/plans/issue.html", context, status=status)


@needs(SIGN)
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    plan = _plan(request, code)
    if request.POST.get("step") != "close":
        raise Http404
    plans.close(plan, by=desk.person_of(request))
    return redirect_after(request, "office:plan", _("Đã kết thúc kế hoạch."), plan.code)


@needs(WRITE)
@require_POST
def chase(request: HttpRequest, code: str) -> HttpResponse:
    plan = _plan(request, code)
    count = plans.chase(plan, by=desk.person_of(request))
    return redirect_after(request, "office:plan", _("Đã nhắc %(n)d đơn vị.") % {"n": count}, plan.code)


@needs(WRITE)
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    plans.discard(_plan(request, code), by=desk.person_of(request))
    return redirect_after(request, "office:plans", _("Đã xoá dự thảo."))


@needs(READ)
def export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The paper in Word or PDF: frozen once issued."""
    plan = _plan(request, code)
    docx, pdf = plans.export(plan)
    stem = plan.full_number.replace("/", "-").replace("…", "du-thao") or plan.code
    content, content_type = (docx, DOCX) if kind == "docx" else (pdf, "application/pdf")
    return download(content, f"{stem}.{kind}", content_type, inline=kind == "pdf" and "xem" in request.GET)


@needs(READ)
def original(request: HttpRequest, code: str) -> HttpResponse:
    """The file the plan was read from."""
    source = _plan(request, code).source_file
    if source is None:
        raise Http404
    with source.stored.open("rb") as stored:
        return download(stored.read(), source.name, source.content_type)


_ONE = "ke-hoach/<slug:code>/"
_EXPORT: dict[str, dict[str, Any]] = {kind: {"kind": kind} for kind in ("docx", "pdf")}
paths = [
    path("ke-hoach/", listing, name="plans"),
    path("ke-hoach/tai-len/", plan_review.upload, name="plan-upload"),
    path("ke-hoach/lap-moi/", new, name="plan-new"),
    path(_ONE, show, name="plan"),
    path(f"{_ONE}doi-chieu/", plan_review.review, name="plan-review"),
    path(f"{_ONE}them/<slug:what>/", plan_review.add, name="plan-add"),
    path(f"{_ONE}ban-hanh/", issue, name="plan-issue"),
    path(f"{_ONE}buoc/", step, name="plan-step"),
    path(f"{_ONE}trien-khai/", cascade, name="plan-cascade"),
    path(f"{_ONE}don-doc/", chase, name="plan-chase"),
    path(f"{_ONE}xoa/", discard, name="plan-discard"),
    path(f"{_ONE}docx/", export, _EXPORT["docx"], name="plan-docx"),
    path(f"{_ONE}pdf/", export, _EXPORT["pdf"], name="plan-pdf"),
    path(f"{_ONE}ban-goc/", original, name="plan-source"),
]
