"""Progress of a node: target, counted, percentage, pace needed, participation. The same for all levels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from thidua.kernel import clock
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount
from thidua.programmes.models import Phase, Programme
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.targets.choices import KEEPING_TONES, Keeping
from thidua.targets.models import Target

COUNTED = "initiatives"
PARTICIPATION = "participation_rate"
SHOWN = (
    Measure.FILED,
    Measure.RECOGNISED,
    Measure.COUNTED,
    Measure.PEOPLE,
    Measure.DIRECT_PEOPLE,
    Measure.BENEFIT,
)


@dataclass(frozen=True)
class Pace:
    """How fast it must go from today on. `per_week` None: no days are left, or no end is known."""

    missing: int
    days_left: int | None
    per_week: int | None
    forecast: int | None  # at the pace so far, by the last day


def pace(target: int, counted: int, starts_on: date | None, ends_on: date | None, today: date) -> Pace:
    """Run-rate over the days that are left, today included.

    pace(100, 58, 12/1, 31/5, 20/5) -> 42 missing in 12 days: 25 a week.
    """
    missing = max(0, target - counted)
    if ends_on is None:
        return Pace(missing, None, None, None)
    opens = max(today, starts_on) if starts_on else today
    days_left = max(0, (ends_on - opens).days + 1)
    per_week = math.ceil(missing * 7 / days_left) if days_left and missing else (0 if not missing else None)
    forecast = None
    if starts_on and starts_on <= today:
        elapsed = (min(today, ends_on) - starts_on).days + 1
        forecast = round(counted * ((ends_on - starts_on).days + 1) / elapsed)
    return Pace(missing, days_left, per_week, forecast)


@dataclass(frozen=True)
class Line:
    """One row of numbers: a phase of a node, or a child of it."""

    phase: Phase | None
    unit: Unit
    target: Decimal | None
    ambition: Decimal | None
    filed: int
    recognised: int
    counted: int
    people: int
    direct_people: int
    benefit: int
    members: int
    rate_target: Decimal | None  # participation ordered, in percent of members
    starts_on: date | None
    ends_on: date | None
    on: date | None = None  # the past day these numbers are of

    @property
    def today(self) -> date:
        return self.on or clock.today()

    @property
    def percent(self) -> Decimal | None:
        """Of the target; None without one. More than 100 is 'vượt', exactly 100 is 'đạt'."""
        if not self.target:
            return None
        return (Decimal(self.counted) * 100 / self.target).quantize(Decimal("0.1"))

    @property
    def standing(self) -> str:
        """none | behind | reached | exceeded: 'đạt' and 'vượt' are never confused."""
        if not self.target:
            return "none"
        if self.counted > self.target:
            return "exceeded"
        return "reached" if self.counted == self.target else "behind"

    @property
    def participation(self) -> Decimal | None:
        """People with a counted initiative in percent of the members of the unit."""
        return (Decimal(self.people) * 100 / self.members).quantize(Decimal("0.1")) if self.members else None

    @property
    def per_thousand(self) -> Decimal | None:
        """Counted initiatives per 1,000 members: units of different size compared fairly."""
        return (Decimal(self.counted) * 1000 / self.members).quantize(Decimal("0.1")) if self.members else None

    def even_on(self, day: date) -> int | None:
        """What an even pace from the first to the last day would have reached by the end of a day."""
        if not self.target or self.starts_on is None or self.ends_on is None:
            return None
        whole = (self.ends_on - self.starts_on).days + 1
        gone = min(max(0, (day - self.starts_on).days + 1), whole)
        return int(self.target * gone / whole)

    @property
    def keeping(self) -> Keeping:
        """Where the unit stands on the day; the last day over, everything short of the target is behind."""
        if not self.target:
            return Keeping.NO_TARGET
        if self.counted >= self.target:
            return Keeping.DONE
        if not self.filed and (self.starts_on is None or self.starts_on <= self.today):
            return Keeping.NOT_STARTED
        is_over = self.ends_on is not None and self.ends_on < self.today
        even = self.even_on(self.today)
        return Keeping.BEHIND if is_over or (even is not None and self.counted < even) else Keeping.ON_TRACK

    @property
    def keeping_tone(self) -> str:
        return KEEPING_TONES[self.keeping]

    @property
    def pace(self) -> Pace:
        return pace(int(self.target or 0), self.counted, self.starts_on, self.ends_on, self.today)


def node(programme: Programme, unit: Unit, on: date | None = None) -> list[Line]:
    """The programme as a whole, then each phase, at one node, today or on a day. Constant number of queries."""
    phases = list(programme.phases.all())
    return _lines(programme, [unit], [None, *phases], on)


def below(
    programme: Programme, units: Sequence[Unit], phase: Phase | None = None, on: date | None = None
) -> list[Line]:
    """One line per unit, in the order given. Constant number of queries."""
    return _lines(programme, units, [phase], on)


def _lines(
    programme: Programme, units: Sequence[Unit], phases: Sequence[Phase | None], on: date | None = None
) -> list[Line]:
    """Of a past day: what was counted and who was a member then; targets as they are given now."""
    if on:
        figures, members = tally_queries.figures_on(programme, units, on), history.members_on(units, on)
    else:
        figures = tally_queries.figures(programme, units, measures=SHOWN, buckets=[""])
        members = org_queries.members_shown(units)
    targets = _targets(programme, units)
    whole, sums = _span(programme), _summed(targets)
    lines = []
    for unit in units:
        for phase in phases:
            key = phase.pk if phase else None

            def value(measure: Measure, unit: Unit = unit, key: int | None = key) -> int:
                return figures[unit.pk, key, str(measure), ""]

            target = targets.get((unit.pk, key, COUNTED))
            rate = targets.get((unit.pk, key, PARTICIPATION)) or targets.get((unit.pk, None, PARTICIPATION))
            lines.append(
                Line(
                    phase=phase,
                    unit=unit,
                    target=target.value if target else sums.get(unit.pk) if phase is None else None,
                    ambition=target.ambition if target else None,
                    filed=value(Measure.FILED),
                    recognised=value(Measure.RECOGNISED),
                    counted=value(Measure.COUNTED),
                    people=value(Measure.PEOPLE),
                    direct_people=value(Measure.DIRECT_PEOPLE),
                    benefit=value(Measure.BENEFIT),
                    members=members[unit.pk],
                    rate_target=rate.value if rate else None,
                    starts_on=phase.starts_on if phase else whole[0],
                    ends_on=phase.ends_on if phase else whole[1],
                    on=on,
                )
            )
    return lines


def _targets(programme: Programme, units: Iterable[Unit]) -> dict[tuple[int, int | None, str], Target]:
    found: QuerySet[Target] = Target.objects.filter(
        programme=programme,
        unit__in=[u.pk for u in units],
        indicator__in=[COUNTED, PARTICIPATION],
        label="",
        year__isnull=True,
    )
    return {
        (t.unit_id, t.phase_id, t.indicator_id): t
        for t in found
        if t.indicator_id == PARTICIPATION or t.amount == Amount.COUNT
    }


def _summed(targets: dict[tuple[int, int | None, str], Target]) -> dict[int, Decimal]:
    """A whole programme without a number of its own is the sum of its phases, for each unit that has any."""
    found: dict[int, Decimal] = {}
    for (unit_id, phase_id, indicator), target in targets.items():
        if phase_id is not None and indicator == COUNTED:
            found[unit_id] = found.get(unit_id, Decimal(0)) + target.value
    return found


def _span(programme: Programme) -> tuple[date | None, date | None]:
    phases = list(programme.phases.all())
    starts = [p.starts_on for p in phases if p.starts_on]
    ends = [p.ends_on for p in phases if p.ends_on]
    return (min(starts) if starts else None, max(ends) if ends else None)
