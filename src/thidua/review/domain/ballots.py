"""Scores and votes of a member; a member with an interest stands aside."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people.models import Person
from thidua.review import rules
from thidua.review.choices import SessionState, Vote
from thidua.review.models import Ballot, Case, Presence, Recusal, Score, Session
from thidua.workflow.engine import refuse_unless

REASON_MIN = 5


def cast(case: Case, *, by: Person, vote: str, scores: Mapping[str, int] | None = None, comment: str = "") -> Ballot:
    """The member's word on a case; voting again replaces it until the count.

    Raises Refused naming the criterion whose points are out of range.
    """
    refuse_unless(rules.may_judge(by, case))
    if vote not in Vote.values:
        raise Refused(_("Hãy chọn ý kiến của bạn."), field="vote")
    given = _checked(case, scores or {})
    if vote != Vote.YES and len(text.tidy(comment)) < REASON_MIN:
        raise Refused(_("Hãy nói ngắn gọn vì sao, để tác giả và người quyết định hiểu."), field="comment")
    seat = rules.seat_of(by, case.session.council)
    with transaction.atomic():
        # The count takes the session's row too: a ballot is either counted or refused.
        held = Session.objects.select_for_update(of=("self",)).get(pk=case.session_id)
        if held.state != SessionState.OPEN:
            raise Refused(_("Phiên họp chưa mở hoặc đã kiểm phiếu."))
        ballot, _created = Ballot.objects.update_or_create(
            case=case,
            seat=seat,
            defaults={
                "vote": vote,
                "comment": text.nfc(comment).strip(),
                "total": sum(given.values()),
                "cast_at": clock.now(),
            },
        )
        ballot.scores.all().delete()
        Score.objects.bulk_create([Score(ballot=ballot, criterion=k, points=n) for k, n in given.items()])
        Presence.objects.get_or_create(session=held, seat=seat)
        # That one voted is recorded; how one voted stays on the ballot.
        acts.record("review.session.voted", held, by=by, after={"case": case.subject_code})
    return ballot


def _checked(case: Case, scores: Mapping[str, int]) -> dict[str, int]:
    """All criteria or none at all."""
    if not scores:
        return {}
    found = {}
    for criterion in rules.rubric(case.session.held_on):
        points = scores.get(criterion.key)
        if points is None:
            raise Refused(_("Chưa chấm: %(name)s.") % {"name": criterion.label}, field=criterion.key)
        if not 0 <= points <= criterion.most:
            raise Refused(
                _("%(name)s: điểm từ 0 đến %(most)d.") % {"name": criterion.label, "most": criterion.most},
                field=criterion.key,
            )
        found[criterion.key] = points
    return found


def recuse(case: Case, *, by: Person, reason: str) -> None:
    """ "I have a conflict of interest": the member's ballot on it is taken out, the base gets smaller."""
    seat = rules.seat_of(by, case.session.council)
    if seat is None:
        raise Refused(_("Bạn không phải là thành viên của hội đồng này."))
    if case.session.state not in (SessionState.PLANNED, SessionState.OPEN):
        raise Refused(_("Phiên họp đã kiểm phiếu."))
    if len(text.tidy(reason)) < REASON_MIN:
        raise Refused(_("Hãy ghi ngắn gọn xung đột lợi ích là gì."), field="reason")
    with transaction.atomic():
        Recusal.objects.get_or_create(
            case=case, seat=seat, defaults={"reason": text.tidy(reason)[:300], "at": clock.now()}
        )
        Ballot.objects.filter(case=case, seat=seat).delete()
        acts.record("review.session.recused", case.session, by=by, after={"case": case.subject_code})
    getattr(case, "_prefetched_objects_cache", {}).pop("recusals", None)
