"""What readers leave to the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.ledger import readers


@app.task(name="ledger.read")
@installation.standing_clock()
def read() -> None:
    readers.drain_patient()
