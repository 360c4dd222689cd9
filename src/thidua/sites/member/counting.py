"""Would it count, and what is still missing? Told while it is written; nothing is saved here."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.forms import DayField
from thidua.initiatives.models import Initiative
from thidua.sites.member.dossiers import own_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer
from thidua.tallies import queries as tally_queries


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Of what the quick form would send today."""
    person = desk.person_of(request)
    item = Initiative(unit=person.unit, handler=verbs.handler_of(person.unit))
    return _shown(request, item)


@signed_in
def written(request: HttpRequest, code: str) -> HttpResponse:
    """Of a dossier with the date of first application as it is typed."""
    item = own_or_404(request, code)
    with suppress(ValidationError):  # half a date: what is saved holds until it is whole
        item.first_applied_on = DayField(required=False).clean(request.GET.get("first_applied_on", ""))
    return _shown(request, item)


def _shown(request: HttpRequest, item: Initiative) -> HttpResponse:
    verdicts = tally_queries.simulate(item, desk.person_of(request))
    return answer(request, "member/writing/_would_count.html", {"verdicts": verdicts})


paths = [
    path("tinh-thu/", new, name="would-count-new"),
    path("sang-kien/<str:code>/tinh-thu/", written, name="would-count"),
]
