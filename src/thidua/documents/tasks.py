"""Background work on files: previews, and clearing away what forms left behind."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.documents.domain import cleaning, previews


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="documents.previews", name="documents.previews")
def make_previews(timestamp: int) -> None:
    previews.make_some()


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="documents.clean", name="documents.clean")
def clean(timestamp: int) -> None:
    """Every hour the rows, and one of the 256 folders: all of them in eleven days."""
    cleaning.sweep()
    cleaning.sweep_storage(f"{timestamp // 3600 % 256:02x}")
