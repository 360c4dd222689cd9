"""How a programme decides: plain values in, a ruling out."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.programmes.choices import PhaseBy
from thidua.tallies.choices import Reason
from thidua.tallies.rules import Facts, Rules, Window, decide

# The two phases of 17/KH-CĐYT.
PHASE_1 = Window(1, date(2022, 1, 12), date(2022, 5, 31), date(2021, 9, 1), None)
PHASE_2 = Window(2, date(2022, 6, 1), date(2023, 9, 30), None, None)
RULES = Rules(PhaseBy.FILED, True, date(2021, 9, 1), date(2023, 9, 30), [PHASE_1, PHASE_2])
FACTS = Facts(
    state="recognised",
    first_applied_on=date(2022, 2, 1),
    filed_on=date(2022, 3, 1),
    is_recognised=True,
    is_ip_protected=False,
    breaches_order=False,
    is_duplicate=False,
    is_in_scope=True,
)


def ruling(**changes):
    return decide(replace(FACTS, **changes), RULES)


def test_a_recognised_initiative_counts_in_the_phase_it_was_filed_in():
    assert ruling().is_counted
    assert ruling().phase_id == 1
    assert ruling(filed_on=date(2022, 6, 1)).phase_id == 2


def test_the_window_opens_on_1_september_2021():
    assert ruling(first_applied_on=date(2021, 8, 31)).reasons == (Reason.APPLIED_TOO_EARLY,)
    assert ruling(first_applied_on=date(2021, 9, 1)).is_counted


def test_the_window_closes_with_the_last_day():
    late = {"filed_on": date(2023, 9, 30)}
    assert ruling(first_applied_on=date(2023, 9, 30), **late).is_counted
    assert ruling(first_applied_on=date(2023, 10, 1), **late).reasons == (Reason.APPLIED_TOO_LATE,)


def test_phases_meet_without_gap_or_overlap():
    assert ruling(filed_on=date(2022, 5, 31)).phase_id == 1
    assert ruling(filed_on=date(2022, 6, 1)).phase_id == 2


def test_what_was_filed_before_the_start_is_carried_into_the_first_phase():
    assert ruling(filed_on=date(2021, 12, 1)).phase_id == 1


def test_what_was_filed_after_the_end_belongs_to_no_phase():
    assert ruling(filed_on=date(2023, 10, 1)).reasons == (Reason.OUTSIDE_PHASES,)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("draft", Reason.NOT_FILED),
        ("withdrawn", Reason.WITHDRAWN),
        ("submitted", Reason.NOT_RECEIVED),
        ("returned", Reason.RETURNED),
        ("received", Reason.NOT_RECOGNISED),
        ("refused", Reason.REFUSED),
        ("revoked", Reason.REVOKED),
    ],
)
def test_each_state_says_what_is_missing(state, reason):
    assert ruling(state=state, is_recognised=False).reasons == (reason,)


def test_the_other_exclusions():
    assert ruling(is_ip_protected=True).reasons == (Reason.IP_PROTECTED,)
    assert ruling(breaches_order=True).reasons == (Reason.BREACHES_ORDER,)
    assert ruling(is_duplicate=True).reasons == (Reason.DUPLICATE,)
    assert ruling(is_in_scope=False).reasons == (Reason.OUT_OF_SCOPE,)


def test_every_fault_is_named_at_once():
    found = ruling(first_applied_on=None, state="received", is_recognised=False, is_ip_protected=True)
    assert found.reasons == (Reason.NO_APPLIED_DATE, Reason.NOT_RECOGNISED, Reason.IP_PROTECTED)


def test_a_programme_may_place_by_the_date_of_application():
    # Ninh Thuận: phase 1 counts what was applied from 01/9/2021 to 31/5/2022.
    rules = Rules(
        PhaseBy.APPLIED,
        True,
        date(2021, 9, 1),
        date(2023, 9, 30),
        [
            Window(1, None, date(2022, 5, 31), date(2021, 9, 1), date(2022, 5, 31)),
            Window(2, date(2022, 6, 1), date(2023, 9, 30), None, None),
        ],
    )
    assert decide(replace(FACTS, filed_on=date(2022, 7, 1)), rules).phase_id == 1
    assert decide(replace(FACTS, first_applied_on=date(2022, 6, 1)), rules).phase_id == 2
    assert decide(replace(FACTS, first_applied_on=date(2021, 8, 31)), rules).reasons == (Reason.APPLIED_TOO_EARLY,)


days = st.dates(date(2021, 1, 1), date(2024, 12, 31))


@given(days, days)
def test_what_counts_always_has_a_phase_and_lies_in_the_window(applied, filed):
    found = ruling(first_applied_on=applied, filed_on=filed)
    if found.is_counted:
        assert found.phase_id in (1, 2)
        assert date(2021, 9, 1) <= applied <= date(2023, 9, 30)
    else:
        assert found.reasons
