"""How a unit receives: its reasons kept ready."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives.choices import CannedFor
from thidua.initiatives.domain import canned
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs.models import Unit
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


def _unit(request: HttpRequest) -> Unit:
    """The desk's unit, where the person receives."""
    unit = desk.unit_of(request)
    grants.may(desk.person_of(request), Permission.INITIATIVE_RECEIVE, unit).or_refuse(forbidden=True)
    return unit


@needs(Permission.INITIATIVE_RECEIVE)
def reasons(request: HttpRequest) -> HttpResponse:
    """One reason a line; an empty box uses the reasons of the unit above."""
    unit, person, faults = _unit(request), desk.person_of(request), {}
    own = {step: "\n".join(lines) for step, lines in canned.own(unit).items()}
    if request.method == "POST":
        own = {step.value: request.POST.get(step, "") for step in CannedFor}
        for step in CannedFor:
            try:
                canned.write(unit, step, own[step].splitlines(), by=person)
            except Forbidden:
                raise
            except Refused as refused:
                faults[step.value] = refused.sentence
        if not faults:
            return redirect_after(request, "office:canned-reasons", _("Đã lưu lý do mẫu."))
    used = canned.reasons_for(unit)
    boxes = [(s.value, s.label, own[s.value], faults.get(s.value, ""), used[s.value]) for s in CannedFor]
    context = {"unit": unit, "boxes": boxes}
    return answer(request, "office/dossiers/reasons.html", context, status=422 if faults else 200)


paths = [
    path("sang-kien/ly-do-mau/", reasons, name="canned-reasons"),
]
