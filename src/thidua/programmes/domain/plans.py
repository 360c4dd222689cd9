"""Draft, cascade, issue and close plans. Corrections of a draft: `corrections`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import PaperKind, Purpose
from thidua.documents.domain import files, registers
from thidua.documents.domain import papers as issued_papers
from thidua.documents.models import StoredFile
from thidua.documents.rendering import official
from thidua.kernel import clock, codes
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import messages, papers, queries, rules
from thidua.programmes.choices import BEFORE_ISSUE, PlanState, Relation
from thidua.programmes.domain import amendments, assignments, copies, deliveries, readings
from thidua.programmes.models import Phase, Plan, Programme
from thidua.programmes.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take

Actor = Person | System
FIELDS = frozenset({"title", "place", "number", "symbol", "issued_on", "opening", "signed_for", "signer", "implements"})


def draft_from_reading(
    unit: Unit, reading: dict[str, Any], *, by: Actor, source_file: StoredFile | None = None
) -> Plan:
    """A draft with everything the reader found, each value with its source line.

    `reading` has the shape of `ReadPlan.to_json()`; a dict with only a title makes an empty draft.
    """
    refuse_unless(grants.may(by, Permission.PLAN_WRITE, unit))
    reading = readings.clean(reading)
    issued_on = readings.day(reading.get("issued_on"))
    with transaction.atomic():
        plan = Plan.objects.create(
            code=codes.new_code("KH"),
            unit=unit,
            number=reading.get("number"),
            symbol=(reading.get("symbol") or registers.symbol_of(PaperKind.PLAN, unit))[:60],
            title=(reading.get("title") or "")[:500],
            place=(reading.get("place") or unit.place)[:120],
            issued_on=issued_on,
            year=issued_on.year if issued_on else (reading.get("year") or clock.today().year),
            signed_for=(reading.get("signed_for") or "")[:200],
            signer=(reading.get("signer") or "")[:120],
            source_file=source_file,
            reading=reading,
            written_by=_person(by),
            created_at=clock.now(),
        )
        readings.fill(plan, reading)
        _find_upper(plan)
        acts.record("programmes.plan.drafted", plan, by=by)
    return plan


def _person(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None


def _find_upper(plan: Plan) -> None:
    """The plan it implements, when a unit above issued one of that number, symbol and day here."""
    for reference in plan.references.filter(relation=Relation.IMPLEMENTS):
        number, _slash, symbol = reference.number.partition("/")
        if not number.isdigit():
            continue
        known = Plan.objects.filter(
            symbol=symbol, number=int(number), unit__lft__lt=plan.unit.lft, unit__rgt__gte=plan.unit.lft
        ).exclude(state__in=BEFORE_ISSUE)
        if reference.issued_on:
            known = known.filter(issued_on=reference.issued_on)
        if upper := known.order_by("-unit__lft").first():
            reference.target = plan.implements = upper
            reference.save(update_fields=["target"])
            plan.save(update_fields=["implements"])
            copies.link(plan, upper)


def open_draft(plan: Plan, by: Actor) -> None:
    """Inside a transaction: lock the draft, or refuse because of the person or because it is issued."""
    refuse_unless(rules.may_write(by, plan))
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if sentence := rules.is_draft(locked):
        raise Refused(sentence)


def write(plan: Plan, *, by: Actor, **fields: Any) -> Plan:
    """Correct the frame of a draft: title, number, day, opening, signature…"""
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"not fields of a plan: {sorted(unknown)}")
    with transaction.atomic():
        open_draft(plan, by)
        if fault := rules.circle(plan, fields.get("implements")):
            raise Refused(fault, field="implements")
        for name, value in fields.items():
            setattr(plan, name, value)
        if plan.issued_on:
            plan.year = plan.issued_on.year
        plan.save(update_fields=[*fields, "year"])
        acts.record("programmes.plan.changed", plan, by=by, after={"fields": sorted(fields)})
    return plan


def write_aims(plan: Plan, lines: list[str], *, by: Actor) -> None:
    """The section "Mục đích, yêu cầu" in the unit's own words; empty: the usual ones."""
    with transaction.atomic():
        open_draft(plan, by)
        plan.reading = {**(plan.reading or {}), "aims": [line.strip(" -+") for line in lines if line.strip(" -+")]}
        plan.save(update_fields=["reading"])
        acts.record("programmes.plan.changed", plan, by=by, after={"fields": ["aims"]})


def confirm(plan: Plan, *, by: Actor) -> None:
    """A person has compared what was read with the paper and settled every warning."""
    with transaction.atomic():
        open_draft(plan, by)
        plan.reading = {**(plan.reading or {}), "confirmed": {"by": by.full_name, "on": clock.today().isoformat()}}
        plan.save(update_fields=["reading"])
        acts.record("programmes.plan.confirmed", plan, by=by)


def issue(plan: Plan, *, by: Actor, number: int | None = None, issued_on: date | None = None) -> Plan:
    """Put a draft into force: number from the register, paper frozen, programmes opened.

    A first phase "from now on" starts on the day of issue. A plan from the past keeps its own
    number and day. Raises Forbidden, or Refused with what is missing (`field` names the input).
    """
    refuse_unless(rules.may_issue(by, plan))
    day = issued_on or plan.issued_on
    if sentence := rules.issue_day(day):
        raise Refused(sentence, field="issued_on")
    assert day is not None  # told apart by issue_day
    WORKFLOW.verdict(WORKFLOW.step("issue"), plan, by).or_refuse()
    with transaction.atomic():
        _start_today(plan, day)
        paper = issued_papers.issue(
            plan.unit,
            PaperKind.PLAN,
            papers.official_paper(plan),
            by=by,
            title=plan.title[:400],
            issued_on=day,
            number=number or plan.number,
            symbol=plan.symbol,
        )
        take(
            WORKFLOW,
            "issue",
            plan,
            by=by,
            changes={
                "issued_at": clock.now(),
                "issued_on": day,
                "year": day.year,
                "paper": paper,
                "number": paper.number,
                "symbol": paper.symbol,
            },
            noted={"issued_on": day, "number": paper.full_number},
        )
        plan.programmes.update(is_open=True)
        if plan.amends:
            amendments.take_over(plan)
        deliveries.send(plan, by=by)
        assignments.give(plan, by=by)
    return plan


def _start_today(plan: Plan, day: date) -> None:
    for programme in plan.programmes.all():
        first = programme.phases.order_by("position").first()
        if first and first.starts_on is None:
            first.starts_on = min(day, first.ends_on or day)
            first.save(update_fields=["starts_on"])


def move(plan: Plan, step: str, *, by: Actor, reason: str = "") -> Plan:
    """A step of the table that writes nothing but the state: propose, approve, return, start, review, resume."""
    with transaction.atomic():
        take(WORKFLOW, step, plan, by=by, reason=reason)
        if step == "propose":
            messages.proposed(plan, by)
        elif step == "return":
            messages.returned(plan, reason, by)
    return plan


def start_due(*, by: Actor) -> int:
    """Once a day: issued plans whose first phase (or, without one, whose own day) has come are running."""
    today = clock.today()
    first = Min("programmes__phases__starts_on")
    begun = Plan.objects.filter(state=PlanState.ISSUED).annotate(first=first)
    found = list(begun.filter(Q(first__lte=today) | Q(first=None, issued_on__lte=today)))
    for plan in found:
        take(WORKFLOW, "start", plan, by=by)
    return len(found)


def attach_signed(plan: Plan, content: bytes, name: str, *, by: Actor) -> None:
    """The scan with signature and stamp, beside the paper made here."""
    refuse_unless(rules.may_write(by, plan))
    if not plan.is_issued:
        raise Refused(_("Chỉ đính kèm bản ký sau khi ban hành."), field="file")
    with transaction.atomic():
        kept = files.store(
            content, name, purpose=Purpose.PLAN, allowed=frozenset({"application/pdf"}), unit=plan.unit, by=_person(by)
        )
        before = {"file": plan.signed_file.name if plan.signed_file else ""}
        plan.signed_file = kept
        plan.save(update_fields=["signed_file"])
        acts.record(
            "programmes.plan.signed", plan, by=by, before=before, after={"file": kept.name, "digest": kept.digest}
        )


def cascade(
    upper: Plan,
    unit: Unit,
    *,
    by: Actor,
    own_targets: dict[tuple[int | None, str], Decimal] | None = None,
    counts_separately: bool = False,
) -> Plan:
    """A unit's own draft from the plan above: phases, the targets given to it, its duties.

    `own_targets`: (phase id of the upper programme, indicator code) -> value. Programmes of the
    lower plan implement the upper ones; initiatives go on being counted by those, unless
    `counts_separately`. Asked twice, it gives the plan that is already there.
    """
    refuse_unless(grants.may(by, Permission.PLAN_WRITE, unit))
    if not upper.is_issued:
        raise Refused(_("Kế hoạch cấp trên chưa ban hành."))
    if not upper.is_in_force:
        raise Refused(_("Kế hoạch cấp trên không còn hiệu lực: hãy dùng kế hoạch điều chỉnh hoặc của năm mới."))
    if not unit.is_active:
        raise Refused(_("%(unit)s đã kết thúc hoạt động.") % {"unit": unit.short_name})
    if not upper.unit.covers(unit) or upper.unit_id == unit.pk:
        raise Refused(_("%(unit)s không thuộc đơn vị ban hành kế hoạch này.") % {"unit": unit.short_name})
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=upper.pk)
        if known := Plan.objects.filter(unit=unit, implements__in=queries.family(upper)).order_by("-pk").first():
            return known
        plan = Plan.objects.create(
            code=codes.new_code("KH"),
            unit=unit,
            symbol=registers.symbol_of(PaperKind.PLAN, unit),
            title=upper.title,
            place=unit.place or upper.place,
            year=upper.year,
            implements=upper,
            signed_for="TM. BAN CHẤP HÀNH" if unit.kind.is_grassroots else "TM. BAN THƯỜNG VỤ",
            written_by=_person(by),
            created_at=clock.now(),
        )
        copies.fill(plan, upper, own_targets or {}, counts_separately=counts_separately)
        acts.record("programmes.plan.drafted", plan, by=by, after={"implements": upper.full_number})
        if upper.deliveries.filter(unit=unit).exists():
            deliveries.receive(upper, unit, by=by)  # who makes a plan from it has received it
    return plan


def discard(plan: Plan, *, by: Actor) -> None:
    """Throw a draft away."""
    with transaction.atomic():
        open_draft(plan, by)
        acts.record("programmes.plan.discarded", plan, by=by)
        plan.targets.all().delete()
        Phase.objects.filter(programme__plan=plan).delete()
        Programme.objects.filter(plan=plan).delete()
        plan.delete()


def close(plan: Plan, *, by: Actor) -> Plan:
    """End a plan; its programmes take nothing new, what was counted stays."""
    take(WORKFLOW, "close", plan, by=by)
    return plan


def export(plan: Plan) -> tuple[bytes, bytes]:
    """The plan as Word and PDF: the frozen bytes of an issued one, the present text of a draft."""
    if plan.paper and plan.paper.docx and plan.paper.pdf:
        with plan.paper.docx.stored.open("rb") as docx, plan.paper.pdf.stored.open("rb") as pdf:
            return docx.read(), pdf.read()
    paper = papers.official_paper(plan)
    return official.to_docx(paper), official.to_pdf(paper)
