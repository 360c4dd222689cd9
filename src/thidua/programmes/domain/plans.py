"""Draft, correct, cascade, issue and close plans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import PaperKind
from thidua.documents.domain import papers as issued_papers
from thidua.documents.domain import registers
from thidua.documents.models import StoredFile
from thidua.kernel import clock, codes
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.notify import outbox
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import papers, queries, rules
from thidua.programmes.choices import PhaseBy, PlanState, ProgrammeKind, Relation
from thidua.programmes.domain import readings
from thidua.programmes.models import Duty, Phase, Plan, PlanReference, PlanTarget, Programme, Recipient
from thidua.programmes.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take

FIELDS = frozenset({"title", "place", "number", "symbol", "issued_on", "opening", "signed_for", "signer", "implements"})


def draft_from_reading(
    unit: Unit, reading: dict[str, Any], *, by: acts.Actor, source_file: StoredFile | None = None
) -> Plan:
    """A draft with everything the reader found, each value with its source line."""
    refuse_unless(grants.may(by, Permission.PLAN_WRITE, unit))
    issued_on = readings.day(reading.get("issued_on"))
    with transaction.atomic():
        plan = Plan.objects.create(
            code=codes.new_code("KH", 5),
            unit=unit,
            number=reading.get("number"),
            symbol=reading.get("symbol") or registers.symbol_of(PaperKind.PLAN, unit),
            title=(reading.get("title") or "")[:500],
            place=reading.get("place") or unit.place,
            issued_on=issued_on,
            year=issued_on.year if issued_on else (reading.get("year") or clock.today().year),
            signed_for=(reading.get("signed_for") or "")[:200],
            signer=(reading.get("signer") or "")[:120],
            source_file=source_file,
            reading=reading,
            written_by=by if isinstance(by, Person) else None,
            created_at=clock.now(),
        )
        readings.fill(plan, reading)
        _find_upper(plan)
        acts.record("programmes.plan.drafted", plan, by=by)
    return plan


def _find_upper(plan: Plan) -> None:
    """The plan it implements, when that one is known here by its number."""
    for reference in plan.references.filter(relation=Relation.IMPLEMENTS).exclude(number=""):
        number, _slash, symbol = reference.number.partition("/")
        upper = Plan.objects.filter(symbol=symbol, number=int(number) if number.isdigit() else None).first()
        if upper and upper.pk != plan.pk and number.isdigit():
            reference.target = upper
            reference.save(update_fields=["target"])
            plan.implements = upper
            plan.save(update_fields=["implements"])


def write(plan: Plan, *, by: acts.Actor, **fields: Any) -> Plan:
    """Correct the frame of a draft."""
    _refuse_closed(plan, by)
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"not fields of a plan: {sorted(unknown)}")
    with transaction.atomic():
        for name, value in fields.items():
            setattr(plan, name, value)
        if plan.issued_on:
            plan.year = plan.issued_on.year
        plan.save(update_fields=[*fields, "year"])
        acts.record("programmes.plan.changed", plan, by=by, after={"fields": sorted(fields)})
    return plan


def write_phase(phase: Phase, *, by: acts.Actor, **fields: Any) -> None:
    """Correct name, theme or days of a phase of a draft."""
    _refuse_closed(phase.programme.plan, by)
    for name, value in fields.items():
        setattr(phase, name, value)
    if phase.starts_on and phase.ends_on and phase.ends_on < phase.starts_on:
        raise Refused(_("%(phase)s kết thúc trước khi bắt đầu.") % {"phase": phase.name}, field="ends_on")
    with transaction.atomic():
        phase.save(update_fields=list(fields))
        acts.record("programmes.plan.changed", phase.programme.plan, by=by, after={"phase": phase.name})


def write_programme(programme: Programme, *, by: acts.Actor, **fields: Any) -> None:
    """Correct a programme of a draft: name, whether and how it counts, its window."""
    _refuse_closed(programme.plan, by)
    for name, value in fields.items():
        setattr(programme, name, value)
    with transaction.atomic():
        programme.save(update_fields=list(fields))
        acts.record("programmes.programme.changed", programme, by=by, after={"fields": sorted(fields)})


def write_target(target: PlanTarget, value: Decimal, *, by: acts.Actor) -> None:
    """Correct the number of a target of a draft."""
    _refuse_closed(target.plan, by)
    if value < 0:
        raise Refused(_("Chỉ tiêu không thể âm."), field="value")
    with transaction.atomic():
        target.value = value
        target.save(update_fields=["value"])
        acts.record("programmes.plan.changed", target.plan, by=by, after={"target": str(value)})


def issue(plan: Plan, *, by: acts.Actor, number: int | None = None, issued_on: date | None = None) -> Plan:
    """Put a draft into force: number from the register, paper frozen, programmes opened.

    A start "from now on" becomes the day of issue.
    """
    day = issued_on or plan.issued_on or clock.today()
    with transaction.atomic():
        for programme in plan.programmes.filter(counts_initiatives=True):
            first = programme.phases.order_by("position").first()
            if first and first.starts_on is None:
                first.starts_on = min(day, first.ends_on or day)
                first.save(update_fields=["starts_on"])
        take(
            WORKFLOW,
            "issue",
            plan,
            by=by,
            changes={"issued_at": clock.now(), "issued_on": day, "year": day.year},
            noted={"issued_on": day},
        )
        paper = issued_papers.issue(
            plan.unit,
            PaperKind.PLAN,
            papers.official(plan),
            by=by,  # type: ignore[arg-type]
            title=plan.title,
            issued_on=day,
            number=number or plan.number,
        )
        plan.paper, plan.number, plan.symbol = paper, paper.number, paper.symbol
        plan.save(update_fields=["paper", "number", "symbol"])
        plan.programmes.update(is_open=True)
        _tell_below(plan, by)
    return plan


def _tell_below(plan: Plan, by: acts.Actor) -> None:
    people = [
        person for unit in org_queries.children(plan.unit) for person in grants.holders(Permission.PLAN_WRITE, unit)
    ]
    outbox.tell(
        people,
        "programmes.plan_issued",
        about=plan,
        headline=_("%(unit)s ban hành kế hoạch %(number)s: %(title)s")
        % {"unit": plan.unit.short_name, "number": plan.full_number, "title": plan.title},
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )


def chase(plan: Plan, *, by: Person) -> int:
    """Remind those below that owe a plan of their own, and nobody else; gives how many units."""
    refuse_unless(rules.may_write(by, plan))
    owing = [r.unit for r in queries.responses(plan) if r.state != "issued"]
    with transaction.atomic():
        for unit in owing:
            outbox.tell(
                grants.holders(Permission.PLAN_WRITE, unit),
                "programmes.plan_chased",
                about=plan,
                headline=_("Đôn đốc: đơn vị chưa ban hành kế hoạch thực hiện %(number)s")
                % {"number": plan.full_number},
                needs_action=True,
                but_not=by,
            )
        acts.record("programmes.plan.chased", plan, by=by, after={"units": len(owing)})
    return len(owing)


def cascade(
    upper: Plan, unit: Unit, *, by: acts.Actor, own_targets: dict[tuple[int | None, str], Decimal] | None = None
) -> Plan:
    """A unit's own draft from the plan above: phases, the targets given to it, its duties, recipients.

    `own_targets`: (phase id of the upper programme, indicator code) -> value. Programmes of the
    lower plan implement the upper ones; initiatives go on being counted by those.
    """
    refuse_unless(grants.may(by, Permission.PLAN_WRITE, unit))
    if upper.state == PlanState.DRAFT:
        raise Refused(_("Kế hoạch cấp trên chưa ban hành."))
    if known := Plan.objects.filter(unit=unit, implements=upper).first():
        return known
    with transaction.atomic():
        plan = Plan.objects.create(
            code=codes.new_code("KH", 5),
            unit=unit,
            symbol=registers.symbol_of(PaperKind.PLAN, unit),
            title=upper.title,
            place=unit.place or upper.place,
            year=upper.year,
            implements=upper,
            signed_for=_("TM. BAN CHẤP HÀNH") if unit.kind.is_grassroots else _("TM. BAN THƯỜNG VỤ"),
            written_by=by if isinstance(by, Person) else None,
            created_at=clock.now(),
        )
        PlanReference.objects.create(
            plan=plan,
            relation=Relation.IMPLEMENTS,
            number=upper.full_number,
            issued_on=upper.issued_on,
            title=upper.title,
            target=upper,
        )
        _copy_programmes(upper, plan, own_targets or {})
        for position, duty in enumerate(queries.duties_of(unit, upper.duties.all())):
            Duty.objects.create(
                plan=plan, who=unit.short_name, kind=duty.kind, text=duty.text, due_on=duty.due_on,
                recurring=duty.recurring, position=position,
            )  # fmt: skip
        for position, line in enumerate((upper.unit.short_name, _("Lưu: VP"))):
            Recipient.objects.create(plan=plan, text=line, position=position)
        acts.record("programmes.plan.drafted", plan, by=by, after={"implements": upper.full_number})
    return plan


def _copy_programmes(upper: Plan, plan: Plan, own: dict[tuple[int | None, str], Decimal]) -> None:
    for programme in upper.programmes.prefetch_related("phases", "plan_targets").all():
        copy = Programme.objects.create(
            code=codes.new_code("CT", 5), plan=plan, unit=plan.unit, kind=programme.kind, name=programme.name,
            short_name=programme.short_name, audience=programme.audience, implements=programme,
            phase_by=programme.phase_by, needs_recognition=programme.needs_recognition,
            eligible_from=programme.eligible_from, eligible_to=programme.eligible_to, position=programme.position,
        )  # fmt: skip
        phases: dict[int | None, Phase | None] = {None: None}
        for phase in programme.phases.all():
            phases[phase.pk] = Phase.objects.create(
                programme=copy, kind=phase.kind, position=phase.position, name=phase.name, theme=phase.theme,
                starts_on=phase.starts_on, ends_on=phase.ends_on, eligible_from=phase.eligible_from,
                eligible_to=phase.eligible_to,
            )  # fmt: skip
        for target in programme.plan_targets.all():
            value = own.get((target.phase_id, target.indicator_id))
            is_rate = target.amount == "percent"
            if value is None and not is_rate:
                continue  # not given to this unit: nothing is invented
            PlanTarget.objects.create(
                plan=plan, programme=copy, phase=phases[target.phase_id], indicator=target.indicator,
                comparator=target.comparator, value=target.value if value is None else value,
                amount=target.amount, period=target.period,
            )  # fmt: skip


def discard(plan: Plan, *, by: acts.Actor) -> None:
    """Throw a draft away."""
    _refuse_closed(plan, by)
    with transaction.atomic():
        acts.record("programmes.plan.discarded", plan, by=by)
        plan.targets.all().delete()
        plan.programmes.all().delete()
        plan.delete()


def close(plan: Plan, *, by: acts.Actor) -> None:
    """End a plan; its programmes take nothing new, what was counted stays."""
    take(WORKFLOW, "close", plan, by=by)


def found_programme(
    unit: Unit,
    *,
    title: str,
    number: int,
    symbol: str,
    issued_on: date,
    name: str,
    phases: list[dict[str, Any]],
    by: acts.Actor,
    eligible_from: date | None = None,
    eligible_to: date | None = None,
) -> Programme:
    """A programme entered by hand from a paper at the desk (not read): plan, programme and phases.

    `phases`: {name, starts_on, ends_on, target}.
    """
    reading = {
        "number": number,
        "symbol": symbol,
        "issued_on": issued_on.isoformat(),
        "title": title,
        "movements": [{"name": name, "kind": ProgrammeKind.PROGRAMME, "audience": "all"}],
        "phases": [
            {
                "name": p["name"],
                "kind": "phase",
                "starts_on": p["starts_on"].isoformat(),
                "ends_on": p["ends_on"].isoformat(),
                "eligible_from": eligible_from.isoformat() if eligible_from else None,
            }
            for p in phases
        ],
        "targets": [
            {"indicator": "initiatives", "value": p["target"], "phase": p["name"], "comparator": "at_least"}
            for p in phases
            if p.get("target")
        ],
    }
    plan = draft_from_reading(unit, reading, by=by)
    programme = plan.programmes.get(counts_initiatives=True)
    write_programme(programme, by=by, eligible_to=eligible_to, phase_by=PhaseBy.FILED)
    return programme


def _refuse_closed(plan: Plan, by: acts.Actor) -> None:
    refuse_unless(rules.may_write(by, plan))  # type: ignore[arg-type]
    if sentence := rules.is_draft(plan):
        raise Refused(sentence)
