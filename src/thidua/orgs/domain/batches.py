"""Particulars and headcounts of a thousand units at a time: same records, same acts, few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from thidua.ledger import acts
from thidua.orgs.domain import headcounts, particulars
from thidua.orgs.domain.alterations import search_text
from thidua.orgs.models import Headcount, Unit


@transaction.atomic
def amend_many(changed: Sequence[tuple[Unit, dict[str, Any]]], *, by: acts.Actor) -> None:
    """Write new particulars; only units for which something differs leave an act."""
    told, units = [], []
    for unit, values in changed:
        before = {name: getattr(unit, name) for name in values if name in particulars.FIELDS}
        after = {name: value for name, value in values.items() if name in before and value != before[name]}
        if not after:
            continue
        for name, value in after.items():
            setattr(unit, name, value)
        unit.search = search_text(unit.name, unit.short_name, unit.code)
        units.append(unit)
        told.append(acts.Told(unit, unit.pk, before={n: before[n] for n in after}, after=after))
    if units:
        written = ("search", *particulars.FIELDS)
        rows = [{"id": unit.pk, **{name: getattr(unit, name) for name in written}} for unit in units]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE orgs_unit u
                   SET search = x.search, short_name = x.short_name, symbol = x.symbol, place = x.place,
                       sector = x.sector, employer = x.employer
                  FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, search text, short_name text, symbol text,
                       place text, sector text, employer text)
                 WHERE u.id = x.id
                """,
                [json.dumps(rows, ensure_ascii=False)],
            )
    acts.record_many("orgs.unit.amended", told, by=by)


@dataclass(frozen=True)
class Declaration:
    """How many members a unit has from a day on."""

    unit: Unit
    on: date
    members: int
    women: int | None = None
    direct_workers: int | None = None


@transaction.atomic
def declare_many(said: Sequence[Declaration], *, by: acts.Actor) -> dict[int, dict[str, int | None] | None]:
    """State headcounts; gives, for each unit, what was declared for that day before."""
    for one in said:
        headcounts.refuse_parts(one.members, one.women)
    before = _declared(said)
    Headcount.objects.bulk_create(
        [
            Headcount(unit=o.unit, on=o.on, members=o.members, women=o.women, direct_workers=o.direct_workers)
            for o in said
        ],
        update_conflicts=True,
        unique_fields=["unit", "on"],
        update_fields=["members", "women", "direct_workers"],
    )
    told = [acts.Told(one.unit, one.unit.pk, after={"on": one.on, "members": one.members}) for one in said]
    acts.record_many("orgs.unit.headcount", told, by=by)
    return before


def _declared(said: Sequence[Declaration]) -> dict[int, dict[str, int | None] | None]:
    days = {one.unit.pk: one.on for one in said}
    rows = Headcount.objects.filter(unit__in=days, on__in=set(days.values()))
    found: dict[int, dict[str, int | None] | None] = dict.fromkeys(days)
    for row in rows:
        if row.on == days[row.unit_id]:
            found[row.unit_id] = {
                "members": row.members,
                "women": row.women,
                "direct_workers": row.direct_workers,
            }
    return found


@transaction.atomic
def put_back_many(wanted: Sequence[tuple[Unit, date | str, dict[str, int | None] | None]], *, by: acts.Actor) -> None:
    """Undo declarations: what was declared for that day before, or nothing."""
    gone = Q(pk__in=[])
    for on in {on for _unit, on, before in wanted if before is None}:
        gone |= Q(on=on, unit__in=[unit.pk for unit, day, before in wanted if before is None and day == on])
    Headcount.objects.filter(gone).delete()
    back = [Headcount(unit=unit, on=on, **before) for unit, on, before in wanted if before is not None]
    Headcount.objects.bulk_create(
        back,
        update_conflicts=True,
        unique_fields=["unit", "on"],
        update_fields=["members", "women", "direct_workers"],
    )
    told = [acts.Told(unit, unit.pk, after={"on": on, "before": before}) for unit, on, before in wanted]
    acts.record_many("orgs.unit.headcount", told, by=by)
