"""What becomes true by itself when its day comes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.orgs.domain import strengths


@app.periodic(cron="2 * * * *")  # two minutes past midnight too, wherever that is
@app.task(queueing_lock="orgs.strengths", name="orgs.strengths")
@installation.standing_clock()
def count_members(timestamp: int) -> None:
    """Declarations, foundings and endings dated today."""
    strengths.recount_all()
