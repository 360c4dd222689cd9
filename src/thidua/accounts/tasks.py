"""What signing in leaves behind is swept at night."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app

from thidua.accounts.domain import delays, sign_ins
from thidua.kernel import counters


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="accounts.sweep", name="accounts.sweep")
def sweep(timestamp: int) -> None:
    """Old failures, sessions that ran out, and their lines in people's lists."""
    delays.sweep()
    counters.sweep()
    call_command("clearsessions")
    sign_ins.sweep()
