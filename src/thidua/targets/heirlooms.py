"""Targets follow the units that carry them, so that what was given still adds up at every level."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy

from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount
from thidua.reorganisations.succession import Heirloom, Passing
from thidua.reorganisations.succession import register as enrol
from thidua.targets.choices import TargetState
from thidua.targets.models import Target

SAME = ("programme_id", "phase_id", "indicator_id", "label", "year", "threshold")


def _open(passing: Passing) -> QuerySet[Target]:
    """Of programmes that still run on the day."""
    last = Target.objects.annotate(last=Max("programme__phases__ends_on"))
    return last.filter(Q(last__isnull=True) | Q(last__gte=passing.day), programme__is_open=True)


def _same(target: Target, unit: Unit) -> Target | None:
    return Target.objects.filter(unit=unit, **{name: getattr(target, name) for name in SAME}).first()


def _ended(passing: Passing) -> int:
    """The successor carries both targets; what the ended unit had given stays given, by the successor."""
    own = list(_open(passing).filter(unit=passing.old))
    for target in own:
        _shift(passing, target, passing.left, passing.new.parent)
        twin = _same(target, passing.new)
        if twin is None:
            passing.note(target, {"unit_id": passing.old.pk, "given_by_id": target.given_by_id})
            target.unit = passing.new
            target.given_by = passing.new.parent if target.given_by_id else None
            target.save(update_fields=["unit", "given_by"])
        elif target.amount == Amount.COUNT:
            if target.given_by_id != passing.new.pk:
                _change(passing, twin, twin.value + target.value)
            _change(passing, target, Decimal(0))
    given = _open(passing).filter(given_by=passing.old).exclude(unit=passing.new)
    return len(own) + passing.rows(given, "given_by")


def _moved(passing: Passing, unit: Unit) -> int:
    """The unit's counts leave the old chain of targets and join the new one, up to where they meet."""
    carried = list(_open(passing).filter(unit=unit, given_by=passing.old))
    for target in carried:
        _shift(passing, target, passing.old, passing.new)
        passing.note(target, {"given_by_id": target.given_by_id})
        target.given_by = passing.new
        target.save(update_fields=["given_by"])
    return len(carried)


def _shift(passing: Passing, target: Target, left: Unit | None, joined: Unit | None) -> None:
    """What a target added to the targets above it goes from one branch of the tree to another."""
    if target.amount != Amount.COUNT or left is None or joined is None or target.given_by_id != left.pk:
        return
    if _same(target, left) is None and left.pk != target.programme.unit_id:
        return  # it was not given along the tree
    old = list(org_queries.ancestors(left, include_self=True))
    new = list(org_queries.ancestors(joined, include_self=True))
    for node in old:
        row = _same(target, node) if node not in new else None
        if row and row.state != TargetState.OWN:
            _change(passing, row, max(row.value - target.value, Decimal(0)))
    for node in new:
        if node not in old:
            _join(passing, target, node)


def _join(passing: Passing, target: Target, node: Unit) -> None:
    row = _same(target, node)
    if row is not None:
        if row.state != TargetState.OWN:
            _change(passing, row, row.value + target.value)
        return
    if node.parent is None or not target.programme.unit.covers(node):
        return
    made = Target.objects.create(
        programme_id=target.programme_id,
        phase_id=target.phase_id,
        indicator_id=target.indicator_id,
        label=target.label,
        year=target.year,
        threshold=target.threshold,
        unit=node,
        given_by=node.parent,
        state=TargetState.ACCEPTED,
        comparator=target.comparator,
        amount=target.amount,
        value=target.value,
        given_on=passing.day,
    )
    passing.note(made, {}, was_made=True)


def _change(passing: Passing, row: Target, value: Decimal) -> None:
    passing.note(row, {"value": row.value, "value_to": row.value_to})
    shift = value - row.value
    row.value = value
    if row.value_to is not None:
        row.value_to = max(row.value_to + shift, value)
    row.save(update_fields=["value", "value_to"])


def register() -> None:
    enrol(Heirloom("targets", gettext_lazy("Chỉ tiêu đi theo đơn vị"), ended=_ended, moved=_moved))
