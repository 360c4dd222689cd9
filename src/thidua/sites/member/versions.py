"""The versions of a dossier, any two side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from thidua.initiatives.domain import versions as verbs
from thidua.sites.member.dossiers import own_or_404
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer

NOW = "nay"


@signed_in
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """What changed between two versions; the last filing and today's words unless others are chosen."""
    item = own_or_404(request, code)
    kept = {str(r.number): r for r in item.revisions.all()}
    if not kept:
        raise Http404(code)
    numbers = [*kept, NOW]
    old, new = request.GET.get("cu", numbers[-2]), request.GET.get("moi", NOW)
    if old not in kept or new not in numbers:
        raise Http404(f"{old}–{new}")
    said = verbs.content_of(item) if new == NOW else kept[new].content
    context = {
        "item": item,
        "kept": kept.values(),
        "old": old,
        "new": new,
        "now": NOW,
        "differences": verbs.differences(kept[old].content, said),
    }
    return answer(request, "member/dossiers/versions.html", context)


paths = [path("sang-kien/<str:code>/phien-ban/", versions, name="versions")]
