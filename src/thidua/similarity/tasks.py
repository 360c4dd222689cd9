"""Background work: the words of documents, what was left behind, the nightly look at what is common."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.similarity.domain import familiar, reading


@app.task(name="similarity.read_files", retry=2)
def read_files(initiative_id: int) -> None:
    reading.with_files(initiative_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="similarity.catch_up", name="similarity.catch_up")
def catch_up(timestamp: int) -> None:
    reading.catch_up()


@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="similarity.sketch_behind", name="similarity.sketch_behind_nightly")
def sketch_behind_nightly(timestamp: int) -> None:
    sketch_behind.defer(below=None)


@app.task(name="similarity.sketch_behind", retry=2)
def sketch_behind(below: int | None) -> None:
    """One stretch; the next is a job of its own, so that a restart goes on where it stopped."""
    following = reading.sketch_behind(below)
    if following is not None:
        sketch_behind.defer(below=following)


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="similarity.familiar", name="similarity.familiar")
def refresh_familiar(timestamp: int) -> None:
    familiar.refresh()
