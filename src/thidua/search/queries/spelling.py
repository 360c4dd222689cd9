"""How titles of the library go on from what is typed, and what was perhaps meant."""

from __future__ import annotations

from collections import Counter

from django.core.cache import cache
from django.db.models import Q

from thidua.kernel import text
from thidua.search import terms
from thidua.search.models import Phrase

SUGGESTED = 8
WORDS_FOR = 600


def suggestions(typed: str) -> list[str]:
    """How titles of the library go on from what is typed, with their dấu."""
    plain = " ".join(text.syllables(typed))
    if len(plain) < 2:
        return []
    begins = Phrase.objects.filter(plain__gte=plain, plain__lt=plain + "\uffff", size__gt=1)
    shown = text.accented(typed)
    rows = list(begins.order_by("-titles", "plain").values_list("shown", "titles")[:60])
    rows.sort(key=lambda row: (not row[0].startswith(shown), -row[1]))
    return list(dict.fromkeys(shown for shown, _titles in rows))[:SUGGESTED]


def known_words() -> dict[str, int]:
    """Plain syllables of public titles with how many titles have them."""
    found = cache.get("search.words")
    if found is None:
        counted: Counter[str] = Counter()
        for plain, titles in Phrase.objects.filter(size=1).values_list("plain", "titles"):
            counted[plain] += titles
        found = dict(counted)
        cache.set("search.words", found, WORDS_FOR)
    return found


def forget_words() -> None:
    cache.delete_many(["search.words", "search.years", "search.fields"])


def did_you_mean(typed: str) -> str:
    """The same words with those nobody uses replaced by near ones; '' when nothing better is known."""
    words, known = text.syllables(typed), known_words()
    if not words or not known or len(words) > terms.MOST_TYPED:
        return ""
    better = [word if word in known or word.isdigit() else _nearest(word, known) for word in words]
    if better == words or not all(better):
        return ""
    plain = " ".join(better)
    begins = Phrase.objects.filter(Q(plain=plain) | Q(plain__gt=plain + " ", plain__lt=plain + "!"))
    row = begins.order_by("-titles", "plain").values_list("shown", flat=True).first()
    return " ".join(row.split(" ")[: len(better)]) if row else plain


def _nearest(word: str, known: dict[str, int]) -> str:
    """One letter added, left out, changed or swapped; '' when that meets nothing."""
    letters = "abcdeghiklmnopqrstuvxy"
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    near = {a + b[1:] for a, b in splits if b}
    near |= {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    near |= {a + c + b[1:] for a, b in splits if b for c in letters}
    near |= {a + c + b for a, b in splits for c in letters}
    return max((w for w in near if w in known), key=lambda w: known[w], default="")
