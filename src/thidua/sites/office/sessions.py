"""One session of a council: its cases, who has voted, the count, the minutes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.rendering import official
from thidua.initiatives import queries as initiative_queries
from thidua.initiatives.choices import State
from thidua.initiatives.domain import batches, hearings
from thidua.initiatives.models import Initiative
from thidua.initiatives.queries import desks
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger import queries as ledger
from thidua.people.models import Person
from thidua.review import queries, rules
from thidua.review.choices import Outcome, SessionState
from thidua.review.domain import sessions as verbs
from thidua.review.models import Session
from thidua.review.workflow import WORKFLOW
from thidua.sites.office import repeats
from thidua.sites.shell import desk
from thidua.sites.shell.access import fully_signed_in
from thidua.sites.shell.answers import answer, download, redirect_after

WAITING_SHOWN = 200


def session_or_404(request: HttpRequest, code: str) -> Session:
    found = queries.sessions_for(desk.person_of(request)).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def _page(session: Session, person: Person, **more: Any) -> dict[str, Any]:
    may_manage = bool(rules.may_manage_session(person, session))
    cases = queries.with_votes(session.cases.exclude(outcome=Outcome.DROPPED)).prefetch_related("parties", "recusals")
    is_open = session.state in (SessionState.PLANNED, SessionState.OPEN)
    return {
        "session": session,
        "council": session.council,
        "holder": WORKFLOW.holders[session.state],
        "rule": rules.rules_of(session),
        "cases": cases,
        "progress": queries.progress_of(session),
        "recusals": queries.recusals_of(session),
        "offers": WORKFLOW.offers(session, person),
        "may_manage": may_manage,
        "is_open": is_open,
        "is_counted": session.state in (SessionState.CLOSED, SessionState.SIGNED),
        "waiting": _waiting(person, session) if may_manage and is_open else [],
        "to_decide": _to_decide(person, session),
        "mine": queries.to_judge(person).filter(session=session).first(),
        "acts": ledger.timeline_of(session),
        **more,
    }


def _waiting(person: Person, session: Session) -> list[Initiative]:
    """Dossiers of the unit ready for a council and before none."""
    found = desks.inbox(person, session.council.unit)
    before = queries.pending_subjects(hearings.SUBJECT)
    ready = found.filter(state__in=[State.RECEIVED, State.PASSED_UP]).exclude(pk__in=before)
    return list(ready.order_by("due_on", "pk")[:WAITING_SHOWN])


def _to_decide(person: Person, session: Session) -> list[Initiative]:
    """After the minutes are signed, for who decides: what the council proposes and nobody has decided yet."""
    if session.state != SessionState.SIGNED or not grants.may(
        person, Permission.INITIATIVE_RECOGNISE, session.council.unit
    ):
        return []
    passed = session.cases.filter(subject_type=hearings.SUBJECT, outcome=Outcome.PASSED).values("subject_id")
    ready = desks.inbox(person, session.council.unit).filter(state__in=[State.RECEIVED, State.PASSED_UP])
    return list(ready.filter(pk__in=passed).order_by("due_on", "pk")[:WAITING_SHOWN])


@fully_signed_in
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The list, the progress, the buttons of one's role."""
    session, person = session_or_404(request, code), desk.person_of(request)
    return answer(request, "office/councils/session.html", _page(session, person))


@fully_signed_in
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Open, count, reopen, sign, cancel."""
    session, person = session_or_404(request, code), desk.person_of(request)
    acts = {
        "open": (verbs.open_, _("Đã mở chấm và biểu quyết; thành viên được báo.")),
        "close": (verbs.close, _("Đã kiểm phiếu.")),
        "reopen": (verbs.reopen, _("Đã mở lại biểu quyết.")),
        "sign": (verbs.sign, _("Đã ký biên bản; người quyết định được báo.")),
        "cancel": (verbs.cancel, _("Đã huỷ phiên họp.")),
    }
    name = request.POST.get("step", "")
    if name not in acts:
        raise Http404(name)
    act, said = acts[name]
    try:
        act(session, by=person)
    except Forbidden:
        raise
    except Refused as refused:
        session = session_or_404(request, code)
        if repeats.was_just_done(session, name, person, WORKFLOW):
            return redirect_after(request, "office:session", repeats.said(), code)
        context = _page(session, person, fault=refused.sentence)
        status = 409 if isinstance(refused, Stale) else 422
        return answer(request, "office/councils/session.html", context, status=status)
    return redirect_after(request, "office:session", said, code)


@fully_signed_in
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """The secretary's work: cases in and out, who is in the room, what was said."""
    session, person = session_or_404(request, code), desk.person_of(request)
    what, outcomes, said = request.POST.get("what", ""), [], _("Đã lưu.")
    try:
        if what == "put":
            outcomes = _put(request, session, person)
            said = counted("Đã đưa %(n)d hồ sơ vào phiên họp.", sum(o.is_done for o in outcomes))
        elif what == "drop":
            case = session.cases.filter(pk=request.POST.get("case", "0")).first()
            if case is None:
                raise Http404(what)
            verbs.drop(case, by=person)
        elif what == "present":
            wanted = set(request.POST.getlist("seat"))
            verbs.mark_present(session, [s for s in session.council.seats.all() if str(s.pk) in wanted], by=person)
        elif what == "discussion":
            verbs.write(session, by=person, discussion=request.POST.get("discussion", ""))
        else:
            raise Http404(what)
    except Forbidden:
        raise
    except Refused as refused:
        typed = request.POST.get("discussion", session.discussion)
        context = _page(session_or_404(request, code), person, fault=refused.sentence, typed=typed)
        return answer(request, "office/councils/session.html", context, status=422)
    if left := [o for o in outcomes if not o.is_done]:
        context = _page(session_or_404(request, code), person, left=left)
        return answer(request, "office/councils/session.html", context, status=422)
    return redirect_after(request, "office:session", said, code)


def _put(request: HttpRequest, session: Session, person: Person) -> list[batches.Outcome]:
    codes = request.POST.getlist("code")[:WAITING_SHOWN]
    items = initiative_queries.visible_to(person).filter(code__in=codes).prefetch_related("authorships__person")

    def one(item: Initiative) -> str:
        hearings.put_before(item, session, by=person)
        return item.code

    return batches.each(items, one)


@fully_signed_in
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The minutes as they would be signed now, to be read before."""
    session = session_or_404(request, code)
    rules.may_manage_session(desk.person_of(request), session).or_refuse(forbidden=True)
    with translation.override("vi"):
        content = official.to_pdf(verbs.draft_minutes(session))
    return download(content, f"du-thao-bien-ban-{code}.pdf", "application/pdf", inline=True)


@fully_signed_in
def minutes(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The signed minutes, for those of the session."""
    from thidua.sites.shell.files import send

    session = session_or_404(request, code)
    stored = {"pdf": session.minutes and session.minutes.pdf, "docx": session.minutes and session.minutes.docx}.get(
        kind
    )
    if not stored:
        raise Http404(kind)
    return send(stored, inline=kind == "pdf")


paths = [
    path("hoi-dong/phien/<str:code>/", show, name="session"),
    path("hoi-dong/phien/<str:code>/buoc/", step, name="session-step"),
    path("hoi-dong/phien/<str:code>/sua/", change, name="session-change"),
    path("hoi-dong/phien/<str:code>/du-thao/", draft, name="session-draft"),
    path("hoi-dong/phien/<str:code>/bien-ban/<str:kind>/", minutes, name="session-minutes"),
]
