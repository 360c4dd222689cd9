"""Anybody verifies a certificate: valid, corrected, revoked, or not ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from thidua.awards import queries
from thidua.kernel import codes
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer


@public
def verify(request: HttpRequest) -> HttpResponse:
    typed = codes.tidy(request.GET.get("code", ""))[:30]
    if typed and queries.certificate_by_code(typed):
        return redirect("portal:certificate", typed)
    context = {"typed": typed, "is_plausible": codes.is_plausible(typed) if typed else True}
    return answer(request, "portal/verification/verify.html", context)


@public
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Holder, title and decision; nothing else of the person."""
    found = queries.certificate_by_code(code)
    if found is None:
        context = {"typed": codes.tidy(code), "is_plausible": codes.is_plausible(code)}
        return answer(request, "portal/verification/verify.html", context, status=404)
    return answer(request, "portal/verification/certificate.html", {"certificate": found})


paths = [
    path("xac-minh/", verify, name="verify"),
    path("xac-minh/<slug:code>/", certificate, name="certificate"),
]
