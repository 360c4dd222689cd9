"""Plans: the list, one plan as a document with its structure, issuing, cascading, reminding."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.domain.files import DOCX
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger_queries
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import forms, papers, queries
from thidua.programmes.choices import BEFORE_ISSUE, PlanState
from thidua.programmes.domain import amendments, deliveries, plans
from thidua.programmes.forms.steps import Signed
from thidua.programmes.models import Plan
from thidua.programmes.queries import deliveries as sent_to
from thidua.programmes.queries import lineages
from thidua.programmes.queries.lineages import Change
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
    state, year, where = (request.GET.get(n, "") for n in ("state", "year", "where"))
    page = _page(person, unit, state, year, where, request.GET.get("cursor", ""))
    queries.lay_implemented(page.rows)
    context = {
        "page": page,
        "states": PlanState.choices,
        "may_write": grants.may(person, WRITE, unit),
        "owing": queries.first_implementable(unit.pk) if grants.may(person, WRITE, unit) else (),
        "is_filtered": bool(state or year or where),
    }
    return answer(request, "office/plans/list.html", context)


def _page(person: Person, unit: Unit, state: str, year: str, where: str, cursor: str) -> paging.Page:
    if not year.isdigit() and where not in ("own", "above", "below"):
        return queries.plans_page(person, state, cursor)
    found = queries.plans_listed(person, state)
    if year.isdigit():
        found = found.filter(year=int(year))
    if where == "own":
        found = found.filter(unit=unit)
    elif where == "above":
        found = found.filter(unit__in=org_queries.over(unit)).exclude(unit=unit)
    elif where == "below":
        found = found.filter(unit__lft__gt=unit.lft, unit__lft__lte=unit.rgt)
    return paging.page(found, queries.NEWEST, cursor)


@needs(READ)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The paper, its state, and what the unit at the desk has to do with it."""
    plan = _plan(request, code)
    person, unit = desk.person_of(request), desk.unit_of(request)
    if plan.is_issued:
        deliveries.open_at(plan, unit)
    paper = papers.official_paper(plan)
    reading = plan.reading or {}
    upper = plan.amends or plan.implements
    offers = WORKFLOW.offers(plan, person)
    context = {
        "plan": plan,
        "paper": paper,
        "blocks": [(type(block).__name__, block) for block in paper.blocks],
        "lineage": queries.lineage(plan),
        "programmes": queries.programmes().filter(plan=plan),
        "duties": plan.duties.all(),
        "targets": plan.targets.select_related("indicator", "phase"),
        "offers": offers,
        "plain_offers": [o for o in offers if o.name != "issue"],
        "holder": WORKFLOW.holders[plan.state],
        "signed": Signed(),
        "acts": ledger_queries.timeline_of(plan),
        "warnings": [] if reading.get("confirmed") else reading.get("warnings") or [],
        "upper": upper,
        "differences": _differences(plan, upper),
        "amendments": queries.plans().filter(amends=plan).exclude(state__in=BEFORE_ISSUE),
    }
    return answer(request, "office/plans/show.html", context | at_desk(plan, person, unit))


def _differences(plan: Plan, upper: Plan | None) -> list[Change]:
    """What an amendment changes; of a plan from above only what the unit itself added or says otherwise."""
    if upper is None:
        return []
    found = lineages.changes(upper, plan)
    return found if plan.amends else [c for c in found if c.kind != "dropped"]


def at_desk(plan: Plan, person: Person, unit: Unit) -> dict[str, Any]:
    """What a person at a unit may do with a plan, and what the unit owes; for every page of the plan."""
    below = plan.unit.covers(unit) and plan.unit_id != unit.pk
    own = queries.plans().filter(unit=unit, implements__in=queries.family(plan)).order_by("-pk") if below else None
    is_writer = bool(grants.may(person, WRITE, plan.unit))
    return {
        "delivery": sent_to.delivery_at(plan, unit) if below and plan.is_issued else None,
        "may_receive": bool(grants.may(person, Permission.PLAN_RECEIVE, unit)),
        "own": own.first() if own is not None else None,
        "may_cascade": below and plan.is_in_force and bool(grants.may(person, WRITE, unit)),
        "may_write": is_writer,
        "sent": sent_to.summary(plan) if plan.is_issued else None,
    }


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


# What the page says after a step; issuing has a page of its own, amending happens by issuing.
_SAID = {
    "propose": gettext_lazy("Đã trình duyệt."),
    "approve": gettext_lazy("Đã duyệt kế hoạch."),
    "return": gettext_lazy("Đã trả lại để sửa."),
    "start": gettext_lazy("Kế hoạch đang được thực hiện."),
    "review": gettext_lazy("Đã bắt đầu sơ kết."),
    "resume": gettext_lazy("Đã sơ kết xong."),
    "close": gettext_lazy("Đã kết thúc kế hoạch."),
}


@needs(WRITE, SIGN)
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    plan, name = _plan(request, code), request.POST.get("step", "")
    if name not in _SAID:
        raise Http404
    plans.move(plan, name, by=desk.person_of(request), reason=request.POST.get("reason", ""))
    return redirect_after(request, "office:plan", str(_SAID[name]), plan.code)


@needs(WRITE)
@require_POST
def amend(request: HttpRequest, code: str) -> HttpResponse:
    """A draft that changes this plan."""
    new = amendments.draft(_plan(request, code), by=desk.person_of(request))
    told = _("Đã lập dự thảo điều chỉnh. Hãy sửa những chỗ thay đổi.")
    return redirect_after(request, "office:plan-review", told, new.code)


@needs(WRITE)
@require_POST
def clone(request: HttpRequest, code: str) -> HttpResponse:
    """Next year's draft with every day a year later."""
    new = amendments.clone(_plan(request, code), by=desk.person_of(request))
    told = _("Đã lập dự thảo cho năm %(year)d. Hãy kiểm tra từng ngày.") % {"year": new.year}
    return redirect_after(request, "office:plan-review", told, new.code)


@needs(WRITE)
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Attach the scan with signature and stamp."""
    plan, form = _plan(request, code), Signed(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(_("Hãy chọn tệp .pdf của bản đã ký."), field="file")
    given = form.cleaned_data["file"]
    plans.attach_signed(plan, given.read(), given.name, by=desk.person_of(request))
    return redirect_after(request, "office:plan", _("Đã đính kèm bản ký."), plan.code)


@needs(READ)
def signed(request: HttpRequest, code: str) -> HttpResponse:
    """The signed scan."""
    kept = _plan(request, code).signed_file
    if kept is None:
        raise Http404
    with kept.stored.open("rb") as stored:
        return download(stored.read(), kept.name, kept.content_type, inline="xem" in request.GET)


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
    path(f"{_ONE}dieu-chinh/", amend, name="plan-amend"),
    path(f"{_ONE}nam-sau/", clone, name="plan-clone"),
    path(f"{_ONE}dinh-kem-ban-ky/", sign, name="plan-sign"),
    path(f"{_ONE}ban-ky/", signed, name="plan-signed"),
    path(f"{_ONE}van-ban-lien-quan/", plan_review.link, name="plan-link"),
    path(f"{_ONE}xoa/", discard, name="plan-discard"),
    path(f"{_ONE}docx/", export, _EXPORT["docx"], name="plan-docx"),
    path(f"{_ONE}pdf/", export, _EXPORT["pdf"], name="plan-pdf"),
    path(f"{_ONE}ban-goc/", original, name="plan-source"),
]
