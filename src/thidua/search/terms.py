"""Words and places as index terms, and what somebody typed as the terms to ask for. Pure.

Every term begins with what it is: t title, w what everybody reads who sees the record (its title too),
x what only the office reads, q what the authors keep for those who examine it, each without dấu; T, W, X
and Q the same with dấu, kept only where dấu make a difference. n an author, u a unit above it, and so on.
Two neighbouring syllables make a term of their own ("w:cong_doan"): most Vietnamese words are two.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from thidua.kernel import text

MOST_SYLLABLES = 5000  # of one record; whole reports stay below
MOST_TYPED, LONGEST_NAME = 16, 6
LONGEST = 60  # letters of a syllable; what is longer is no word
MILLIONS = (10, 100, 1000)
FOUND, PUBLIC = "v:1", "p:1"  # every record that may be found at all; what is in the public library
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]")
_CODE = re.compile(r"^sk-?[0-9a-z]{2,}$", re.IGNORECASE)


class Mark(NamedTuple):
    """What a stretch of text is: without dấu, and with."""

    plain: str
    shown: str


TITLE, OPEN, OFFICE, KEPT = Mark("t:", "T:"), Mark("w:", "W:"), Mark("x:", "X:"), Mark("q:", "Q:")


@dataclass(frozen=True)
class Content:
    """The words of a record: its title, and its texts by who reads them."""

    title: str
    open: tuple[str, ...]
    office: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def of_content(content: Content) -> set[str]:
    """Every term of a record's words."""
    found: set[str] = set()
    stretches = (
        (TITLE, (content.title,)),
        (OPEN, (content.title, *content.open)),
        (OFFICE, content.office),
        (KEPT, content.kept),
    )
    for mark, texts in stretches:
        left = MOST_SYLLABLES
        for line in itertools.chain(*(t.splitlines() for t in texts)):
            syllables = text.syllables_both_ways(line)[:left]
            left -= len(syllables)
            _enter(found, mark, syllables)
    return found


def _enter(found: set[str], mark: Mark, syllables: list[tuple[str, str]]) -> None:
    """Each syllable and each pair; with their dấu where that makes a difference."""
    plain, shown = mark
    before = None
    for bare, accented in ((b[:LONGEST], a[:LONGEST]) for b, a in syllables):
        found.add(plain + bare)
        if accented != bare:
            found.add(shown + accented)
        if before is not None:
            found.add(f"{plain}{before[0]}_{bare}")
            if accented != bare or before[1] != before[0]:
                found.add(f"{shown}{before[1]}_{accented}")
        before = bare, accented


def fingerprint(found: Iterable[str]) -> int:
    """The same words give the same number of 63 bits."""
    return int.from_bytes(hashlib.blake2b("\n".join(sorted(found)).encode(), digest_size=8).digest()) >> 1


def of_names(names: Iterable[str]) -> set[str]:
    """The authors, word by word."""
    return {f"n:{word}" for name in names for word in _syllables(name)}


def _syllables(line: str) -> list[str]:
    return [syllable[:LONGEST] for syllable in text.syllables(line)]


def _accented(line: str) -> list[str]:
    return [syllable[:LONGEST] for syllable in text.accented_syllables(line)]


def named(value: str) -> str:
    """A name as one term: 'An toàn người bệnh' → 'an_toan_nguoi_benh'."""
    return "_".join(text.syllables(value))[:80]


@dataclass(frozen=True)
class Asked:
    """What was typed, taken apart."""

    plain: tuple[str, ...]  # syllables outside quotes
    accented: tuple[str, ...]
    phrases: tuple[str, ...] = ()  # quoted, as typed
    code: str = ""
    has_dau: bool = field(default=False)

    def __bool__(self) -> bool:
        return bool(self.plain or self.phrases or self.code)


def ask(typed: str) -> Asked:
    """Read a search box: words, "a phrase", or the code of a record."""
    words = typed.strip()
    if _CODE.match(words):
        return Asked((), (), code="SK-" + re.sub(r"^sk-?", "", words, flags=re.IGNORECASE).upper())
    phrases = tuple(p for p in _QUOTED.findall(words) if text.syllables(p))
    rest = _QUOTED.sub(" ", words)
    plain, accented = _syllables(rest)[:MOST_TYPED], _accented(rest)[:MOST_TYPED]
    quoted = any(text.syllables(p) != text.accented_syllables(p) for p in phrases)
    return Asked(tuple(plain), tuple(accented), phrases, has_dau=quoted or plain != accented)


class Word(NamedTuple):
    """One thing to look for, a syllable or two neighbours, without its mark."""

    plain: str
    shown: str  # with dấu, as typed

    def under(self, mark: Mark, *, exactly: bool = False) -> str:
        """As a term; `exactly`: with the dấu that were typed."""
        return mark.shown + self.shown if exactly and self.shown != self.plain else mark.plain + self.plain


def together(asked: Asked) -> list[Word]:
    """All words next to each other as typed, and every quoted phrase."""
    return [*_neighbours(asked.plain, asked.accented), *_quoted(asked)]


def apart(asked: Asked) -> list[Word]:
    """All words, wherever they stand; quoted phrases stay together."""
    return [*map(Word, asked.plain, asked.accented), *_quoted(asked)]


def by_author(asked: Asked) -> set[str]:
    """Somebody's name: every word of it, at least two."""
    is_name = 1 < len(asked.plain) <= LONGEST_NAME and not asked.phrases
    return {f"n:{word}" for word in asked.plain} if is_name else set()


def _quoted(asked: Asked) -> Iterator[Word]:
    for phrase in asked.phrases:
        yield from _neighbours(_syllables(phrase), _accented(phrase))


def _neighbours(bare: Iterable[str], shown: Iterable[str]) -> Iterator[Word]:
    """Neighbouring pairs; a single word by itself."""
    yield from map(Word, _units(bare), _units(shown))


def _units(words: Iterable[str]) -> list[str]:
    found = list(words)
    return [f"{a}_{b}" for a, b in itertools.pairwise(found)] or found
