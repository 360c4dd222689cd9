"""A shared device on the shop floor: an officer sets it up; it starts anew for each worker and keeps nothing."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.domain import dossiers
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.programmes import queries as programme_queries
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs, public
from thidua.sites.shell.answers import answer

COOKIE = "kiosk"
SALT = "thidua.kiosk"
LASTS = 60 * 60 * 24 * 366
IDLE_SECONDS = 90


def is_kiosk(request: HttpRequest) -> bool:
    return bool(place_of(request))


def place_of(request: HttpRequest) -> list[str]:
    """Programme and unit this device was set up for; [] on an ordinary one."""
    said = request.get_signed_cookie(COOKIE, default="", salt=SALT) or ""
    return said.split("/") if said else []


@needs(Permission.INITIATIVE_ENTER)
def start(request: HttpRequest, programme_code: str, unit_code: str) -> HttpResponse:
    """What kiosk mode does; agreed, the officer is signed out and the device belongs to everybody."""
    programme = programme_queries.open_by_code(programme_code)
    unit = org_queries.active().filter(code__iexact=unit_code).first()
    if programme is None or unit is None or not programme.unit.covers(unit):
        raise Http404(f"{programme_code}/{unit_code}")
    handler = dossiers.handler_of(unit)
    if not grants.may(desk.person_of(request), Permission.INITIATIVE_ENTER, handler):
        raise Http404(unit_code)
    if request.method != "POST":
        return answer(request, "portal/filing/kiosk.html", {"programme": programme, "unit": unit, "handler": handler})
    if not handler.accepts_open_filing:
        raise Refused(_("Đơn vị này chỉ nhận sáng kiến từ người đã đăng nhập."))
    logout(request)
    response = redirect("portal:quick", programme.code, unit.code)
    response.set_signed_cookie(
        COOKIE, f"{programme.code}/{unit.code}", salt=SALT, max_age=LASTS, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


@public
def stop(request: HttpRequest) -> HttpResponse:
    """Back to an ordinary device."""
    if request.method != "POST":
        return answer(request, "portal/filing/kiosk_stop.html", {"is_kiosk": is_kiosk(request)})
    request.session.flush()
    response = redirect("shell:login")
    response.delete_cookie(COOKIE)
    return response


paths = [
    path("may-chung/thoat/", stop, name="kiosk-stop"),
    path("may-chung/<str:programme_code>/<str:unit_code>/", start, name="kiosk"),
]
