"""Every morning: plans begin, to-dos come near, units are reminded."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.ledger.acts import System
from thidua.programmes import queries
from thidua.programmes.choices import IN_FORCE
from thidua.programmes.domain import assignments, deliveries, plans

JOB = System("Hệ thống")


@app.periodic(cron="30 23 * * *")  # 06:30 in Viet Nam
@app.task(queueing_lock="programmes.morning", name="programmes.morning")
@installation.standing_clock()
def morning(timestamp: int) -> None:
    plans.start_due(by=JOB)
    for plan in queries.plans().filter(state__in=IN_FORCE):
        deliveries.send(plan, by=JOB)  # units that joined since
        assignments.give(plan, by=JOB)
    assignments.remind(by=JOB)
