"""Learn from a sample which words so many texts contain that they tell nothing."""

from __future__ import annotations

from collections import Counter

from django.db import connection, transaction

from thidua.initiatives.models import Initiative
from thidua.similarity import queries
from thidua.similarity.choices import KeyKind
from thidua.similarity.measures import shingles
from thidua.similarity.models import CommonKey

SAMPLED_SKETCHES = 400_000
SAMPLED_TEXTS = 20_000
TOO_COMMON = 120  # from so many sketches on, what a key costs is known and weighed
PHRASE_SHARE = 0.01  # a phrase in one text of a hundred is a manner of speaking…
PHRASE_LEAST = 25  # …when so many of the sample have it


def refresh() -> tuple[int, int]:
    """Replace the common keys and the familiar phrases; gives how many of each."""
    keys, phrases = _common_keys(), _familiar_phrases()
    with transaction.atomic():
        CommonKey.objects.all().delete()
        rows = [(KeyKind.SHINGLE, keys), (KeyKind.PHRASE, phrases)]
        CommonKey.objects.bulk_create(
            (CommonKey(kind=kind, key=key, documents=n) for kind, found in rows for key, n in found.items()),
            batch_size=5000,
        )
    queries.forget_familiar()
    return len(keys), len(phrases)


def _share(table: str, wanted: int) -> float:
    """Which per cent of a table a sample of about `wanted` rows is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = %s::regclass", [table])
        (rows,) = cursor.fetchone()
    return min(100.0, 100.0 * wanted / rows)


def _common_keys() -> dict[int, int]:
    share = _share("similarity_sketch", SAMPLED_SKETCHES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k, count(*) FROM similarity_sketch TABLESAMPLE SYSTEM (%s), unnest(keys) AS k "
            "GROUP BY k HAVING count(*) > %s",
            [share, TOO_COMMON * share / 100],
        )
        return {key: round(n * 100 / share) for key, n in cursor.fetchall()}


def _familiar_phrases() -> dict[int, int]:
    newest = Initiative.objects.filter(filed_on__isnull=False).order_by("-pk")[:SAMPLED_TEXTS]
    counted: Counter[int] = Counter()
    texts = 0
    for row in newest.values_list(*queries.FIELDS).iterator(chunk_size=1000):
        texts += 1
        counted.update(set(shingles.phrase_keys(shingles.syllables("\n".join(v for v in row if v)))))
    least = max(PHRASE_LEAST, PHRASE_SHARE * texts)
    return {key: n for key, n in counted.items() if n >= least}
