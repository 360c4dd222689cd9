"""Administrative places, and which of them a unit serves."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Coverage, Place, Unit

TABLE = Path(__file__).resolve().parents[1] / "gazetteer" / "places.csv"


def load(table: Path = TABLE) -> int:
    """Bring the places in line with the table; gives how many were new or changed. Safe to repeat."""
    known = {(p.kind, p.code, p.valid.lower, p.valid.upper): p for p in Place.objects.all()}
    new, changed = [], []
    with table.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            place = _place(row)
            old = known.get((place.kind, place.code, place.valid.lower, place.valid.upper))
            if old is None:
                new.append(place)
            elif (old.name, old.parent_code, old.becomes) != (place.name, place.parent_code, place.becomes):
                place.pk = old.pk
                changed.append(place)
    with transaction.atomic():
        Place.objects.bulk_create(new, batch_size=2000)
        Place.objects.bulk_update(changed, ["name", "parent_code", "search", "sort_key", "becomes"], batch_size=500)
    return len(new) + len(changed)


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        parent_code=row["parent"],
        search=text.fold(row["name"])[:200],
        sort_key=text.sort_key(row["name"]),
        valid=DateRange(_day(row["valid_from"]), _day(row["valid_to"])),
        becomes=row["becomes"].split(),
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def serve(unit: Unit, places: Sequence[Place], *, since: date, by: acts.Actor) -> None:
    """State which places a unit serves from a day on; what is not named is no longer served.

    Raises Refused for a place that did not exist on the day.
    """
    for place in places:
        if not _existed(place, since):
            raise Refused(
                _("«%(place)s» không tồn tại vào ngày %(day)s: hãy chọn địa bàn theo tên mới.")
                % {"place": place.name, "day": since.strftime("%d/%m/%Y")},
                field="places",
            )
    wanted = {p.pk for p in places}
    with transaction.atomic():
        current = Coverage.objects.select_for_update().filter(unit=unit, valid__upper_inf=True)
        kept = set()
        for line in current:
            if line.place_id in wanted:
                kept.add(line.place_id)
            elif line.valid.lower >= since:
                line.delete()
            else:
                line.valid = DateRange(line.valid.lower, since)
                line.save(update_fields=["valid"])
        Coverage.objects.bulk_create(
            [Coverage(unit=unit, place_id=pk, valid=DateRange(since, None)) for pk in sorted(wanted - kept)]
        )
        codes = sorted(p.code for p in places)
        acts.record("orgs.unit.covers", unit, by=by, unit_id=unit.pk, after={"places": codes, "since": since})


def _existed(place: Place, day: date) -> bool:
    lower, upper = place.valid.lower, place.valid.upper
    return (lower is None or lower <= day) and (upper is None or day < upper)
