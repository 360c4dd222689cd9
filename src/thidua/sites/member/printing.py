"""An author prints the dossier: the application to sign, the sheet of what is owed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from thidua.sites.member.dossiers import own_or_404
from thidua.sites.shell import dossier_papers
from thidua.sites.shell.access import signed_in


@signed_in
def application(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    return dossier_papers.application(own_or_404(request, code), kind)


@signed_in
def remuneration(request: HttpRequest, code: str, year: int, kind: str) -> HttpResponse:
    return dossier_papers.remuneration_sheet(own_or_404(request, code), year, kind)


paths = [
    path("sang-kien/<str:code>/don.<str:kind>", application, name="application"),
    path("sang-kien/<str:code>/thu-lao-<int:year>.<str:kind>", remuneration, name="remuneration"),
]
