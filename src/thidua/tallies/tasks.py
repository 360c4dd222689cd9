"""Background work: sweep what a crash left unread, fold, seal."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.ledger import readers, seals
from thidua.tallies.domain import sums


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tallies.sweep", name="tallies.sweep")
def sweep(timestamp: int) -> None:
    readers.drain_all()
    sums.fold()
    seals.seal()
