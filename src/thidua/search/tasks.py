"""Background work: a moved unit's records, what was left behind, the words of titles."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.search.domain import postings, reading, rebuilding, saved, vocabulary

CATCHING_UP = 240  # seconds; the next run takes up the rest


@app.task(name="search.reindex_below", retry=2)
def reindex_below(unit_id: int) -> None:
    reading.reindex_below(unit_id)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="search.catch_up", name="search.catch_up")
def catch_up(timestamp: int) -> None:
    rebuilding.catch_up(CATCHING_UP)


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="search.vocabulary", name="search.vocabulary")
def refresh_vocabulary(timestamp: int) -> None:
    vocabulary.refresh()


@app.periodic(cron="20 6 * * *")
@app.task(queueing_lock="search.tell_new", name="search.tell_new")
@installation.standing_clock()
def tell_new(timestamp: int) -> None:
    saved.tell_new()


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="search.join", name="search.join")
def join_postings(timestamp: int) -> None:
    postings.join()
