"""Likeness of texts: what must be met, what must not."""

import random

import pytest

from thidua.kernel import text
from thidua.similarity import rules
from thidua.similarity.measures import passages, shingles

SOURCE = (
    "Trước đây điều dưỡng phải đi lại nhiều lần giữa tủ thuốc và buồng bệnh, dễ nhầm giường khi đông người bệnh. "
    "Chúng tôi hàn lại khung xe cũ thành ba tầng, chia khay theo số giường và dán nhãn màu theo giờ dùng thuốc. "
    "Mỗi ca trực chỉ cần một lượt đẩy xe, thuốc được kiểm tra hai lần trước khi đưa cho người bệnh. "
    "Sau 3 tháng không còn lần nhầm nào, thời gian phát thuốc giảm từ 90 xuống 40 phút mỗi buổi sáng."
)
OTHER = (
    "Mỗi túi áo phải lấy dấu bằng phấn nên mất thời gian và bẩn hàng. Tổ kỹ thuật làm gá nhựa theo mẫu rồi gắn lên "
    "bàn máy, mép túi tỳ sát gá là may được ngay. Công nhân mới cũng làm quen sau một buổi, tỷ lệ hàng lỗi ở công "
    "đoạn may túi giảm hẳn và chuyền không còn phải chờ nhau vào giờ cao điểm."
)
WORDS = OTHER.replace(".", "").replace(",", "").split()


def share(text: str, other: str = SOURCE) -> float:
    return passages.compare(shingles.syllables(text), shingles.syllables(other)).share


def common_keys(text: str, other: str = SOURCE) -> int:
    asked = shingles.asking_keys(shingles.sections(text))
    return len(set(asked) & {k for words in shingles.sections(other) for k in shingles.section_keys(words)})


def replaced(text: str, part: float, seed: int) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) if rng.random() < part else word for word in text.split())


def without_marks(text: str) -> str:
    from thidua.kernel.text import fold

    return fold(text)


DISGUISES = {
    "the same": SOURCE,
    "no dấu": without_marks(SOURCE),
    "capitals": SOURCE.upper(),
    "Cyrillic letters": SOURCE.translate(str.maketrans("aeocpx", "аеосрх")),
    "Greek letters": SOURCE.translate(str.maketrans("ovi", "ονι")),
    "invisible characters": SOURCE.replace("n", "n\u200b").replace("h", "\u2060h"),
    "full-width letters": SOURCE.translate({i: i + 0xFEE0 for i in range(ord("a"), ord("z") + 1)}),
    "other numbers": SOURCE.replace("3", "6").replace("90", "120").replace("40", "55"),
    "old tone placement": SOURCE.replace("hoàn", "hòan").replace("kỹ", "kĩ"),
    "sentences re-ordered": " ".join(reversed(SOURCE.split(". "))),
    "half of it": SOURCE[: len(SOURCE) // 2] + OTHER,
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES)
def test_a_disguise_changes_nothing(text):
    assert common_keys(text) >= 8
    assert share(text) > 0.4


@pytest.mark.parametrize("seed", range(12))
def test_a_third_of_the_words_replaced_is_still_met(seed):
    text = replaced(SOURCE, 0.3, seed)
    assert common_keys(text) >= 2
    found = passages.compare(shingles.syllables(text), shingles.syllables(SOURCE))
    assert rules.is_alike(found, rules.Nearness())


def test_another_idea_is_not_alike():
    assert common_keys(OTHER) == 0
    assert share(OTHER) < 0.05


def test_one_section_copied_into_a_long_report_is_met():
    filler = [replaced(OTHER, 0.9, seed) for seed in range(30)]
    report = "\n".join([*filler[:15], SOURCE, *filler[15:]])
    assert len(shingles.sections(report)) > 10
    assert common_keys(SOURCE, report) >= 5
    found = passages.compare(shingles.syllables(SOURCE), shingles.syllables(report))
    assert found.of_here > 0.9
    assert found.of_there < 0.2


def test_a_phrase_everybody_writes_weighs_little():
    phrase = "góp phần nâng cao năng suất chất lượng và hiệu quả công việc của đơn vị trong thời gian tới"
    here, there = shingles.syllables(f"{phrase} {OTHER}"), shingles.syllables(f"{SOURCE} {phrase}")
    familiar = set(shingles.phrase_keys(shingles.syllables(phrase)))
    assert passages.compare(here, there).weight > 15
    assert passages.compare(here, there, familiar).weight < 5


def test_passages_name_equal_words_of_both_texts():
    here, there = shingles.syllables(SOURCE), shingles.syllables(f"Lời mở đầu khác. {SOURCE}")
    (passage,) = passages.compare(here, there).passages
    assert passage.here == (0, len(here))
    assert all(here[i] == there[j] for i, j in passage.pairs)


@pytest.mark.parametrize(
    ("title", "other", "alike"),
    [
        ("Xe đẩy thuốc ba tầng có khay phân liều", "xe day thuoc 3 tang co khay phan lieu theo giuong", True),
        ("Xe đẩy thuốc ba tầng có khay phân liều", "Giá treo dịch truyền gắn thành giường", False),
    ],
)
def test_titles(title, other, alike):
    assert (rules.title_share(title, other) >= 0.6) is alike


def test_letters_of_other_alphabets_are_read_as_they_look():
    assert text.syllables("һаі кһоаng thuốс đượс ngườі tгường") == text.syllables("hai khoang thuốc được người trường")


@pytest.mark.parametrize("text", ["", "   ", "một", "một hai", "!!! ???"])
def test_hardly_any_words_harm_nothing(text):
    shingles.sections(text)
    shingles.title_keys(text)
    assert passages.compare(shingles.syllables(text), shingles.syllables(SOURCE)).share == 0
