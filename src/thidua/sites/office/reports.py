"""Report requests, reports, merging."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries as initiative_queries
from thidua.initiatives.forms import DayField
from thidua.kernel import clock, formats, paging
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import queries as ledger_queries
from thidua.people import queries as people_queries
from thidua.programmes import queries as programme_queries
from thidua.reports import papers, queries
from thidua.reports.choices import ReportKind, ReportState
from thidua.reports.domain import figures, reports
from thidua.reports.models import Report, ReportFigure, ReportRequest
from thidua.reports.workflow import WORKFLOW
from thidua.sites.office import days
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.files import send

RETURN_REASONS = (
    gettext_lazy("Phần kết quả chưa nêu điển hình cụ thể, đề nghị bổ sung."),
    gettext_lazy("Chưa nêu khó khăn và nguyên nhân, đề nghị viết rõ hơn."),
)


ROWS = 50
MERGED_SHOWN = 20


class AskForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Tên báo cáo"), max_length=300)
    kind = forms.ChoiceField(label=gettext_lazy("Loại báo cáo"), choices=ReportKind.choices)
    phase = forms.ChoiceField(label=gettext_lazy("Chương trình, giai đoạn"))
    due_on = DayField(label=gettext_lazy("Hạn gửi"))
    guidance = forms.CharField(
        label=gettext_lazy("Hướng dẫn"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, unit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {p.code: p for p in programme_queries.counting_in_scope(unit)}
        choices = []
        for code, programme in self.programmes.items():
            choices.append((code, f"{programme.short_name} ({programme.unit.short_name})"))
            choices += [
                (f"{code}/{p.position}", f"   {programme.short_name} – {p.name}") for p in programme.phases.all()
            ]
        self.fields["phase"].choices = choices  # type: ignore[attr-defined]

    def place(self) -> dict[str, Any]:
        code, _slash, position = self.cleaned_data["phase"].partition("/")
        programme = self.programmes[code]
        phase = next((p for p in programme.phases.all() if str(p.position) == position), None)
        return {"programme": programme, "phase": phase}


@needs(Permission.REPORT_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    person, unit = desk.person_of(request), desk.unit_of(request)
    context = {
        "unit": unit,
        "rows": [(asked.request, asked.own, asked.answers) for asked in queries.newest_for(unit)],
        "page": queries.received(person, unit, request.GET.get("cursor", "")),
        "may_ask": grants.may(person, Permission.REPORT_REQUEST, unit) and not unit.kind.is_grassroots,
        "may_write": grants.may(person, Permission.REPORT_WRITE, unit),
    }
    return answer(request, "office/reports/list.html", context)


@needs(Permission.REPORT_REQUEST)
def ask(request: HttpRequest) -> HttpResponse:
    unit = desk.unit_of(request)
    form = AskForm(request.POST or None, unit=unit)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {k: form.cleaned_data[k] for k in ("title", "kind", "due_on", "guidance")}
            try:
                reports.ask(unit, by=desk.person_of(request), **form.place(), **given)
                return redirect_after(request, "office:reports", _("Đã gửi yêu cầu tới các đơn vị trực thuộc."))
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return answer(request, "office/reports/ask.html", {"form": form, "unit": unit}, status=status)


def _request(request: HttpRequest, code: str) -> ReportRequest:
    found = queries.request_for(desk.unit_of(request), code)
    if found is None:
        raise Http404
    return found


@needs(Permission.REPORT_REQUEST)
def units(request: HttpRequest, code: str) -> HttpResponse:
    """Where each unit below stands with what was asked of it."""
    asked, unit = _request(request, code), desk.unit_of(request)
    if asked.unit_id != unit.pk:
        raise Http404
    state, words = request.GET.get("state", ""), request.GET.get("q", "")
    wanted = state if state in (*ReportState.values, "none", "owing") else ""
    context = {
        "asked": asked,
        "answers": queries.answers_to(unit, [asked]).get(asked.pk),
        "page": queries.standing(asked, request.GET.get("cursor", ""), wanted=wanted, words=words),
        "states": [("owing", _("Chưa gửi")), ("none", _("Chưa lập")), *ReportState.choices],
        "is_filtered": bool(wanted or words),
    }
    return answer(request, "office/reports/units.html", context)


@needs(Permission.REPORT_REQUEST)
@require_POST
def chase(request: HttpRequest, code: str) -> HttpResponse:
    how_many = reports.chase(_request(request, code), by=desk.person_of(request))
    return redirect_after(request, "office:reports", counted("Đã nhắc %(n)d đơn vị chưa gửi.", how_many))


@needs(Permission.REPORT_WRITE)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    report = reports.start(_request(request, code), desk.unit_of(request), by=desk.person_of(request))
    return redirect_after(request, "office:report", "", report.code)


def _report(request: HttpRequest, code: str) -> Report:
    found = queries.report_for(desk.person_of(request), code)
    if found is None:
        raise Http404
    return found


@needs(Permission.REPORT_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The composer while it is being written; the frozen report afterwards."""
    report, person = _report(request, code), desk.person_of(request)
    is_open = report.state != "submitted" and bool(grants.may(person, Permission.REPORT_WRITE, report.unit))
    if request.method == "POST" and is_open:
        given = request.POST.get("revision", "")
        typed = {s.key: request.POST.get(s.key, s.text) for s in report.sections.all()}
        reports.write(report, by=person, revision=int(given) if given.isdigit() else -1, sections=typed)
        return redirect_after(request, "office:report", _("Đã lưu báo cáo."), code)
    return _page(request, report, is_open=is_open)


def _page(
    request: HttpRequest, report: Report, *, is_open: bool, typed_day: str = "", day_fault: str = ""
) -> HttpResponse:
    person, ends_on = desk.person_of(request), report.request.period_ends_on
    merged = report.merges.select_related("unit").order_by("unit__lft")
    context = {
        "report": report,
        "figures": [(f, papers.figure_text(f)) for f in papers.shown_figures(report)],
        "sections": report.sections.all(),
        "is_open": is_open,
        "may_merge": is_open and report.unit_id == report.request.unit_id,
        "offers": WORKFLOW.offers(report, person),
        "holder": WORKFLOW.holders[report.state],
        "merged": merged[:MERGED_SHOWN],
        "how_many_merged": merged.count(),
        "of_other_days": queries.of_other_days(report),
        "acts": ledger_queries.timeline_of(report),
        "reasons": RETURN_REASONS,
        "may_correct": report.state == "submitted" and grants.may(person, Permission.REPORT_WRITE, report.unit),
        "period_end": ends_on if ends_on and ends_on < clock.today() else None,
        "today": clock.today(),
        "typed_day": typed_day,
        "day_fault": day_fault,
    }
    return answer(request, "office/reports/show.html", context, status=422 if day_fault else 200)


@needs(Permission.REPORT_WRITE, Permission.REPORT_REQUEST)
@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Submit, send back, merge, refresh, correct."""
    report, person = _report(request, code), desk.person_of(request)
    step = request.POST.get("step", "")
    if step == "submit":
        reports.submit(report, by=person)
        message = _("Đã gửi báo cáo; số liệu và nội dung đã khoá.")
    elif step == "send_back":
        reports.send_back(report, by=person, reason=request.POST.get("reason", ""))
        message = _("Đã trả lại báo cáo.")
    elif step == "merge":
        message = counted("Đã tổng hợp %(n)d báo cáo.", reports.merge(report, by=person))
    elif step == "refresh":
        reports.refresh(report, by=person)
        message = _("Đã lấy lại số liệu mới nhất.")
    elif step == "refresh_as_of":
        return _draw_as_of(request, report)
    elif step == "correct":
        report = reports.correct(report, by=person)
        message = _("Đã lập bản điều chỉnh.")
    else:
        raise Http404
    return redirect_after(request, "office:report", message, report.code)


def _draw_as_of(request: HttpRequest, report: Report) -> HttpResponse:
    """Take the figures as they stood at the end of the day that was chosen; a wrong day comes back with why."""
    typed = request.POST.get("on", "").strip()[:20]
    day = days.read(typed)
    try:
        if day is None:
            raise Refused(days.no_day(typed), field="on")
        reports.refresh(report, by=desk.person_of(request), on=day)
    except Forbidden:
        raise
    except Refused as refused:
        return _page(request, report, is_open=report.state != "submitted", typed_day=typed, day_fault=refused.sentence)
    message = _("Đã lấy số liệu đến hết ngày %(day)s.") % {"day": formats.day(day)}
    return redirect_after(request, "office:report", message, report.code)


@needs(Permission.REPORT_VIEW)
def rows(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The rows behind one figure: initiatives, people, or the reports it adds up."""
    report = _report(request, code)
    figure = papers.shown_figures(report).filter(key=key).first()
    if figure is None:
        raise Http404
    cursor, found = request.GET.get("cursor", ""), queries.rows_behind(figure)
    parts = figures.behind(figure).parts
    own_only = "own" in request.GET or not parts.exists()
    page = _own_rows(figure, cursor) if own_only else paging.page(parts, ("report__unit__lft", "id"), cursor, ROWS)
    context = {
        "report": report,
        "figure": figure,
        "value": papers.figure_text(figure),
        "found": found,
        "parts": [] if own_only else [(part, papers.figure_text(part)) for part in page.rows],
        "of_people": figure.key in figures.OF_PEOPLE,
        "page": page,
    }
    return answer(request, "office/reports/rows.html", context)


def _own_rows(figure: ReportFigure, cursor: str) -> paging.Page:
    if figure.key in figures.OF_PEOPLE:
        people = people_queries.people().filter(pk__in=queries.keys_behind(figure, "person_ids"))
        return paging.page(people, ("sort_key", "id"), cursor, ROWS)
    initiatives = initiative_queries.dossiers().filter(pk__in=queries.keys_behind(figure, "initiative_ids"))
    return paging.page(initiatives, ("-filed_on", "id"), cursor, ROWS)


@needs(Permission.REPORT_VIEW)
def paper(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The issued paper: docx, pdf or xlsx."""
    report = _report(request, code)
    stored = getattr(report.paper, kind, None) if report.paper and kind in ("docx", "pdf", "xlsx") else None
    if stored is None:
        raise Http404
    return send(stored)


paths = [
    path("bao-cao/", index, name="reports"),
    path("bao-cao/yeu-cau/", ask, name="report-ask"),
    path("bao-cao/yeu-cau/<slug:code>/", units, name="report-units"),
    path("bao-cao/yeu-cau/<slug:code>/don-doc/", chase, name="report-chase"),
    path("bao-cao/yeu-cau/<slug:code>/lap/", start, name="report-start"),
    path("bao-cao/<slug:code>/", show, name="report"),
    path("bao-cao/<slug:code>/buoc/", act, name="report-act"),
    path("bao-cao/<slug:code>/so-lieu/<slug:key>/", rows, name="report-rows"),
    path("bao-cao/<slug:code>/van-ban/<slug:kind>/", paper, name="report-paper"),
]
