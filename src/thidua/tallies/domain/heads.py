"""People and grassroots unions count once however much they do, in a programme as a whole and in each phase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.db import models

from thidua.people.models import Person
from thidua.tallies.choices import Measure
from thidua.tallies.domain import bookings
from thidua.tallies.domain.bookings import Booked, Sum
from thidua.tallies.models import Effort, Participation

Place = tuple[int, int | None, int]  # programme, phase (None: as a whole), person or unit
Change = tuple[int, Booked, Booked]  # programme, what was booked of an entry, what is now
Row = TypeVar("Row", bound=models.Model)


def move_people(changes: Iterable[Change]) -> Counter[Sum]:
    """Count the entries of every author anew; gives what that does to the sums."""
    steps: Counter[Place] = Counter()
    homes: dict[int, int] = {}  # where the first counted entry stands: one person is one head at one unit
    for programme_id, before, after in changes:
        for sign, booked in ((-1, before), (1, after)):
            for person_id in booked.people:
                homes.setdefault(person_id, after.unit_id or before.unit_id)
                for phase_id in {None, booked.phase_id}:
                    steps[programme_id, phase_id, person_id] += sign
    rows = _locked(
        Participation,
        "person_id",
        {place for place, step in steps.items() if step},
        lambda place: Participation(
            programme_id=place[0], phase_id=place[1], person_id=place[2], unit_id=homes[place[2]]
        ),
    )
    _settle([row for row in rows.values() if row.entries == 0], homes)
    found: Counter[Sum] = Counter()
    for place, row in rows.items():
        had, row.entries = row.entries, row.entries + steps[place]
        change = (row.entries > 0) - (had > 0)
        for measure, holds in (
            (Measure.PEOPLE, True),
            (Measure.DIRECT_PEOPLE, row.is_direct_worker),
            (Measure.WOMEN, row.is_woman),
        ):
            found[row.programme_id, row.phase_id, row.unit_id, measure, ""] += change * holds
    Participation.objects.bulk_update(rows.values(), ["entries", "unit", "is_direct_worker", "is_woman"])
    return found


def move_units(changes: Iterable[Change]) -> Counter[Sum]:
    """Count the entries of every grassroots union anew; gives what that does to the sums."""
    filed: Counter[Place] = Counter()
    counted: Counter[Place] = Counter()
    for programme_id, before, after in changes:
        for sign, booked in ((-1, before), (1, after)):
            if booked.grassroots_id is None:
                continue
            for phase_id in {None, booked.phase_id}:
                filed[programme_id, phase_id, booked.grassroots_id] += sign * booked.is_filed
                counted[programme_id, phase_id, booked.grassroots_id] += sign * booked.is_counted
    rows = _locked(
        Effort,
        "unit_id",
        {place for place in filed if filed[place] or counted[place]},
        lambda place: Effort(programme_id=place[0], phase_id=place[1], unit_id=place[2]),
    )
    found: Counter[Sum] = Counter()
    for place, row in rows.items():
        had = bookings.of_effort(row.filed, row.counted)
        row.filed, row.counted = row.filed + filed[place], row.counted + counted[place]
        has = bookings.of_effort(row.filed, row.counted)
        for bucket in had | has:
            found[row.programme_id, row.phase_id, row.unit_id, Measure.UNITS, bucket] += has[bucket] - had[bucket]
    Effort.objects.bulk_update(rows.values(), ["filed", "counted"])
    return found


def _settle(rows: list[Participation], homes: Mapping[int, int]) -> None:
    """Who begins to take part does so at this home, in the groups the person belongs to now."""
    people = {row.person_id for row in rows}
    groups = {
        pk: (direct, woman)
        for pk, direct, woman in Person.objects.filter(pk__in=people).values_list("pk", "is_direct_worker", "is_woman")
    }
    for row in rows:
        row.unit_id = homes[row.person_id]
        row.is_direct_worker, row.is_woman = (bool(holds) for holds in groups.get(row.person_id, (False, False)))


def _locked(model: type[Row], field: str, places: set[Place], make: Callable[[Place], Row]) -> dict[Place, Row]:
    """The rows of these places, made where there is none, locked in one order for everybody."""

    def read() -> dict[Place, Row]:
        near = {"programme__in": {p for p, _phase, _key in places}, f"{field}__in": {key for _p, _phase, key in places}}
        rows = model._default_manager.select_for_update().filter(**near).order_by(field, "programme_id", "phase_id")
        found = {(row.programme_id, row.phase_id, getattr(row, field)): row for row in rows}  # type: ignore[attr-defined]
        return {place: row for place, row in found.items() if place in places}

    found = read() if places else {}
    missing = sorted(places - found.keys(), key=lambda place: (place[2], place[0], place[1] or 0))
    if missing:
        model._default_manager.bulk_create([make(place) for place in missing], ignore_conflicts=True)
        found = read()
    return found
