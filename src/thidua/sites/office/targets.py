"""Targets of a unit: what it was given, and the grid by which it gives to those below."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.domain.files import DOCX
from thidua.documents.rendering import official
from thidua.kernel import paging
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import presenters
from thidua.ledger.models import Act
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.programmes.choices import Amount
from thidua.programmes.models import Programme
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download, redirect_after
from thidua.targets import papers, queries
from thidua.targets.choices import Method
from thidua.targets.domain import allocations, results, windows
from thidua.targets.domain.windows import Subject
from thidua.targets.models import Target
from thidua.targets.workflow import WORKFLOW

VIEW, GIVE, TAKE = Permission.TARGET_VIEW, Permission.TARGET_ALLOCATE, Permission.TARGET_ACCEPT


def node(request: HttpRequest, programme_code: str, unit_code: str) -> tuple[Programme, Unit]:
    """An open programme and a unit within its scope this person may look at; otherwise 404."""
    person = desk.person_of(request)
    programme = programme_queries.open_by_code(programme_code)
    unit = org_queries.by_code(unit_code)
    if programme is None or unit is None or not programme.unit.covers(unit):
        raise Http404
    if not grants.may(person, VIEW, unit):
        raise Http404
    return programme, unit


@needs(VIEW)
def show(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    programme, unit = node(request, programme_code, unit_code)
    return page(request, programme, unit, request.GET)


def page(
    request: HttpRequest,
    programme: Programme,
    unit: Unit,
    asked: QueryDict,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """Own targets on top, the grid below; `asked` says what of it is looked at."""
    person = desk.person_of(request)
    lines = results.of_node(programme, unit)
    subject = subject_of(programme, unit, asked.get("what", ""))
    words, state = asked.get("q", "").strip(), asked.get("state", "")
    may_allocate = bool(grants.may(person, GIVE, unit))
    context = {
        "programme": programme,
        "unit": unit,
        "path": [u for u in org_queries.ancestors(unit) if programme.unit.covers(u)],
        "own": [(r, r.target, WORKFLOW.holders[r.target.state], _steps(r.target, person)) for r in lines],
        "waiting": [r.target for r in lines if r.target.state == "given"],
        "may_accept": grants.may(person, TAKE, unit),
        "may_allocate": may_allocate,
        "window": windows.window(subject, cursor=asked.get("cursor", ""), words=words, state=state, typed=typed),
        "subjects": queries.indicators_given(programme, unit),
        "asked": asked,
        "one_column": [(m.value, m.label) for m in (Method.EQUAL, Method.HEADCOUNT, Method.LAST)],
        "q": words,
        "state": state,
        "disputed": [t for t in queries.disputed(unit) if t.programme_id == programme.pk],
        "rates": [r.target for r in lines if r.is_percent],
        "ended": queries.given_to_ended(programme, unit, subject.indicator, subject.label) if may_allocate else [],
        "has_annex": may_allocate and programme.plan.unit_id == unit.pk and queries.has_annex(programme.plan),
        "fault": refused.sentence if refused else "",
        "fault_field": refused.field if refused else "",
        "issues": queries.issues(programme, unit, subject.indicator, subject.label)[:20],
        "acts": _history(subject, [r.target for r in lines]),
    }
    return answer(request, "office/targets/show.html", context, status=422 if refused else 200)


def subject_of(programme: Programme, unit: Unit, what: str) -> Subject:
    """The number being split: what the address names, else the first the unit has been given, else initiatives."""
    code, _bar, label = what.partition("|")
    chosen = programme_queries.indicators().filter(pk=code, amount=Amount.COUNT).first() if code else None
    if chosen is None:
        given = queries.indicators_given(programme, unit)
        first = next((t for t in given if t.indicator_id == queries.INITIATIVES), given[0] if given else None)
        chosen, label = (first.indicator, first.label) if first else (queries.initiatives(), "")
    return Subject(programme, unit, chosen, label)


def _steps(target: Target, person: Person) -> set[str]:
    return {offer.name for offer in WORKFLOW.offers(target, person)}


def _history(subject: Subject, own: list[Target]) -> list[tuple[Act, str]]:
    """Who gave, accepted, asked and answered, newest first."""
    found = queries.history(subject.given(), own)
    return [(act, presenters.sentence(act)) for act in found[:30]]


@needs(GIVE)
@require_POST
def hand_down(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Give a percentage to every unit below, unchanged."""
    programme, unit = node(request, programme_code, unit_code)
    target = queries.target_for(unit, _number(request.POST.get("target")))
    if target is None or target.programme_id != programme.pk:
        raise Http404
    given = allocations.allocate_rate(
        programme, target.phase, target.indicator, unit, by=desk.person_of(request), label=target.label
    )
    told = counted("Đã giao tỷ lệ cho %(n)d đơn vị.", len(given))
    return redirect_after(request, "office:targets", told, programme.code, unit.code)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 18 else 0


def _decimal(text: str | None) -> Decimal | None:
    """'1.000' and '1 000' are a thousand, '2,5' two and a half; Refused says what cannot be read."""
    plain = (text or "").replace("\u00a0", "").replace(" ", "")
    plain = plain.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", plain) else plain.replace(",", ".")
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Refused(_("«%(text)s» không phải là số.") % {"text": text}, field="value") from None


@needs(TAKE)
@require_POST
def respond(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The unit accepts (one or all), asks for another number, or aims higher."""
    programme, unit = node(request, programme_code, unit_code)
    person, step = desk.person_of(request), request.POST.get("step", "")
    if step == "accept-all":
        with transaction.atomic():
            for given in queries.waiting(unit).filter(programme=programme):
                allocations.accept(given, by=person)
        return redirect_after(request, "office:targets", _("Đã nhận chỉ tiêu."), programme.code, unit.code)
    target = queries.target_for(unit, _number(request.POST.get("target")))
    if target is None or step not in _RESPONSES:
        raise Http404
    told = _RESPONSES[step](target, request.POST, person)
    return redirect_after(request, "office:targets", told, programme.code, unit.code)


def _accept(target: Target, _posted: QueryDict, person: Any) -> str:
    allocations.accept(target, by=person)
    return _("Đã nhận chỉ tiêu.")


def _ask(target: Target, posted: QueryDict, person: Any) -> str:
    value = _decimal(posted.get("value"))
    if value is None:
        raise Refused(_("Hãy nhập số đề nghị."), field="value")
    allocations.ask_adjustment(target, value, posted.get("reason", ""), by=person)
    return _("Đã gửi đề nghị điều chỉnh lên cấp trên.")


def _aim(target: Target, posted: QueryDict, person: Any) -> str:
    allocations.set_ambition(target, _decimal(posted.get("value")), by=person)
    return _("Đã ghi mức phấn đấu của đơn vị.")


_RESPONSES = {"accept": _accept, "ask": _ask, "aim": _aim}


@needs(GIVE)
@require_POST
def settle(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Answer a unit below that asked for another number."""
    programme, unit = node(request, programme_code, unit_code)
    target = queries.target_given(unit, _number(request.POST.get("target")))
    if target is None or target.programme_id != programme.pk:
        raise Http404
    agreed = request.POST.get("step") == "grant"
    value = target.asked_value if agreed else _decimal(request.POST.get("value"))
    allocations.answer_adjustment(
        target, by=desk.person_of(request), value=value, reason=request.POST.get("reason", "")
    )
    return redirect_after(request, "office:targets", _("Đã trả lời đề nghị."), programme.code, unit.code)


@needs(GIVE)
def letter(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The letter of allocation with its annex, as a draft to number and sign."""
    programme, unit = node(request, programme_code, unit_code)
    grants.may(desk.person_of(request), GIVE, unit).or_refuse(forbidden=True)
    subject = subject_of(programme, unit, request.GET.get("what", ""))
    found = queries.grid(programme, unit, subject.indicator.pk, subject.label)
    content = official.to_docx(papers.allocation_letter(found))
    return download(content, f"giao-chi-tieu-{unit.code}.docx", DOCX)


@needs(VIEW)
def issue(request: HttpRequest, programme_code: str, unit_code: str, number: int) -> HttpResponse:
    """What one giving changed, line by line; as a letter with `?docx`."""
    programme, unit = node(request, programme_code, unit_code)
    subject = subject_of(programme, unit, request.GET.get("what", ""))
    found = queries.issues(programme, unit, subject.indicator, subject.label).filter(number=number).first()
    if found is None:
        raise Http404
    if "docx" in request.GET:
        content = official.to_docx(papers.issue_letter(found, list(queries.issue_lines(found))))
        return download(content, f"giao-chi-tieu-{unit.code}-lan-{number}.docx", DOCX)
    lines = paging.page(queries.issue_lines(found), ("unit__sort_key", "pk"), request.GET.get("cursor", ""), 100)
    context = {"programme": programme, "unit": unit, "subject": subject, "issue": found, "page": lines}
    return answer(request, "office/targets/issue.html", context)


PLACE = "chi-tieu/<slug:programme_code>/<slug:unit_code>/"
paths = [
    path(PLACE, show, name="targets"),
    path(f"{PLACE}ty-le/", hand_down, name="targets-rate"),
    path(f"{PLACE}phan-hoi/", respond, name="targets-respond"),
    path(f"{PLACE}tra-loi/", settle, name="targets-settle"),
    path(f"{PLACE}cong-van/", letter, name="targets-letter"),
    path(f"{PLACE}lan-giao/<int:number>/", issue, name="targets-issue"),
]
