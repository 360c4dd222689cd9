"""Progress of a node: target, counted, percentage, pace needed, participation. The same for all levels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from thidua.kernel import clock
from thidua.orgs import history
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount
from thidua.programmes.models import Phase, Programme
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.targets import queries
from thidua.targets.choices import KEEPING_TONES, Keeping
from thidua.targets.domain import results
from thidua.targets.models import Target

COUNTED = "initiatives"
PARTICIPATION = "participation_rate"
TENTH = Decimal("0.1")
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
class Stretch:
    """The days a target is for, and the day on which a unit is measured by them."""

    starts_on: date | None
    ends_on: date | None
    today: date

    def even_on(self, day: date, target: Decimal | None) -> int | None:
        """What an even pace from the first to the last day would have reached by the end of a day."""
        if not target or self.starts_on is None or self.ends_on is None:
            return None
        whole = (self.ends_on - self.starts_on).days + 1
        gone = min(max(0, (day - self.starts_on).days + 1), whole)
        return int(target * gone / whole)

    def keeping(self, target: Decimal | None, filed: int, counted: int) -> Keeping:
        """Where a unit stands on the day; the last day over, everything short of the target is behind."""
        if not target:
            return Keeping.NO_TARGET
        if counted >= target:
            return Keeping.DONE
        if not filed and (self.starts_on is None or self.starts_on <= self.today):
            return Keeping.NOT_STARTED
        is_over = self.ends_on is not None and self.ends_on < self.today
        even = self.even_on(self.today, target)
        return Keeping.BEHIND if is_over or (even is not None and counted < even) else Keeping.ON_TRACK


def percent_of(target: Decimal | None, counted: int) -> Decimal | None:
    """None without a target. More than 100 is 'vượt', exactly 100 is 'đạt'."""
    return (Decimal(counted) * 100 / target).quantize(TENTH) if target else None


def per_thousand_of(members: int, counted: int) -> Decimal | None:
    """Per 1,000 members: units of different size compared fairly."""
    return (Decimal(counted) * 1000 / members).quantize(TENTH) if members else None


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
    stretch: Stretch

    @property
    def today(self) -> date:
        """The day these numbers are of."""
        return self.stretch.today

    @property
    def starts_on(self) -> date | None:
        return self.stretch.starts_on

    @property
    def ends_on(self) -> date | None:
        return self.stretch.ends_on

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.target, self.counted)

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
        return (Decimal(self.people) * 100 / self.members).quantize(TENTH) if self.members else None

    @property
    def per_thousand(self) -> Decimal | None:
        return per_thousand_of(self.members, self.counted)

    def even_on(self, day: date) -> int | None:
        return self.stretch.even_on(day, self.target)

    @property
    def keeping(self) -> Keeping:
        return self.stretch.keeping(self.target, self.filed, self.counted)

    @property
    def keeping_tone(self) -> str:
        return KEEPING_TONES[self.keeping]

    @property
    def pace(self) -> Pace:
        return pace(int(self.target or 0), self.counted, self.starts_on, self.ends_on, self.today)


@dataclass(frozen=True)
class Books:
    """What a page about one node reads once, of today or of a past day: its sums, and the targets it was given.

    Parts of the sums (weeks, reasons) are of one phase, or of the programme as a whole.
    """

    programme: Programme
    unit: Unit
    on: date | None = None
    phase: Phase | None = None

    @cached_property
    def changes(self) -> list[tally_queries.Change]:
        """Pending at the node and below it."""
        return [] if self.on else tally_queries.pending(self.programme, self.unit.lft, self.unit.rgt)

    @cached_property
    def figures(self) -> dict[tally_queries.Key, int]:
        if self.on:
            return tally_queries.figures_on(self.programme, [self.unit], self.on)
        parts = tally_queries.Part([Measure.FILED, Measure.COUNTED], phase=self.phase)
        also = [parts, results.part_of(self.targets)]
        return tally_queries.figures(
            self.programme, [self.unit], measures=SHOWN, buckets=[""], also=also, changes=self.changes
        )

    @cached_property
    def targets(self) -> list[Target]:
        return queries.targets_in(self.unit.pk, self.programme.pk)

    @cached_property
    def lines(self) -> list[Line]:
        """The programme as a whole, then each phase."""
        phases, members = [None, *self.programme.phases.all()], members_of([self.unit], self.on)
        targets = queries.as_of(self.targets, self.on) if self.on else self.targets
        return lines_of(self.programme, [self.unit], phases, self.figures, members, given(targets), self.on)


def node(programme: Programme, unit: Unit, on: date | None = None) -> list[Line]:
    """The programme as a whole, then each phase, at one node, today or on a day. Constant number of queries."""
    return _gathered(programme, [unit], [None, *programme.phases.all()], on)


def below(
    programme: Programme, units: Sequence[Unit], phase: Phase | None = None, on: date | None = None
) -> list[Line]:
    """One line per unit, in the order given. Constant number of queries."""
    return _gathered(programme, units, [phase], on)


def _gathered(
    programme: Programme, units: Sequence[Unit], phases: Sequence[Phase | None], on: date | None
) -> list[Line]:
    """Of a past day: what was counted, who was a member and what was given then."""
    if on:
        figures = tally_queries.figures_on(programme, units, on)
    else:
        phase = phases[0] if len(phases) == 1 else ...
        figures = tally_queries.figures(programme, units, measures=SHOWN, buckets=[""], phase=phase)
    found = Target.objects.filter(programme=programme, indicator__in=[COUNTED, PARTICIPATION], year=None)
    found = found.filter(unit__in=[u.pk for u in units])
    targets = given(queries.as_of(found, on) if on else found)
    return lines_of(programme, units, phases, figures, members_of(units, on), targets, on)


def members_of(units: Sequence[Unit], on: date | None = None) -> dict[int, int]:
    return history.members_on(units, on) if on else {unit.pk: unit.members for unit in units}


class Given(NamedTuple):
    """As much of a target as lines show."""

    unit_id: int
    phase_id: int | None
    indicator: str
    value: Decimal
    ambition: Decimal | None = None


def given(targets: Iterable[Target]) -> list[Given]:
    """The numbers of initiatives and the participation rates among targets."""
    return [
        Given(t.unit_id, t.phase_id, t.indicator_id, t.value, t.ambition)
        for t in targets
        if t.label == ""
        and t.year is None
        and (t.indicator_id == PARTICIPATION or (t.indicator_id == COUNTED and t.amount == Amount.COUNT))
    ]


def lines_of(
    programme: Programme,
    units: Sequence[Unit],
    phases: Sequence[Phase | None],
    figures: Mapping[tally_queries.Key, int],
    members: Mapping[int, int],
    targets: Iterable[Given],
    on: date | None = None,
) -> list[Line]:
    """Unit by unit, from what has been read."""
    named = {(t.unit_id, t.phase_id, t.indicator): t for t in targets}
    sums = _summed(named.values())
    stretches = {phase: stretch_of(programme, phase, on) for phase in phases}
    lines = []
    for unit in units:
        for phase, stretch in stretches.items():
            key = phase.pk if phase else None
            target = named.get((unit.pk, key, COUNTED))
            rate = named.get((unit.pk, key, PARTICIPATION)) or named.get((unit.pk, None, PARTICIPATION))
            shown = {str(m): figures[unit.pk, key, str(m), ""] for m in SHOWN}
            lines.append(
                Line(
                    phase=phase,
                    unit=unit,
                    target=target.value if target else sums.get(unit.pk) if phase is None else None,
                    ambition=target.ambition if target else None,
                    members=members[unit.pk],
                    rate_target=rate.value if rate else None,
                    stretch=stretch,
                    **shown,
                )
            )
    return lines


def _summed(targets: Iterable[Given]) -> dict[int, Decimal]:
    """A whole programme without a number of its own is the sum of its phases, for each unit that has any."""
    found: dict[int, Decimal] = {}
    for target in targets:
        if target.phase_id is not None and target.indicator == COUNTED:
            found[target.unit_id] = found.get(target.unit_id, Decimal(0)) + target.value
    return found


def stretch_of(programme: Programme, phase: Phase | None, on: date | None = None) -> Stretch:
    today = on or clock.today()
    if phase:
        return Stretch(phase.starts_on, phase.ends_on, today)
    phases = list(programme.phases.all())
    starts = [p.starts_on for p in phases if p.starts_on]
    ends = [p.ends_on for p in phases if p.ends_on]
    return Stretch(min(starts, default=None), max(ends, default=None), today)
