"""The member's own pages: home and profile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.awards import queries as award_queries
from thidua.initiatives import queries as initiative_queries
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers
from thidua.initiatives.models import Authorship
from thidua.kernel.verdicts import Refused
from thidua.people import queries as people_queries
from thidua.programmes import queries as programme_queries
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.targets.domain import progress


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    person = desk.person_of(request)
    own = initiative_queries.own(person).order_by("-changed_at")
    unit = person.unit
    programmes = list(programme_queries.counting_in_scope(unit)[:3])
    context = {
        "returned": list(own.filter(state=State.RETURNED)[:5]),
        "to_confirm": list(_unconfirmed(person)[:5]),
        "recent": list(own[:4]),
        "programmes": [(p, _running(p), progress.node(p, unit)[0]) for p in programmes],
        "examples": list(initiative_queries.public().order_by("-filed_on", "-id")[:3]),
        "certificates": list(award_queries.certificates_of(person)[:3]),
    }
    return answer(request, "member/pages/home.html", context)


def _running(programme):  # type: ignore[no-untyped-def]
    return next((p for p in programme.phases.all() if p.is_running), None)


def _unconfirmed(person):  # type: ignore[no-untyped-def]
    return (
        Authorship.objects.filter(person=person, confirmed_at__isnull=True)
        .exclude(initiative__state__in=[State.WITHDRAWN])
        .select_related("initiative")
        .order_by("-pk")
    )


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    person = desk.person_of(request)
    fault = ""
    if request.method == "POST":
        try:
            initiative = dossiers.claim(request.POST.get("code", ""), by=person)
            return redirect_after(
                request, "member:initiative", _("Đã nhận hồ sơ về tài khoản của bạn."), initiative.code
            )
        except Refused as refused:
            fault = refused.sentence
    context = {
        "posts": people_queries.posts_of(person),
        "roles": {g.role.name: g.role for g in grants.grants_of(person)}.values(),
        "certificates": award_queries.certificates_of(person),
        "fault": fault,
    }
    return answer(request, "member/pages/profile.html", context, status=422 if fault else 200)


paths = [path("", home, name="home"), path("ca-nhan/", profile, name="profile")]
