"""What the initiatives say: words follow one another as in sentences people wrote, no two texts alike.

With a jump to any word of the language three times in ten, pairs of syllables are as unevenly common as
in real text while whole sentences repeat as rarely. Terms and sketches are those the application itself
writes. The database multiplies the texts where there are more records than texts: copies have other
units, dates and authors, and their sketches are turned by a mask, which is what as many unrelated texts
would have.
"""

from __future__ import annotations

import random
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from thidua.demo.scale import bulk, sentences
from thidua.demo.scale.bulk import Progress
from thidua.demo.scale.sizes import Size
from thidua.initiatives.choices import Kind
from thidua.search import terms
from thidua.similarity.choices import Place
from thidua.similarity.measures import shingles

JUMP = 0.3
TITLE, BODY, EFFECT = (7, 17), (40, 90), (8, 18)  # syllables
FIELDS = 40
BATCH = 5000
NUANCES = ("Giải pháp", "Cải tiến", "Sáng kiến", "Mô hình", "Áp dụng", "", "", "")
_PUNCTUATION = "“”\"'()[],.;:"


@dataclass(frozen=True)
class Text:
    """One text; `benefit` in đồng a year, None when it cannot be put in money."""

    number: int
    title: str
    kind: str
    field: str
    problem: str
    solution: str
    effect: str
    benefit: int | None


class Language:
    """Which word follows which, and how common each is."""

    def __init__(self, pool: list[str]) -> None:
        self.after: dict[str, list[str]] = {}
        self.words: list[str] = []
        for sentence in pool:
            words = [w.strip(_PUNCTUATION) for w in sentence.lower().split()]
            words = [w for w in words if w and not any(c in w for c in "/\\|_\t")]
            self.words += words
            for a, b in zip(words, words[1:], strict=False):
                self.after.setdefault(a, []).append(b)

    def stretch(self, rng: random.Random, size: int) -> list[str]:
        rnd, words, after = rng.random, self.words, self.after
        word = words[int(rnd() * len(words))]
        found = [word]
        for _n in range(size - 1):
            following = after.get(word)
            if following is None or rnd() < JUMP:
                word = words[int(rnd() * len(words))]
            else:
                word = following[int(rnd() * len(following))]
            found.append(word)
        return found


def written(many: int, seed: int = 7) -> Iterator[Text]:
    """The same texts for the same seed, one after the other."""
    rng, language = random.Random(seed), Language(sentences.written_here())
    fields = [" ".join(language.stretch(rng, 3)).capitalize() for _n in range(FIELDS)]
    kinds = [str(kind.value) for kind in Kind]
    for number in range(many):
        body = language.stretch(rng, rng.randint(*BODY))
        middle = len(body) // 3
        title = f"{rng.choice(NUANCES)} {' '.join(language.stretch(rng, rng.randint(*TITLE)))}".strip()
        yield Text(
            number,
            (title[:1].upper() + title[1:])[:300],
            kinds[int(rng.random() ** 2 * len(kinds))],
            fields[int(rng.random() ** 2 * FIELDS)],
            _sentences(body[:middle], rng),
            _sentences(body[middle:], rng),
            _sentences(language.stretch(rng, rng.randint(*EFFECT)), rng),
            int(10 ** rng.uniform(6.5, 9.3)) if rng.random() < 0.55 else None,
        )


def _sentences(words: list[str], rng: random.Random) -> str:
    parts, at = [], 0
    while at < len(words):
        size = rng.randint(9, 18)
        parts.append(" ".join(words[at : at + size]).capitalize())
        at += size
    return ". ".join(parts) + "."


_TEXT = """
    CREATE TEMP TABLE scale_text (number int PRIMARY KEY, title text, kind text, field text, field_term text,
        problem text, solution text, effect text, benefit bigint)
"""
_COLUMNS = "number, title, kind, field, field_term, problem, solution, effect, benefit"
_WORDS = "CREATE TEMP TABLE scale_words (number int PRIMARY KEY, words bigint)"
_SKETCH = "CREATE TEMP TABLE scale_sketch (number int, place int, keys int[])"


def write(size: Size) -> None:
    """The texts, where the database finds them."""
    bulk.run(_TEXT)
    bulk.copy(
        "scale_text",
        _COLUMNS,
        (
            (t.number, t.title, t.kind, t.field, terms.named(t.field), t.problem, t.solution, t.effect, t.benefit)
            for t in written(size.texts, size.seed)
        ),
    )
    bulk.analyze("scale_text")


def write_terms(size: Size, progress: Progress) -> dict[str, array[int]]:
    """What each of them is found by, written anew from the same lots; gives term → the texts that have it."""
    bulk.run(_WORDS)
    bulk.run(_SKETCH)
    having: dict[str, array[int]] = defaultdict(lambda: array("I"))
    batch: list[Text] = []
    for text in written(size.texts, size.seed):
        batch.append(text)
        if len(batch) == BATCH or text.number == size.texts - 1:
            bulk.copy("scale_words", "number, words", [(t.number, _learn(t, having)) for t in batch])
            bulk.copy("scale_sketch", "number, place, keys", (s for t in batch for s in _sketches(t)))
            batch = []
            if (text.number + 1) % (5 * BATCH) == 0:
                progress(f"terms and sketches of {text.number + 1:,} texts")
    bulk.analyze("scale_words", "scale_sketch")
    return having


def _learn(t: Text, having: dict[str, array[int]]) -> int:
    """Enter the text at each of its terms; gives their fingerprint."""
    found = terms.of_content(terms.Content(t.title, (t.field, t.problem, t.solution, t.effect)))
    for term in found:
        having[term].append(t.number)
    return terms.fingerprint(found)


def _sketches(t: Text) -> Iterator[tuple]:
    yield t.number, int(Place.TITLE), shingles.title_keys(t.title)
    own = f"{t.problem}\n{t.solution}\n{t.effect}"
    for number, words in enumerate(shingles.sections(own)):
        yield t.number, Place.TEXT + number, shingles.section_keys(words)
