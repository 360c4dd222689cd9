"""How a programme decides, as a pure function over values; what is reported by hand, and by whom."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import text
from thidua.kernel.verdicts import Verdict, no
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import PhaseBy
from thidua.programmes.models import Programme
from thidua.tallies.choices import Reason
from thidua.tallies.models import Declaration

Actor = Person | System


# "Each grassroots union at least N": sums are kept for N up to this.
MOST_STEPS = 100


@dataclass(frozen=True)
class Window:
    """A phase as counting sees it; days are inclusive, None is open."""

    id: int
    starts_on: date | None
    ends_on: date | None
    eligible_from: date | None
    eligible_to: date | None


@dataclass(frozen=True)
class Rules:
    """A programme as counting sees it. `phases` in their order."""

    phase_by: str
    needs_recognition: bool
    eligible_from: date | None
    eligible_to: date | None
    phases: Sequence[Window]


@dataclass(frozen=True)
class Facts:
    """An initiative as counting sees it."""

    state: str
    first_applied_on: date | None
    filed_on: date | None
    is_recognised: bool
    is_ip_protected: bool
    breaches_order: bool
    is_duplicate: bool
    is_in_scope: bool
    is_supplement_late: bool = False  # returned, and its time to be completed is over


@dataclass(frozen=True)
class Ruling:
    """`phase_id` is where it counts, or would count once the reasons are gone (None: nowhere)."""

    phase_id: int | None
    reasons: tuple[Reason, ...]

    @property
    def is_counted(self) -> bool:
        return not self.reasons


_STATE_REASONS = {
    "draft": Reason.NOT_FILED,
    "withdrawn": Reason.WITHDRAWN,
    "submitted": Reason.NOT_RECEIVED,
    "returned": Reason.RETURNED,
    "refused": Reason.REFUSED,
    "revoked": Reason.REVOKED,
}


# What an author or the office can still mend; the rest shuts an initiative out for good.
MENDABLE = frozenset(
    {
        Reason.NOT_FILED,
        Reason.NOT_RECEIVED,
        Reason.RETURNED,
        Reason.LATE_SUPPLEMENT,
        Reason.NOT_RECOGNISED,
        Reason.NO_APPLIED_DATE,
    }
)


def decide(facts: Facts, rules: Rules) -> Ruling:
    """Every reason against counting is given, not only the first: each can be mended at once."""
    phase, reasons = _place(facts, rules)
    if not facts.is_in_scope:
        reasons.insert(0, Reason.OUT_OF_SCOPE)
    if facts.state == "returned" and facts.is_supplement_late:
        reasons.append(Reason.LATE_SUPPLEMENT)
    elif facts.state in _STATE_REASONS:
        reasons.append(_STATE_REASONS[facts.state])
    elif rules.needs_recognition and not facts.is_recognised:
        reasons.append(Reason.NOT_RECOGNISED)
    if facts.is_ip_protected:
        reasons.append(Reason.IP_PROTECTED)
    if facts.breaches_order:
        reasons.append(Reason.BREACHES_ORDER)
    if facts.is_duplicate:
        reasons.append(Reason.DUPLICATE)
    return Ruling(phase.id if phase else None, tuple(reasons))


def _place(facts: Facts, rules: Rules) -> tuple[Window | None, list[Reason]]:
    """The phase by its deciding date, and what is wrong with the date of first application."""
    applied = facts.first_applied_on
    if applied is None:
        return _phase_on(facts.filed_on, rules), [Reason.NO_APPLIED_DATE]
    phase = _phase_on(applied if rules.phase_by == PhaseBy.APPLIED else facts.filed_on, rules)
    if rules.phase_by == PhaseBy.APPLIED and phase is None:
        phase = next((p for p in rules.phases if _within(applied, p.eligible_from, p.eligible_to)), None)
    # A phase may narrow the programme's window on either side.
    opens = (phase.eligible_from if phase else None) or rules.eligible_from
    closes = (phase.eligible_to if phase else None) or rules.eligible_to
    if opens and applied < opens:
        return phase, [Reason.APPLIED_TOO_EARLY]
    if closes and applied > closes:
        return phase, [Reason.APPLIED_TOO_LATE]
    if phase is None and facts.filed_on is not None:
        return None, [Reason.OUTSIDE_PHASES]
    return phase, []


def _phase_on(day: date | None, rules: Rules) -> Window | None:
    """The phase of a day; what comes before the first phase begins is carried into it."""
    if day is None or not rules.phases:
        return None
    first = rules.phases[0]
    if first.starts_on and day < first.starts_on:
        return first
    return next((p for p in rules.phases if _within(day, p.starts_on, p.ends_on)), None)


def _within(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


DONE = "done"  # the measure of a yes/no indicator
OTHER = "other"


def is_by_hand(measure: str) -> bool:
    """Results that units report; everything else the system counts."""
    return measure in ("", DONE)


def plain_label(indicator: str, label: str) -> str:
    """What tells one "other" target from the next; the indicators of the catalogue need no words."""
    return text.tidy(label)[:300] if indicator == OTHER else ""


def measure_key(indicator: str, label: str) -> str:
    """The place of a reported indicator in the sums: its code, or of an "other" one a mark of its words."""
    if not label:
        return indicator[:35]
    return f"{OTHER}:{hashlib.blake2s(text.tidy(label).casefold().encode(), digest_size=8).hexdigest()}"


def may_report(actor: Actor, unit: Unit) -> Verdict:
    """The unit itself, or the level directly above in its stead."""
    own = grants.may(actor, Permission.TARGET_ACCEPT, unit)
    if own or unit.parent is None:
        return own
    above = grants.may(actor, Permission.TARGET_ALLOCATE, unit.parent)
    return above if above else own


def may_declare(actor: Actor, item: Declaration) -> Verdict:
    return may_report(actor, item.unit)


def confirming_unit(programme: Programme, unit: Unit) -> Unit:
    """The level above confirms; the unit that runs the programme confirms its own, by somebody else."""
    return unit if unit.pk == programme.unit_id or unit.parent is None else unit.parent


def may_return(actor: Actor, item: Declaration) -> Verdict:
    return grants.may(actor, Permission.TARGET_ALLOCATE, confirming_unit(item.programme, item.unit))


def may_confirm(actor: Actor, item: Declaration) -> Verdict:
    if isinstance(actor, Person) and actor.pk == item.declared_by_id:
        return no(_("Người kê khai không tự xác nhận kết quả của mình."))
    return may_return(actor, item)
