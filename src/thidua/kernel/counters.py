"""Counting what may be done only so often, in the database: the same count in every process and machine."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import connection

from thidua.kernel import clock
from thidua.kernel.models import Counter


def count(name: str, within: timedelta) -> int:
    """Count once more and say how often it was since the first time `within` so long."""
    now = clock.running()
    # A keyed digest: the table tells nobody which networks or devices were here.
    key = hmac.new(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_counter AS c (key, times, ends_at) VALUES (%(key)s, 1, %(ends)s)
            ON CONFLICT (key) DO UPDATE SET
                times = CASE WHEN c.ends_at <= %(now)s THEN 1 ELSE c.times + 1 END,
                ends_at = CASE WHEN c.ends_at <= %(now)s THEN excluded.ends_at ELSE c.ends_at END
            RETURNING times
            """,
            {"key": key, "now": now, "ends": now + within},
        )
        return int(cursor.fetchone()[0])


def sweep() -> int:
    """Forget what has ended."""
    return Counter.objects.filter(ends_at__lt=clock.running()).delete()[0]
