"""Background work of uploads and big exports."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now
from procrastinate.contrib.django import app

from thidua.exchange.choices import BUSY, FileState
from thidua.exchange.domain import exports, keeping, uploads
from thidua.exchange.domain import work as worker
from thidua.exchange.models import OutgoingFile, Upload
from thidua.kernel import installation

# A batch takes seconds; a worker silent for this long is dead.
SILENCE = timedelta(minutes=2)


@app.task(name="exchange.work")
@installation.standing_clock()
def work(pk: int) -> None:
    worker.run(pk)


@app.task(name="exchange.make")
@installation.standing_clock()
def make(pk: int) -> None:
    exports.make(pk)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="exchange.sweep", name="exchange.sweep")
def sweep(timestamp: int) -> None:
    """Take up what a dead worker left lying."""
    for pk in Upload.objects.filter(state__in=BUSY, beat_at__lt=Now() - SILENCE).values_list("pk", flat=True):
        uploads.send_to_worker(pk)
    waiting = OutgoingFile.objects.filter(state=FileState.MAKING, beat_at__lt=Now() - SILENCE * 5)
    for pk in waiting.values_list("pk", flat=True):
        exports.send_to_worker(pk)


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="exchange.forget", name="exchange.forget")
def forget(timestamp: int) -> None:
    """Delete what has been kept long enough."""
    keeping.forget_old()
