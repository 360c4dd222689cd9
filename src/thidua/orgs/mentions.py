"""Which unit people mean by what they wrote: its code, or its full or short name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from thidua.kernel import codes, text
from thidua.kernel.sheets.importers import Scope
from thidua.orgs import queries
from thidua.orgs.models import Unit

_KEPT = "unit names"


def named(written: Iterable[str], scope: Scope, kept: dict[str, Any] | None = None) -> dict[str, list[Unit]]:
    """What people wrote for a unit -> the units it may mean. Codes are known everywhere, names within the scope.

    With `kept` (for files) all names of the scope are fetched once and remembered from batch to batch:
    three statements however much is asked. Without it each name is searched for.
    """
    wanted = {said: reference(said) for said in written}
    by_code = {u.code.upper(): u for u in queries.units().filter(code__in={*wanted.values(), *map(codes.tidy, wanted)})}
    found: dict[str, list[Unit]] = {}
    by_name: dict[str, list[int]] = {}
    for said, code in wanted.items():
        unit = by_code.get(codes.tidy(said)) or by_code.get(code)
        if unit:
            found[said] = [unit]
        else:
            by_name[said] = []
    if by_name:
        names = _names(scope, kept) if kept is not None else None
        for said in by_name:
            folded = text.fold(text.tidy(said))
            by_name[said] = _search(scope, said, folded) if names is None else names.get(folded, [])
        alike = queries.units().in_bulk({pk for pks in by_name.values() for pk in pks})
        found |= {said: [alike[pk] for pk in pks if pk in alike] for said, pks in by_name.items() if pks}
    return found


def reference(written: Any) -> str:
    """A code as it is stored; the dots of a numbering are hyphens."""
    return codes.tidy(str(written)).replace(".", "-")


def _names(scope: Scope, kept: dict[str, Any]) -> dict[str, list[int]]:
    """Folded full and short names of the units of a scope -> their keys."""
    if _KEPT in kept:
        return kept[_KEPT]
    names: dict[str, list[int]] = {}
    rows = _inside(scope).order_by("lft").values_list("pk", "name", "short_name")
    for pk, name, short_name in rows.iterator(chunk_size=5000):
        for folded in {text.fold(name), text.fold(short_name)}:
            names.setdefault(folded, []).append(pk)
    kept[_KEPT] = names
    return names


def _search(scope: Scope, said: str, folded: str) -> list[int]:
    near = queries.search(_inside(scope), said)[:50]
    return [unit.pk for unit in near if folded in (text.fold(unit.name), text.fold(unit.short_name))]


def _inside(scope: Scope) -> QuerySet[Unit]:
    inside = Q(pk__in=[])
    for low, high in scope.intervals:
        inside |= Q(lft__gte=low, lft__lte=high)
    return queries.active().filter(inside)
