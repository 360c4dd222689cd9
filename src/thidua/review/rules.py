"""Who may do what in a council, what a session needs, and how votes are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.grants import Actor
from thidua.access.permissions import Permission
from thidua.kernel import clock, rulepacks
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.review.choices import Chair, Outcome, SessionState
from thidua.review.models import Case, Council, Seat, Session


@dataclass(frozen=True)
class Criterion:
    """A row of the score sheet."""

    key: str
    label: str
    help: str
    most: int


@dataclass(frozen=True)
class RuleSet:
    """How a council of this kind decides. `base`: of whom the share of yes is taken."""

    key: str
    name: str
    quorum: Fraction
    threshold: Fraction
    is_strict: bool  # more than the threshold, not just as much
    base: str  # members | present | votes

    def needed(self, seats: int) -> int:
        return ceil(self.quorum * seats)

    def passes(self, yes: int, base: int) -> bool:
        if not base:
            return False
        share = Fraction(yes, base)
        return share > self.threshold if self.is_strict else share >= self.threshold


def _in_words(row: dict[str, str], name: str) -> str:
    return row.get(f"{name}_en") or row[name] if (get_language() or "vi").startswith("en") else row[name]


def rulesets(day: date) -> dict[str, RuleSet]:
    """The sets of rules a council may take, in force on a day."""
    rows = rulepacks.in_force("council-rules", day).rules["sets"]
    return {
        key: RuleSet(
            key,
            _in_words(row, "name"),
            Fraction(str(row["quorum"])),
            Fraction(str(row["threshold"])),
            bool(row["strict"]),
            row["base"],
        )
        for key, row in rows.items()
    }


def rules_of(session: Session) -> RuleSet:
    return rulesets(session.held_on)[session.council.ruleset]


def rubric(day: date) -> list[Criterion]:
    rows = rulepacks.in_force("council-rules", day).rules["rubric"]
    return [Criterion(r["key"], _in_words(r, "label"), _in_words(r, "help"), r["most"]) for r in rows]


def outcome_of(rule: RuleSet, *, yes: int, more: int, against: int, base: int) -> Outcome:
    """More who want it completed than are against it: it is to be completed."""
    if rule.passes(yes, base):
        return Outcome.PASSED
    return Outcome.MORE if more and more >= against else Outcome.FAILED


# Who may.


def seat_of(person: Actor, council: Council) -> Seat | None:
    """The person's place while it lasts."""
    if isinstance(person, System):
        return None
    return next((s for s in council.seats.all() if s.person_id == person.pk and s.left_on is None), None)


def in_term(council: Council, day: date | None = None) -> bool:
    day = day or clock.today()
    return council.term_from <= day and (council.term_to is None or day <= council.term_to)


def may_manage(actor: Actor, council: Council) -> Verdict:
    """The office of the unit, the council's chair and its secretary."""
    verdict = grants.may(actor, Permission.COUNCIL_MANAGE, council.unit)
    seat = seat_of(actor, council)
    if verdict or (seat and seat.role in (Chair.CHAIR, Chair.SECRETARY)):
        return YES
    return verdict


def may_manage_session(actor: Actor, session: Session) -> Verdict:
    return may_manage(actor, session.council)


def may_sign(actor: Actor, session: Session) -> Verdict:
    """The chair of the council, or the deputy where the chair is away."""
    seat = seat_of(actor, session.council)
    if isinstance(actor, System) or (seat and seat.role in (Chair.CHAIR, Chair.DEPUTY)):
        return YES
    return no(_("Chủ tịch hoặc phó chủ tịch hội đồng ký biên bản."))


def may_see(actor: Actor, session: Session) -> Verdict:
    if seat_of(actor, session.council):
        return YES
    return may_manage(actor, session.council)


def may_judge(actor: Person, case: Case) -> Verdict:
    """A member with a seat, in the term, not party to the case and not recused, while the session is open."""
    seat = seat_of(actor, case.session.council)
    if seat is None:
        return no(_("Bạn không phải là thành viên của hội đồng này."))
    if is_party(actor, case):
        return no(_("Bạn là tác giả nên không chấm, không biểu quyết hồ sơ này."))
    if any(r.seat_id == seat.pk for r in case.recusals.all()):
        return no(_("Bạn đã khai có xung đột lợi ích nên không chấm, không biểu quyết hồ sơ này."))
    if case.session.state != SessionState.OPEN:
        return no(_("Phiên họp chưa mở hoặc đã kiểm phiếu."))
    return YES


def is_party(person: Person, case: Case) -> bool:
    return any(p.person_id == person.pk for p in case.parties.all())


# What a step needs: None, or the sentence that names what is missing.


def has_people(session: Session) -> str | None:
    roles = set(session.council.seats.filter(left_on__isnull=True).values_list("role", flat=True))
    missing = [str(r.label) for r in (Chair.CHAIR, Chair.SECRETARY) if r not in roles]
    return _("Hội đồng chưa có: %(who)s.") % {"who": ", ".join(missing)} if missing else None


def has_cases(session: Session) -> str | None:
    found = session.cases.filter(outcome=Outcome.PENDING).exists()
    return None if found else _("Phiên họp chưa có hồ sơ nào.")


def council_in_term(session: Session) -> str | None:
    if in_term(session.council, session.held_on):
        return None
    return _("Ngày họp nằm ngoài nhiệm kỳ của hội đồng.")


def has_quorum(session: Session) -> str | None:
    seats = session.council.seats.filter(left_on__isnull=True).count()
    needed, present = rules_of(session).needed(seats), session.presences.count()
    if present >= needed:
        return None
    return _("Chưa đủ số thành viên dự họp: cần %(needed)d trên %(seats)d, mới có %(present)d.") % {
        "needed": needed,
        "seats": seats,
        "present": present,
    }


def every_case_judged(session: Session) -> str | None:
    silent = session.cases.filter(outcome=Outcome.PENDING, ballots__isnull=True).count()
    return counted("Còn %(n)d hồ sơ chưa có phiếu nào.", silent) if silent else None
