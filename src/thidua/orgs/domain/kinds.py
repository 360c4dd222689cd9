"""Kinds of units: rows, first written from the rule pack, then the installation's own."""

from __future__ import annotations

from thidua.kernel import clock, rulepacks
from thidua.orgs.models import UnitKind


def load() -> int:
    """Write the kinds of the rule pack that are not there yet; gives how many. Never changes one that is."""
    known = set(UnitKind.objects.values_list("code", flat=True))
    wanted = rulepacks.in_force("unit-kinds", clock.today()).rules["kinds"]
    new = [UnitKind(code=code, **facts) for code, facts in wanted.items() if code not in known]
    UnitKind.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
