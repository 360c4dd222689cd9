"""Splitting a number among units, and whether the parts fit the whole. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Verdict, no
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.targets.models import Target

Actor = Person | System


def split_equally(total: int, n: int) -> list[int]:
    """Parts that differ by at most one and sum to the total; the first get the rest.

    split_equally(100, 3) -> [34, 33, 33]
    """
    if n <= 0:
        return []
    part, rest = divmod(total, n)
    return [part + (index < rest) for index in range(n)]


def split_by_weights(total: int, weights: Sequence[int]) -> list[int]:
    """Parts proportional to the weights by the largest remainder; they sum to the total.

    split_by_weights(100, [300, 100, 50]) -> [67, 22, 11]. Equal remainders: the larger weight
    first, then the earlier place. Without any weight the split is equal.
    """
    whole = sum(weights)
    if whole <= 0:
        return split_equally(total, len(weights))
    parts = [total * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), -weights[i], i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


@dataclass(frozen=True)
class Reconciliation:
    """What was given to a unit, what it has allocated, what is left, and by how much it went over."""

    given: Decimal | None  # None: nothing was given, so nothing is left or over
    allocated: Decimal
    left: Decimal
    over: Decimal

    @property
    def fits(self) -> bool:
        return self.given is not None and not self.left and not self.over


def reconcile(total: Decimal | None, values: Iterable[Decimal]) -> Reconciliation:
    allocated = sum(values, Decimal(0))
    difference = Decimal(0) if total is None else total - allocated
    return Reconciliation(total, allocated, max(difference, Decimal(0)), max(-difference, Decimal(0)))


def amount_fault(name: str, value: Decimal) -> str | None:
    """Why a value cannot be given to the unit of this name."""
    if not value.is_finite():
        return _("%(unit)s: «%(value)s» không phải là số.") % {"unit": name, "value": value}
    if value < 0:
        return _("%(unit)s: chỉ tiêu không thể âm (%(value)s).") % {"unit": name, "value": value}
    if value != value.to_integral_value():
        return _("%(unit)s: số sáng kiến phải là số nguyên (%(value)s).") % {"unit": name, "value": value}
    if value > 10**9:
        return _("%(unit)s: chỉ tiêu quá lớn (%(value)s).") % {"unit": name, "value": value}
    return None


def may_give(actor: Actor, target: Target) -> Verdict:
    """Targets are given, and adjustments answered, at the unit that gives."""
    if target.given_by is None:
        return no(_("Chỉ tiêu này do đơn vị tự đặt, không do cấp trên giao."))
    return grants.may(actor, Permission.TARGET_ALLOCATE, target.given_by)


def may_accept(actor: Actor, target: Target) -> Verdict:
    return grants.may(actor, Permission.TARGET_ACCEPT, target.unit)
