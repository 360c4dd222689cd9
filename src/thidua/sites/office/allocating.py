"""Working on the allocation grid: type, fill, paste, undo, and give."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.people.models import Person
from thidua.programmes.models import Phase
from thidua.sites.office.targets import PLACE, node, page, subject_of
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import redirect_after
from thidua.targets import queries, rules
from thidua.targets.choices import Method
from thidua.targets.domain import sheets
from thidua.targets.domain.windows import Subject
from thidua.targets.models import Sheet

CELL = re.compile(r"u(\d{1,17})p(\d{1,17})")


@needs(Permission.TARGET_ALLOCATE)
@require_POST
def allocate(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Keep what was typed on this page of the grid, then do what was pressed."""
    programme, unit = node(request, programme_code, unit_code)
    person = desk.person_of(request)
    grants.may(person, Permission.TARGET_ALLOCATE, unit).or_refuse(forbidden=True)
    subject = subject_of(programme, unit, request.POST.get("what", ""))
    typed = {name: str(words).strip() for name, words in request.POST.items() if CELL.fullmatch(name)}
    try:
        with transaction.atomic():
            told = _act(subject, request.POST, typed, person)
    except Refused as refused:
        return page(request, programme, unit, request.POST, refused=refused, typed=typed)
    response = redirect_after(request, "office:targets", told, programme.code, unit.code)
    kept = {name: request.POST.get(name, "") for name in ("what", "cursor", "q", "state")}
    response["Location"] += f"?{urlencode({k: v for k, v in kept.items() if v})}#grid-title"
    return response


def _act(subject: Subject, posted: QueryDict, typed: dict[str, str], person: Person) -> str:
    name, _colon, rest = posted.get("do", "save").partition(":")
    if name not in _ACTS:
        raise Http404
    sheet = sheets.opened(subject.programme, subject.parent, subject.indicator, subject.label, by=person)
    if name != "discard":
        sheets.write(sheet, _numbers(subject, typed), by=person)
    return _ACTS[name](subject, sheet, posted, rest, person)


def _numbers(subject: Subject, typed: dict[str, str]) -> dict[tuple[int, int | None], int | None]:
    """The cells of this page as numbers; Refused names unit and text."""
    phases = {str(p.pk) if p else "0": p for p in _phases(subject)}
    names = dict(org_queries.children(subject.parent).filter(pk__in=_units(typed)).values_list("pk", "short_name"))
    found: dict[tuple[int, int | None], int | None] = {}
    for name, words in typed.items():
        unit_id, key = CELL.fullmatch(name).groups()  # type: ignore[union-attr]
        if int(unit_id) in names and key in phases:
            phase = phases[key]
            found[int(unit_id), phase.pk if phase else None] = _number(names[int(unit_id)], words)
    return found


def _units(typed: dict[str, str]) -> set[int]:
    return {int(found[1]) for name in typed if (found := CELL.fullmatch(name))}


def _number(unit_name: str, words: str) -> int | None:
    """'1.000' and '1 000' are a thousand; '' is nothing given."""
    plain = words.replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    if not plain:
        return None
    try:
        value = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        sentence = _("%(unit)s: «%(text)s» không phải là số.") % {"unit": unit_name, "text": words}
        raise Refused(sentence, field="values") from None
    if fault := rules.amount_fault(unit_name, value):
        raise Refused(fault, field="values")
    return int(value)


def _phases(subject: Subject) -> list[Phase | None]:
    return queries.columns_of(subject.programme, subject.parent, subject.indicator, subject.label)


def _chosen(subject: Subject, key: str) -> list[Phase | None]:
    """One column by its key, or all of them."""
    phases = _phases(subject)
    return [p for p in phases if key in ("", "all", str(p.pk) if p else "0")]


def _save(_subject: Subject, _sheet: Sheet, _posted: QueryDict, _rest: str, _person: Person) -> str:
    return _("Đã lưu bản nháp, chưa giao.")


def _fill(subject: Subject, sheet: Sheet, posted: QueryDict, rest: str, person: Person) -> str:
    method, _colon, key = rest.partition(":")
    if method not in (Method.EQUAL, Method.HEADCOUNT, Method.LAST, Method.FORMULA):
        raise Http404
    key = key or posted.get("column", "all")
    formula, fits = posted.get("formula", ""), bool(posted.get("fits"))
    sheets.fill(sheet, method, _chosen(subject, key), by=person, formula=formula, fits=fits)
    return _("Đã điền «%(how)s». Các số chưa được giao; có thể sửa từng ô hoặc hoàn tác.") % {"how": sheet.filled}


def _paste(subject: Subject, sheet: Sheet, posted: QueryDict, _rest: str, person: Person) -> str:
    chosen = _chosen(subject, posted.get("paste_column", "all"))
    count = sheets.paste(sheet, posted.get("block", ""), chosen, by=person)
    return counted("Đã nhận số của %(n)d đơn vị từ bảng dán. Các số chưa được giao.", count)


def _annex(subject: Subject, sheet: Sheet, _posted: QueryDict, _rest: str, person: Person) -> str:
    named = queries.annex(queries.grid(subject.programme, subject.parent, subject.indicator.pk, subject.label))
    sheets.write(sheet, {(u, int(key) or None): n for (u, key), n in named.items()}, by=person)
    return counted("Đã lấy %(n)d số từ phụ lục của kế hoạch. Các số chưa được giao.", len(named))


def _undo(_subject: Subject, sheet: Sheet, _posted: QueryDict, _rest: str, person: Person) -> str:
    sheets.undo(sheet, by=person)
    return _("Đã hoàn tác lần điền.") if sheet.is_undone else _("Đã làm lại lần điền.")


def _discard(_subject: Subject, sheet: Sheet, _posted: QueryDict, _rest: str, person: Person) -> str:
    sheets.discard(sheet, by=person)
    return _("Đã bỏ bản nháp. Chỉ tiêu đã giao giữ nguyên.")


def _give(_subject: Subject, sheet: Sheet, posted: QueryDict, _rest: str, person: Person) -> str:
    issue = sheets.give(sheet, by=person, reason=posted.get("reason", ""), below_given=bool(posted.get("below_given")))
    if issue is None:
        return _("Không có số nào thay đổi.")
    units = len(set(issue.lines.values_list("unit_id", flat=True)))
    return counted("Đã giao chỉ tiêu cho %(n)d đơn vị.", units)


_ACTS: dict[str, Callable[[Subject, Sheet, QueryDict, str, Person], str]] = {
    "save": _save,
    "fill": _fill,
    "paste": _paste,
    "annex": _annex,
    "undo": _undo,
    "discard": _discard,
    "give": _give,
}
paths = [path(f"{PLACE}giao/", allocate, name="targets-allocate")]
