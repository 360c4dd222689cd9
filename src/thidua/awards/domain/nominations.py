"""Put together a list, submit it upward, return it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import rules
from thidua.awards.choices import NominationState, NomineeKind
from thidua.awards.models import Nomination, Nominee
from thidua.awards.workflow import WORKFLOW
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, codes
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.notify import outbox
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.workflow.engine import refuse_unless, take

CITATION_MIN = 20


def open_list(
    unit: Unit,
    decider: Unit,
    *,
    programme: Programme,
    phase: Phase | None,
    award_form: str,
    by: Person,
    summary: str = "",
) -> Nomination:
    """Start a unit's list for one form of commendation, to be decided at or above the unit."""
    refuse_unless(grants.may(by, Permission.AWARD_NOMINATE, unit))
    if not decider.covers(unit):
        raise Refused(_("Cấp quyết định phải là đơn vị bạn hoặc cấp trên."), field="decider")
    form = rules.forms().get(award_form)
    if form is None or decider.kind_id not in form.deciders:
        raise Refused(
            _("%(unit)s không có thẩm quyền với hình thức khen này.") % {"unit": decider.short_name}, field="award_form"
        )
    with transaction.atomic():
        nomination = Nomination.objects.create(
            code=codes.new_code("KT", 5),
            unit=unit,
            decider=decider,
            programme=programme,
            phase=phase,
            award_form=award_form,
            summary=summary.strip(),
            written_by=by,
            created_at=clock.now(),
        )
        acts.record("awards.nomination.opened", nomination, by=by)
    return nomination


def put_forward(
    nomination: Nomination,
    *,
    by: Person,
    citation: str,
    person: Person | None = None,
    collective: Unit | None = None,
    initiative: Initiative | None = None,
    is_direct_worker: bool | None = None,
) -> Nominee:
    """Add a person of the unit, or a collective at or below it."""
    _refuse_closed(nomination, by)
    if (person is None) == (collective is None):
        raise Refused(_("Hãy chọn một cá nhân hoặc một tập thể."), field="person")
    home = person.unit if person else collective
    if home is None or not nomination.unit.covers(home):
        raise Refused(_("Chỉ đề nghị cá nhân, tập thể của đơn vị mình."), field="person")
    if len(citation.strip()) < CITATION_MIN:
        raise Refused(_("Hãy ghi thành tích, ít nhất %(n)d ký tự.") % {"n": CITATION_MIN}, field="citation")
    try:
        with transaction.atomic():
            nominee = Nominee.objects.create(
                nomination=nomination,
                kind=NomineeKind.PERSON if person else NomineeKind.COLLECTIVE,
                person=person,
                collective=collective,
                citation=citation.strip(),
                initiative=initiative,
                is_direct_worker=bool(
                    person and (person.is_direct_worker if is_direct_worker is None else is_direct_worker)
                ),
                position=nomination.nominees.count() + 1,
            )
            acts.record("awards.nomination.changed", nomination, by=by, after={"added": str(nominee)})
    except IntegrityError as error:
        raise Refused(_("%(name)s đã có trong danh sách.") % {"name": person or collective}, field="person") from error
    return nominee


def drop(nominee: Nominee, *, by: Person) -> None:
    """Take somebody off a list that has not been submitted."""
    _refuse_closed(nominee.nomination, by)
    with transaction.atomic():
        acts.record("awards.nomination.changed", nominee.nomination, by=by, before={"removed": str(nominee)})
        nominee.delete()


def submit(nomination: Nomination, *, by: Person) -> None:
    with transaction.atomic():
        take(WORKFLOW, "submit", nomination, by=by, changes={"submitted_on": clock.today(), "reason": ""})
        outbox.tell(
            grants.holders(Permission.AWARD_NOMINATE, nomination.decider),
            "awards.submitted",
            about=nomination,
            headline=_("%(unit)s trình đề nghị khen thưởng") % {"unit": nomination.unit.short_name},
            needs_action=True,
            but_not=by,
        )


def send_back(nomination: Nomination, *, by: Person, reason: str) -> None:
    with transaction.atomic():
        take(WORKFLOW, "send_back", nomination, by=by, reason=reason, changes={"reason": reason.strip()})
        outbox.tell(
            grants.holders(Permission.AWARD_NOMINATE, nomination.unit),
            "awards.returned",
            about=nomination,
            headline=_("Đề nghị khen thưởng bị trả lại"),
            body=reason.strip(),
            needs_action=True,
            but_not=by,
        )


def _refuse_closed(nomination: Nomination, by: Person) -> None:
    refuse_unless(rules.may_nominate(by, nomination))
    if nomination.state not in (NominationState.DRAFT, NominationState.RETURNED):
        raise Refused(_("Danh sách đã trình nên không sửa được."))
