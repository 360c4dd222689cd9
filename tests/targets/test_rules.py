"""Splitting always sums; reconciling never hides what is left or over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.targets import rules
from thidua.targets.choices import TargetState
from thidua.targets.events import SENTENCES
from thidua.targets.workflow import WORKFLOW
from thidua.workflow.engine import totality_faults

totals = st.integers(0, 10**7)


@given(totals, st.integers(1, 500))
def test_an_equal_split_sums_and_differs_by_one_at_most(total, n):
    shares = rules.split_equally(total, n)
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


@given(totals, st.lists(st.integers(0, 10**6), min_size=1, max_size=80))
def test_a_weighted_split_sums_and_keeps_within_one_of_its_share(total, weights):
    shares = rules.split_by_weights(total, weights)
    assert sum(shares) == total
    assert min(shares) >= 0
    whole = sum(weights)
    if whole:
        assert all(abs(share * whole - total * w) < whole for share, w in zip(shares, weights, strict=True))
        assert all(share == 0 for share, w in zip(shares, weights, strict=True) if w == 0)


@given(totals, st.lists(st.integers(0, 1000), min_size=2, max_size=30))
def test_a_heavier_unit_never_gets_less(total, weights):
    shares = rules.split_by_weights(total, weights)
    if not sum(weights):
        return
    ordered = sorted(zip(weights, shares, strict=True))
    for (light, small), (heavy, large) in zip(ordered, ordered[1:], strict=False):
        assert heavy == light or large >= small


def test_examples():
    assert rules.split_equally(100, 3) == [34, 33, 33]
    assert rules.split_equally(5, 0) == []
    assert rules.split_by_weights(100, [300, 100, 50]) == [67, 22, 11]
    assert rules.split_by_weights(10, [0, 0]) == [5, 5]
    assert rules.split_by_weights(10, []) == []


@given(st.one_of(st.none(), st.decimals(0, 10**9, places=0)), st.lists(st.decimals(0, 10**6, places=0), max_size=20))
def test_given_is_allocated_plus_left_minus_over(total, values):
    found = rules.reconcile(total, values)
    assert found.allocated == sum(values)
    if total is None:
        assert (found.left, found.over, found.fits) == (0, 0, False)
    else:
        assert total == found.allocated + found.left - found.over
        assert not (found.left and found.over)
        assert found.fits == (total == found.allocated)


@pytest.mark.parametrize(
    ("value", "words"),
    [("-1", "không thể âm"), ("1.5", "số nguyên"), ("NaN", "không phải là số"), ("1e12", "quá lớn"), ("0", None)],
)
def test_what_cannot_be_given_is_named(value, words):
    fault = rules.amount_fault("CĐCS Bệnh viện Nhi", Decimal(value))
    assert fault is None if words is None else (fault.startswith("CĐCS Bệnh viện Nhi:") and words in fault)


def test_the_table_is_total():
    assert totality_faults(WORKFLOW, [s for s in TargetState.values if s != TargetState.OWN]) == []
    assert set(WORKFLOW.holders) == set(TargetState.values)
    assert all(step.event in SENTENCES for step in WORKFLOW.steps)
