"""A member's screen: the dossier on one side, the score sheet on the other; then the next case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.initiatives import consents
from thidua.initiatives import queries as initiative_queries
from thidua.initiatives.domain import hearings
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.people.models import Person
from thidua.review import queries, rules
from thidua.review.choices import SessionState, Vote
from thidua.review.domain import ballots as verbs
from thidua.review.models import Case
from thidua.sites.shell import desk
from thidua.sites.shell.access import fully_signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.sites.shell.files import send


def case_or_404(request: HttpRequest, pk: int) -> Case:
    found = queries.cases_for(desk.person_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def _subject(case: Case) -> Initiative | None:
    if case.subject_type != hearings.SUBJECT:
        return None
    return initiative_queries.dossiers().prefetch_related("authorships").filter(pk=case.subject_id).first()


def _page(case: Case, person: Person, **more: Any) -> dict[str, Any]:
    seat = rules.seat_of(person, case.session.council)
    ballot = queries.ballot_of(case, seat)
    given = {s.criterion: s.points for s in ballot.scores.all()} if ballot else {}
    item = _subject(case)
    verdict = rules.may_judge(person, case)
    waiting = queries.to_judge(person).filter(session=case.session)
    is_counted = case.session.state in (SessionState.CLOSED, SessionState.SIGNED)
    # Somebody with an interest learns nothing of how others judge.
    is_aside = rules.is_party(person, case) or any(seat and r.seat_id == seat.pk for r in case.recusals.all())
    return {
        "case": case,
        "session": case.session,
        "item": item,
        "authors": consents.of_each(item) if item else [],
        "attachments": initiative_queries.attachments_of(item) if item else [],
        "rubric": [(c, given.get(c.key, "")) for c in rules.rubric(case.session.held_on)],
        "votes": Vote.choices,
        "ballot": ballot,
        "vote": ballot.vote if ballot else "",
        "comment": ballot.comment if ballot else "",
        "may_judge": bool(verdict),
        "why_not": verdict.sentence,
        "seat": seat,
        "next": waiting.exclude(pk=case.pk).first(),
        "left": waiting.count(),
        "is_counted": is_counted and not is_aside,
        "comments": queries.comments_of(case) if is_counted and not is_aside else [],
        **more,
    }


@fully_signed_in
def show(request: HttpRequest, pk: int) -> HttpResponse:
    case = case_or_404(request, pk)
    return answer(request, "office/councils/case.html", _page(case, desk.person_of(request)))


@fully_signed_in
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Save, then the next case that waits for this member."""
    case, person = case_or_404(request, pk), desk.person_of(request)
    typed = {c.key: request.POST.get(f"score-{c.key}", "").strip() for c in rules.rubric(case.session.held_on)}
    chosen, comment = request.POST.get("vote", ""), request.POST.get("comment", "")
    try:
        given = {key: _points(value) for key, value in typed.items() if value}
        verbs.cast(case, by=person, vote=chosen, scores=given, comment=comment)
    except Forbidden:
        raise
    except Refused as refused:
        rubric = [(c, typed[c.key]) for c in rules.rubric(case.session.held_on)]
        kept = {"rubric": rubric, "vote": chosen, "comment": comment}
        context = _page(case_or_404(request, pk), person, fault=refused.sentence, fault_field=refused.field, **kept)
        return answer(request, "office/councils/case.html", context, status=422)
    following = queries.to_judge(person).filter(session=case.session).first()
    if following and "onward" in request.POST:
        return redirect_after(request, "office:case", _("Đã lưu phiếu. Hồ sơ tiếp theo:"), following.pk)
    return redirect_after(request, "office:session", _("Đã lưu phiếu."), case.session.code)


def _points(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 4:
        raise Refused(_("Điểm «%(typed)s» không phải là số.") % {"typed": typed})
    return int(typed)


@fully_signed_in
@require_POST
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I have a conflict of interest"."""
    case, person = case_or_404(request, pk), desk.person_of(request)
    reason = request.POST.get("reason", "")
    try:
        verbs.recuse(case, by=person, reason=reason)
    except Forbidden:
        raise
    except Refused as refused:
        context = _page(case, person, recuse_fault=refused.sentence, recuse_typed=reason)
        return answer(request, "office/councils/case.html", context, status=422)
    return redirect_after(request, "office:session", _("Đã ghi: bạn không chấm hồ sơ này."), case.session.code)


@fully_signed_in
def file(request: HttpRequest, pk: int, file_id: UUID) -> HttpResponseBase:
    """A paper of the dossier, for those who judge it."""
    item = _subject(case_or_404(request, pk))
    found = initiative_queries.attachments_of(item).filter(file=file_id).first() if item else None
    if found is None:
        raise Http404(str(file_id))
    return send(found.file, inline=True)


paths = [
    path("hoi-dong/ho-so/<int:pk>/", show, name="case"),
    path("hoi-dong/ho-so/<int:pk>/phieu/", vote, name="case-vote"),
    path("hoi-dong/ho-so/<int:pk>/xung-dot/", recuse, name="case-recuse"),
    path("hoi-dong/ho-so/<int:pk>/tep/<uuid:file_id>/", file, name="case-file"),
]
