"""Vietnamese sentences people wrote: the real plans, the ideas of the demonstration, the guides."""

from __future__ import annotations

import re
from pathlib import Path

from thidua.demo import cores
from thidua.kernel import text

ROOT = Path(__file__).resolve().parents[4]
SHORTEST, LONGEST = 7, 60  # syllables
_END = re.compile(r"\n+|(?<=[.!?;])\s+")


def of_texts(texts: list[str]) -> list[str]:
    """Whole sentences, each once."""
    found = {re.sub(r"[*_`#|>-]+", " ", s).strip(" .;:") for content in texts for s in _END.split(content)}
    marked = {s for s in found if SHORTEST <= len(text.syllables(s)) <= LONGEST and text.fold(s) != s.lower()}
    return without_likes(sorted(marked))


def without_likes(found: list[str]) -> list[str]:
    """Sentences that say what an earlier one says are left out: papers quote one another, and that is no error."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for sentence in found:
        words = text.syllables(sentence)
        threes = set(zip(words, words[1:], words[2:], strict=False))
        if len(threes & seen) < 0.3 * len(threes):
            kept.append(sentence)
            seen |= threes
    return kept


def written_here() -> list[str]:
    """What the repository itself has."""
    files = [*(ROOT / "src/thidua/demo/plans").glob("*.txt"), *(ROOT / "docs/guide").glob("*.md")]
    texts = [f.read_text("utf-8") for f in files]
    texts += [f"{c.title}. {c.problem}. {c.solution}. {c.effect}." for c in all_cores()]
    return of_texts(texts)


def of_folder(folder: Path) -> list[str]:
    """Somebody else's texts: .txt or .md, one or many sentences a line."""
    return of_texts([f.read_text("utf-8") for f in sorted(folder.rglob("*")) if f.suffix in (".txt", ".md")])


def all_cores() -> list[cores.Core]:
    groups = [v for v in vars(cores).values() if isinstance(v, tuple) and v and isinstance(v[0], cores.Core)]
    return [core for group in groups for core in group]
