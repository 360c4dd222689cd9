"""Orders take effect by themselves on their day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.reorganisations.domain import orders


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="reorganisations.due", name="reorganisations.due")
@installation.standing_clock()
def carry_out_due(timestamp: int) -> None:
    orders.carry_out_due()
