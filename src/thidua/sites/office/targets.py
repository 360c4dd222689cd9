"""Targets of a unit: what it was given, and the grid by which it gives to those below."""

from __future__ import annotations

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
from thidua.targets.domain import allocations, results
from thidua.targets.models import Target
from thidua.targets.queries import Grid
from thidua.targets.workflow import WORKFLOW

VIEW, GIVE, TAKE = Permission.TARGET_VIEW, Permission.TARGET_ALLOCATE, Permission.TARGET_ACCEPT
ANNEX = "annex"
Typed = dict[tuple[int, str], str]


def _node(request: HttpRequest, programme_code: str, unit_code: str) -> tuple[Programme, Unit]:
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
    programme, unit = _node(request, programme_code, unit_code)
    return _page(request, programme, unit)


def _page(
    request: HttpRequest,
    programme: Programme,
    unit: Unit,
    *,
    typed: Typed | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    """Own targets on top, the grid below; `typed` are numbers that are not saved yet."""
    person = desk.person_of(request)
    found = queries.grid(programme, unit)
    lines = results.of_node(programme, unit)
    own = [line.target for line in lines]
    context = {
        "programme": programme,
        "unit": unit,
        "path": [u for u in org_queries.ancestors(unit) if programme.unit.covers(u)],
        "own": [(r, r.target, WORKFLOW.holders[r.target.state], _steps(r.target, person)) for r in lines],
        "waiting": [t for t in own if t.state == "given"],
        "may_accept": grants.may(person, TAKE, unit),
        "may_allocate": grants.may(person, GIVE, unit),
        "grid": found,
        "cells": _cells(found, typed),
        "disputed": [t for t in queries.disputed(unit) if t.programme_id == programme.pk],
        "rates": [t for t in own if t.amount == Amount.PERCENT],
        "methods": Method.choices[:2],
        "has_annex": bool(queries.annex(found)),
        "is_typed": typed is not None,
        "fault": fault,
        "acts": _history(found, own),
    }
    return answer(request, "office/targets/show.html", context, status=status)


def _steps(target: Target, person: Person) -> set[str]:
    return {offer.name for offer in WORKFLOW.offers(target, person)}


def _cells(found: Grid, typed: Typed | None) -> list[tuple[queries.Row, list[tuple[str, str, Target | None]]]]:
    """(row, [(input name, what stands in it, target)]): typed numbers before saved ones."""
    rows = []
    for row in found.rows:
        line = []
        for cell in row.cells:
            saved = "" if cell.value is None else str(cell.value)
            text = typed.get((row.unit.pk, cell.key), "") if typed is not None else saved
            line.append((_name(row.unit.pk, cell.key), text, cell.target))
        rows.append((row, line))
    return rows


def _name(unit_id: int, key: str) -> str:
    return f"u{unit_id}p{key}"


def _history(found: Grid, own: list[Target]) -> list[tuple[Act, str]]:
    """Who gave, accepted, asked and answered, newest first."""
    targets = [c.target for row in found.rows for c in row.cells if c.target] + own
    return [(act, presenters.sentence(act)) for act in queries.history(targets)[:30]]


def _typed(found: Grid, posted: QueryDict) -> Typed:
    return {
        (row.unit.pk, cell.key): posted.get(_name(row.unit.pk, cell.key), "").strip()
        for row in found.rows
        for cell in row.cells
    }


def _values(found: Grid, typed: Typed, key: str) -> dict[int, Decimal]:
    """One column as numbers; '1.000' and '1 000' are a thousand. Refused names unit and text."""
    values = {}
    for row in found.rows:
        text = typed[row.unit.pk, key]
        plain = text.replace("\u00a0", "").replace(" ", "")
        if _is_grouped(plain):
            plain = plain.replace(".", "")
        if not plain:
            continue
        try:
            values[row.unit.pk] = Decimal(plain.replace(",", "."))
        except InvalidOperation:
            sentence = _("%(unit)s: «%(text)s» không phải là số.") % {"unit": row.unit.short_name, "text": text}
            raise Refused(sentence, field="values") from None
    return values


def _is_grouped(text: str) -> bool:
    head, *groups = text.split(".")
    return bool(groups) and head.isdigit() and len(head) <= 3 and all(len(g) == 3 and g.isdigit() for g in groups)


@needs(GIVE)
@require_POST
def allocate(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Fill a column by a method (nothing is saved), or give all columns."""
    programme, unit = _node(request, programme_code, unit_code)
    person = desk.person_of(request)
    grants.may(person, GIVE, unit).or_refuse(forbidden=True)
    found = queries.grid(programme, unit)
    typed = _typed(found, request.POST)
    method, _colon, key = request.POST.get("fill", "").partition(":")
    if method == ANNEX:
        named = {place: str(n) for place, n in queries.annex(found).items()}
        return _page(request, programme, unit, typed=typed | named)
    if method in Method.values:
        return _page(request, programme, unit, typed=typed | _filled(found, key, method))
    try:
        with transaction.atomic():
            count = _give(found, typed, person)
    except Refused as refused:
        return _page(request, programme, unit, typed=typed, fault=refused.sentence, status=422)
    told = _("Đã giao chỉ tiêu cho %(n)d đơn vị.") % {"n": count} if count else _("Không có số nào thay đổi.")
    return redirect_after(request, "office:targets", told, programme.code, unit.code)


def _filled(found: Grid, key: str, method: str) -> Typed:
    column = next((c for c in found.columns if c.key == key), None)
    return {(pk, key): str(n) for pk, n in queries.proposal(found, column, method).items()} if column else {}


def _give(found: Grid, typed: Typed, person: Any) -> int:
    changed: set[int] = set()
    for column in found.columns:
        values = _values(found, typed, column.key)
        given = allocations.allocate(
            found.programme, column.phase, found.indicator, found.parent, values, by=person, tell=False
        )
        changed |= {t.unit_id for t in given}
    units = [row.unit for row in found.rows if row.unit.pk in changed]
    allocations.announce(found.programme, found.parent, units, by=person)
    return len(units)


@needs(GIVE)
@require_POST
def hand_down(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Give a percentage to every unit below, unchanged."""
    programme, unit = _node(request, programme_code, unit_code)
    target = queries.target_for(unit, _number(request.POST.get("target")))
    if target is None or target.programme_id != programme.pk:
        raise Http404
    given = allocations.allocate_rate(programme, target.phase, target.indicator, unit, by=desk.person_of(request))
    told = _("Đã giao tỷ lệ cho %(n)d đơn vị.") % {"n": len(given)}
    return redirect_after(request, "office:targets", told, programme.code, unit.code)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 18 else 0


def _decimal(text: str | None) -> Decimal | None:
    plain = (text or "").strip().replace(" ", "")
    plain = plain.replace(".", "") if _is_grouped(plain) else plain.replace(",", ".")
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
    programme, unit = _node(request, programme_code, unit_code)
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
    programme, unit = _node(request, programme_code, unit_code)
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
    programme, unit = _node(request, programme_code, unit_code)
    grants.may(desk.person_of(request), GIVE, unit).or_refuse(forbidden=True)
    content = official.to_docx(papers.allocation_letter(queries.grid(programme, unit)))
    return download(content, f"giao-chi-tieu-{unit.code}.docx", DOCX)


_PLACE = "chi-tieu/<slug:programme_code>/<slug:unit_code>/"
paths = [
    path(_PLACE, show, name="targets"),
    path(f"{_PLACE}giao/", allocate, name="targets-allocate"),
    path(f"{_PLACE}ty-le/", hand_down, name="targets-rate"),
    path(f"{_PLACE}phan-hoi/", respond, name="targets-respond"),
    path(f"{_PLACE}tra-loi/", settle, name="targets-settle"),
    path(f"{_PLACE}cong-van/", letter, name="targets-letter"),
]
