"""The versions of a dossier, any two side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.initiatives.domain import versions as verbs
from thidua.sites.member.dossiers import own_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer


@signed_in
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """What changed between two versions; the last filing and today's words unless others are chosen."""
    item = own_or_404(request, code)
    old, new = request.GET.get("cu", ""), request.GET.get("moi", "")
    context = verbs.chosen(item, old, new, reader=desk.person_of(request))
    if context is None:
        raise Http404(code)
    return answer(request, "member/dossiers/versions.html", {"item": item, **context})


paths = [path("sang-kien/<str:code>/phien-ban/", versions, name="versions")]
