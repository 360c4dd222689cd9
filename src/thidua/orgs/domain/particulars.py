"""What may change about a unit without a decision: how it signs, where it stands, whom it serves."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from thidua.ledger import acts
from thidua.orgs.domain.alterations import search_text
from thidua.orgs.models import Unit

FIELDS = ("short_name", "symbol", "place", "sector", "employer")


def amend(unit: Unit, values: dict[str, Any], *, by: acts.Actor) -> Unit:
    """Write new particulars; nothing happens when nothing differs."""
    before = {name: getattr(unit, name) for name in values if name in FIELDS}
    after = {name: value for name, value in values.items() if name in before and value != before[name]}
    if not after:
        return unit
    with transaction.atomic():
        for name, value in after.items():
            setattr(unit, name, value)
        unit.search = search_text(unit.name, unit.short_name, unit.code)
        unit.save(update_fields=[*after, "search"])
        acts.record(
            "orgs.unit.amended", unit, by=by, unit_id=unit.pk, before={n: before[n] for n in after}, after=after
        )
    return unit
