"""How a text is changed to see whether it is still met. Every change is a function of one text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from thidua.kernel import text

_CYRILLIC = str.maketrans("aeocpxyAEOCPXKMTHB", "аеосрхуАЕОСРХКМТНВ")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khoa", "Lan", "Minh", "Ngọc", "Phúc", "Sơn")


@dataclass(frozen=True)
class Text:
    """What is filed: a title and its sentences."""

    title: str
    sentences: tuple[str, ...]

    @property
    def body(self) -> str:
        return " ".join(s if s.endswith((".", "!", "?")) else f"{s}." for s in self.sentences)


Change = Callable[[Text, random.Random, "Stock"], Text]


@dataclass(frozen=True)
class Stock:
    """Words and sentences of other texts, to put in place of what is taken out."""

    words: list[str]
    sentences: list[str]


def by_words(change: Callable[[str, random.Random, Stock], list[str]], part: float) -> Change:
    """Change a part of the words, each by itself, in the title too."""

    def changed(given: Text, rng: random.Random, stock: Stock) -> Text:
        def one(sentence: str) -> str:
            found: list[str] = []
            for word in sentence.split():
                found += change(word, rng, stock) if rng.random() < part else [word]
            return " ".join(found) or sentence

        return Text(one(given.title), tuple(one(s) for s in given.sentences))

    return changed


def _other(_word: str, rng: random.Random, stock: Stock) -> list[str]:
    return [rng.choice(stock.words)]


def _rewritten(word: str, rng: random.Random, stock: Stock) -> list[str]:
    """Replaced by one or two words, dropped, or preceded by another: places shift as in real rewriting."""
    return rng.choice(
        [
            [rng.choice(stock.words)],
            [rng.choice(stock.words), rng.choice(stock.words)],
            [],
            [rng.choice(stock.words), word],
        ]
    )


def _whole(change: Callable[[str], str]) -> Change:
    return lambda given, _rng, _stock: Text(change(given.title), tuple(change(s) for s in given.sentences))


def _reordered(given: Text, rng: random.Random, _stock: Stock) -> Text:
    return Text(given.title, tuple(rng.sample(given.sentences, len(given.sentences))))


def _names(given: Text, rng: random.Random, _stock: Stock) -> Text:
    """Numbers, and capitals inside a sentence, become others."""

    def one(sentence: str) -> str:
        changed = re.sub(r"\d+", lambda _m: str(rng.randint(2, 999)), sentence)
        return re.sub(r"(?<=\w )[A-ZĐÀ-Ỹ]\w+", lambda _m: rng.choice(_GIVEN), changed)

    return Text(one(given.title), tuple(one(s) for s in given.sentences))


def _half(given: Text, rng: random.Random, stock: Stock) -> Text:
    """Half of the words are kept as whole sentences, the other half is somebody else's; the title is new."""
    order, total = rng.sample(given.sentences, len(given.sentences)), len(given.body.split())
    kept: list[str] = []
    for sentence in order:
        if sum(len(s.split()) for s in kept) >= total / 2:
            break
        kept.append(sentence)
    new: list[str] = []
    while sum(len(s.split()) for s in new) < sum(len(s.split()) for s in kept):
        new.append(rng.choice(stock.sentences))
    mixed = [*kept, *new]
    rng.shuffle(mixed)
    return Text(" ".join(rng.choice(stock.sentences).split()[:12]), tuple(mixed))


def _in_report(given: Text, rng: random.Random, stock: Stock) -> Text:
    """Copied into a report about ten times as long."""
    around = rng.sample(stock.sentences, min(len(stock.sentences), 10 * len(given.sentences)))
    return Text(
        "Báo cáo tổng kết công tác năm", (*around[: len(around) // 2], *given.sentences, *around[len(around) // 2 :])
    )


def then(*changes: Change) -> Change:
    def changed(given: Text, rng: random.Random, stock: Stock) -> Text:
        for change in changes:
            given = change(given, rng, stock)
        return given

    return changed


CHANGES: dict[str, Change] = {
    "same": _whole(lambda s: s),
    "no dấu": _whole(text.fold),
    "capitals": _whole(str.upper),
    "homoglyphs": _whole(lambda s: s.translate(_CYRILLIC)),
    "names and numbers": _names,
    "sentences re-ordered": _reordered,
    "10 % of the words replaced": by_words(_other, 0.1),
    "20 % of the words replaced": by_words(_other, 0.2),
    "30 % of the words replaced": by_words(_other, 0.3),
    "30 % rewritten (replace, insert, drop)": by_words(_rewritten, 0.3),
    "30 % replaced, re-ordered, no dấu": then(by_words(_other, 0.3), _reordered, _whole(text.fold)),
    "half copied": _half,
    "half copied, 20 % of it replaced": then(_half, by_words(_other, 0.2)),
    "copied into a long report": _in_report,
    "50 % of the words replaced (no promise)": by_words(_other, 0.5),
}
PROMISED = tuple(name for name in CHANGES if "no promise" not in name and not name.startswith("half copied, "))
RECALL, PRECISION = 0.97, 0.99


def texts_of(pool: list[str], rng: random.Random) -> list[Text]:
    """Texts of about 65 words and a title, no sentence in two of them."""
    order, found, current = rng.sample(pool, len(pool)), [], []
    for sentence in order:
        current.append(sentence)
        if sum(len(s.split()) for s in current) >= 75:
            found.append(Text(" ".join(current[0].split()[:14]), tuple(current[1:] or current)))
            current = []
    return found


def split(pool: list[str], seed: int) -> tuple[list[Text], list[Text], Stock]:
    """Texts for the library, unrelated ones to ask with, and a stock for the changes: none shares a sentence."""
    rng = random.Random(seed)
    order = rng.sample(pool, len(pool))
    a, b = int(len(order) * 0.45), int(len(order) * 0.8)
    stock = order[b:]
    words = [w.strip('.,;:()“”"') for s in stock for w in s.split()]
    return texts_of(order[:a], rng), texts_of(order[a:b], rng), Stock([w for w in words if w], stock)
