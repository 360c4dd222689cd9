"""What becomes true by itself when its day comes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.people.domain import moves


@app.periodic(cron="7 0 * * *")
@app.task(queueing_lock="people.homes", name="people.homes")
@installation.standing_clock()
def homes(timestamp: int) -> None:
    """Transfers dated today."""
    moves.settle_due()
