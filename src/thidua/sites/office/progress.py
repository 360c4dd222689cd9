"""Progress of any node, with the rows behind each number: one page for every level."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.domain.files import DOCX, XLSX
from thidua.documents.rendering import official, spreadsheets
from thidua.documents.rendering.spreadsheets import Column, Sheet
from thidua.kernel import clock, formats, paging
from thidua.kernel.verdicts import Forbidden
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Phase, Programme
from thidua.sites.office import days, trends
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download
from thidua.sites.shell.lagging import may_lag
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure, Reason
from thidua.tallies.queries import Behind
from thidua.targets.choices import Keeping
from thidua.targets.domain import bulletins, comparisons, progress, results, surveys
from thidua.targets.domain.progress import Books

MOST_CHILDREN_IN_BARS = 15


def _node(request: HttpRequest, programme_code: str, unit_code: str) -> tuple[Programme, Unit]:
    """The programme and a unit within its scope that this person may look at; otherwise 404 or 403."""
    person = desk.person_of(request)
    programme = programme_queries.counting_by_code(programme_code)
    unit = org_queries.by_code(unit_code)
    if programme is None or unit is None or not programme.unit.covers(unit):
        raise Http404
    verdict = grants.may(person, Permission.PROGRESS_VIEW, unit)
    if not verdict:
        if not grants.visible(person, Permission.PROGRESS_VIEW, Unit.objects.filter(pk=unit.pk), "").exists():
            raise Http404
        raise Forbidden(verdict.sentence)
    return programme, unit


def _phase(request: HttpRequest, programme: Programme) -> Phase | None:
    chosen = request.GET.get("phase", "")
    return next((p for p in programme.phases.all() if str(p.position) == chosen), None)


@needs(Permission.PROGRESS_VIEW)
@may_lag
def show(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    programme, unit = _node(request, programme_code, unit_code)
    phase, sort, keeping = (
        _phase(request, programme),
        request.GET.get("sort", "counted"),
        request.GET.get("keeping", ""),
    )
    asked = days.asked(request)
    books = Books(programme, unit, asked.day, phase)
    whole, *phases = books.lines
    current = next((line for line in phases if line.phase == phase), whole)
    found = surveys.survey(books, phase, keeping=keeping, sort=sort, page=_page_number(request))
    path = _path(programme, unit, asked.day)
    context = {
        "programme": programme,
        "unit": unit,
        "asked": asked,
        "name": history.name_on(unit, asked.day) if asked.day else unit.name,
        "path": path,
        "may_climb": _visible(request, path),
        "whole": whole,
        "phases": phases,
        "phase": phase,
        "sort": sort,
        "keeping": keeping,
        "keepings": [(k.value, k.label, found.counts[k.value]) for k in Keeping],
        "current": current,
        "survey": found,
        "opens": _visible(request, [line.unit for line in found.lines]),
        "results": [] if asked.day else results.of_targets(unit, books.targets, books.figures),
        "why_not": _reasons(books, phase),
        "trend": None if asked.day else trends.drawn(surveys.trend(books, current), current.target),
        "bars": [(x.unit.short_name, x.counted, x.target or 0, "") for x in found.lines[:MOST_CHILDREN_IN_BARS]],
    }
    return answer(request, "office/progress/show.html", context, status=asked.status)


def _path(programme: Programme, unit: Unit, on: date | None) -> list[Unit]:
    """From the unit that runs the programme down to this one's parent, today or on a day."""
    if on is None:
        return [u for u in org_queries.line_above(unit.pk) if programme.unit.covers(u)]
    above = history.path_on(unit, on)[:-1]
    first = next((place for place, u in enumerate(above) if u.pk == programme.unit_id), len(above))
    return above[first:]


def _page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "1")
    return int(typed) if typed.isdigit() and len(typed) < 6 else 1


@needs(Permission.PROGRESS_VIEW)
@may_lag
def compare(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """Groups of grassroots unions side by side, per 1,000 members."""
    programme, unit = _node(request, programme_code, unit_code)
    phase = _phase(request, programme)
    context = {
        "programme": programme,
        "unit": unit,
        "phase": phase,
        "tables": comparisons.compare(programme, unit, phase),
    }
    return answer(request, "office/progress/compare.html", context)


@needs(Permission.PROGRESS_VIEW)
@may_lag
def board(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """For a screen on a wall: big, renewed by itself, units and numbers only, nobody's name."""
    programme, unit = _node(request, programme_code, unit_code)
    books = Books(programme, unit)
    whole, *phases = books.lines
    current = next((line for line in phases if line.phase and line.phase.is_running), whole)
    found = surveys.survey(books, current.phase, sort="percent")
    context = {
        "programme": programme,
        "unit": unit,
        "current": current,
        "survey": found,
        "leading": [line for line in found.lines if line.counted][:10],
        "now": clock.now(),
        "seconds": 60,
    }
    return answer(request, "office/progress/board.html", context)


@needs(Permission.PROGRESS_VIEW)
@may_lag
def paper(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The progress as a Word document, with a table of the units below."""
    programme, unit = _node(request, programme_code, unit_code)
    phase, asked = _phase(request, programme), days.asked(request)
    whole, *phases = progress.node(programme, unit, asked.day)
    current = next((line for line in phases if line.phase == phase), whole)
    below = progress.below(programme, surveys.units_below(unit, asked.day), phase, asked.day)
    name = history.name_on(unit, asked.day) if asked.day else unit.name
    content = official.to_docx(bulletins.progress_paper(programme, unit, current, [whole, *phases], below, name))
    return download(content, f"tien-do-{unit.code}-{asked.or_today:%Y%m%d}.docx", DOCX)


def _visible(request: HttpRequest, units: Iterable[Unit]) -> set[int]:
    """Those whose page this person may open."""
    person = desk.person_of(request)
    return {unit.pk for unit in units if grants.may(person, Permission.PROGRESS_VIEW, unit)}


def _reasons(books: Books, phase: Phase | None) -> list[tuple[str, str, int]]:
    """(code, words, how many filed initiatives are not counted for it), the commonest first."""
    unit, key, filed = books.unit, phase.pk if phase else None, Measure.FILED.value
    rows = [(r.value, str(r.label), books.figures[unit.pk, key, filed, f"why:{r.value}"]) for r in Reason]
    return sorted((row for row in rows if row[2]), key=lambda row: -row[2])


@needs(Permission.PROGRESS_VIEW)
@may_lag
def rows(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The initiatives behind a number: counted, or not counted for a reason."""
    programme, unit = _node(request, programme_code, unit_code)
    phase = _phase(request, programme)
    status, why = request.GET.get("status", ""), request.GET.get("why", "")
    wanted = Behind(
        phase=phase.pk if phase else None,
        is_counted={"counted": True, "not_counted": False}.get(status),
        is_recognised=True if status == "recognised" else None,
        why=why if why in Reason.values else None,
    )
    page = tally_queries.behind(programme, unit, wanted, request.GET.get("cursor", ""))
    tally_queries.say_why(page.rows, programme, desk.person_of(request))
    context: dict[str, Any] = {
        "programme": programme,
        "unit": unit,
        "phase": phase,
        "page": page,
        "status": status,
        "why": why,
        "why_words": Reason(why).label if why in Reason.values else "",
        "how_many": _how_many(programme, unit, phase, status, wanted),
        "reasons": Reason.choices,
        "opens_dossiers": grants.may(desk.person_of(request), Permission.INITIATIVE_VIEW, unit),
    }
    return answer(request, "office/progress/rows.html", context)


def _how_many(programme: Programme, unit: Unit, phase: Phase | None, status: str, wanted: Behind) -> paging.Count:
    """The sum these rows are behind, where there is one; what is asked together is counted, up to a bound."""
    measure = {"": Measure.FILED, "counted": Measure.COUNTED, "recognised": Measure.RECOGNISED}.get(status)
    bucket = f"why:{wanted.why}" if wanted.why else ""
    if measure is None or (bucket and measure != Measure.FILED):
        return paging.bounded_count(tally_queries.all_behind(programme, unit, wanted))
    return paging.exact(tally_queries.figure(programme, unit, measure, phase=phase, bucket=bucket))


@needs(Permission.PROGRESS_VIEW)
@may_lag
def people(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The people behind the participation rate."""
    programme, unit = _node(request, programme_code, unit_code)
    phase = _phase(request, programme)
    found = tally_queries.participants(programme, unit, phase=phase).select_related("person", "unit")
    page = paging.page(found, ("person__sort_key", "id"), request.GET.get("cursor", ""))
    context = {"programme": programme, "unit": unit, "phase": phase, "page": page}
    return answer(request, "office/progress/people.html", context)


@needs(Permission.PROGRESS_VIEW)
@may_lag
def export(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """The same numbers as the page, as a workbook: one sheet per phase, one row per unit below."""
    programme, unit = _node(request, programme_code, unit_code)
    asked = days.asked(request)
    units = surveys.units_below(unit, asked.day) or [unit]
    sheets = [
        _sheet(str(phase) if phase else _("Cả chương trình"), progress.below(programme, units, phase, asked.day))
        for phase in (None, *programme.phases.all())
    ]
    if not asked.day:
        sheets.append(_results_sheet(results.of_node(programme, unit)))
    name = history.name_on(unit, asked.or_today)
    content = spreadsheets.to_xlsx(sheets, _title(programme, name), asked.or_today)
    return download(content, f"tien-do-{unit.code}-{asked.or_today:%Y%m%d}.xlsx", XLSX)


def _title(programme: Programme, name: str) -> str:
    return _("Tiến độ %(programme)s – %(unit)s") % {"programme": programme.short_name, "unit": name}


def _sheet(title: str, lines: list[progress.Line]) -> Sheet:
    columns = [
        Column(_("Đơn vị"), "text", 42),
        Column(_("Chỉ tiêu"), "integer"),
        Column(_("Đã gửi"), "integer"),
        Column(_("Được công nhận"), "integer"),
        Column(_("Được tính"), "integer"),
        Column(_("% chỉ tiêu"), "text"),
        Column(_("Đoàn viên"), "integer"),
        Column(_("Người có sáng kiến"), "integer"),
        Column(_("Làm lợi (đồng)"), "money"),
        Column(_("Tình trạng"), "text"),
    ]
    rows_ = [
        [
            line.unit.name,
            int(line.target or 0),
            line.filed,
            line.recognised,
            line.counted,
            formats.percent(line.percent),
            line.members,
            line.people,
            line.benefit,
            str(line.keeping.label),
        ]
        for line in lines
    ]
    return Sheet(title, columns, rows_, totals=_("Tổng cộng"))


def _results_sheet(found: list[results.Result]) -> Sheet:
    """Every target of the unit, whatever its kind."""
    columns = [
        Column(_("Chỉ tiêu"), "text", 42),
        Column(_("Giai đoạn"), "text"),
        Column(_("Cách tính"), "text", 30),
        Column(_("Được giao"), "text"),
        Column(_("Kết quả"), "text"),
        Column(_("% chỉ tiêu"), "text"),
    ]
    rows_ = [
        [
            r.target.name,
            str(r.target.phase or r.target.year or _("Cả chương trình")),
            str(r.kind.label),
            formats.percent(r.target.value) if r.is_percent else formats.number(r.target.value),
            formats.percent(r.actual) if r.is_percent else formats.number(r.number),
            formats.percent(r.percent),
        ]
        for r in found
    ]
    return Sheet(_("Mọi chỉ tiêu"), columns, rows_)


_PLACE = "tien-do/<slug:programme_code>/<slug:unit_code>/"
paths = [
    path(_PLACE, show, name="progress"),
    path(f"{_PLACE}sang-kien/", rows, name="progress-rows"),
    path(f"{_PLACE}nguoi-tham-gia/", people, name="progress-people"),
    path(f"{_PLACE}so-sanh/", compare, name="progress-compare"),
    path(f"{_PLACE}bang/", board, name="progress-board"),
    path(f"{_PLACE}word/", paper, name="progress-paper"),
    path(f"{_PLACE}excel/", export, name="progress-export"),
]
