"""Words and places as index terms, and what somebody typed as a question to that index. Pure.

Every term begins with what it is: t title, w any text, n author, each without dấu; T and A the same
title and text with dấu, kept only where dấu make a difference; u a unit above it, and so on. Two
neighbouring syllables make a term of their own ("w:cong_doan"): most Vietnamese words are two.

Where the authors keep a part for those who examine it, w and A leave that part out; q and Q hold all
the words once more, e the offices in charge and i the authors. A question to q names one of these.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from thidua.kernel import text

MOST_SYLLABLES = 5000  # of one record; whole reports stay below
MOST_TYPED, LONGEST_NAME = 16, 6
# Records next to each other by number share these, so that the newest can be asked first.
NEAR_BITS, FAR_BITS = 12, 16
# Without dấu, and with.
TITLE, TEXT, KEPT = ("t:", "T:"), ("w:", "A:"), ("q:", "Q:")
MILLIONS = (10, 100, 1000)
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]")
_CODE = re.compile(r"^sk-?[0-9a-z]{2,}$", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """What is searched of a record: title, other texts, names of authors, and terms of its place."""

    title: str
    texts: tuple[str, ...]  # what everybody reads who sees the record
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # what only those read who examine it


def of_content(content: Content) -> set[str]:
    """Every term of a record."""
    found = set(content.places)
    stretches = [(TITLE, [content.title]), (TEXT, _lines(content.title, *content.texts))]
    if any(content.kept):
        stretches.append((KEPT, _lines(content.title, *content.texts, *content.kept)))
    for (mark, marked), lines in stretches:
        left = MOST_SYLLABLES
        for line in lines:
            bare, shown = text.syllables(line)[:left], text.accented_syllables(line)[:left]
            left -= len(bare)
            found.update(f"{mark}{term}" for term in _with_pairs(bare))
            pairs = zip(_with_pairs(bare), _with_pairs(shown), strict=False)
            found.update(f"{marked}{accented}" for plain, accented in pairs if plain != accented)
    for name in content.names:
        found.update(f"n:{word}" for word in text.syllables(name))
    return found


def _lines(*texts: str) -> list[str]:
    return list(itertools.chain(*(t.splitlines() for t in texts)))


def _with_pairs(words: list[str]) -> Iterator[str]:
    yield from words
    yield from (f"{a}_{b}" for a, b in itertools.pairwise(words))


def windows(number: int) -> tuple[str, str]:
    """Which stretch of numbers a record belongs to: a near and a far one."""
    return f"z:{number >> NEAR_BITS}", f"Z:{number >> FAR_BITS}"


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
    plain = text.syllables(rest)[:MOST_TYPED]
    accented = text.accented_syllables(rest)[:MOST_TYPED]
    quoted = any(text.syllables(p) != text.accented_syllables(p) for p in phrases)
    return Asked(tuple(plain), tuple(accented), phrases, has_dau=quoted or plain != accented)


# --- questions: text of the type tsquery ---


@dataclass(frozen=True)
class Question:
    """Asked of the words everybody reads who sees the record; `kept` of all words, where they are not kept from one.

    `author` asks for a name. Each is a scan of its own: an "or" makes common words four times as dear.
    """

    open: str
    kept: str = ""
    author: str = ""

    def within(self, *bounds: str) -> Question:
        return Question(*(joined(one, *bounds) if one else "" for one in (self.open, self.kept, self.author)))


def lexeme(term: str) -> str:
    """One exact term, whatever was typed into it."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def every(terms: Iterable[str]) -> str:
    return " & ".join(dict.fromkeys(lexeme(t) for t in terms))


def joined(*questions: str) -> str:
    return " & ".join(f"({q})" for q in questions if q)


def either(*questions: str) -> str:
    return " | ".join(f"({q})" for q in questions if q)


def _units(words: Iterable[str]) -> list[str]:
    """Neighbouring pairs; a single word by itself."""
    found = list(words)
    return [f"{a}_{b}" for a, b in itertools.pairwise(found)] or found


def in_text(asked: Asked, marks: tuple[str, str] = TEXT) -> str:
    """All words next to each other as typed, and every quoted phrase, without dấu."""
    mark, _marked = marks
    wanted = [f"{mark}{u}" for u in _units(asked.plain)]
    for phrase in asked.phrases:
        wanted += [f"{mark}{u}" for u in _units(text.syllables(phrase))]
    return every(wanted)


def apart(asked: Asked, marks: tuple[str, str] = TEXT) -> str:
    """All words, wherever they stand; quoted phrases stay together."""
    mark, _marked = marks
    wanted = [f"{mark}{word}" for word in asked.plain]
    for phrase in asked.phrases:
        wanted += [f"{mark}{u}" for u in _units(text.syllables(phrase))]
    return every(wanted)


def with_dau(asked: Asked, marks: tuple[str, str] = TEXT) -> str:
    """As typed, dấu and all."""
    mark, marked = marks
    wanted = []
    stretches = [(asked.plain, asked.accented)]
    stretches += [(tuple(text.syllables(p)), tuple(text.accented_syllables(p))) for p in asked.phrases]
    for bare, shown in stretches:
        for plain, accented in zip(_units(bare), _units(shown), strict=False):
            wanted.append(f"{mark}{plain}" if plain == accented else f"{marked}{accented}")
    return every(wanted)


def by_author(asked: Asked) -> str:
    """Somebody's name: every word of it, at least two."""
    is_name = 1 < len(asked.plain) <= LONGEST_NAME and not asked.phrases
    return every(f"n:{word}" for word in asked.plain) if is_name else ""
