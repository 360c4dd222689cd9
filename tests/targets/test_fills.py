"""Formulas, pastes and fills: what they say is what stands there, and a split always sums."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.kernel.verdicts import Refused
from thidua.targets.domain import fills, formulas

FACTS = {"members": 300, "women": 200, "direct": 120, "last": 41, "now": 30}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("đoàn viên × 2 %", 6),
        ("đoàn viên x 2%", 6),
        ("Số đoàn viên * 0,025", 8),
        ("đoàn viên : 7", 43),
        ("(nữ + trực tiếp) / 10", 32),
        ("kỳ trước × 110%", 45),
        ("hiện tại + 5", 35),
        ("đoàn viên × 0,1 %, ít nhất 2", 2),
        ("đoàn viên × 50 %, ít nhất 1, không quá 100", 100),
        ("1.500 - đoàn viên", 1200),
        ("10 - đoàn viên", 0),
        ("đoàn viên / 0", 0),
        ("lao động trực tiếp × 5 %", 6),
        ("2 + 3 × 4", 14),
    ],
)
def test_a_formula_means_what_it_says(words, value):
    assert formulas.read(words).value(FACTS) == value


@pytest.mark.parametrize("words", ["", "đoàn viên ×", "(đoàn viên", "đoàn viên 2", "lương × 2", "2 %% )", "import os"])
def test_what_cannot_be_read_is_refused_with_an_example(words):
    with pytest.raises(Refused, match="hãy viết như"):
        formulas.read(words)


@given(st.text(max_size=60))
def test_no_text_makes_a_formula_fail_otherwise(words):
    with contextlib.suppress(Refused):
        assert formulas.read(words).value(FACTS) >= 0


def units(*names: str) -> list:
    return [
        SimpleNamespace(pk=n, name=name, short_name=name, code=f"M-{n}", lft=n, rgt=n)
        for n, name in enumerate(names, 1)
    ]


@given(st.integers(0, 10**6), st.lists(st.integers(0, 5000), min_size=1, max_size=60))
def test_a_formula_that_is_fitted_sums_to_the_total(total, members):
    rows = units(*(f"Đơn vị {n}" for n in range(len(members))))
    facts = {row.pk: {"members": m} for row, m in zip(rows, members, strict=True)}
    found = fills.by_formula("đoàn viên × 3 %, ít nhất 1", total, rows, facts)
    assert sum(found.values()) == total
    assert min(found.values()) >= 0


@pytest.mark.parametrize(
    ("words", "value"),
    [("12", 12), ("1.000", 1000), ("1,000", 1000), ("1 000", 1000), ("12,0", 12), ("1.234.567", 1234567), ("0", 0)],
)
def test_numbers_as_spreadsheets_write_them(words, value):
    assert fills.whole_number(words) == value


@pytest.mark.parametrize("words", ["", "x", "-3", "1,5", "12abc", "9" * 20])
def test_what_is_no_whole_number(words):
    assert fills.whole_number(words) is None


def test_a_paste_finds_units_by_name_or_code_and_keeps_the_last_columns():
    rows = units("Công đoàn cơ sở Bệnh viện Nhi", "CĐCS Trường Mầm non Hoa Sen")
    block = "TT\tĐơn vị\nCĐCS bệnh viện nhi\t250\t10\t20\r\nM-2\t90\t5\t\n\nTổng cộng\t340\t15\t20\n"
    found = fills.read_paste(block, rows, 2)
    assert found.faults == []
    assert found.values == {(1, 0): 10, (1, 1): 20, (2, 0): 5}


def test_a_name_two_units_share_is_not_guessed():
    rows = units("CĐCS Trường Tiểu học", "CĐCS Trường Tiểu học")
    found = fills.read_paste("x\ty\nCĐCS Trường Tiểu học\t5", rows, 1)
    assert found.values == {}
    assert "không có đơn vị" in found.faults[0]
    assert fills.read_paste("M-1\t5\nM-2\t7", rows, 1).values == {(1, 0): 5, (2, 0): 7}
    assert "hãy chép cả cột tên" in fills.read_paste("", rows, 1).faults[0]
