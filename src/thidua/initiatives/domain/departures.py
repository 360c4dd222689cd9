"""A co-author takes the own name back; the dossier stays the others'."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from thidua.initiatives import messages, rules
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers, versions
from thidua.initiatives.models import Authorship, Initiative
from thidua.kernel import clock, text
from thidua.ledger import acts
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless


def leave(initiative: Initiative, *, by: Person, reason: str = "") -> None:
    """What is freed goes to the others by their shares; each is told and confirms the own share anew."""
    refuse_unless(rules.may_leave(by, initiative))
    why = text.nfc(reason).strip()[:1000]
    with transaction.atomic():
        initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
        refuse_unless(rules.may_leave(by, initiative))
        rows = list(initiative.authorships.select_related("person"))
        own = next(row for row in rows if row.person_id == by.pk)
        staying = [row for row in rows if row.pk != own.pk]
        own.delete()
        for row, share in zip(staying, shared_anew([row.share for row in staying]), strict=True):
            if row.share != share:
                row.share, row.confirmed_at, row.noted_by, row.objection = share, None, None, ""
                row.asked_at = clock.now()
        Authorship.objects.bulk_update(staying, ["share", "confirmed_at", "noted_by", "objection", "asked_at"])
        dossiers.forget_authors(initiative)
        left = {"author": by.full_name, "authors": [f"{row.name} {row.share:.2f} %" for row in staying]}
        before = {"share": f"{own.share:.2f} %"}
        acts.record("initiatives.initiative.author_left", initiative, by=by, before=before, after=left, reason=why)
        if initiative.state != State.DRAFT:
            versions.keep(initiative, by=by)
        messages.author_left(initiative, by, why)


def shared_anew(shares: Sequence[Decimal]) -> list[Decimal]:
    """The same proportions, 100 % again; what rounding leaves over is the first one's."""
    whole = sum(shares, Decimal(0))
    if not whole:
        return [Decimal(100) if place == 0 else Decimal(0) for place in range(len(shares))]
    found = [(share * 100 / whole).quantize(Decimal("0.01")) for share in shares]
    return [found[0] + 100 - sum(found, Decimal(0)), *found[1:]]
