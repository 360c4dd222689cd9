"""What a lower plan takes over from the plan above it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from thidua.kernel import codes, text
from thidua.programmes.choices import Amount, Comparator, Relation
from thidua.programmes.models import Duty, Phase, Plan, PlanReference, PlanTarget, Programme, Recipient
from thidua.programmes.queries import duties

Given = dict[tuple[int | None, str], Decimal]


def fill(plan: Plan, upper: Plan, given: Given, *, counts_separately: bool) -> None:
    """Reference, programmes with phases and given targets, duties addressed to the unit, recipients."""
    PlanReference.objects.create(
        plan=plan,
        relation=Relation.IMPLEMENTS,
        number=f"{upper.full_number}"[:60],
        issued_on=upper.issued_on,
        title=upper.title,
        target=upper,
    )
    for programme in upper.programmes.prefetch_related("phases", "plan_targets__indicator"):
        _programme(plan, programme, given, counts=counts_separately and programme.counts_initiatives)
    for position, duty in enumerate(_duties_for(plan, upper)):
        _duty(plan, duty, position, who=plan.unit.short_name, addressed=[Duty.OWN])
    lines = [upper.unit.short_name, *_below(plan), "Lưu: VT"]
    Recipient.objects.bulk_create([Recipient(plan=plan, text=t[:300], position=i) for i, t in enumerate(lines)])


def _duties_for(plan: Plan, upper: Plan) -> list[Duty]:
    """What the upper plan orders of this kind of unit."""
    found = []
    for duty in upper.duties.all():
        kinds = duty.addressed or duties.addressed_by_words(duty)
        if plan.unit.kind_id in kinds:
            found.append(duty)
    return found


def _duty(plan: Plan, pattern: Duty, position: int, **differing: Any) -> Duty:
    names = ("who", "addressed", "kind", "party", "text", "timing", "due_on", "due_day", "within_days", "recurring")
    values = {name: getattr(pattern, name) for name in (*names, "evidence")}
    return Duty.objects.create(plan=plan, position=position, **{**values, "origin": pattern, **differing})


def _below(plan: Plan) -> list[str]:
    is_grassroots = plan.unit.kind.is_grassroots
    return ["Các tổ công đoàn, công đoàn bộ phận"] if is_grassroots else ["Các công đoàn trực thuộc"]


def _programme(plan: Plan, upper: Programme, given: Given, *, counts: bool) -> None:
    copy = Programme.objects.create(
        code=codes.new_code("CT"),
        plan=plan,
        unit=plan.unit,
        kind=upper.kind,
        name=upper.name,
        short_name=upper.short_name,
        audience=upper.audience,
        sponsor=upper.sponsor,
        slogan=upper.slogan,
        starts_on=upper.starts_on,
        ends_on=upper.ends_on,
        implements=upper,
        counts_initiatives=counts,
        phase_by=upper.phase_by,
        needs_recognition=upper.needs_recognition,
        eligible_from=upper.eligible_from,
        eligible_to=upper.eligible_to,
        position=upper.position,
    )
    phases = {phase.pk: _phase(copy, phase) for phase in upper.phases.all()}
    known = {(t.phase_id, t.indicator_id): t for t in upper.plan_targets.all()}
    wanted = {key: value for key, value in given.items() if key[0] is None or key[0] in phases}
    for key, target in known.items():
        if target.amount == Amount.PERCENT and upper.counts_initiatives:
            wanted.setdefault(key, target.value)  # a rate goes down unchanged; a number must be given
    for (phase_id, indicator), value in wanted.items():
        if phase_id is None and (phase_id, indicator) not in known and not upper.counts_initiatives:
            continue  # a number for the whole belongs to the programme that counts
        pattern = known.get((phase_id, indicator))
        PlanTarget.objects.create(
            plan=plan,
            programme=copy,
            phase=phases[phase_id] if phase_id else None,
            indicator_id=indicator,
            value=value,
            comparator=pattern.comparator if pattern else Comparator.AT_LEAST,
            amount=pattern.amount if pattern else Amount.COUNT,
            period=pattern.period if pattern else "",
        )


def _phase(programme: Programme, upper: Phase) -> Phase:
    return Phase.objects.create(
        programme=programme,
        kind=upper.kind,
        position=upper.position,
        name=upper.name,
        theme=upper.theme,
        starts_on=upper.starts_on,
        ends_on=upper.ends_on,
        eligible_from=upper.eligible_from,
        eligible_to=upper.eligible_to,
    )


def link(plan: Plan, upper: Plan) -> None:
    """Programmes of a plan that was read: join those of the same name to the upper plan's."""
    by_name = {text.fold(p.name).replace(" ", ""): p for p in upper.programmes.all()}
    counted = upper.programmes.filter(counts_initiatives=True).first()
    for programme in plan.programmes.all():
        match = by_name.get(text.fold(programme.name).replace(" ", ""))
        if match is None and programme.counts_initiatives:
            match = counted
        if match:
            programme.implements = match
            programme.save(update_fields=["implements"])


_COPIED = (
    "kind", "name", "short_name", "audience", "sponsor", "slogan", "starts_on", "ends_on", "counts_initiatives",
    "phase_by", "needs_recognition", "eligible_from", "eligible_to", "position",
)  # fmt: skip
_ORDERED = ("indicator", "comparator", "value", "amount", "period", "phrase")


def duplicate(plan: Plan, pattern: Plan, *, with_origin: bool) -> None:
    """Everything a plan of the same unit orders. `with_origin` remembers what each row comes from."""
    for programme in pattern.programmes.prefetch_related("phases", "plan_targets"):
        copy = Programme.objects.create(
            code=codes.new_code("CT"),
            plan=plan,
            unit=plan.unit,
            implements=programme.implements if with_origin else None,
            origin=programme if with_origin else None,
            **{name: getattr(programme, name) for name in _COPIED},
        )
        phases = {phase.pk: _phase(copy, phase) for phase in programme.phases.all()}
        for target in programme.plan_targets.all():
            values = {name: getattr(target, name) for name in _ORDERED}
            phase = phases[target.phase_id] if target.phase_id else None
            PlanTarget.objects.create(plan=plan, programme=copy, phase=phase, **values)
    for position, duty in enumerate(pattern.duties.all()):
        _duty(plan, duty, position, origin=duty if with_origin else None)
    rows = [Recipient(plan=plan, text=r.text, unit=r.unit, position=r.position) for r in pattern.recipients.all()]
    Recipient.objects.bulk_create(rows)
    if with_origin:
        kept = pattern.references.all()
        names = ("relation", "number", "issued_on", "title", "target")
        PlanReference.objects.bulk_create(
            [PlanReference(plan=plan, **{name: getattr(r, name) for name in names}) for r in kept]
        )
