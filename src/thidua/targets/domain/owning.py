"""Targets a unit sets itself: of any kind, for the whole, a phase or a year, with what a percentage is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import Amount, Comparator
from thidua.programmes.models import Indicator, Phase, Programme
from thidua.tallies.rules import OTHER, plain_label
from thidua.targets import rules
from thidua.targets.choices import Base, TargetState
from thidua.targets.domain import bases, results
from thidua.targets.models import Target
from thidua.workflow.engine import refuse_unless


@dataclass(frozen=True)
class Wanted:
    """What a unit wants to reach."""

    indicator: Indicator
    value: Decimal
    comparator: str = Comparator.AT_LEAST
    value_to: Decimal | None = None
    label: str = ""
    phase: Phase | None = None
    year: int | None = None
    threshold: int | None = None
    is_percent: bool = False
    base_value: int | None = None
    base_on: date | None = None


def write(programme: Programme, unit: Unit, wanted: Wanted, *, by: Person, target: Target | None = None) -> Target:
    """Set a new target of one's own, or change one; what the level above gave is not touched here."""
    refuse_unless(grants.may(by, Permission.TARGET_ACCEPT, unit))
    if not programme.is_open or not programme.unit.covers(unit):
        raise Refused(_("Chương trình chưa ban hành hoặc không thuộc phạm vi của đơn vị."))
    if target is not None and target.state != TargetState.OWN:
        raise Refused(_("Chỉ tiêu này do cấp trên giao: hãy xin điều chỉnh."))
    _refuse(unit, wanted)
    values = _values(unit, wanted)
    before = {"value": target.value} if target else {}
    target = target or Target(programme=programme, unit=unit, state=TargetState.OWN, given_on=clock.today())
    for name, value in values.items():
        setattr(target, name, value)
    try:
        with transaction.atomic():
            target.save()
            noted = {"value": target.value, "phase": str(target.phase or target.year or "")}
            acts.record("targets.target.opened", target, by=by, before=before, after=noted)
    except IntegrityError:
        raise Refused(_("Đơn vị đã có chỉ tiêu này cho cùng thời gian: hãy sửa chỉ tiêu đó."), field="what") from None
    return target


def remove(target: Target, *, by: Person) -> None:
    """Take back a target of one's own."""
    refuse_unless(grants.may(by, Permission.TARGET_ACCEPT, target.unit))
    if target.state != TargetState.OWN:
        raise Refused(_("Chỉ tiêu này do cấp trên giao: hãy xin điều chỉnh."))
    with transaction.atomic():
        acts.record("targets.target.withdrawn", target, by=by, before={"value": target.value})
        target.delete()


def _refuse(unit: Unit, wanted: Wanted) -> None:
    if wanted.indicator.pk == OTHER and not wanted.label.strip():
        raise Refused(_("Hãy ghi tên của chỉ tiêu khác, để phân biệt với các chỉ tiêu khác."), field="label")
    if wanted.year and results.year_fault(wanted.indicator):
        raise Refused(_("Chỉ tiêu này không tính theo năm: hãy chọn giai đoạn hoặc cả chương trình."), field="span")
    if wanted.is_percent:
        if not 0 <= wanted.value <= 100 or (wanted.value_to or 0) > 100:
            raise Refused(_("Tỷ lệ phải từ 0 đến 100 %."), field="value")
    elif fault := rules.amount_fault(unit.short_name, wanted.value):
        raise Refused(fault, field="value")
    is_range = wanted.comparator == Comparator.BETWEEN
    if is_range and (wanted.value_to is None or wanted.value_to < wanted.value):
        raise Refused(_("Hãy nhập mức trên của khoảng, không nhỏ hơn mức dưới."), field="value_to")
    if wanted.is_percent and bases.base_of(wanted.indicator) == Base.STATED and not wanted.base_value:
        raise Refused(_("Hãy ghi số gốc của tỷ lệ (ví dụ 1.200 người) và ngày của số đó."), field="base_value")


def _values(unit: Unit, wanted: Wanted) -> dict[str, Any]:
    found: dict[str, Any] = {
        "indicator": wanted.indicator,
        "label": plain_label(wanted.indicator.pk, wanted.label),
        "phase": wanted.phase,
        "year": wanted.year,
        "threshold": (wanted.threshold or 1) if wanted.indicator.measure == "units/least" else None,
        "comparator": wanted.comparator,
        "value": wanted.value,
        "value_to": wanted.value_to if wanted.comparator == Comparator.BETWEEN else None,
        "amount": Amount.PERCENT if wanted.is_percent else Amount.COUNT,
        "base": "",
        "base_value": None,
        "base_on": None,
    }
    if wanted.is_percent:
        day = wanted.base_on or clock.today()
        found |= bases.stated(wanted.indicator, Amount.PERCENT, unit, day)
        if wanted.base_value:
            found |= {"base_value": wanted.base_value, "base_on": day}
    return found
