"""A later plan that changes an earlier one, and next year's plan from this year's.

The counted programme keeps its identity over an amendment (initiatives, targets and QR codes point
at it): at issue it moves to the new plan with the new values, and the amended plan keeps a closed copy.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock, codes, formats
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.programmes import rules
from thidua.programmes.choices import BEFORE_ISSUE
from thidua.programmes.domain import assignments, copies
from thidua.programmes.models import Assignment, Phase, Plan, PlanTarget, Programme
from thidua.programmes.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take

Actor = Person | System
_FRAME = ("unit", "symbol", "title", "place", "opening", "signed_for", "signer")
_PROGRAMME = (
    "name", "short_name", "kind", "audience", "sponsor", "slogan", "starts_on", "ends_on", "counts_initiatives",
    "phase_by", "needs_recognition", "eligible_from", "eligible_to", "position",
)  # fmt: skip
_PHASE = ("name", "theme", "starts_on", "ends_on", "eligible_from", "eligible_to")
_DAYS = ("starts_on", "ends_on", "eligible_from", "eligible_to")


def draft(plan: Plan, *, by: Actor) -> Plan:
    """A draft that says everything the plan says, to be changed; asked twice, the one already begun."""
    refuse_unless(rules.may_write(by, plan))
    if not plan.is_in_force:
        raise Refused(_("Chỉ điều chỉnh được kế hoạch đang có hiệu lực."))
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        if known := plan.amended_by.filter(state__in=BEFORE_ISSUE).first():
            return known
        new = _frame(plan, by, amends=plan, implements=plan.implements, year=plan.year, title=_amending_title(plan))
        copies.duplicate(new, plan, with_origin=True)
        acts.record("programmes.plan.drafted", new, by=by, after={"amends": plan.full_number})
    return new


def _frame(plan: Plan, by: Actor, **differing: Any) -> Plan:
    values = {name: getattr(plan, name) for name in _FRAME}
    reading = {"aims": (plan.reading or {})["aims"]} if (plan.reading or {}).get("aims") else None
    written_by = by if isinstance(by, Person) else None
    shared = {"code": codes.new_code("KH"), "reading": reading, "written_by": written_by, "created_at": clock.now()}
    return Plan.objects.create(**{**values, **shared, **differing})


def _amending_title(plan: Plan) -> str:
    """As papers call it; stored, so always Vietnamese."""
    return f"Điều chỉnh Kế hoạch số {plan.full_number} {plan.title[:1].lower()}{plan.title[1:]}"[:500]


def clone(plan: Plan, *, by: Actor) -> Plan:
    """Next year's draft: every day a year later, each change listed for a person to check."""
    refuse_unless(rules.may_write(by, plan))
    if known := plan.renewed_by.filter(state__in=BEFORE_ISSUE).first():
        return known
    with transaction.atomic():
        new = _frame(plan, by, renews=plan, year=plan.year + 1, title=_next_year(plan.title, plan.year))
        copies.duplicate(new, plan, with_origin=False)
        warnings = [
            *_shift_programmes(new, plan.year),
            *_shift_duties(new),
            *([_warning(_("Chọn kế hoạch cấp trên của năm mới, nếu có."))] if plan.implements_id else []),
        ]
        new.reading = {**(new.reading or {}), "warnings": warnings}
        new.save(update_fields=["reading"])
        acts.record("programmes.plan.drafted", new, by=by, after={"renews": plan.full_number})
    return new


def _next_year(words: str, year: int) -> str:
    return re.sub(rf"\b{year}\b", str(year + 1), words)


def _later(day: date | None) -> date | None:
    if day is None:
        return None
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _warning(sentence: str, words: str = "") -> dict[str, Any]:
    return {"sentence": sentence, "line": 0, "text": words}


def _shift_programmes(plan: Plan, year: int) -> list[dict[str, Any]]:
    found = []
    for programme in plan.programmes.prefetch_related("phases"):
        programme.name = _next_year(programme.name, year)
        programme.short_name = _next_year(programme.short_name, year)[:120]
        for name in _DAYS:
            setattr(programme, name, _later(getattr(programme, name)))
        programme.save()
        for phase in programme.phases.all():
            for name in _DAYS:
                setattr(phase, name, _later(getattr(phase, name)))
            phase.save()
            words = {"phase": phase.name, "from": _day(phase.starts_on), "to": _day(phase.ends_on)}
            found.append(_warning(_("%(phase)s đã dời sang %(from)s – %(to)s: hãy kiểm tra.") % words))
            if phase.theme:
                found.append(
                    _warning(_("%(phase)s: chủ đề giữ nguyên của năm trước, hãy xem lại.") % words, phase.theme)
                )
    return found


def _shift_duties(plan: Plan) -> list[dict[str, Any]]:
    found = []
    for duty in plan.duties.filter(due_on__isnull=False):
        duty.due_on = _later(duty.due_on)
        duty.save(update_fields=["due_on"])
        words = {"duty": duty.text[:80], "day": _day(duty.due_on)}
        found.append(_warning(_("Hạn của việc «%(duty)s» đã dời sang %(day)s: hãy kiểm tra.") % words))
    return found


def _day(day: date | None) -> str:
    return formats.day(day) if day else "…"


def take_over(plan: Plan) -> None:
    """Inside the transaction of issuing an amendment: programmes, targets' homes and to-dos come over."""
    assert plan.amends is not None  # only called for amendments
    for copy in plan.programmes.select_related("origin"):
        if copy.origin and copy.origin.plan_id == plan.amends_id:
            _swap(copy.origin, copy)
    plan.amends.programmes.update(is_open=False)
    _take_over_duties(plan)
    take(WORKFLOW, "amend", plan.amends, by=System("Hệ thống"), noted={"by": plan.full_number})


def _swap(kept: Programme, copy: Programme) -> None:
    """`kept` takes the new values and moves to the new plan; `copy` becomes the record of the old ones."""
    _exchange(kept, copy, (*_PROGRAMME, "plan"))
    kept.is_open, copy.is_open = True, False
    copy.origin, kept.origin = kept, None
    paired: dict[int, int] = {}
    others = {(p.kind, p.position): p for p in copy.phases.all()}
    moving_to_copy = []
    for phase in kept.phases.all():
        other = others.pop((phase.kind, phase.position), None)
        if other is None:
            moving_to_copy.append(phase.pk)
            continue
        _exchange(phase, other, _PHASE)
        phase.save()
        other.save()
        paired |= {phase.pk: other.pk, other.pk: phase.pk}
    targets = list(PlanTarget.objects.filter(programme__in=[kept, copy]))
    Phase.objects.filter(pk__in=moving_to_copy).update(programme=copy)
    Phase.objects.filter(pk__in=[p.pk for p in others.values()]).update(programme=kept)
    kept.save()
    copy.save()
    for target in targets:
        target.programme_id = copy.pk if target.programme_id == kept.pk else kept.pk
        target.phase_id = paired.get(target.phase_id, target.phase_id) if target.phase_id else None
        target.save(update_fields=["programme", "phase"])


def _exchange(one: Any, other: Any, names: tuple[str, ...]) -> None:
    for name in names:
        first, second = getattr(one, name), getattr(other, name)
        setattr(one, name, second)
        setattr(other, name, first)


def _take_over_duties(plan: Plan) -> None:
    """To-dos of duties that stay follow; open ones of duties that were dropped go."""
    for duty in plan.duties.select_related("origin"):
        if duty.origin and duty.origin.plan_id == plan.amends_id:
            Assignment.objects.filter(duty=duty.origin).update(duty=duty)
            duty.plan = plan
            assignments.redate(duty)
    assignments.withdraw_open(Assignment.objects.filter(duty__plan=plan.amends_id))
