"""Learn which words the titles of the public library use."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db import transaction

from thidua.initiatives import queries as initiative_queries
from thidua.kernel import text
from thidua.search.models import Phrase
from thidua.search.queries import spelling

SAMPLE = 100_000  # newest titles
LONGEST = 4
MOST = 120_000
FROM_MANY = 2000  # with so many titles a phrase must occur twice


def refresh() -> int:
    """Replace the phrases by those of the newest public titles; gives how many there are."""
    counted: Counter[str] = Counter()
    titles = 0
    newest = initiative_queries.public().order_by("-filed_on", "-pk").values_list("title", flat=True)[:SAMPLE]
    for title in newest.iterator(chunk_size=2000):
        titles += 1
        words = text.accented_syllables(title)
        counted.update({" ".join(words[i : i + n]) for n in range(1, LONGEST + 1) for i in range(len(words) - n + 1)})
    least = 2 if titles >= FROM_MANY else 1
    kept = [(shown, n) for shown, n in counted.most_common(MOST) if n >= least and len(shown) <= 120]
    with transaction.atomic():
        Phrase.objects.all().delete()
        Phrase.objects.bulk_create(
            (
                Phrase(plain=" ".join(text.syllables(shown)), shown=shown, size=shown.count(" ") + 1, titles=n)
                for shown, n in _telling(kept)
            ),
            batch_size=5000,
        )
    spelling.forget_words()
    return Phrase.objects.count()


def _telling(kept: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Without phrases that only ever occur inside one longer phrase; single syllables stay for spelling."""
    inside: defaultdict[str, int] = defaultdict(int)
    for shown, n in kept:
        words = shown.split(" ")
        for part in (" ".join(words[1:]), " ".join(words[:-1])):
            inside[part] = max(inside[part], n)
    return [(shown, n) for shown, n in kept if " " not in shown or inside[shown] < n]
