"""What was typed becomes exact terms, whatever it is."""

import pytest

from thidua.kernel import text
from thidua.search import terms


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("may", ["may"]),
        ("xe đẩy thuốc", ["xe_day", "day_thuoc"]),
        ('"xe đẩy" thuốc', ["thuoc", "xe_day"]),
        ("Kỹ thuật", ["ki_thuat"]),
        ("kĩ thuật", ["ki_thuat"]),
        ("a'b & !c", ["a_b", "b_c"]),
    ],
)
def test_words_become_pairs(typed, found):
    assert [word.plain for word in terms.together(terms.ask(typed))] == found


def test_words_apart_keep_quoted_ones_together():
    assert [word.plain for word in terms.apart(terms.ask('đẩy "xe thuốc" nhanh'))] == ["day", "nhanh", "xe_thuoc"]


def test_dau_are_asked_for_only_where_they_are_typed():
    asked = terms.ask("máy may")
    assert asked.has_dau
    assert [w.under(terms.OPEN, exactly=True) for w in terms.together(asked)] == ["W:máy_may"]
    assert [w.under(terms.OPEN) for w in terms.together(asked)] == ["w:may_may"]
    plain = terms.ask("may may")
    assert not plain.has_dau
    assert [w.under(terms.OPEN, exactly=True) for w in terms.together(plain)] == ["w:may_may"]


@pytest.mark.parametrize(("typed", "code"), [("sk-pagsgtjv", "SK-PAGSGTJV"), ("SK12AB", "SK-12AB"), ("skill mới", "")])
def test_a_code_is_a_code(typed, code):
    assert terms.ask(typed).code == code


def test_terms_tell_the_title_from_the_text_and_keep_dau_where_they_matter():
    found = terms.of_content(terms.Content("Máy may", ("tổ may\nmáy",), ("khay nam",), ("châm",)))
    assert {"t:may", "t:may_may", "T:máy_may", "w:may_may", "w:to_may", "W:tổ_may"} <= found
    assert {"x:khay_nam", "q:cham", "Q:châm"} <= found
    assert not {"t:to", "w:may_to", "W:may", "w:khay", "x:cham"} & found  # lines and readers apart


def test_the_same_words_have_the_same_fingerprint_in_any_order():
    assert terms.fingerprint(["w:a", "w:b"]) == terms.fingerprint(["w:b", "w:a"]) != terms.fingerprint(["w:a"])
    assert 0 <= terms.fingerprint([]) < 1 << 63


def test_no_word_is_longer_than_a_term_may_be():
    longest = max(map(len, terms.of_content(terms.Content("Ầ" * 400 + " " + "b" * 400, ()))))
    assert longest <= 160
    assert len(terms.together(terms.ask("a" * 400 + " b"))[0].under(terms.OPEN)) <= 160


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kĩ thuật", "kỹ thuật"), ("hoà khí", "HÒA KHÍ"), ("quý 1", "quí 1"), ("cо̂ng", "công"), ("c\u200bông", "công")],
)
def test_spellings_of_one_word(one, other):
    assert text.syllables(one) == text.syllables(other)
    if "о" not in one:
        assert text.accented_syllables(one) == text.accented_syllables(other)
