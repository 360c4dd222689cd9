"""Evaluate an initiative in every programme in scope and book what changed, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.ledger import acts
from thidua.programmes.models import Programme
from thidua.tallies import queries
from thidua.tallies.choices import Measure
from thidua.tallies.models import Delta, Entry, Participation
from thidua.tallies.rules import Facts, Ruling, decide

COUNTING = acts.System("Hệ thống tính sáng kiến")


@dataclass(frozen=True)
class Booked:
    """What an entry has put into the sums, so that a change takes back exactly that."""

    phase_id: int | None
    unit_id: int
    is_filed: bool
    is_recognised: bool
    is_counted: bool
    benefit: int
    kind: str
    reasons: tuple[str, ...]
    people: frozenset[int]

    def amounts(self) -> Counter[tuple[str, str]]:
        """(measure, bucket) -> amount at the unit, of everything that adds up row by row."""
        found: Counter[tuple[str, str]] = Counter()
        found[Measure.FILED, ""] += self.is_filed
        found[Measure.RECOGNISED, ""] += self.is_recognised
        if self.is_filed:
            for reason in self.reasons:
                found[Measure.FILED, f"why:{reason}"] += 1
        if self.is_counted:
            found[Measure.COUNTED, ""] += 1
            found[Measure.BENEFIT, ""] += self.benefit
            found[Measure.COUNTED, f"kind:{self.kind}"] += 1
        return found


NOTHING = Booked(None, 0, False, False, False, 0, "", (), frozenset())


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
    programmes = {p.pk: p for p in queries.programmes_over(initiative.unit)}
    for programme in Programme.objects.filter(pk__in=entries.keys() - programmes.keys()):
        programmes[programme.pk] = programme
    people = tuple(
        initiative.authorships.filter(person__isnull=False).order_by("position").values_list("person_id", flat=True)
    )
    for pk in sorted(programmes):
        programme = programmes[pk]
        ruling = decide(queries.facts_in(facts, programme, initiative.unit), queries.rules_of(programme))
        _book(initiative, programme, entries.get(pk), ruling, facts, people)


def _book(
    initiative: Initiative,
    programme: Programme,
    entry: Entry | None,
    ruling: Ruling,
    facts: Facts,
    people: tuple[int, ...],
) -> None:
    before = _booked(entry) if entry else NOTHING
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
    entry.people = list(people)
    entry.filed_on = initiative.filed_on
    after = _booked(entry)
    if entry.pk and before == after:
        return
    entry.evaluated_at = clock.now()
    is_new = entry.pk is None
    entry.save()
    _post_deltas(programme, before, after)
    _move_people(programme, before, after)
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


def _booked(entry: Entry) -> Booked:
    return Booked(
        phase_id=entry.phase_id,
        unit_id=entry.unit_id,
        is_filed=entry.is_filed,
        is_recognised=entry.is_recognised,
        is_counted=entry.is_counted,
        benefit=entry.benefit,
        kind=entry.kind,
        reasons=tuple(entry.reasons),
        people=frozenset(entry.people) if entry.is_counted else frozenset(),
    )


def _post_deltas(programme: Programme, before: Booked, after: Booked) -> None:
    """One delta row per changed sum, for the programme as a whole and for the phase."""
    changes: Counter[tuple[int | None, int, str, str]] = Counter()
    for sign, booked in ((-1, before), (1, after)):
        for phase_id in {None, booked.phase_id}:
            for (measure, bucket), amount in booked.amounts().items():
                changes[phase_id, booked.unit_id, measure, bucket] += sign * amount
    Delta.objects.bulk_create(
        [
            Delta(programme=programme, phase_id=p, unit_id=u, measure=m, bucket=b, amount=amount)
            for (p, u, m, b), amount in changes.items()
            if amount
        ]
    )


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
        defaults={"unit_id": home, "is_direct_worker": queries.is_direct_worker(person_id)},
    )
    had, row.entries = row.entries, row.entries + step
    if had == 0 and not created:
        row.unit_id = home
        row.is_direct_worker = queries.is_direct_worker(person_id)
    row.save(update_fields=["entries", "unit", "is_direct_worker"])
    change = (row.entries > 0) - (had > 0)
    if change:
        measures = [Measure.PEOPLE, *([Measure.DIRECT_PEOPLE] if row.is_direct_worker else [])]
        Delta.objects.bulk_create(
            [
                Delta(programme=programme, phase_id=phase_id, unit_id=row.unit_id, measure=m, amount=change)
                for m in measures
            ]
        )
