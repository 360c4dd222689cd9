"""Reading a plan in, and comparing what was read with the paper: every value beside its source line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import Purpose
from thidua.documents.domain import files
from thidua.kernel.verdicts import Refused
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import forms, papers, queries
from thidua.programmes.choices import IN_FORCE
from thidua.programmes.domain import corrections, plans
from thidua.programmes.forms import (
    DutyLine,
    Line,
    NewDuty,
    NewPhase,
    NewProgramme,
    NewTarget,
    PhaseLine,
    PlanLine,
    ProgrammeLine,
    TargetLine,
)
from thidua.programmes.forms.steps import Reference
from thidua.programmes.models import Phase, Plan, PlanTarget, Programme
from thidua.programmes.queries import duties, lineages
from thidua.programmes.reader import read_file
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


@needs(Permission.PLAN_WRITE)
def upload(request: HttpRequest) -> HttpResponse:
    """A file becomes a draft to compare with the paper."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            plan = _draft(given.read(), given.name, desk.unit_of(request), desk.person_of(request))
            return redirect_after(request, "office:plan-review", _("Đã đọc văn bản. Hãy đối chiếu."), plan.code)
        except Refused as refused:
            form.add_error("file", refused.sentence)
    status = 422 if form.is_bound else 200
    context = {"form": form, "new_form": forms.NewPlan(), "unit": desk.unit_of(request)}
    return answer(request, "office/plans/upload.html", context, status=status)


@transaction.atomic
def _draft(content: bytes, name: str, unit: Unit, by: Person) -> Plan:
    grants.may(by, Permission.PLAN_WRITE, unit).or_refuse(forbidden=True)
    stored = files.store(content, name, purpose=Purpose.PLAN, allowed=files.PLANS, unit=unit, by=by)
    reading = read_file(content, name).to_json()
    return plans.draft_from_reading(unit, reading, by=by, source_file=stored)


@dataclass
class PhaseBlock:
    line: PhaseLine
    targets: list[TargetLine] = field(default_factory=list)


@dataclass
class ProgrammeBlock:
    line: ProgrammeLine
    targets: list[TargetLine] = field(default_factory=list)
    phases: list[PhaseBlock] = field(default_factory=list)


@dataclass
class Review:
    """All the small forms of one plan, in the order of the paper."""

    frame: PlanLine
    programmes: list[ProgrammeBlock]
    duties: list[DutyLine]

    def lines(self) -> Iterator[Line]:
        for block in self.programmes:
            yield block.line
            yield from block.targets
            for phase in block.phases:
                yield phase.line
                yield from phase.targets
        yield from self.duties

    def is_valid(self) -> bool:
        """Every form is checked, so that each shows its own errors."""
        return not [form for form in (self.frame, *self.lines()) if not form.is_valid()]


def gather(plan: Plan, posted: Any = None) -> Review:
    targets = list(plan.targets.select_related("indicator"))

    def of(**wanted: Any) -> list[TargetLine]:
        rows = [t for t in targets if all(getattr(t, k) == v for k, v in wanted.items())]
        return [TargetLine(t, posted) for t in rows]

    blocks = [
        ProgrammeBlock(
            ProgrammeLine(programme, posted),
            of(programme_id=programme.pk, phase_id=None),
            [PhaseBlock(PhaseLine(p, posted), of(phase_id=p.pk)) for p in programme.phases.all()],
        )
        for programme in queries.programmes().filter(plan=plan).order_by("-counts_initiatives", "position")
    ]
    kinds = [(k.pk, k.name) for k in duties.kinds_below(plan.unit) if k.pk != plan.unit.kind_id]
    lines = [DutyLine(d, posted, kinds=kinds) for d in plan.duties.all()]
    return Review(PlanLine(plan, posted, aims=papers.aims_of(plan)), blocks, lines)


_WRITERS: dict[type[Line], Callable[..., None]] = {
    ProgrammeLine: corrections.write_programme,
    PhaseLine: corrections.write_phase,
    TargetLine: corrections.write_target,
    DutyLine: corrections.write_duty,
}


@transaction.atomic
def apply(plan: Plan, found: Review, *, by: Person | System) -> None:
    """Write what a person changed; a refusal is shown at the line that caused it."""
    if changes := found.frame.changes():
        plans.write(plan, by=by, **changes)
    if (lines := found.frame.changed_lines("recipients")) is not None:
        corrections.write_recipients(plan, lines, by=by)
    if (lines := found.frame.changed_lines("aims")) is not None:
        plans.write_aims(plan, lines, by=by)
    for line in found.lines():
        try:
            if line.is_dropped:
                corrections.drop(line.row, by=by)
            elif changes := line.changes():
                _WRITERS[type(line)](line.row, by=by, **changes)
        except Refused as refused:
            line.add_error(refused.field if refused.field in line.fields else None, refused.sentence)
            raise


@needs(Permission.PLAN_WRITE)
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Warnings on top, every value beside its source; save, or save and confirm."""
    plan, person = draft_of(request, code), desk.person_of(request)
    found, fault, status = gather(plan, request.POST or None), "", 200
    if request.method == "POST":
        try:
            if found.is_valid():
                return _saved(request, plan, found, person)
            fault = _("Chưa lưu: hãy sửa những ô được đánh dấu.")
        except Refused as refused:
            fault = refused.sentence
        status = 422
    return _answer(request, plan, found, fault=fault, status=status)


def _answer(
    request: HttpRequest,
    plan: Plan,
    found: Review,
    *,
    fault: str = "",
    reference: Reference | None = None,
    status: int = 200,
) -> HttpResponse:
    reading = plan.reading or {}
    context = {
        "plan": plan,
        "review": found,
        "fault": fault,
        "warnings": reading.get("warnings") or [],
        "is_confirmed": bool(reading.get("confirmed")),
        "frame": [(bound, (reading.get("sources") or {}).get(bound.name)) for bound in found.frame.visible_fields()],
        "new": {what: form(plan) for what, form in _NEW.items()},
        "reference": reference or Reference(linkable(plan)),
        "differences": lineages.changes(plan.amends, plan) if plan.amends else [],
    }
    return answer(request, "office/plans/review.html", context, status=status)


def _saved(request: HttpRequest, plan: Plan, found: Review, person: Person) -> HttpResponse:
    with transaction.atomic():
        apply(plan, found, by=person)
        if request.POST.get("then") != "confirm":
            return redirect_after(request, "office:plan-review", _("Đã lưu."), plan.code)
        plans.confirm(plan, by=person)
    return redirect_after(request, "office:plan", _("Đã lưu và xác nhận nội dung kế hoạch."), plan.code)


def linkable(plan: Plan) -> QuerySet[Plan]:
    """Plans in force of the units above, and of the unit itself, that a draft can name."""
    unit = plan.unit
    over = queries.plans().filter(unit__in=org_queries.over(unit), state__in=IN_FORCE)
    return over.exclude(pk=plan.pk).order_by("-year", "unit__lft", "pk")


@needs(Permission.PLAN_WRITE)
@require_POST
def link(request: HttpRequest, code: str) -> HttpResponse:
    """Name another plan or an outside paper; `drop` takes one out."""
    plan, person = draft_of(request, code), desk.person_of(request)
    if dropped := request.POST.get("drop", ""):
        reference = plan.references.filter(pk=dropped).first() if dropped.isdigit() else None
        if reference is None:
            raise Http404
        corrections.drop_reference(reference, by=person)
        return redirect_after(request, "office:plan-review", _("Đã bỏ văn bản liên quan."), plan.code)
    form = Reference(linkable(plan), request.POST)
    if form.is_valid():
        try:
            corrections.add_reference(plan, by=person, **form.cleaned_data)
            return redirect_after(request, "office:plan-review", _("Đã thêm văn bản liên quan."), plan.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return _answer(request, plan, gather(plan), reference=form, status=422)


def draft_of(request: HttpRequest, code: str) -> Plan:
    """A draft this person may write; an issued plan is not corrected here."""
    plan = queries.plan_for(desk.person_of(request), code)
    if plan is None or plan.state != "draft":
        raise Http404
    grants.may(desk.person_of(request), Permission.PLAN_WRITE, plan.unit).or_refuse(forbidden=True)
    return plan


_NEW: dict[str, Callable[..., Form]] = {
    "target": NewTarget,
    "phase": NewPhase,
    "programme": NewProgramme,
    "duty": NewDuty,
}


def _new_row(what: str, plan: Plan, posted: Any, by: Person) -> Programme | Phase | PlanTarget | Any | None:
    """The row a person adds; None with errors on the form."""
    form = _NEW[what](plan, posted)
    if not form.is_valid():
        field_name, errors = next(iter(form.errors.items()))
        label = form.fields[field_name].label if field_name in form.fields else ""
        raise Refused(f"{label}: {errors[0]}" if label else str(errors[0]))
    values = form.cleaned_data
    if what == "target":
        return corrections.add_target(by=by, **values)
    if what == "phase":
        return corrections.add_phase(by=by, **values)
    if what == "programme":
        return corrections.add_programme(plan, by=by, **values)
    return corrections.add_duty(plan, by=by, **values)


@needs(Permission.PLAN_WRITE)
@require_POST
def add(request: HttpRequest, code: str, what: str) -> HttpResponse:
    plan = draft_of(request, code)
    if what not in _NEW:
        raise Http404
    _new_row(what, plan, request.POST, desk.person_of(request))
    return redirect_after(request, "office:plan-review", _("Đã thêm."), plan.code)
