"""The published protocol: recall for every change, precision over changed and unrelated texts.

The library is as large as the given texts allow; the same sketches, the same choice of candidates and the
same alignment as in the application, in memory. `likeness` does the same among millions of rows.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches import framework, protocol, sentences
from benches.protocol import Text
from thidua.similarity import queries, rules
from thidua.similarity.measures import passages, shingles


class Library:
    """Sketches and words of texts, asked the way the database is."""

    def __init__(self, texts: list[Text]) -> None:
        self.words = [shingles.syllables(t.body) for t in texts]
        self.holders: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
        for number, given in enumerate(texts):
            for place, words in enumerate(shingles.sections(given.body)):
                for key in shingles.section_keys(words):
                    self.holders[key].add((number, place))

    def alike(self, given: Text) -> list[int]:
        """Which texts an officer would be shown."""
        met = Counter(
            at for key in shingles.asking_keys(shingles.sections(given.body)) for at in self.holders.get(key, ())
        )
        numbers = {number for (number, _place), n in met.most_common(queries.CANDIDATES) if n >= queries.ENOUGH_KEYS}
        here = shingles.syllables(given.body)
        return [n for n in numbers if rules.is_alike(passages.compare(here, self.words[n]), rules.Nearness())]


@dataclass
class Score:
    """How one change fared."""

    asked: int = 0
    met: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.met / self.asked if self.asked else 0.0


def scores(pool: list[str], seed: int, rounds: int = 1) -> tuple[dict[str, Score], int, int]:
    """(change → score, unrelated texts asked with, wrong hits for these)."""
    found: dict[str, Score] = {name: Score() for name in protocol.CHANGES}
    asked = wrong = 0
    for turn in range(rounds):
        texts, unrelated, stock = protocol.split(pool, seed + turn)
        library, rng = Library(texts), random.Random(seed + turn)
        for name, change in protocol.CHANGES.items():
            for number, given in enumerate(texts):
                hits = library.alike(change(given, rng, stock))
                found[name].asked += 1
                found[name].met += number in hits
                found[name].wrong += len(set(hits) - {number})
        for given in unrelated:
            asked += 1
            wrong += len(library.alike(given))
    return found, asked, wrong


def precision(found: dict[str, Score], wrong: int) -> float:
    """Right hits among all hits, those of unrelated texts included."""
    met = sum(s.met for s in found.values())
    return met / ((met + wrong + sum(s.wrong for s in found.values())) or 1)


def run(folder: Path | None, seed: int, out: Path | None, rounds: int = 5) -> None:
    pool = sentences.of_folder(folder) if folder else sentences.written_here()
    found, asked, wrong = scores(pool, seed, rounds)
    print(f"{len(pool)} sentences, {rounds} draws")
    for name, score in found.items():
        print(f"{name:42} recall {score.recall:6.3f}  of {score.asked:5}  wrong hits {score.wrong}")
    extra: dict[str, Any] = {
        "precision": round(precision(found, wrong), 4),
        "unrelated texts": asked,
        "wrong hits for unrelated texts": wrong,
        "recall": {name: round(score.recall, 4) for name, score in found.items()},
    }
    framework.report("quality", [], extra, out)
