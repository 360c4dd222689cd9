"""What an entry, or a result reported by hand, puts into the sums: taken back exactly when it changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from thidua.programmes.models import Programme
from thidua.tallies.choices import DeclarationState, Measure
from thidua.tallies.models import Declaration, Delta, Entry
from thidua.tallies.rules import MOST_STEPS

Place = tuple[int | None, int, str, str]  # phase, unit, measure, bucket
Sum = tuple[int, int | None, int, str, str]  # programme, phase, unit, measure, bucket


@dataclass(frozen=True)
class Booked:
    """What an entry has put into the sums."""

    phase_id: int | None
    unit_id: int
    is_filed: bool
    is_recognised: bool
    is_counted: bool
    benefit: int
    kind: str
    reasons: tuple[str, ...]
    people: frozenset[int]
    employer: str = ""
    groups: frozenset[str] = frozenset()
    filed_on: date | None = None
    grassroots_id: int | None = None

    def amounts(self) -> Counter[tuple[str, str]]:
        """(measure, bucket) -> amount at the unit, of everything that adds up row by row."""
        found: Counter[tuple[str, str]] = Counter()
        found[Measure.FILED, ""] += self.is_filed
        found[Measure.RECOGNISED, ""] += self.is_recognised
        if self.is_filed:
            for bucket in (*(f"why:{reason}" for reason in self.reasons), *self._days()):
                found[Measure.FILED, bucket] += 1
        if self.is_counted:
            found[Measure.COUNTED, ""] += 1
            found[Measure.BENEFIT, ""] += self.benefit
            for bucket in self._parts():
                found[Measure.COUNTED, bucket] += 1
        return found

    def _parts(self) -> list[str]:
        parts = [f"kind:{self.kind}", *(f"group:{g}" for g in self.groups), *self._days()]
        return [*parts, *([f"at:{self.employer}"] if self.employer else [])]

    def _days(self) -> list[str]:
        """The week (its Monday) and the year it was filed in: trends and targets of a year."""
        if self.filed_on is None:
            return []
        monday = self.filed_on - timedelta(days=self.filed_on.weekday())
        return [f"week:{monday:%Y-%m-%d}", f"year:{self.filed_on.year}"]


NOTHING = Booked(None, 0, False, False, False, 0, "", (), frozenset())


def of_entry(entry: Entry) -> Booked:
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
        employer=entry.employer,
        groups=frozenset(entry.groups),
        filed_on=entry.filed_on,
        grassroots_id=entry.grassroots_id,
    )


def of_effort(filed: int, counted: int) -> Counter[str]:
    """bucket -> 0 or 1 for one grassroots union: has it filed, and has it at least k counted?

    One more counted initiative changes one bucket, whatever number a plan asks for.
    """
    found: Counter[str] = Counter()
    found["filed"] += filed > 0
    for step in range(1, min(counted, MOST_STEPS) + 1):
        found[f"least:{step}"] += 1
    return found


def of_declaration(item: Declaration) -> Counter[Place]:
    """Confirmed numbers, and beside them what waits; in all, in the phase, and in the year."""
    found: Counter[Place] = Counter()
    if item.booked and item.booked_on:
        for phase_id in {None, item.booked_phase_id}:
            for bucket in (item.key, f"{item.key}@{item.booked_on.year}"):
                found[phase_id, item.unit_id, Measure.REPORTED, bucket] += item.booked
    if item.state == DeclarationState.DECLARED:
        for phase_id in {None, item.phase_id}:
            found[phase_id, item.unit_id, Measure.WAITING, item.key] += item.value
    return found


def spread(booked: Booked) -> Counter[Place]:
    """The amounts of an entry, for the programme as a whole and for the phase."""
    found: Counter[Place] = Counter()
    for phase_id in {None, booked.phase_id}:
        for (measure, bucket), amount in booked.amounts().items():
            found[phase_id, booked.unit_id, measure, bucket] += amount
    return found


def post(programme: Programme, before: Counter[Place], after: Counter[Place]) -> None:
    """One delta row per sum of a programme that changed."""
    changes: Counter[Place] = Counter(after)
    changes.subtract(before)
    post_all(Counter({(programme.pk, *place): amount for place, amount in changes.items()}))


def post_all(changes: Counter[Sum]) -> None:
    """One delta row per sum that changed, in one statement."""
    Delta.objects.bulk_create(
        [
            Delta(programme_id=programme, phase_id=phase, unit_id=unit, measure=measure, bucket=bucket, amount=amount)
            for (programme, phase, unit, measure, bucket), amount in changes.items()
            if amount
        ]
    )
