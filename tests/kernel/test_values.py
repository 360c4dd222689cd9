"""Text, codes, dates: the small things everything else relies on."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.kernel import codes, formats, rulepacks, text


def test_the_vietnamese_alphabet_is_the_order():
    words = ["đa", "da", "ăn", "an", "ân", "êm", "em", "ôm", "om", "ơm", "ưa", "ua"]
    assert sorted(words, key=text.sort_key) == ["an", "ăn", "ân", "da", "đa", "em", "êm", "om", "ôm", "ơm", "ua", "ưa"]


def test_tones_decide_only_between_equal_letters():
    assert sorted(["mạ", "má", "ma", "mả", "mà", "mã", "mai"], key=text.sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ", "mai",
    ]  # fmt: skip


def test_people_are_listed_by_given_name():
    names = ["Trần Văn Bình", "Nguyễn Thị An", "Lê Đức"]
    assert sorted(names, key=text.name_sort_key) == ["Nguyễn Thị An", "Trần Văn Bình", "Lê Đức"]


@pytest.mark.parametrize("typed", ["Vật tư", "VẬT TƯ", "vat tu", unicodedata.normalize("NFD", "vật tư"), "Vật\u00a0tư"])
def test_folding_brings_every_way_of_typing_together(typed):
    assert text.words(typed) == ["vat", "tu"]


def test_old_and_new_tone_placement_are_one_word():
    assert text.accented("Hoà bình, thuỷ lợi") == text.accented("Hòa bình, thủy lợi")


@given(st.text(max_size=80))
def test_folding_is_stable(noise):
    assert text.fold(text.fold(noise)) == text.fold(noise)


def test_a_mistyped_code_is_noticed():
    code = codes.new_code("GK")
    assert codes.is_plausible(code.lower())
    wrong = code[:-2] + ("2" if code[-2] != "2" else "3") + code[-1]
    assert not codes.is_plausible(wrong)


def test_months_and_working_days():
    assert formats.add_months(date(2022, 1, 31), 1) == date(2022, 2, 28)
    assert formats.add_working_days(date(2022, 5, 20), 1) == date(2022, 5, 23)


def test_percentages_and_money_in_vietnamese():
    assert formats.percent(12.34) == "12,3 %"
    assert formats.percent(100) == "100 %"
    assert formats.short_vnd(1_250_000_000) == "1,3 tỷ đồng"
    assert formats.vnd(1_200_000) == "1.200.000 đồng"


def test_the_rule_pack_of_the_day_applies():
    assert rulepacks.in_force("award-catalogue", date(2022, 5, 20)).version == "qd1689-2019"
    assert rulepacks.in_force("award-catalogue", date(2026, 1, 1)).version == "qd999-2024"
    with pytest.raises(KeyError):
        rulepacks.in_force("award-catalogue", date(2001, 1, 1))


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "không"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (111, "một trăm mười một"),
        (104, "một trăm linh bốn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (10_370_370, "mười triệu ba trăm bảy mươi nghìn ba trăm bảy mươi"),
        (24_000_000, "hai mươi tư triệu"),
        (1_002_000_000_050, "một nghìn không trăm linh hai tỷ không trăm năm mươi"),
    ],
)
def test_sums_in_words_as_papers_repeat_them(n, said):
    assert formats.in_words(n) == said
