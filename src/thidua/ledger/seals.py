"""The hash chain: seal what is new, verify what was sealed."""

from __future__ import annotations

import hashlib

from django.db import connection, transaction

from thidua.kernel import clock
from thidua.ledger.acts import digest_of
from thidua.ledger.models import Act, Seal, Unsealed

_LOCK = 0x7D5EA1


def chain(previous: str, digests: list[str]) -> str:
    return hashlib.sha256("\n".join([previous, *digests]).encode()).hexdigest()


@transaction.atomic
def seal(batch: int = 5000) -> Seal | None:
    """Add one link over the unsealed acts; None when there are none. One sealer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    ids = list(Unsealed.objects.order_by("act_id").values_list("act_id", flat=True)[:batch])
    if not ids:
        return None
    digests = list(Act.objects.filter(pk__in=ids).order_by("pk").values_list("digest", flat=True))
    last = Seal.objects.order_by("-pk").first()
    previous = last.digest if last else ""
    link = Seal.objects.create(previous=previous, digest=chain(previous, digests), act_ids=ids, sealed_at=clock.now())
    Unsealed.objects.filter(pk__in=ids).delete()
    return link


def verify() -> list[str]:
    """Faults of the chain in plain words; empty when every sealed line is as it was written."""
    faults: list[str] = []
    previous = ""
    for link in Seal.objects.order_by("pk").iterator():
        acts = list(Act.objects.filter(pk__in=link.act_ids).order_by("pk"))
        if len(acts) != len(link.act_ids):
            faults.append(f"seal {link.pk}: {len(link.act_ids) - len(acts)} line(s) are missing")
        faults += [f"line {a.pk}: content was changed" for a in acts if digest_of(a) != a.digest]
        if link.previous != previous or link.digest != chain(previous, [a.digest for a in acts]):
            faults.append(f"seal {link.pk}: the chain is broken")
        previous = link.digest
    return faults
