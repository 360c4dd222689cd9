"""Passages two texts have in common, though words were replaced, left out, or sentences re-ordered.

Runs of equal syllables are chained while the gaps between them stay small; a chain that gathers
enough is a passage. Phrases that many texts contain weigh little.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from thidua.similarity.measures import shingles

SEED = 2  # a run begins with so many equal syllables
MOST_PLACES = 24  # a pair of syllables that is everywhere begins no run
GAP = 8  # a passage goes on over at most so many other syllables
GAP_COST = 0.4
PASSAGE = 5.0  # what a chain must gather to be a passage
FAMILIAR = 0.15  # weight of a syllable in a phrase everybody writes
MOST_RUNS = 6000
FEWEST_SEEDS = 3  # different pairs of syllables in common, below which no passage is worth showing
REACH = 60  # how far back a run is looked for that a chain could go on from
SPREAD = 1.5  # a copy is spread over at most so many times its own length


@dataclass(frozen=True)
class Run:
    """`size` equal syllables at `here` in one text and `there` in the other."""

    here: int
    there: int
    size: int


@dataclass(frozen=True)
class Passage:
    """Half-open stretches of both texts and the positions of the equal syllables in each."""

    here: tuple[int, int]
    there: tuple[int, int]
    pairs: tuple[tuple[int, int], ...]
    weight: float


@dataclass(frozen=True)
class Alikeness:
    """How much of each text the passages cover, by weight, and the passages, the largest first."""

    of_here: float
    of_there: float
    weight: float
    passages: tuple[Passage, ...]
    times_longer: float = 1.0  # the longer text, in lengths of the shorter one

    @property
    def share(self) -> float:
        """Of the text that is more covered: a short text copied into a long one counts in full."""
        return max(self.of_here, self.of_there)


class Question:
    """One text that is aligned with many others: what is known of it is worked out once."""

    def __init__(self, words: list[str], familiar: Collection[int] = ()) -> None:
        self.words, self.familiar = words, familiar
        self.seeds = _seeds(words)

    @cached_property
    def weights(self) -> list[float]:
        return _weights(self.words, self.familiar)

    @cached_property
    def gathered(self) -> list[float]:
        """The weight of the first n syllables, for every n."""
        return list(itertools.accumulate(self.weights, initial=0.0))

    def against(self, there: list[str]) -> Alikeness:
        """Align with another text. What has hardly a pair of syllables in common costs next to nothing."""
        here = self.words
        times_longer = max(len(here), len(there)) / max(1, min(len(here), len(there)))
        runs = _runs(self, there)
        found = sorted(_passages(self, there, runs), key=lambda p: -p.weight) if runs else []
        if not found:
            return Alikeness(0.0, 0.0, 0.0, (), times_longer)
        weights, other = self.weights, _weights(there, self.familiar)
        in_there = _closest(found, lambda p: p.there, SPREAD * len(here))
        in_here = _closest(found, lambda p: p.here, SPREAD * len(there))
        return Alikeness(
            of_here=sum(weights[i] for p in in_there for i, _j in p.pairs) / (self.gathered[-1] or 1.0),
            of_there=sum(other[j] for p in in_here for _i, j in p.pairs) / (sum(other) or 1.0),
            weight=max(sum(p.weight for p in in_there), sum(p.weight for p in in_here)),
            passages=tuple(found),
            times_longer=times_longer,
        )


def compare(here: list[str], there: list[str], familiar: Collection[int] = ()) -> Alikeness:
    """Align two texts given as syllables; `familiar` are the phrase keys everybody writes."""
    return Question(here, familiar).against(there)


def _closest(found: list[Passage], place: Callable[[Passage], tuple[int, int]], most: float) -> list[Passage]:
    """The passages of the stretch that holds the most of them: phrases met here and there in a long report
    do not add up to a copy of a short text."""
    ordered = sorted(found, key=place)
    best: list[Passage] = []
    held, first, most_held = 0.0, 0, 0.0
    for last, passage in enumerate(ordered):
        held += passage.weight
        while place(passage)[1] - place(ordered[first])[0] > most and first < last:
            held -= ordered[first].weight
            first += 1
        if held > most_held:
            most_held, best = held, ordered[first : last + 1]
    return best


def _weights(words: list[str], familiar: Collection[int]) -> list[float]:
    weights = [FAMILIAR if word == shingles.NUMBER else 1.0 for word in words]
    if familiar:
        for position, key in enumerate(shingles.phrase_keys(words)):
            if key in familiar:
                weights[position : position + 4] = [FAMILIAR] * 4
    return weights


def _seeds(words: list[str]) -> dict[tuple[str, ...], list[int]]:
    """Where every pair of neighbouring syllables stands."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, pair in enumerate(itertools.pairwise(words)):
        places[pair].append(at)
    return dict(places)


def _runs(question: Question, there: list[str]) -> list[Run]:
    """Maximal runs of at least `SEED` equal syllables, in the order of the first text."""
    here, starts = question.words, question.seeds
    met = [(pair, places) for pair, places in _seeds(there).items() if pair in starts and len(places) <= MOST_PLACES]
    if len(met) < FEWEST_SEEDS:
        return []
    meetings = sorted((i, j) for pair, places in met for i in starts[pair] for j in places)
    found: list[Run] = []
    covered: dict[int, int] = {}  # diagonal → where its last run ends
    for i, j in meetings:
        if covered.get(j - i, -1) >= i:
            continue  # inside a run of this diagonal
        size = SEED
        while i + size < len(here) and j + size < len(there) and here[i + size] == there[j + size]:
            size += 1
        covered[j - i] = i + size - 1
        found.append(Run(i, j, size))
    return found if len(found) <= MOST_RUNS else sorted(sorted(found, key=lambda r: -r.size)[:MOST_RUNS], key=_start)


def _start(run: Run) -> tuple[int, int]:
    return run.here, run.there


def _passages(question: Question, there: list[str], runs: list[Run]) -> Iterator[Passage]:
    here, weights = question.words, question.weights
    best, before = _chained(runs, question.gathered)
    used: set[int] = set()
    taken_here: set[int] = set()
    taken_there: set[int] = set()
    for last in sorted(range(len(runs)), key=lambda k: -best[k]):
        if best[last] < PASSAGE:
            return
        chain, at = [], last
        while at >= 0 and at not in used:
            chain.append(at)
            at = before[at]
        used.update(chain)
        pairs = [
            (i, j)
            for i, j in _pairs([runs[k] for k in reversed(chain)], here, there)
            if i not in taken_here and j not in taken_there
        ]
        passage = _passage(pairs, weights)
        if passage:
            taken_here |= {i for i, _j in pairs}
            taken_there |= {j for _i, j in pairs}
            yield passage


def _passage(pairs: list[tuple[int, int]], weights: list[float]) -> Passage | None:
    """None when what is left of a chain is too little."""
    if not pairs:
        return None
    weight = sum(weights[i] for i, _j in pairs)
    span = pairs[-1][0] - pairs[0][0] + 1
    if weight - GAP_COST * (span - len(pairs)) < PASSAGE:
        return None
    return Passage((pairs[0][0], pairs[-1][0] + 1), (pairs[0][1], pairs[-1][1] + 1), tuple(pairs), weight)


def _chained(runs: list[Run], gathered: list[float]) -> tuple[list[float], list[int]]:
    """For every run the best chain that ends with it, and the run before it (-1: none)."""
    best: list[float] = []
    before: list[int] = []
    window = 0  # runs that ended too long ago can never be reached again
    for k, run in enumerate(runs):
        own = gathered[run.here + run.size] - gathered[run.here]
        top, link = own, -1
        while window < k and runs[window].here < run.here - REACH:
            window += 1
        for earlier in range(window, k):
            other = runs[earlier]
            skipped_there = run.there - other.there - other.size
            if not 0 <= skipped_there <= GAP:
                continue
            skipped_here = run.here - other.here - other.size
            if 0 <= skipped_here <= GAP:
                reached = best[earlier] + own - GAP_COST * max(skipped_here, skipped_there)
                if reached > top:
                    top, link = reached, earlier
        best.append(top)
        before.append(link)
    return best, before


def _pairs(chain: list[Run], here: list[str], there: list[str]) -> Iterator[tuple[int, int]]:
    """Equal positions along a chain; single equal syllables inside a gap of one length count too."""
    previous: Run | None = None
    for run in chain:
        if previous is not None:
            i, j = previous.here + previous.size, previous.there + previous.size
            if run.here - i == run.there - j:
                yield from ((i + n, j + n) for n in range(run.here - i) if here[i + n] == there[j + n])
        yield from ((run.here + n, run.there + n) for n in range(run.size))
        previous = run
