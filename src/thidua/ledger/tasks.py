"""What readers leave to the worker."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from thidua.kernel import installation
from thidua.ledger import readers


@app.task(name="ledger.read")
@installation.standing_clock()
def read() -> None:
    time.sleep(readers.GATHER_SECONDS)  # whoever asked counts on it: see readers._ask_worker
    if readers.drain_patient():
        readers.ask_for_a_stretch()
