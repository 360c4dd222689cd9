"""The papers of a dossier as files: the statutory application, the sheet of what is owed."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from thidua.documents.domain.files import DOCX
from thidua.documents.rendering import statements
from thidua.documents.rendering.statements import Statement
from thidua.initiatives.domain import applications, remuneration
from thidua.initiatives.models import Initiative
from thidua.sites.shell.answers import download

KINDS = {"docx": (statements.to_docx, DOCX), "pdf": (statements.to_pdf, "application/pdf")}


def application(initiative: Initiative, kind: str) -> HttpResponse:
    """«Đơn yêu cầu công nhận sáng kiến», to be read through and signed."""
    return _file(applications.application(initiative), f"don-cong-nhan-{initiative.code}", kind)


def remuneration_sheet(initiative: Initiative, year: int, kind: str) -> HttpResponse:
    sheet = remuneration.sheet(initiative, year)
    name = f"thu-lao-{initiative.code}-nam-{year}" if year else f"thu-lao-{initiative.code}"
    return _file(applications.remuneration(initiative, sheet), name, kind)


def _file(statement: Statement, name: str, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404(kind)
    render, content_type = KINDS[kind]
    return download(render(statement), f"{name}.{kind}", content_type)
