"""Failed attempts slow the next ones down. Kept in PostgreSQL: every process sees the same.

An attempt is counted before it is judged, under a row lock, so a hundred at once cannot slip
through one gap; a right password takes it back. Nobody is locked out: waits end by themselves,
and a device that was in before, a passkey or a one-time code do not stand in this queue.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from thidua.accounts.models import Delay
from thidua.accounts.rules import Limit
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused

_KEPT = timedelta(days=1)
_SKEW = timedelta(minutes=1)  # two servers' clocks may differ a little


class TooSoon(Refused):
    """Asked again before the wait was over; `seconds` are left."""

    def __init__(self, seconds: int) -> None:
        super().__init__(_("Sai nhiều lần liền: hãy đợi %(seconds)s giây rồi thử lại.") % {"seconds": seconds})
        self.seconds = seconds


@dataclass(frozen=True)
class Gate:
    """What is limited, and how."""

    limit: Limit
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        """A keyed digest: the table tells nobody which names or addresses were tried."""
        packed = "\x1f".join(self.parts).encode()
        return hmac.new(settings.SECRET_KEY.encode(), packed, hashlib.sha256).hexdigest()


def network_of(address: str) -> str:
    """An IPv6 customer has a whole /64, and would else have as many tries as addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address


def enter(gates: Sequence[Gate]) -> list[Delay]:
    """Count an attempt at every gate, or raise TooSoon without counting it.

    Gives the rows at which this attempt was beyond what is free.
    """
    now = clock.running()
    by_key = {gate.key: gate for gate in gates}
    with transaction.atomic():
        Delay.objects.bulk_create(
            [Delay(key=key, failures=0, last_at=now, free_at=now) for key in sorted(by_key)], ignore_conflicts=True
        )
        rows = list(Delay.objects.select_for_update().filter(key__in=by_key).order_by("key"))
        waits = [row.free_at - now for row in rows if row.free_at > now]
        if waits:
            raise TooSoon(max(1, -(-max(waits) // timedelta(seconds=1))))
        return [row for row in rows if _count(row, by_key[row.key].limit, now)]


def _count(row: Delay, limit: Limit, now: datetime) -> bool:
    if now - row.last_at > limit.forgotten_after:
        row.failures = 0
    row.failures += 1
    wait = limit.wait(row.failures)
    row.last_at, row.free_at = now, now + (wait or -_SKEW)
    row.save(update_fields=["failures", "last_at", "free_at"])
    return bool(wait)


def leave(gates: Iterable[Gate], *, forgive: Iterable[Gate] = ()) -> None:
    """The attempt was right: it does not count, and where it proves who it was all is forgiven."""
    now = clock.running()
    forgiven = [gate.key for gate in forgive]
    Delay.objects.filter(key__in=forgiven).delete()
    with transaction.atomic():
        kept = [gate.key for gate in gates if gate.key not in forgiven]
        for row in Delay.objects.select_for_update().filter(key__in=kept, failures__gt=0).order_by("key"):
            row.failures, row.free_at = row.failures - 1, now - _SKEW
            row.save(update_fields=["failures", "free_at"])


def sweep() -> int:
    """Forget what no limit looks back to."""
    return Delay.objects.filter(last_at__lt=clock.running() - _KEPT).delete()[0]
