"""Correct what a draft orders: its programmes, phases, targets, duties, recipients."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thidua.kernel import codes
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.programmes import rules
from thidua.programmes.choices import DutyKind, PhaseKind, Relation
from thidua.programmes.domain import copies, readings
from thidua.programmes.domain.plans import Actor, open_draft
from thidua.programmes.models import Duty, Indicator, Phase, Plan, PlanReference, PlanTarget, Programme, Recipient
from thidua.programmes.queries import duties


def write_programme(programme: Programme, *, by: Actor, **fields: Any) -> None:
    """Name, audience, whether and how it counts, its window."""
    for name, value in fields.items():
        setattr(programme, name, value)
    if programme.starts_on and programme.ends_on and programme.ends_on < programme.starts_on:
        raise Refused(_("«%(name)s» kết thúc trước khi bắt đầu.") % {"name": programme.short_name}, field="ends_on")
    if programme.eligible_from and programme.eligible_to and programme.eligible_to < programme.eligible_from:
        raise Refused(
            _("Chương trình «%(name)s»: ngày tính cuối ở trước ngày tính đầu.") % {"name": programme.short_name},
            field="eligible_to",
        )
    with transaction.atomic():
        open_draft(programme.plan, by)
        programme.save(update_fields=list(fields))
        acts.record("programmes.programme.changed", programme, by=by, after={"fields": sorted(fields)})


def add_programme(plan: Plan, *, by: Actor, name: str, kind: str, **fields: Any) -> Programme:
    """A programme or movement the reader did not find."""
    last = plan.programmes.aggregate(last=Max("position"))["last"] or 0
    programme = Programme(
        plan=plan,
        unit=plan.unit,
        code=codes.new_code("CT"),
        name=name,
        short_name=readings.short(name),
        kind=kind,
        position=last + 1,
        **fields,
    )
    _save(programme, plan, None, by)
    return programme


def write_phase(phase: Phase, *, by: Actor, **fields: Any) -> None:
    """Name, theme, days and window of a phase."""
    for name, value in fields.items():
        setattr(phase, name, value)
    _check_days(phase)
    _save(phase, phase.programme.plan, list(fields), by)


def add_phase(programme: Programme, *, by: Actor, name: str, **fields: Any) -> Phase:
    last = programme.phases.aggregate(last=Max("position"))["last"] or 0
    phase = Phase(programme=programme, position=last + 1, name=name, **{"kind": PhaseKind.PHASE, **fields})
    _check_days(phase)
    _save(phase, programme.plan, None, by)
    return phase


def write_target(target: PlanTarget, *, by: Actor, value: Decimal) -> None:
    """Correct the number of a target."""
    if value < 0:
        raise Refused(_("Chỉ tiêu «%(name)s» không thể âm.") % {"name": target.indicator.name}, field="value")
    target.value = value
    _save(target, target.plan, ["value"], by)


def add_target(
    programme: Programme, *, by: Actor, indicator: Indicator, value: Decimal, phase: Phase | None = None
) -> PlanTarget:
    """A target a person adds; its amount is the indicator's."""
    if value < 0:
        raise Refused(_("Chỉ tiêu «%(name)s» không thể âm.") % {"name": indicator.name}, field="value")
    if programme.plan_targets.filter(phase=phase, indicator=indicator).exists():
        raise Refused(_("Đã có chỉ tiêu «%(name)s» cho giai đoạn này.") % {"name": indicator.name}, field="indicator")
    target = PlanTarget(
        plan=programme.plan,
        programme=programme,
        phase=phase,
        indicator=indicator,
        value=value,
        amount=indicator.amount,
    )
    _save(target, programme.plan, None, by)
    return target


def write_duty(duty: Duty, *, by: Actor, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(duty, name, value)
    _save(duty, duty.plan, list(fields), by)


def add_duty(plan: Plan, *, by: Actor, who: str, text: str, **fields: Any) -> Duty:
    last = plan.duties.aggregate(last=Max("position"))["last"] or 0
    kind = fields.pop("kind", "") or DutyKind(readings.duty_kind(text))
    duty = Duty(plan=plan, who=who, text=text, kind=kind, position=last + 1, **fields)
    duty.addressed = duty.addressed or duties.addressed_by_words(duty)
    _save(duty, plan, None, by)
    return duty


def write_recipients(plan: Plan, lines: list[str], *, by: Actor) -> None:
    """Replace "Nơi nhận"; lines that stay keep the place they were read at."""
    known = {r.text: (r.source_line, r.source_text) for r in plan.recipients.all()}
    kept = [line.strip(" -;.")[:300] for line in lines if line.strip(" -;.")]
    with transaction.atomic():
        open_draft(plan, by)
        plan.recipients.all().delete()
        for position, line in enumerate(kept):
            at, words = known.get(line, (0, ""))
            Recipient.objects.create(plan=plan, text=line, position=position, source_line=at, source_text=words)
        readings.match_recipients(plan)
        acts.record("programmes.plan.changed", plan, by=by, after={"recipients": len(kept)})


def add_reference(
    plan: Plan,
    *,
    by: Actor,
    relation: str,
    target: Plan | None = None,
    number: str = "",
    issued_on: date | None = None,
    title: str = "",
) -> PlanReference:
    """Another plan here, or an outside paper by its number, as basis or as what this plan implements."""
    if target is None and not (number.strip() or title.strip()):
        raise Refused(_("Hãy chọn kế hoạch trong hệ thống hoặc nhập số văn bản."), field="number")
    if relation == Relation.IMPLEMENTS and target is not None:
        _check_upper(plan, target)
    reference = PlanReference(
        plan=plan,
        relation=relation,
        target=target,
        number=(target.full_number if target else number.strip())[:60],
        issued_on=target.issued_on if target else issued_on,
        title=target.title if target else title.strip(),
    )
    with transaction.atomic():
        _save(reference, plan, None, by)
        if relation == Relation.IMPLEMENTS and target is not None:
            plan.implements = target
            plan.save(update_fields=["implements"])
            copies.link(plan, target)
    return reference


def _check_upper(plan: Plan, target: Plan) -> None:
    if fault := rules.circle(plan, target):
        raise Refused(fault, field="target")
    if target.unit_id == plan.unit_id or not target.unit.covers(plan.unit):
        raise Refused(
            _("%(unit)s không ở trên đơn vị lập kế hoạch: hãy ghi là căn cứ hoặc gắn với.")
            % {"unit": target.unit.short_name},
            field="target",
        )


def drop_reference(reference: PlanReference, *, by: Actor) -> None:
    plan = reference.plan
    with transaction.atomic():
        open_draft(plan, by)
        if reference.relation == Relation.IMPLEMENTS and reference.target_id == plan.implements_id:
            plan.implements = None
            plan.save(update_fields=["implements"])
            plan.programmes.update(implements=None)
        acts.record("programmes.plan.changed", plan, by=by, before={"reference": reference.number})
        reference.delete()


def drop(row: Programme | Phase | PlanTarget | Duty, *, by: Actor) -> None:
    """Take a line out of a draft, with what hangs on it."""
    plan = row.programme.plan if isinstance(row, Phase) else row.plan
    with transaction.atomic():
        open_draft(plan, by)
        acts.record("programmes.plan.changed", plan, by=by, before={"dropped": str(row)})
        row.delete()


def _check_days(phase: Phase) -> None:
    if phase.starts_on and phase.ends_on and phase.ends_on < phase.starts_on:
        raise Refused(_("%(phase)s kết thúc trước khi bắt đầu.") % {"phase": phase.name}, field="ends_on")
    if phase.eligible_from and phase.eligible_to and phase.eligible_to < phase.eligible_from:
        raise Refused(
            _("%(phase)s: ngày tính cuối ở trước ngày tính đầu.") % {"phase": phase.name}, field="eligible_to"
        )


def _save(row: models.Model, plan: Plan, fields: list[str] | None, by: Actor) -> None:
    with transaction.atomic():
        open_draft(plan, by)
        row.save(update_fields=fields) if fields else row.save()
        acts.record("programmes.plan.changed", plan, by=by, after={row._meta.model_name or "": fields or str(row)})
