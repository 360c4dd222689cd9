"""Evaluate an initiative in every programme in scope and book what changed, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Employer
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.tallies import queries
from thidua.tallies.choices import Measure
from thidua.tallies.domain import bookings
from thidua.tallies.domain.bookings import NOTHING, Booked
from thidua.tallies.models import Delta, Effort, Entry, Participation
from thidua.tallies.rules import Facts, Ruling, decide


@dataclass(frozen=True)
class Authors:
    """Who made it: their ids, the groups among them, and the grassroots union it belongs to."""

    people: tuple[int, ...]
    groups: tuple[str, ...]
    grassroots: Unit | None


COUNTING = acts.System("Hệ thống tính sáng kiến")


@transaction.atomic
def evaluate(initiative_id: int) -> None:
    """Bring the entries of one initiative in line with its facts. Safe to repeat, safe in parallel."""
    initiative = (
        Initiative.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=initiative_id).first()
    )
    if initiative is None:
        return
    facts = queries.facts_of(initiative)
    entries = {e.programme_id: e for e in Entry.objects.filter(initiative=initiative)}
    programmes = {p.pk: p for p in queries.programmes_over(initiative.unit, initiative.filed_on)}
    for programme in Programme.objects.filter(pk__in=entries.keys() - programmes.keys()):
        programmes[programme.pk] = programme
    authors = _authors(initiative)
    standing = queries.standing_of(initiative.unit, initiative.filed_on, programmes.values())
    for pk in sorted(programmes):
        programme = programmes[pk]
        ruling = decide(queries.facts_in(facts, programme, standing), queries.rules_of(programme))
        _book(initiative, programme, entries.get(pk), ruling, facts, authors)


def _authors(initiative: Initiative) -> Authors:
    found = initiative.authorships.filter(person__isnull=False).order_by("position")
    rows = list(found.values_list("person_id", "person__is_direct_worker", "person__is_woman"))
    groups = [g for g, place in (("direct", 1), ("women", 2)) if any(row[place] for row in rows)]
    return Authors(tuple(row[0] for row in rows), tuple(groups), org_queries.grassroots_of(initiative.unit))


def _book(
    initiative: Initiative,
    programme: Programme,
    entry: Entry | None,
    ruling: Ruling,
    facts: Facts,
    authors: Authors,
) -> None:
    before = bookings.of_entry(entry) if entry else NOTHING
    is_filed = facts.state not in ("draft", "withdrawn")
    entry = entry or Entry(initiative=initiative, programme=programme)
    entry.unit = initiative.unit
    entry.phase_id = ruling.phase_id
    entry.is_counted = ruling.is_counted
    entry.is_filed = is_filed
    entry.is_recognised = facts.is_recognised
    entry.reasons = [str(r.value) for r in ruling.reasons]
    entry.benefit = _benefit(initiative)
    entry.kind = initiative.kind
    entry.people = list(authors.people)
    entry.groups = list(authors.groups)
    entry.grassroots = authors.grassroots
    entry.employer = _employer(initiative.unit, authors.grassroots)
    entry.filed_on = initiative.filed_on
    after = bookings.of_entry(entry)
    if entry.pk and before == after:
        return
    entry.evaluated_at = clock.now()
    is_new = entry.pk is None
    entry.save()
    bookings.post(programme, bookings.spread(before), bookings.spread(after))
    _move_people(programme, before, after)
    _move_units(programme, before, after)
    if before.is_counted != after.is_counted or (not is_new and before.reasons != after.reasons):
        acts.record(
            "tallies.entry.counted" if after.is_counted else "tallies.entry.not_counted",
            initiative,
            by=COUNTING,
            before={"counted": before.is_counted, "reasons": list(before.reasons)},
            after={"counted": after.is_counted, "reasons": list(after.reasons), "programme": str(programme)},
        )


def _benefit(initiative: Initiative) -> int:
    confirmed = initiative.benefit_confirmed
    return confirmed if confirmed is not None else (initiative.benefit_stated or 0)


def _employer(unit: Unit, grassroots: Unit | None) -> str:
    """A section works where its grassroots union is, unless it says otherwise itself."""
    own = unit.employer if unit.employer != Employer.NONE else ""
    return own or (grassroots.employer if grassroots and grassroots.employer != Employer.NONE else "")


def _move_units(programme: Programme, before: Booked, after: Booked) -> None:
    """Grassroots unions count once however much they do, in all and in each phase."""
    changes: Counter[tuple[int | None, int, str]] = Counter()
    for sign, booked in ((-1, before), (1, after)):
        if booked.grassroots_id is None:
            continue
        for phase_id in {None, booked.phase_id}:
            changes[phase_id, booked.grassroots_id, "filed"] += sign * booked.is_filed
            changes[phase_id, booked.grassroots_id, "counted"] += sign * booked.is_counted
    places = {(phase_id, unit_id) for (phase_id, unit_id, _field), step in changes.items() if step}
    for phase_id, unit_id in sorted(places, key=lambda place: (place[1], place[0] or 0)):
        filed, counted = changes[phase_id, unit_id, "filed"], changes[phase_id, unit_id, "counted"]
        _step_unit(programme, phase_id, unit_id, filed, counted)


def _step_unit(programme: Programme, phase_id: int | None, unit_id: int, filed: int, counted: int) -> None:
    row, _created = Effort.objects.select_for_update().get_or_create(
        programme=programme,
        phase_id=phase_id,  # type: ignore[misc]
        unit_id=unit_id,
    )
    had = bookings.of_effort(row.filed, row.counted)
    row.filed, row.counted = row.filed + filed, row.counted + counted
    row.save(update_fields=["filed", "counted"])
    before = Counter({(phase_id, unit_id, str(Measure.UNITS), b): n for b, n in had.items()})
    now = bookings.of_effort(row.filed, row.counted)
    after = Counter({(phase_id, unit_id, str(Measure.UNITS), b): n for b, n in now.items()})
    bookings.post(programme, before, after)


def _move_people(programme: Programme, before: Booked, after: Booked) -> None:
    """People count once however many entries they have, in all and in each phase."""
    changes: Counter[tuple[int | None, int]] = Counter()
    for sign, booked in ((-1, before), (1, after)):
        for phase_id in {None, booked.phase_id}:
            for person_id in booked.people:
                changes[phase_id, person_id] += sign
    # A fixed order keeps two evaluations that share people from waiting for each other.
    for (phase_id, person_id), step in sorted(changes.items(), key=lambda c: (c[0][1], c[0][0] or 0)):
        if step:
            _step_person(programme, phase_id, person_id, step, home=after.unit_id or before.unit_id)


def _step_person(programme: Programme, phase_id: int | None, person_id: int, step: int, *, home: int) -> None:
    """`home` is where the first counted entry stands: one person is one head at one unit."""
    row, created = Participation.objects.select_for_update().get_or_create(
        programme=programme,
        phase_id=phase_id,  # type: ignore[misc]
        person_id=person_id,
        defaults={"unit_id": home, **queries.groups_of(person_id)},
    )
    had, row.entries = row.entries, row.entries + step
    if had == 0 and not created:
        row.unit_id = home
        for field, holds in queries.groups_of(person_id).items():
            setattr(row, field, holds)
    row.save(update_fields=["entries", "unit", "is_direct_worker", "is_woman"])
    change = (row.entries > 0) - (had > 0)
    if change:
        groups = ((Measure.DIRECT_PEOPLE, row.is_direct_worker), (Measure.WOMEN, row.is_woman))
        measures = [Measure.PEOPLE, *(measure for measure, holds in groups if holds)]
        Delta.objects.bulk_create(
            [
                Delta(programme=programme, phase_id=phase_id, unit_id=row.unit_id, measure=m, amount=change)
                for m in measures
            ]
        )
