"""The member's own pages: home, taking over what was filed without an account."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.awards import queries as award_queries
from thidua.initiatives import queries, workflow
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers as verbs
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Programme
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.targets.domain import progress


def days_left(programme: Programme) -> tuple[date, int] | None:
    """(last day, days to go) of the phase that runs now."""
    running = [p.ends_on for p in programme.phases.all() if p.is_running and p.ends_on]
    return (min(running), (min(running) - clock.today()).days) if running else None


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me first, then my latest, the programmes, examples from my trade."""
    person = desk.person_of(request)
    programmes = programme_queries.counting_programmes(person.unit)[:3]
    latest = list(queries.own(person).order_by("-changed_at", "-id")[:5])
    context = {
        "returned": queries.own(person).filter(state=State.RETURNED).order_by("-changed_at"),
        "to_confirm": queries.shares_to_confirm(person),
        "opinions": queries.opinions_asked_of(person),
        "drafts": queries.own(person).filter(state=State.DRAFT).order_by("-changed_at")[:3],
        "latest": [(i, workflow.standing_of(i, for_author=True)) for i in latest],
        "programmes": [(p, days_left(p), progress.node(p, person.unit)[0]) for p in programmes],
        "certificates": award_queries.certificates_of(person)[:3],
        "examples": queries.examples_for(person.unit)[:3],
    }
    return answer(request, "member/pages/home.html", context)


@signed_in
def claim(request: HttpRequest) -> HttpResponse:
    """Take over a dossier with the code given after filing without an account."""
    code, fault = request.POST.get("code", request.GET.get("ma", "")), ""
    if request.method == "POST":
        try:
            initiative = verbs.claim(code, by=desk.person_of(request))
        except Refused as refused:
            fault = refused.sentence
        else:
            return redirect_after(request, "member:initiative", _("Hồ sơ đã về tài khoản của bạn."), initiative.code)
    return answer(request, "member/pages/claim.html", {"code": code, "fault": fault}, status=422 if fault else 200)


paths = [
    path("", home, name="home"),
    path("nhan-ho-so/", claim, name="claim"),
]
