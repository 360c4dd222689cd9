"""Background work: sweep what a crash left unread, fold, seal."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.ledger import readers, seals
from thidua.tallies.domain import reading, sums


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tallies.sweep", name="tallies.sweep")
@installation.standing_clock()
def sweep(timestamp: int) -> None:
    readers.sweep()
    sums.fold()
    seals.seal()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tallies.go_on", name="tallies.go_on")
@installation.standing_clock()
def go_on(timestamp: int) -> None:
    """What a changed rule or plan touches by the thousand, a stretch at a time."""
    while reading.go_on():
        sums.fold()
