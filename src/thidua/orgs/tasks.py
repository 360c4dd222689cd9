"""What becomes true by itself when its day comes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.orgs.domain import nodesums, strengths


@app.periodic(cron="2 * * * *")  # two minutes past midnight too, wherever that is
@app.task(queueing_lock="orgs.strengths", name="orgs.strengths")
@installation.standing_clock()
def count_members(timestamp: int) -> None:
    """Declarations, foundings and endings dated today."""
    strengths.recount_all()
    nodesums.correct("kind")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="orgs.fold", name="orgs.fold")
@installation.standing_clock()
def fold(timestamp: int) -> None:
    """What was done, pledged, given since the last minute, into the sums of all units above."""
    nodesums.fold()
