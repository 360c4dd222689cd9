"""Likeness among millions of rows: real sentences are put into the library, changed, and asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from benches import framework, protocol, sentences
from benches.framework import Case
from benches.protocol import Text
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.similarity.domain import comparisons, familiar, sketches

CODE = "SK-bench"  # no real code has small letters


def run(checks: int, folder: Path | None, out: Path | None) -> None:
    pool = sentences.of_folder(folder) if folder else sentences.written_here()
    texts, unrelated, stock = protocol.split(pool, seed=3)
    texts, unrelated = texts[:checks], unrelated[:checks]
    Initiative.objects.filter(code__startswith=CODE).delete()  # of a run that was stopped
    keys, phrases = familiar.refresh()
    planted = _plant(texts)
    try:
        cases, scores, wrong = _cases(texts, planted, stock), {}, 0
        for case in framework.measure(cases, rounds=1):
            met, asked = scores.get(case.group, (0, 0))
            scores[case.group] = (met + case.found % 2, asked + 1)
            wrong += case.found // 2
        met_all = sum(met for met, _asked in scores.values())
        strangers = sum(len(comparisons.resembling(t.title, t.body)) for t in unrelated)
    finally:
        Initiative.objects.filter(code__startswith=CODE).delete()
    extra = {
        "rows": _estimate("initiatives_initiative"),
        "sketches": _estimate("similarity_sketch"),
        "index MB": {name: _megabytes(name) for name in ("similarity_title_keys", "similarity_text_keys")},
        "common keys": keys,
        "familiar phrases": phrases,
        "recall": {name: f"{met / asked:.3f} of {asked}" for name, (met, asked) in scores.items()},
        "precision": round(met_all / ((met_all + wrong + strangers) or 1), 4),
        "unrelated texts": len(unrelated),
        "wrong hits": wrong,
        "wrong hits for unrelated texts": strangers,
    }
    framework.report("likeness", framework.summed(cases), extra, out)


def _plant(texts: list[Text]) -> list[int]:
    """Put the texts into the library as the application would."""
    top = Initiative.objects.order_by("-pk").first()
    made = []
    for number, given in enumerate(texts):
        row = Initiative.objects.get(pk=top.pk)
        row.pk, row.code, row._state.adding = None, f"{CODE}{number:04d}", True
        row.pk = top.pk + 1 + number
        row.title, row.problem_before, row.solution = given.title[:300], "", given.body
        row.filed_on = clock.today()
        row.save(force_insert=True)
        sketches.renew(row)
        made.append(row.pk)
    return made


def _cases(texts: list[Text], planted: list[int], stock: protocol.Stock) -> list[Case]:
    """Each gives 1 when the source is met, and 2 more for every other hit."""
    rng, found = random.Random(5), []
    for name, change in protocol.CHANGES.items():
        for given, pk in zip(texts, planted, strict=True):
            found.append(Case(name, given.title, _check(change(given, rng, stock), pk)))
    return found


def _check(given: Text, pk: int) -> Callable[[], int]:
    def check() -> int:
        hits = {a.initiative_id for a in comparisons.resembling(given.title, given.body)}
        return int(pk in hits) + 2 * len(hits - {pk})

    return check


def _estimate(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone()[0]


def _megabytes(relation: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s::regclass) / 1048576", [relation])
        return cursor.fetchone()[0]
