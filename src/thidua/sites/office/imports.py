"""Excel in and out: template, upload, preview, apply, report."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.domain.files import XLSX
from thidua.exchange import queries, rules
from thidua.exchange.choices import FileState, UploadState
from thidua.exchange.domain import exports, outgoing, signs, uploads
from thidua.exchange.models import Upload
from thidua.exchange.reading import guards
from thidua.exchange.workflow import WORKFLOW
from thidua.kernel import paging
from thidua.kernel.sheets.importers import Importer, Outcome, named, registered
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, download, redirect_after

_KINDS = {".xlsx": XLSX, ".pdf": "application/pdf", ".zip": "application/zip"}
# Whoever may enter something by Excel; which kinds, and where, is asked below.
RIGHTS = tuple(dict.fromkeys(Permission(importer.permission) for importer in registered()))


def _importer(request: HttpRequest, name: str) -> Importer:
    importer = named(name)
    if importer is None or importer not in queries.importers_for(desk.person_of(request)):
        raise Http404(name)
    return importer


def _upload(request: HttpRequest, code: UUID) -> Upload:
    found = queries.visible_to(desk.person_of(request)).filter(code=code).first()
    if found is None:
        raise Http404(str(code))
    return found


def _desk_for(request: HttpRequest, importer: Importer) -> Unit:
    """The desk's unit if the importer's right is held there, else the first unit where it is."""
    person, home = desk.person_of(request), desk.unit_of(request)
    if grants.may(person, Permission(importer.permission), home):
        return home
    return grants.units_where(person, Permission(importer.permission))[0]


def _list(request: HttpRequest, *, chosen: Importer | None = None, fault: str = "") -> HttpResponse:
    person = desk.person_of(request)
    page = paging.page(queries.visible_to(person), ("-given_at", "-id"), request.GET.get("cursor", ""))
    context = {
        "page": page,
        "kinds": [(importer, _desk_for(request, importer)) for importer in queries.importers_for(person)],
        "chosen": chosen,
        "outgoing": queries.outgoing_of(person).order_by("-asked_at", "-id")[:10],
        "fault": fault,
        "most_mb": guards.MAX_BYTES // 2**20,
        "most_rows": guards.MAX_ROWS,
    }
    return answer(request, "office/imports/list.html", context, status=422 if fault else 200)


@needs(*RIGHTS)
def index(request: HttpRequest) -> HttpResponse:
    """What can be entered by Excel, and the files that came."""
    return _list(request)


@needs(*RIGHTS)
def template(request: HttpRequest, name: str) -> HttpResponse:
    """The empty file to fill in."""
    importer = _importer(request, name)
    made = io.BytesIO()
    outgoing.write_template(made, importer)
    return download(made.getvalue(), f"mau-{importer.file_name}.xlsx", XLSX)


@needs(*RIGHTS)
@require_POST
def give(request: HttpRequest, name: str) -> HttpResponse:
    """Take a file; its check goes on in the background."""
    importer = _importer(request, name)
    given: Any = request.FILES.get("file")
    try:
        if given is None:
            raise Refused(_("Hãy chọn tệp Excel hoặc CSV."), field="file")
        if given.size > guards.MAX_BYTES:
            raise guards.too_big()
        unit, by = _desk_for(request, importer), desk.person_of(request)
        upload = uploads.receive(importer, given.read(), given.name, unit=unit, by=by)
    except Forbidden:
        raise
    except Refused as refused:
        return _list(request, chosen=importer, fault=refused.sentence)
    return redirect_after(request, "office:import", "", upload.code)


@needs(*RIGHTS)
def show(request: HttpRequest, code: UUID) -> HttpResponse:
    """Progress, then the preview, then the result: wherever the file stands."""
    upload, person = _upload(request, code), desk.person_of(request)
    wanted = request.GET.get("xem", Outcome.BAD if upload.bad else "")
    outcome = wanted if wanted in Outcome.values else ""
    page = paging.page(queries.lines_of(upload, outcome), ("number",), request.GET.get("cursor", ""), 50)
    columns = {c.name: c for c in upload.kind.columns}
    tabs: list[tuple[str, Any, int]] = [("tat-ca", _("Tất cả"), upload.total)]
    tabs += [
        (str(o), o.label, getattr(upload, o.value)) for o in (Outcome.BAD, Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
    ]
    done, of = signs.progress(upload) if upload.is_busy else (0, 0)
    context = {
        "upload": upload,
        "done": done,
        "of": of,
        "percent": done * 100 // of if of else None,
        "page": page,
        "rows": [_row(line, upload, columns) for line in page.rows],
        "tabs": tabs,
        "wanted": outcome or "tat-ca",
        "shown": [str(columns[n].label) for n in _shown(upload) if n in columns],
        "known": [(str(columns[n].label), upload.headings[p]) for n, p in _by_place(upload) if n in columns],
        "unknown": [h for p, h in enumerate(upload.headings) if h and p not in upload.places.values()],
        "offers": WORKFLOW.offers(upload, person),
        "may_work": rules.may_work(person, upload),
        "holder": WORKFLOW.holders[upload.state],  # type: ignore[index]
        "is_applied": upload.state == UploadState.APPLIED,
    }
    response = answer(request, "office/imports/show.html", context, partial="office/imports/_progress.html")
    if not upload.is_busy:
        response["HX-Refresh"] = "true"  # the page that was waiting shows the whole result
    return response


def _by_place(upload: Upload) -> list[tuple[str, int]]:
    return sorted(upload.places.items(), key=lambda pair: pair[1])


def _shown(upload: Upload) -> list[str]:
    """The columns of the file that fit beside the reasons: its first ones."""
    return [name for name, _place in _by_place(upload)][:5]


def _row(line: Any, upload: Upload, columns: dict[str, Any]) -> dict[str, Any]:
    wrong = {fault[0] for fault in line.faults}
    names = _shown(upload)
    cells = [
        (str(columns[n].label), line.cells[upload.places[n]] if upload.places[n] < len(line.cells) else "", n in wrong)
        for n in names
        if n in columns
    ]
    faults = [(str(columns[n].label) if n in columns else "", why, mend) for n, why, mend in line.faults]
    return {"line": line, "cells": cells, "faults": faults, "result": outgoing.result_of(line, upload)}


@needs(*RIGHTS)
@require_POST
def step(request: HttpRequest, code: UUID) -> HttpResponse:
    """Apply, undo or drop; whoever comes second is told what the first did."""
    upload, by = _upload(request, code), desk.person_of(request)
    verbs = {
        "apply": (uploads.apply, _("Hệ thống đang ghi các dòng đạt. Bạn có thể đóng trang này.")),
        "undo": (uploads.undo, _("Hệ thống đang hoàn tác. Bạn có thể đóng trang này.")),
        "discard": (uploads.discard, _("Đã bỏ tệp; dữ liệu trong tệp đã được xoá.")),
    }
    if request.POST.get("step") not in verbs:
        raise Http404(str(code))
    verb, said = verbs[request.POST["step"]]
    verb(upload, by=by)
    return redirect_after(request, "office:import", said, upload.code)


@needs(*RIGHTS)
def report(request: HttpRequest, code: UUID, what: str) -> HttpResponse:
    """The lines with what became of each, or the bad ones alone, to mend and send again."""
    upload = _upload(request, code)
    if what not in ("ket-qua", "dong-loi") or not queries.lines_of(upload).exists():
        raise Http404(what)
    made = io.BytesIO()
    outgoing.write_report(made, upload, only_bad=what == "dong-loi")
    return download(made.getvalue(), f"{what}-{upload.name.rpartition('.')[0]}.xlsx", XLSX)


@needs(*RIGHTS)
def export(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """What a unit and those below it have, in the form of the template."""
    importer, by = _importer(request, name), desk.person_of(request)
    unit = org_queries.by_code(code)
    if unit is None or not grants.may(by, Permission(importer.permission), unit):
        raise Http404(code)
    if exports.is_big(importer, unit):
        exports.ask(importer, unit, by=by)
        return redirect_after(request, "office:imports", _("Tệp lớn đang được lập ở nền; khi xong sẽ nằm ở đây."))
    made = io.BytesIO()
    exports.write(importer, unit, made, by=by)
    return download(made.getvalue(), f"{importer.file_name}-{unit.code}.xlsx", XLSX)


@needs(*RIGHTS, Permission.INITIATIVE_RECOGNISE, Permission.AWARD_VIEW)
def outgoing_page(request: HttpRequest, code: UUID) -> HttpResponse:
    """Where a file stands that is made in the background."""
    asked = queries.outgoing_of(desk.person_of(request)).filter(code=code).first()
    if asked is None:
        raise Http404(str(code))
    return answer(request, "office/imports/outgoing.html", {"asked": asked}, partial="office/imports/_outgoing.html")


@needs(*RIGHTS, Permission.INITIATIVE_RECOGNISE, Permission.AWARD_VIEW)
def outgoing_file(request: HttpRequest, code: UUID) -> HttpResponse:
    """A file that was made in the background, for whoever asked for it."""
    made = queries.outgoing_of(desk.person_of(request)).filter(code=code, state=FileState.READY).first()
    if made is None or not made.stored:
        raise Http404(str(code))
    with made.stored.open("rb") as opened:
        return download(opened.read(), made.name, _KINDS[Path(made.name).suffix])


paths = [
    path("nhap-du-lieu/xuat/<slug:name>/<slug:code>/", export, name="export"),
    path("nhap-du-lieu/da-xuat/<uuid:code>/", outgoing_page, name="outgoing"),
    path("nhap-du-lieu/da-xuat/<uuid:code>/tep/", outgoing_file, name="outgoing-file"),
    path("nhap-du-lieu/", index, name="imports"),
    path("nhap-du-lieu/mau/<slug:name>.xlsx", template, name="import-template"),
    path("nhap-du-lieu/tai-len/<slug:name>/", give, name="import-give"),
    path("nhap-du-lieu/<uuid:code>/", show, name="import"),
    path("nhap-du-lieu/<uuid:code>/buoc/", step, name="import-step"),
    path("nhap-du-lieu/<uuid:code>/<slug:what>.xlsx", report, name="import-report"),
]
