"""Public home and programme pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.initiatives import queries as initiative_queries
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Programme
from thidua.search.queries import holdings
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer
from thidua.sites.shell.lagging import may_lag
from thidua.targets.domain import progress


def _counting() -> list[Programme]:
    found = programme_queries.programmes().filter(is_open=True, counts_initiatives=True)
    return list(found.order_by("unit__lft", "pk")[:50])


@public
@may_lag
def home(request: HttpRequest) -> HttpResponse:
    programmes = _counting()
    lines = [(p, progress.node(p, p.unit)[0]) for p in programmes[:6]]
    widest = lines[0][1] if lines else None
    context = {
        "lines": lines,
        "widest": widest,
        "how_many": holdings.how_many_public(),
        "latest": list(initiative_queries.public().order_by("-filed_on", "-id")[:6]),
    }
    return answer(request, "portal/pages/home.html", context)


@public
@may_lag
def programmes(request: HttpRequest) -> HttpResponse:
    lines = [(p, progress.node(p, p.unit)[0]) for p in _counting()]
    return answer(request, "portal/pages/programmes.html", {"lines": lines})


@public
@may_lag
def programme(request: HttpRequest, code: str) -> HttpResponse:
    found = programme_queries.open_by_code(code)
    if found is None:
        raise Http404
    context: dict[str, object] = {"programme": found}
    if found.counts_initiatives:
        whole, *phases = progress.node(found, found.unit)
        latest = initiative_queries.public().filter(entries__programme=found, entries__is_counted=True)
        context |= {
            "whole": whole,
            "phases": phases,
            "latest": list(latest.order_by("-filed_on", "-id")[:9]),
            "bars": [(line.phase.name, line.counted, line.target or 0, "") for line in phases if line.phase],
        }
    return answer(request, "portal/pages/programme.html", context)


paths = [
    path("", home, name="home"),
    path("chuong-trinh/", programmes, name="programmes"),
    path("chuong-trinh/<slug:code>/", programme, name="programme"),
]
