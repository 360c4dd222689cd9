"""One decision for one or many initiatives: numbered, written and recorded together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.documents.choices import PaperKind
from thidua.documents.domain import papers as issuing
from thidua.documents.domain import registers
from thidua.documents.models import StoredFile
from thidua.initiatives import papers, rules
from thidua.initiatives.choices import Body
from thidua.initiatives.domain import batches, hearings, recognitions
from thidua.initiatives.domain.batches import Outcome
from thidua.initiatives.models import Initiative, Recognition
from thidua.initiatives.workflow import WORKFLOW
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused, no
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review import queries as review


@dataclass(frozen=True)
class Decree:
    """What is given of a decision. Without a number the system numbers and writes the paper."""

    decided_on: date
    number: str = ""
    body: str = Body.HEAD
    decided_by: str = ""
    file: StoredFile | None = None


def lacking(items: Sequence[Initiative], *, by: Person) -> dict[int, str]:
    """Why one decision cannot name a dossier now, by its key; asked before the decision is filled in."""
    step, unit = WORKFLOW.step("recognise"), rules.office_of(items[0])
    judged = review.unsigned_subjects(hearings.SUBJECT).filter(subject_id__in=[i.pk for i in items])
    at_council = set(judged.values_list("subject_id", flat=True))  # once for all of them
    alone = replace(step, ready=tuple(check for check in step.ready if check is not rules.not_before_council))
    found = {}
    for item in items:
        verdict = WORKFLOW.verdict(alone, item, by)
        if item.pk in at_council:
            verdict &= no(rules.awaits_council())
        if rules.office_of(item).pk != unit.pk:
            verdict = no(_decided_elsewhere())
        if not verdict:
            found[item.pk] = verdict.sentence
    return found


def _decided_elsewhere() -> str:
    return _("Hồ sơ này do đơn vị khác quyết định.")


def recognise_together(
    items: Sequence[Initiative], decree: Decree, *, by: Person, check: Callable[[Initiative], None] = lambda _item: None
) -> list[Outcome]:
    """Each that can be is recognised, and named in the one paper; the others say why not.

    `check` may refuse one: whoever decides looked at it before it was changed.
    """
    if not items:
        raise Refused(_("Hãy chọn ít nhất một hồ sơ."))
    unit = rules.office_of(items[0])
    with transaction.atomic():
        taken, number = _numbered(unit, decree)

        def one(item: Initiative) -> str:
            check(item)
            return _recognise(item, unit, decree, number, by)

        outcomes = batches.each(items, one)
        done = {o.code for o in outcomes if o.is_done}
        if not done:
            transaction.set_rollback(True)  # the number goes back to the register
        elif taken:
            _write_paper(unit, [i for i in items if i.code in done], decree, taken, by)
    return outcomes


def recognise_one(item: Initiative, decree: Decree, *, by: Person) -> Recognition:
    """One dossier. Raises Refused and changes nothing when it cannot be."""
    with transaction.atomic():
        unit = rules.office_of(item)
        WORKFLOW.step("recognise").may(by, item).or_refuse(forbidden=True)
        WORKFLOW.verdict(WORKFLOW.step("recognise"), item, by).or_refuse()
        taken, number = _numbered(unit, decree)
        recognition = _record(item, decree, number, by)
        if taken:
            _write_paper(unit, [item], decree, taken, by)
            recognition.refresh_from_db()
    return recognition


def _numbered(unit: Unit, decree: Decree) -> tuple[int | None, str]:
    """The number given, or the next of the unit's register when none is."""
    if given := text.tidy(decree.number):
        return None, given
    if decree.decided_on > clock.today():
        raise Refused(_("Ngày quyết định nằm trong tương lai."), field="decided_on")
    taken = registers.take_number(unit, decree.decided_on.year)
    return taken, f"{taken:02d}/{registers.symbol_of(PaperKind.DECISION, unit)}"


def _record(item: Initiative, decree: Decree, number: str, by: Person) -> Recognition:
    return recognitions.recognise(
        item,
        by=by,
        decision_number=number,
        decided_on=decree.decided_on,
        body=decree.body,
        decided_by=decree.decided_by,
        file=decree.file,
    )


def _recognise(item: Initiative, unit: Unit, decree: Decree, number: str, by: Person) -> str:
    if rules.office_of(item).pk != unit.pk:
        raise Refused(_decided_elsewhere())
    _record(item, decree, number, by)
    return _("Đã công nhận theo quyết định %(number)s.") % {"number": number}


def _write_paper(unit: Unit, items: list[Initiative], decree: Decree, number: int, by: Person) -> None:
    signer = text.tidy(decree.decided_by) or by.full_name
    minutes = review.minutes_of(hearings.SUBJECT, [i.pk for i in items]) if decree.body == Body.COUNCIL else []
    draft = papers.recognition(
        unit, items, signer=signer, decided_on=decree.decided_on, body=decree.body, minutes=minutes
    )
    paper = issuing.issue(
        unit,
        PaperKind.DECISION,
        draft,
        by=by,
        title=draft.subject,
        issued_on=decree.decided_on,
        number=number,
    )
    Recognition.objects.filter(initiative__in=items, revoked_on__isnull=True, unit=unit, paper=None).update(paper=paper)
