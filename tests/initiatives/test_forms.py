"""What people type becomes values, and every fault says how to mend it."""

from datetime import date
from decimal import Decimal

import pytest

from thidua.initiatives.forms import ContentForm, EffectForm, IdeaForm, RecognitionForm, read_shares


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("24000000", 24_000_000), ("24.000.000", 24_000_000), ("24,000,000 đ", 24_000_000), ("1 500 000 đồng", 1_500_000)],
)
def test_money_as_people_type_it(typed, amount):
    form = EffectForm({"benefit": "money", "benefit_stated": typed})
    assert form.is_valid(), form.errors
    assert form.values()["benefit_stated"] == amount


@pytest.mark.parametrize("typed", ["nhiều", "-5", "24.5", "1" * 30])
def test_money_that_cannot_be_read_is_refused(typed):
    form = EffectForm({"benefit": "money", "benefit_stated": typed})
    assert not form.is_valid()
    assert "benefit_stated" in form.errors


def test_the_helper_works_out_the_benefit():
    form = EffectForm(
        {
            "benefit": "unknown",
            "benefit_before": "50.000",
            "benefit_after": "20.000",
            "benefit_volume": "1.000",
            "benefit_cost": "6.000.000",
        }
    )
    assert form.is_valid(), form.errors
    assert (form.values()["benefit"], form.values()["benefit_stated"]) == ("money", 24_000_000)


def test_the_calculator_brings_a_quarter_to_a_year():
    typed = {"benefit_before": "50.000", "benefit_after": "20.000", "benefit_volume": "100", "benefit_months": "3"}
    form = EffectForm({"benefit": "unknown", **typed})
    assert form.is_valid(), form.errors
    assert form.values()["benefit_stated"] == 12_000_000
    assert form.values()["benefit_months"] == 3


def test_the_helper_does_not_invent_a_loss():
    form = EffectForm({"benefit": "unknown", "benefit_before": "1000", "benefit_after": "2000", "benefit_volume": "10"})
    assert not form.is_valid()
    assert "không có lợi" in str(form.errors["benefit_after"])


@pytest.mark.parametrize("typed", ["2021-09-01", "01/09/2021", "1/9/2021"])
def test_days_from_the_picker_or_typed(typed):
    form = ContentForm({"first_applied_on": typed})
    assert form.is_valid(), form.errors
    assert form.values()["first_applied_on"] == date(2021, 9, 1)


def test_an_impossible_day_names_the_form():
    form = ContentForm({"first_applied_on": "31/02/2022"})
    assert "ngày/tháng/năm" in str(form.errors["first_applied_on"])


def test_an_idea_names_each_missing_box():
    form = IdeaForm({"title": "Xe", "problem_before": "", "solution": "Hàn lại khung xe cũ."})
    assert set(form.errors) == {"title", "problem_before"}
    assert "ít nhất 8 ký tự" in str(form.errors["title"])


def test_a_claimed_recognition_needs_its_number():
    form = RecognitionForm({"claims_recognition": "on", "disclosure": "internal"})
    assert "claimed_decision" in form.errors


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (["60", "40"], ""),
        (["60,5 %", "39.5"], ""),
        (["sáu mươi", "40"], "không phải là số"),
        (["100", "0"], "lớn hơn 0"),
    ],
)
def test_shares_as_typed(typed, fault):
    rows, found = read_shares(["an", "dung"], typed)
    assert fault in found
    if not fault:
        assert sum(share for _who, share in rows) == Decimal(100)
