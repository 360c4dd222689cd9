"""People who may have been entered twice: look at both, merge, tell apart, undo."""

from __future__ import annotations

import base64
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.people import duplicates, references
from thidua.people.domain import mergers
from thidua.people.models import Merger, Person
from thidua.sites.office.people import person_seen, unit_seen
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


def _after(cursor: str) -> tuple[str, int, int] | None:
    """Where the last page ended; the first page for a cursor typed by hand."""
    try:
        name, first, second = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return str(name), int(first), int(second)
    except (ValueError, TypeError):
        return None


def _next(found: list[duplicates.Pair]) -> str:
    last = duplicates.cursor_of(found) if len(found) == duplicates.PAGE else None
    return base64.urlsafe_b64encode(json.dumps(last).encode()).decode() if last else ""


@needs(Permission.PERSON_MANAGE)
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Pairs that look like one person, a page at a time."""
    unit = unit_seen(request, code)
    grants.may(desk.person_of(request), Permission.PERSON_MANAGE, unit).or_refuse(forbidden=True)
    found = duplicates.pairs(unit, after=_after(request.GET.get("cursor", "")))
    return answer(request, "office/people/duplicates.html", {"unit": unit, "pairs": found, "next": _next(found)})


def _both(request: HttpRequest, one: str, other: str) -> tuple[Person, Person]:
    """Two people whom the officer may manage both."""
    found = person_seen(request, one), person_seen(request, other)
    for person in found:
        grants.may(desk.person_of(request), Permission.PERSON_MANAGE, person.unit).or_refuse(forbidden=True)
    if found[0] == found[1]:
        raise Http404(other)
    return found


@needs(Permission.PERSON_MANAGE)
def compare(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """Side by side, with what each has; merging asks which record is kept."""
    pair, by, fault = _both(request, one, other), desk.person_of(request), ""
    if request.method == "POST":
        kept = next((p for p in pair if p.code == request.POST.get("keep")), None)
        try:
            if "apart" in request.POST:
                mergers.tell_apart(*pair, by=by)
                return redirect_after(request, "office:duplicates", _("Đã ghi nhận là hai người."), pair[0].unit.code)
            if kept is None:
                raise Refused(_("Hãy chọn bản ghi được giữ lại."))
            dropped = pair[1] if kept == pair[0] else pair[0]
            mergers.merge(kept, dropped, by=by)
            return redirect_after(request, "office:person", _("Đã gộp hai bản ghi thành một."), kept.code)
        except Refused as refused:
            fault = refused.sentence
    counts = [(person, _counted(person)) for person in pair]
    context = {"pair": pair, "counts": counts, "suggested": _fuller(pair).code, "fault": fault}
    return answer(request, "office/people/compare.html", context, status=422 if fault else 200)


def _counted(person: Person) -> list[str]:
    """What hangs on a record, in words of the officer."""
    counts = references.counts(person)
    initiatives, posts = counts.pop("initiatives.authorship.person", 0), counts.pop("people.post.person", 0)
    given, proposed = counts.pop("awards.certificate.person", 0), counts.pop("awards.nominee.person", 0)
    rest = sum(counts.values())
    found = [
        (initiatives, counted("%(n)d sáng kiến", initiatives)),
        (posts, counted("%(n)d chức danh", posts)),
        (given, counted("%(n)d giấy khen, giấy chứng nhận", given)),
        (proposed, counted("%(n)d đề nghị khen thưởng", proposed)),
        (rest, counted("%(n)d dòng khác", rest)),
    ]
    return [words for n, words in found if n]


def _fuller(pair: tuple[Person, Person]) -> Person:
    """The one with an account, else with more hanging on it, else the older."""
    return max(pair, key=lambda p: (hasattr(p, "account"), sum(references.counts(p).values()), -p.pk))


@needs(Permission.PERSON_MANAGE)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Two records again."""
    merger = Merger.objects.select_related("kept__unit").filter(pk=pk).first()
    by = desk.person_of(request)
    if merger is None or not grants.may(by, Permission.PERSON_MANAGE, merger.kept.unit):
        raise Http404(str(pk))
    mergers.undo(merger, by=by)
    return redirect_after(request, "office:person", _("Đã tách lại thành hai bản ghi."), merger.kept.code)


paths = [
    path("don-vi/<slug:code>/trung-lap/", index, name="duplicates"),
    path("trung-lap/<int:pk>/tach-lai/", undo, name="duplicate-undo"),
    path("trung-lap/<str:one>/<str:other>/", compare, name="duplicate"),
]
