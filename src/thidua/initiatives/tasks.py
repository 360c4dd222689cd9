"""Background work of the office: deadlines told morning and afternoon."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.initiatives.domain import deadlines


@app.periodic(cron="7 1,7 * * *")
@app.task(queueing_lock="initiatives.deadlines", name="initiatives.deadlines")
def remind(timestamp: int) -> None:
    deadlines.remind_all()
