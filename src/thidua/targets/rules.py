"""Splitting numbers so that they always add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


def split_equally(total: int, count: int) -> list[int]:
    """Whole numbers that differ by at most one and sum to `total`; the first get the rest."""
    return split_by_weights(total, [1] * count)


def split_by_weights(total: int, weights: Sequence[int]) -> list[int]:
    """By largest remainder: sums to `total` exactly, nobody negative. All weights 0: equally."""
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return split_by_weights(total, [1] * len(weights))
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


@dataclass(frozen=True)
class Balance:
    """What a unit has to give on and what it has given: `left` or `over`, never both."""

    total: Decimal
    allocated: Decimal

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.total - self.allocated)

    @property
    def over(self) -> Decimal:
        return max(Decimal(0), self.allocated - self.total)

    @property
    def is_even(self) -> bool:
        return self.total == self.allocated
