"""Background work of the office: deadlines told and co-authors asked again, morning and afternoon; packages of attachments unpacked."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.initiatives.domain import deadlines, packages, shares
from thidua.kernel import installation


@app.periodic(cron="7 1,7 * * *")
@app.task(queueing_lock="initiatives.deadlines", name="initiatives.deadlines")
@installation.standing_clock()
def remind(timestamp: int) -> None:
    deadlines.remind_all()
    shares.remind_all()


@app.task(name=packages.TASK)
@installation.standing_clock()
def unpack(pk: int) -> None:
    packages.unpack(pk)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="initiatives.packages", name="initiatives.packages")
def sweep(timestamp: int) -> None:
    """Take up what a dead worker left lying."""
    packages.take_up_left()
