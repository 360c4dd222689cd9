"""Who inherits what: each package says here which of its records pass on when a unit ends or moves.

Closed work keeps the unit it was done at; open work goes to the successor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.reorganisations.models import Handover, Line


@dataclass
class Passing:
    """One unit's work going to another, on a day, by one line of an order."""

    line: Line
    old: Unit
    new: Unit
    day: date
    by: acts.Actor
    keeps_posts: bool = True
    heirloom: str = ""
    left: Unit | None = None  # where the old unit stood until then
    people: frozenset[int] | None = None  # of a split: only what these people lead
    noted: list[Handover] = field(default_factory=list)

    def note(self, row: Model, before: dict[str, Any], *, was_made: bool = False) -> None:
        """Remember what a row was before, so that it can be given back."""
        plain = DjangoJSONEncoder().encode(before)
        self.noted.append(
            Handover(
                line=self.line,
                heirloom=self.heirloom,
                subject_type=row._meta.label_lower,
                subject_id=row.pk,
                from_unit=self.old,
                to_unit=self.new,
                effective_on=self.day,
                before=_loaded(plain),
                was_made=was_made,
            )
        )

    def rows(self, found: QuerySet[Any], name: str) -> int:
        """Point every row found at the new unit; gives how many."""
        rows = list(found)
        for row in rows:
            self.note(row, {f"{name}_id": self.old.pk})
        found.model._default_manager.filter(pk__in=[r.pk for r in rows]).update(**{name: self.new})
        return len(rows)


def _loaded(plain: str) -> Any:
    import json

    return json.loads(plain)


@dataclass(frozen=True)
class Heirloom:
    """A kind of record that follows the organisation.

    `ended`: the unit ended into another. `moved`: a unit left one parent (old) for another (new).
    Each gives how many records passed on. `left_behind` counts what would stay without an owner when
    a unit ends with nobody to inherit. `undoable` raises Refused when what was handed over has moved on.
    """

    name: str
    label: str | Promise
    ended: Callable[[Passing], int] | None = None
    moved: Callable[[Passing, Unit], int] | None = None
    left_behind: Callable[[Unit, date], int] | None = None
    undoable: Callable[[list[Handover]], None] | None = None


_heirlooms: dict[str, Heirloom] = {}


def register(*heirlooms: Heirloom) -> None:
    for heirloom in heirlooms:
        _heirlooms[heirloom.name] = heirloom


def heirlooms() -> list[Heirloom]:
    return list(_heirlooms.values())


def heirloom(name: str) -> Heirloom:
    return _heirlooms[name]
