"""The door for reading councils, sessions and cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.models import Paper
from thidua.kernel.prepared import composed_once, counted_once
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review.choices import Outcome, SessionState, Vote
from thidua.review.models import Ballot, Case, Council, Party, Recusal, Seat, Session


def _seats() -> Prefetch:
    return Prefetch("seats", Seat.objects.filter(left_on__isnull=True).select_related("person__unit"))


def councils_for(person: Person) -> QuerySet[Council]:
    """Where the person has a seat, or manages the unit's councils."""
    rows = Council.objects.select_related("unit").prefetch_related(_seats())
    managed = grants.within(person, Permission.COUNCIL_MANAGE)
    seated = Seat.objects.filter(person=person, left_on__isnull=True).values("council")
    # Joined, not "or": each half has its own index.
    return rows.filter(pk__in=seated.union(Council.objects.filter(managed).values("pk")))


def sessions_for(person: Person) -> QuerySet[Session]:
    rows = Session.objects.select_related("council__unit__kind", "minutes__pdf", "minutes__docx")
    seats = Prefetch("council__seats", Seat.objects.filter(left_on__isnull=True).select_related("person"))
    return rows.prefetch_related(seats).filter(council__in=councils_for(person).order_by().values("pk"))


def cases_for(person: Person) -> QuerySet[Case]:
    """Cases of the sessions the person takes part in or manages."""
    seats = Prefetch("session__council__seats", Seat.objects.filter(left_on__isnull=True).select_related("person"))
    rows = Case.objects.select_related("session__council__unit", "unit").prefetch_related("parties", "recusals", seats)
    return rows.filter(session__in=sessions_for(person).order_by().values("pk"))


def is_seated(person: Person) -> bool:
    return Seat.objects.filter(person=person, left_on__isnull=True).exists()


def seated_at(person: Person) -> set[int]:
    """The units in whose councils the person sits."""
    return set(Seat.objects.filter(person=person, left_on__isnull=True).values_list("council__unit", flat=True))


def is_to_judge(person: Person, subject_type: str, subject_id: int) -> bool:
    """A seat in a council before which this is, and which has not judged it yet."""
    put = Case.objects.filter(subject_type=subject_type, subject_id=subject_id, outcome=Outcome.PENDING)
    seats = Seat.objects.filter(person=person, left_on__isnull=True)
    return seats.filter(council__in=put.values("session__council")).exists()


def before(person: Person, subject_type: str) -> QuerySet[Case]:
    """Cases not judged yet in the councils where the person sits: the same rule from the reader's side."""
    seats = Seat.objects.filter(person=person, left_on__isnull=True)
    pending = Case.objects.filter(subject_type=subject_type, outcome=Outcome.PENDING)
    return pending.filter(session__council__in=seats.values("council"))


def to_judge(person: Person) -> QuerySet[Case]:
    """Open cases this person has still to vote on: not as a party, not recused."""
    seats = Seat.objects.filter(person=person, left_on__isnull=True)
    return (
        Case.objects.filter(
            outcome=Outcome.PENDING,
            session__state=SessionState.OPEN,
            session__council__in=seats.values("council"),
        )
        .exclude(pk__in=Ballot.objects.filter(seat__in=seats.values("pk")).values("case"))
        .exclude(pk__in=Recusal.objects.filter(seat__in=seats.values("pk")).values("case"))
        .exclude(pk__in=Party.objects.filter(person=person).values("case"))
        .select_related("session__council")
        .order_by("session__held_on", "session", "position", "pk")
    )


@counted_once
def how_many_to_judge(person: int) -> QuerySet:
    return to_judge(Person(pk=person)).order_by().values("pk")


@dataclass(frozen=True)
class Progress:
    """How far a member is at a session: for reminders of those who owe."""

    seat: Seat
    done: int
    owed: int  # of how many, without those the member does not judge
    is_present: bool


def progress_of(session: Session) -> list[Progress]:
    """Per member, in four queries. Recused cases are left out of what a member owes."""
    cases = session.cases.exclude(outcome=Outcome.DROPPED).count()
    ballots = _counts(Ballot.objects.filter(case__session=session))
    away = _counts(Recusal.objects.filter(case__session=session))
    present = set(session.presences.values_list("seat", flat=True))
    return [
        Progress(seat, ballots[seat.pk], cases - away[seat.pk], seat.pk in present)
        for seat in session.council.seats.all()
        if seat.left_on is None
    ]


def _counts(rows: QuerySet) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list("seat").annotate(n=Count("pk"))))


def with_votes(cases: QuerySet[Case]) -> QuerySet[Case]:
    """How many ballots each case has so far; what they say is not told before the count."""
    return cases.annotate(cast=Count("ballots", distinct=True), away=Count("recusals", distinct=True))


def ballot_of(case: Case, seat: Seat | None) -> Ballot | None:
    if seat is None:
        return None
    return Ballot.objects.filter(case=case, seat=seat).prefetch_related("scores").first()


def votes_of(case: Case) -> Counter[str]:
    rows = Ballot.objects.filter(case=case).order_by().values_list("vote").annotate(n=Count("pk"))
    return Counter({str(Vote(vote)): n for vote, n in rows})


def comments_of(case: Case) -> list[Ballot]:
    """Ballots with words, for the pages after the count."""
    return list(Ballot.objects.filter(case=case).exclude(comment="").select_related("seat__person").order_by("seat"))


def cases_of_subject(subject_type: str, subject_id: int) -> QuerySet[Case]:
    """Every time something was judged, the newest first."""
    rows = Case.objects.filter(subject_type=subject_type, subject_id=subject_id).exclude(outcome=Outcome.DROPPED)
    return rows.select_related("session__council", "session__minutes__pdf").order_by("-pk")


@composed_once
def last_cases_of(subject_type: str, subject_id: int) -> QuerySet[Case]:
    return cases_of_subject(subject_type, subject_id)[:5]


def passed_subjects(subject_type: str, subject_ids: Iterable[int]) -> set[int]:
    """Which of these a council was for."""
    rows = Case.objects.filter(subject_type=subject_type, subject_id__in=subject_ids, outcome=Outcome.PASSED)
    return set(rows.values_list("subject_id", flat=True))


def minutes_of(subject_type: str, subject_ids: Iterable[int]) -> list[Paper]:
    """Signed minutes in which a council was for these, the oldest first."""
    passed = Case.objects.filter(subject_type=subject_type, subject_id__in=subject_ids, outcome=Outcome.PASSED)
    signed = passed.filter(session__state=SessionState.SIGNED).values("session__minutes")
    return list(Paper.objects.filter(pk__in=signed).order_by("issued_on", "pk"))


def pending_subjects(subject_type: str) -> QuerySet:
    """Ids of what is before a council now."""
    return Case.objects.filter(subject_type=subject_type, outcome=Outcome.PENDING).values("subject_id")


def unsigned_subjects(subject_type: str) -> QuerySet:
    """Ids of what is before a council and not yet in signed minutes."""
    open_ones = ~Q(session__state__in=[SessionState.SIGNED, SessionState.CANCELLED]) & ~Q(outcome=Outcome.DROPPED)
    return Case.objects.filter(open_ones, subject_type=subject_type).values("subject_id")


def open_sessions(unit: Unit) -> QuerySet[Session]:
    """Where a case can still be put: sessions of the unit's councils not yet counted."""
    return (
        Session.objects.filter(council__unit=unit, state__in=[SessionState.PLANNED, SessionState.OPEN])
        .select_related("council")
        .order_by("held_on", "pk")
    )


def averages_of(cases: Iterable[Case]) -> dict[int, list[int]]:
    """Totals of the ballots that were scored, per case: one query."""
    found: dict[int, list[int]] = {}
    rows = Ballot.objects.filter(case__in=[c.pk for c in cases], scores__isnull=False).distinct()
    for case_id, total in rows.values_list("case", "total"):
        found.setdefault(case_id, []).append(total)
    return found


def recusals_of(session: Session) -> QuerySet[Recusal]:
    rows = Recusal.objects.filter(case__session=session).select_related("seat__person", "case")
    return rows.order_by(F("case__position"), "pk")
