"""Sketches: a few numbers per section that two texts with the same passages share.

A shingle is three syllables in a row, without dấu, every number as 0. A section of about a hundred
syllables is represented by its 32 smallest shingle hashes ("bottom-k"), cut to 22 bits: posting
lists stay long enough to compress well, and the overlap count removes the noise. A title is short,
so all of it is kept, also shingles that jump over one syllable.
"""

from __future__ import annotations

import itertools
import re
import zlib

from thidua.kernel import text

NUMBER = "0"  # every number
KEYS = 32
KEY_BITS = 22
SECTION = 110  # syllables; a section ends at the sentence that reaches it
SHORTEST = 12  # a shorter rest joins the section before it
MOST_SECTIONS = 80
ASKED, MOST_ASKED = 64, 220  # keys a question has for each section, and about so many in all
LEAST_ASKED = 16  # of each section of a long report: a short text copied into one shares nine of them
_SENTENCE_END = re.compile(r"(?<=[.!?;:…])\s+|\n+")
_MASK = (1 << KEY_BITS) - 1


def syllables(content: str) -> list[str]:
    """Comparable syllables: names of people change, but so do the figures, and those are all alike."""
    return [NUMBER if word.isdigit() else word for word in text.syllables(content)]


def sections(content: str) -> list[list[str]]:
    """The text in stretches of about `SECTION` syllables, cut between sentences where there are any."""
    found: list[list[str]] = []
    current: list[str] = []
    for sentence in _SENTENCE_END.split(content):
        current += syllables(sentence)
        while len(current) >= 2 * SECTION:  # no full stop for a long way
            found.append(current[:SECTION])
            current = current[SECTION:]
        if len(current) >= SECTION:
            found.append(current)
            current = []
    if found and len(current) < SHORTEST:
        found[-1] += current
    elif current:
        found.append(current)
    return found[:MOST_SECTIONS]


def _hash(words: tuple[str, ...], salt: str) -> int:
    """32 mixed bits; crc alone is linear and would order alike shingles alike."""
    mixed = zlib.crc32(f"{salt}{' '.join(words)}".encode())
    mixed = ((mixed ^ (mixed >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return mixed ^ (mixed >> 16)


def _smallest(hashes: set[int], most: int = KEYS) -> list[int]:
    """Chosen by the high bits, known by the low ones: the choice must not eat up the variety."""
    return sorted({h & _MASK for h in sorted(hashes)[:most]})


def _of_section(words: list[str]) -> set[int]:
    threes = zip(words, words[1:], words[2:], strict=False)
    return {_hash(three, "") for three in threes} or ({_hash(tuple(words), "")} if words else set())


def section_keys(words: list[str]) -> list[int]:
    """The sketch of a section: what is kept."""
    return _smallest(_of_section(words))


def asking_keys(found: list[list[str]]) -> list[int]:
    """What is asked with: twice as many of the smallest as are kept, fewer for each section of a long text.

    What is kept of a text of the same length is among the smallest third, so that with every third word
    replaced still eight to eleven kept keys are met; with a sketch for a question it would be six.
    """
    most = max(LEAST_ASKED, min(ASKED, MOST_ASKED // max(1, len(found))))
    return sorted({key for words in found for key in _smallest(_of_section(words), most)})


def title_keys(title: str) -> list[int]:
    """The sketch of a title: survives every second or third word being another one."""
    words = syllables(title)
    if len(words) < 4:
        return [_hash(tuple(words), "t") & _MASK] if len(words) > 1 else []
    found = set()
    for four in zip(words, words[1:], words[2:], words[3:], strict=False):
        found |= {_hash((four[0], b, c), "t") for b, c in itertools.combinations(four[1:], 2)}
    found.add(_hash(tuple(words[-3:]), "t"))
    return _smallest(found)


def phrase_keys(words: list[str]) -> list[int]:
    """Every four syllables in a row, as 32-bit numbers: for knowing the phrases everybody writes."""
    return [_hash(four, "p") for four in zip(words, words[1:], words[2:], words[3:], strict=False)]
