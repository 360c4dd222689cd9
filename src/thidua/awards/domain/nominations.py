"""Put together a list, submit it upward, return it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import rules
from thidua.awards.choices import NominationState, NomineeKind
from thidua.awards.models import Nomination, Nominee
from thidua.awards.workflow import WORKFLOW
from thidua.initiatives.choices import State
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
    if not programme.unit.covers(unit) or (phase is not None and phase.programme_id != programme.pk):
        raise Refused(_("Chương trình, giai đoạn này không thuộc phạm vi của đơn vị."), field="occasion")
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
    """Add a person of the unit, or a collective at or below it.

    `is_direct_worker` None takes what the roster says; `initiative` is one of the person's (or the
    collective's) recognised ones.
    """
    if person is None and collective is None:
        raise Refused(_("Hãy chọn một cá nhân hoặc một tập thể."), field="person")
    citation = _checked(citation)
    with transaction.atomic():
        _open(nomination, by)
        _refuse_strangers(nomination, person, collective, initiative)
        last = nomination.nominees.last()
        nominee = Nominee.objects.create(
            nomination=nomination,
            kind=NomineeKind.PERSON if person else NomineeKind.COLLECTIVE,
            person=person,
            collective=None if person else collective,
            citation=citation,
            initiative=initiative,
            is_direct_worker=bool(
                person and (person.is_direct_worker if is_direct_worker is None else is_direct_worker)
            ),
            position=last.position + 1 if last else 1,
        )
        acts.record("awards.nomination.changed", nomination, by=by, after={"added": str(nominee)})
    return nominee


def _refuse_strangers(
    nomination: Nomination, person: Person | None, collective: Unit | None, initiative: Initiative | None
) -> None:
    home = person.unit if person else collective
    if home is None or not nomination.unit.covers(home) or (person and person.left_on):
        raise Refused(_("Chỉ đề nghị cá nhân, tập thể của đơn vị mình."), field="person")
    form = rules.forms().get(nomination.award_form)
    if form and (NomineeKind.PERSON if person else NomineeKind.COLLECTIVE) not in form.nominees:
        raise Refused(_("Hình thức khen này không dành cho đối tượng bạn chọn."), field="person")
    same = {"person": person} if person else {"collective": collective}
    if nomination.nominees.filter(**same).exists():
        raise Refused(_("%(name)s đã có trong danh sách.") % {"name": person or collective}, field="person")
    if initiative is None:
        return
    theirs = initiative.authorships.filter(person=person).exists() if person else home.covers(initiative.unit)
    if not theirs or initiative.state != State.RECOGNISED:
        raise Refused(
            _("Chỉ kèm sáng kiến đã được công nhận của chính người, tập thể được đề nghị."), field="initiative"
        )


def amend(nominee: Nominee, *, by: Person, citation: str, is_direct_worker: bool | None = None) -> None:
    """Write the citation anew, mark a person as direct worker or not, while the list is open."""
    citation = _checked(citation)
    with transaction.atomic():
        _open(nominee.nomination, by)
        nominee.citation = citation
        if is_direct_worker is not None:
            nominee.is_direct_worker = is_direct_worker and nominee.kind == NomineeKind.PERSON
        nominee.save(update_fields=["citation", "is_direct_worker"])
        acts.record("awards.nomination.changed", nominee.nomination, by=by, after={"amended": str(nominee)})


def drop(nominee: Nominee, *, by: Person) -> None:
    """Take somebody off a list that has not been submitted."""
    with transaction.atomic():
        _open(nominee.nomination, by)
        acts.record("awards.nomination.changed", nominee.nomination, by=by, before={"removed": str(nominee)})
        nominee.delete()


def summarise(nomination: Nomination, *, by: Person, summary: str) -> None:
    """What the unit says of its round, above the list."""
    with transaction.atomic():
        _open(nomination, by)
        nomination.summary = summary.strip()
        nomination.save(update_fields=["summary"])
        acts.record("awards.nomination.changed", nomination, by=by, after={"summary": True})


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


def _checked(citation: str) -> str:
    if len(citation.strip()) < CITATION_MIN:
        raise Refused(_("Hãy ghi thành tích, ít nhất %(n)d ký tự.") % {"n": CITATION_MIN}, field="citation")
    return citation.strip()


def _open(nomination: Nomination, by: Person) -> None:
    """Hold the list for this transaction: it cannot be submitted while it is being changed."""
    refuse_unless(rules.may_nominate(by, nomination))
    nomination.state = Nomination.objects.select_for_update().values_list("state", flat=True).get(pk=nomination.pk)
    if nomination.state not in (NominationState.DRAFT, NominationState.RETURNED):
        raise Refused(_("Danh sách đã trình nên không sửa được."))
