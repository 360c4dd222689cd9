"""Dossiers before a council: put to a session, with their authors as parties; what the council said of them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.initiatives.workflow import DECIDABLE
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.models import Act
from thidua.people.models import Person
from thidua.review.choices import Outcome
from thidua.review.domain import sessions
from thidua.review.domain.sessions import Subject
from thidua.review.models import Case, Session
from thidua.workflow.engine import refuse_unless

SUBJECT = "initiatives.initiative"
SUMMARY_LENGTH = 600
COUNCIL = acts.System("Hội đồng")


def put_before(initiative: Initiative, session: Session, *, by: Person) -> Case:
    """For the advice of the council; the head decides when its minutes are signed."""
    refuse_unless(rules.may_receive(by, initiative))
    if initiative.state not in DECIDABLE:
        raise Refused(_("Chỉ đưa ra hội đồng hồ sơ đã tiếp nhận và chưa quyết định."))
    if rules.office_of(initiative).pk != session.council.unit_id:
        raise Refused(_("Hội đồng này không thuộc đơn vị quyết định hồ sơ."))
    for check in rules.BEFORE_DECISION:
        if sentence := check(initiative):
            raise Refused(sentence)
    authors = [(a.person, a.name) for a in initiative.authorships.select_related("person")]
    with transaction.atomic():
        case = sessions.put(
            session,
            Subject(
                type=SUBJECT,
                id=initiative.pk,
                code=initiative.code,
                title=initiative.title,
                unit=initiative.unit,
                parties=authors,
                summary=initiative.solution[:SUMMARY_LENGTH],
            ),
            by=by,
        )
        acts.record("initiatives.hearing.put", initiative, by=by, after={"council": str(session.council)})
    return case


def read_minutes(read: list[Act]) -> None:
    """Signed minutes reach the head and the authors (ledger reader)."""
    from thidua.initiatives import messages

    for act in read:
        if act.kind != "review.session.signed":
            continue
        cases = Case.objects.filter(session=act.subject_id, subject_type=SUBJECT).exclude(outcome=Outcome.DROPPED)
        found = {c.subject_id: c for c in cases.select_related("session")}
        rows = Initiative.objects.filter(pk__in=found, state__in=[State.RECEIVED, State.PASSED_UP])
        for initiative in rows.select_related("handler", "decider"):
            case = found[initiative.pk]
            said = {"outcome": case.outcome, "for": case.yes, "of": case.base}
            acts.record("initiatives.hearing.judged", initiative, by=COUNCIL, after=said)
            messages.judged(initiative, case)
