"""While a title is typed: which published initiatives already say the same."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from thidua.similarity import rules
from thidua.similarity.domain import comparisons
from thidua.sites.shell.access import public
from thidua.sites.shell.answers import answer

TITLE_LEAST = 12  # fewer letters say nothing yet
TITLE_MOST, TEXT_MOST = 300, 6000


@public
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """Only what the public library shows, and the writer's own; nothing of anybody else's."""
    title = request.POST.get("title", "").strip()[:TITLE_MOST]
    content = "\n".join(request.POST.get(name, "")[:TEXT_MOST] for name in ("problem_before", "solution"))
    person = getattr(request.user, "person", None)
    found = []
    if len(title) >= TITLE_LEAST or len(content.strip()) >= TITLE_LEAST * 4:
        found = comparisons.as_typed(title, content, person, but_code=request.POST.get("own_code", "")[:20])
    rows = [(item, rules.degree(a.text.share, a.of_title)) for item, a in found]
    return answer(request, "portal/library/_alike.html", {"rows": rows})


paths = [path("thu-vien/giong/", alike, name="alike")]
