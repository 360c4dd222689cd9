"""A session from its list of cases to its signed minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thidua.documents.choices import PaperKind
from thidua.documents.domain import papers as issuing
from thidua.kernel import clock, codes, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review import messages, papers, queries, rules
from thidua.review.choices import Outcome, SessionState, Vote
from thidua.review.models import Case, Council, Party, Presence, Recusal, Seat, Session
from thidua.review.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take

AUTHOR = "là tác giả"


@dataclass(frozen=True)
class Subject:
    """What is judged, in the words of the package it belongs to. `parties` never judge it."""

    type: str
    id: int
    code: str
    title: str
    unit: Unit
    parties: Sequence[tuple[Person | None, str]]
    summary: str = ""


def plan(council: Council, *, held_on: date, by: Person, place: str = "") -> Session:
    refuse_unless(rules.may_manage(by, council))
    if not rules.in_term(council, held_on):
        raise Refused(_("Ngày họp nằm ngoài nhiệm kỳ của hội đồng."), field="held_on")
    with transaction.atomic():
        session = Session.objects.create(
            code=codes.new_code("PH"), council=council, held_on=held_on, place=text.tidy(place)[:200], called_by=by
        )
        acts.record("review.session.planned", session, by=by, after={"held_on": held_on})
    return session


def put(session: Session, subject: Subject, *, by: Person) -> Case:
    """Add a case; members who are party to it are recused at once."""
    refuse_unless(rules.may_manage(by, session.council))
    if session.state not in (SessionState.PLANNED, SessionState.OPEN):
        raise Refused(_("Phiên họp đã kiểm phiếu nên không nhận thêm hồ sơ."))
    try:
        with transaction.atomic():
            last = session.cases.aggregate(last=Max("position"))["last"] or 0
            case = Case.objects.create(
                session=session,
                position=last + 1,
                subject_type=subject.type,
                subject_id=subject.id,
                subject_code=subject.code,
                title=subject.title[:300],
                summary=subject.summary,
                unit=subject.unit,
            )
            Party.objects.bulk_create([Party(case=case, person=p, name=name) for p, name in subject.parties])
            _recuse_parties(case)
            acts.record("review.session.case_added", session, by=by, after={"case": subject.code})
    except IntegrityError as error:
        raise Refused(_("Hồ sơ này đang ở một phiên họp khác.")) from error
    return case


def _recuse_parties(case: Case) -> None:
    people = {p.person_id for p in case.parties.all() if p.person_id}
    seats = Seat.objects.filter(council=case.session.council, person__in=people)
    Recusal.objects.bulk_create(
        [Recusal(case=case, seat=s, reason=AUTHOR, at=clock.now()) for s in seats], ignore_conflicts=True
    )


def drop(case: Case, *, by: Person) -> None:
    """Out of the list again, with its ballots uncounted."""
    session = case.session
    refuse_unless(rules.may_manage(by, session.council))
    if session.state not in (SessionState.PLANNED, SessionState.OPEN):
        raise Refused(_("Phiên họp đã kiểm phiếu nên không rút hồ sơ được."))
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(outcome=Outcome.DROPPED)
        acts.record("review.session.case_dropped", session, by=by, before={"case": case.subject_code})


def open_(session: Session, *, by: Person) -> None:
    """Members score and vote, each on their own phone, until the count."""
    with transaction.atomic():
        take(WORKFLOW, "open", session, by=by)
        for case in session.cases.filter(outcome=Outcome.PENDING).select_related("session__council"):
            _recuse_parties(case)  # seats may have changed since the case was put
        messages.opened(session, session.cases.filter(outcome=Outcome.PENDING).count(), by)


def mark_present(session: Session, seats: Iterable[Seat], *, by: Person) -> None:
    """The secretary ticks who is in the room; those who voted are present anyway."""
    refuse_unless(rules.may_manage(by, session.council))
    if session.state != SessionState.OPEN:
        raise Refused(_("Chỉ ghi người dự họp khi phiên họp đang mở."))
    wanted = {s.pk for s in seats if s.council_id == session.council_id}
    with transaction.atomic():
        voted = set(session.cases.filter(ballots__isnull=False).values_list("ballots__seat", flat=True))
        session.presences.exclude(seat__in=wanted | voted).delete()
        Presence.objects.bulk_create(
            [Presence(session=session, seat_id=pk) for pk in sorted(wanted | voted)], ignore_conflicts=True
        )
        acts.record("review.session.present", session, by=by, after={"present": len(wanted | voted)})


def write(session: Session, *, by: Person, discussion: str) -> None:
    """What was said, for the minutes."""
    refuse_unless(rules.may_manage(by, session.council))
    if session.state in (SessionState.SIGNED, SessionState.CANCELLED):
        raise Refused(_("Biên bản đã ký nên không sửa được."))
    with transaction.atomic():
        Session.objects.filter(pk=session.pk).update(discussion=text.nfc(discussion).strip())
        acts.record("review.session.changed", session, by=by)
    session.discussion = text.nfc(discussion).strip()


def close(session: Session, *, by: Person) -> None:
    """Count the votes: the sums are frozen, the outcome follows from the council's rules."""
    with transaction.atomic():
        seats = session.council.seats.filter(left_on__isnull=True).count()
        take(WORKFLOW, "close", session, by=by, changes={"closed_at": clock.now(), "seats_counted": seats})
        _count(session)
        messages.closed(session, by)


def _count(session: Session) -> None:
    rule = rules.rules_of(session)
    seats = set(session.council.seats.filter(left_on__isnull=True).values_list("pk", flat=True))
    present = set(session.presences.values_list("seat", flat=True)) & seats
    cases = list(session.cases.exclude(outcome=Outcome.DROPPED).prefetch_related("recusals", "ballots"))
    totals = queries.averages_of(cases)
    for case in cases:
        away = {r.seat_id for r in case.recusals.all()}
        votes = [b.vote for b in case.ballots.all() if b.seat_id not in away]
        yes, more, against = (votes.count(v) for v in (Vote.YES, Vote.MORE, Vote.NO))
        base = {"members": len(seats - away), "present": len(present - away), "votes": len(votes)}[rule.base]
        case.yes, case.more, case.no, case.base = yes, more, against, base
        case.outcome = rules.outcome_of(rule, yes=yes, more=more, against=against, base=base)
        scored = totals.get(case.pk, [])
        case.average = (Decimal(sum(scored)) / len(scored)).quantize(Decimal("0.01")) if scored else None
    Case.objects.bulk_update(cases, ["yes", "more", "no", "base", "outcome", "average"])


def reopen(session: Session, *, by: Person) -> None:
    """Before the minutes are signed, the vote may go on."""
    with transaction.atomic():
        take(WORKFLOW, "reopen", session, by=by, changes={"closed_at": None, "seats_counted": None})
        cleared = {"outcome": Outcome.PENDING, "yes": 0, "more": 0, "no": 0, "base": 0, "average": None}
        session.cases.exclude(outcome=Outcome.DROPPED).update(**cleared)


def sign(session: Session, *, by: Person) -> None:
    """Numbers and freezes the minutes; the results go to whoever decides."""
    step = WORKFLOW.step("sign")
    step.may(by, session).or_refuse(forbidden=True)
    WORKFLOW.verdict(step, session, by).or_refuse()
    draft = draft_minutes(session, signer=rules.seat_of(by, session.council))
    with transaction.atomic():
        paper = issuing.issue(
            session.council.unit,
            PaperKind.MINUTES,
            draft,
            by=by,
            title=f"Biên bản {draft.subject[:1].lower()}{draft.subject[1:]}",
            issued_on=clock.today(),
        )
        take(WORKFLOW, "sign", session, by=by, changes={"minutes": paper}, noted={"minutes": paper.full_number})
        messages.signed(session, by)


def draft_minutes(session: Session, *, signer: Seat | None = None):  # type: ignore[no-untyped-def]
    """The minutes as they would be signed now."""
    seats = list(session.council.seats.filter(left_on__isnull=True).select_related("person"))
    cases = list(session.cases.exclude(outcome=Outcome.DROPPED).prefetch_related("parties"))
    present = set(session.presences.values_list("seat", flat=True))
    recusals = list(queries.recusals_of(session))
    return papers.minutes(session, rules.rules_of(session), seats, present, cases, recusals, signer=signer)


def cancel(session: Session, *, by: Person) -> None:
    """Its cases are free for another session."""
    with transaction.atomic():
        take(WORKFLOW, "cancel", session, by=by)
        session.cases.filter(outcome=Outcome.PENDING).update(outcome=Outcome.DROPPED)
        messages.cancelled(session, by)
