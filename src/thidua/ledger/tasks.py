"""What readers leave to the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.ledger import readers


@app.task(name="ledger.read")
def read() -> None:
    readers.drain_patient()
