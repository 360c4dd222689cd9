"""Difficulties raised to the level above, and answers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Refused
from thidua.programmes import queries as programme_queries
from thidua.reports import queries
from thidua.reports.domain import difficulties
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


@needs(Permission.DIFFICULTY_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """What the unit has asked and what is asked of it; the form to ask."""
    person, unit = desk.person_of(request), desk.unit_of(request)
    fault, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("question", "")
        programme = programme_queries.programmes_in_scope(unit).filter(code=request.POST.get("programme", "")).first()
        try:
            difficulties.raise_to_upper(unit, typed, by=person, programme=programme)
            return redirect_after(request, "office:difficulties", _("Đã gửi lên cấp trên trực tiếp."))
        except Refused as refused:
            fault = refused.sentence
    found = list(queries.difficulties(person, unit)[:200])
    context = {
        "unit": unit,
        "received": [d for d in found if d.addressee_id == unit.pk],
        "asked": [d for d in found if d.unit_id == unit.pk],
        "programmes": programme_queries.counting_in_scope(unit),
        "may_raise": grants.may(person, Permission.DIFFICULTY_RAISE, unit) and unit.parent_id,
        "may_answer": grants.may(person, Permission.DIFFICULTY_ANSWER, unit),
        "question_min": difficulties.QUESTION_MIN,
        "answer_min": difficulties.ANSWER_MIN,
        "fault": fault,
        "typed": typed,
    }
    return answer(request, "office/difficulties/list.html", context, status=422 if fault else 200)


@needs(Permission.DIFFICULTY_ANSWER)
@require_POST
def reply(request: HttpRequest, code: str) -> HttpResponse:
    person, unit = desk.person_of(request), desk.unit_of(request)
    difficulty = queries.difficulty_for(person, unit, code)
    if difficulty is None:
        raise Http404
    difficulties.answer(difficulty, request.POST.get("answer", ""), by=person)
    return redirect_after(request, "office:difficulties", _("Đã trả lời."))


paths = [
    path("vuong-mac/", index, name="difficulties"),
    path("vuong-mac/<slug:code>/", reply, name="difficulty-answer"),
]
