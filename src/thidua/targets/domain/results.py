"""How far each target of a unit has come, whatever its kind: one line per target, read from the sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.programmes.choices import Amount, Comparator
from thidua.programmes.models import Indicator, Programme
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.tallies.queries import Key, Part
from thidua.tallies.rules import DONE, is_by_hand, measure_key
from thidua.targets import queries
from thidua.targets.choices import Base, IndicatorKind
from thidua.targets.domain import bases
from thidua.targets.models import Target


def kind_of(indicator: Indicator) -> IndicatorKind:
    if indicator.measure == DONE:
        return IndicatorKind.YES_NO
    if indicator.measure == "":
        return IndicatorKind.REPORTED
    return IndicatorKind.SHARE if indicator.measure.startswith("units/") else IndicatorKind.COUNTED


def place_of(target: Target) -> tuple[str, str]:
    """(measure, bucket) of the sums in which the result of a target is found."""
    measure, _slash, part = target.indicator.measure.partition("/")
    if is_by_hand(target.indicator.measure):
        key = measure_key(target.indicator_id, target.label)
        return str(Measure.REPORTED), f"{key}@{target.year}" if target.year else key
    if part == "least":
        return measure, f"least:{target.threshold or 1}"
    return measure, f"year:{target.year}" if target.year and not part else part


def part_of(targets: Iterable[Target]) -> Part:
    """Those of the sums that hold the results of some targets."""
    places = {place_of(target) for target in targets}
    keys = {bucket.partition("@")[0] for measure, bucket in places if measure == Measure.REPORTED}
    measures = {Measure(measure) for measure, _bucket in places} | ({Measure.WAITING} if keys else set())
    return Part(measures, {bucket for _measure, bucket in places} | keys)


def year_fault(indicator: Indicator) -> bool:
    """Sums by year are kept of initiatives filed and counted, and of what is reported."""
    return not (is_by_hand(indicator.measure) or indicator.measure in ("filed", "counted"))


@dataclass(frozen=True)
class Result:
    """One target with what has been reached. `number` over `base` where it is a percentage."""

    target: Target
    number: int
    waiting: int = 0
    base: int | None = None
    base_on: date | None = None

    @property
    def kind(self) -> IndicatorKind:
        return kind_of(self.target.indicator)

    @property
    def key(self) -> str:
        return measure_key(self.target.indicator_id, self.target.label)

    @property
    def is_by_hand(self) -> bool:
        return is_by_hand(self.target.indicator.measure)

    @property
    def base_words(self) -> str:
        return str(Base(_base(self.target)).label)

    @property
    def meter_standing(self) -> str:
        """As the bar says it: too much of a maximum is not 'vượt chỉ tiêu'."""
        return "behind" if self.standing == "over" else self.standing

    @property
    def is_percent(self) -> bool:
        return self.target.amount == Amount.PERCENT

    @property
    def actual(self) -> Decimal | None:
        """In the unit of the target: a number, or percent of its base; None while the base is not known."""
        if not self.is_percent:
            return Decimal(self.number)
        return (Decimal(self.number) * 100 / self.base).quantize(Decimal("0.1")) if self.base else None

    @property
    def needed(self) -> int | None:
        """A percentage as a number of people or units, rounded up: 10 % of 455 is 46."""
        if not self.is_percent:
            return int(self.target.value)
        return -int(-self.target.value * self.base // 100) if self.base else None

    @property
    def percent(self) -> Decimal | None:
        """Of the target."""
        if self.actual is None or not self.target.value:
            return None
        return (self.actual * 100 / self.target.value).quantize(Decimal("0.1"))

    @property
    def standing(self) -> str:
        """none | behind | reached | exceeded | over (more than a maximum or a range allows)."""
        actual, value = self.actual, self.target.value
        if actual is None:
            return "none"
        match self.target.comparator:
            case Comparator.AT_MOST:
                return "reached" if actual <= value else "over"
            case Comparator.BETWEEN if self.target.value_to is not None:
                return "behind" if actual < value else "reached" if actual <= self.target.value_to else "over"
            case Comparator.MORE_THAN:
                return "exceeded" if actual > value else "behind"
        return "behind" if actual < value else "reached" if actual == value else "exceeded"


def of_node(programme: Programme, unit: Unit) -> list[Result]:
    """Every target of a unit in a programme, the whole first. Three queries, and one for each base it needs."""
    return of_targets(unit, list(queries.targets_of(unit, programme)), tally_queries.figures(programme, [unit]))


def of_targets(unit: Unit, found: list[Target], figures: Mapping[Key, int]) -> list[Result]:
    """The same of targets and sums that have been read. One query for each base they need."""
    today = clock.today()
    live = {base: bases.number(base, unit, today) for base in {_base(t) for t in found if _needs_base(t)}}
    return [_result(t, figures, live, today) for t in found]


def _needs_base(target: Target) -> bool:
    return target.amount == Amount.PERCENT and target.base_value is None


def _base(target: Target) -> str:
    return target.base or str(bases.base_of(target.indicator))


def _result(target: Target, figures: Mapping[Key, int], live: Mapping[str, int | None], today: date) -> Result:
    measure, bucket = place_of(target)
    number = figures[target.unit_id, target.phase_id, measure, bucket]
    waiting = 0
    if measure == Measure.REPORTED:
        key = bucket.partition("@")[0]
        waiting = figures[target.unit_id, target.phase_id, str(Measure.WAITING), key]
    if target.amount != Amount.PERCENT:
        return Result(target, number, waiting)
    if target.base_value is not None:
        return Result(target, number, waiting, target.base_value, target.base_on)
    base = live.get(_base(target))
    return Result(target, number, waiting, base, today if base is not None else None)


def of_units(programme: Programme, target: Target, units: Iterable[Unit]) -> dict[int, int]:
    """unit id -> the number behind one target, for the units below. Two queries."""
    wanted = list(units)
    measure, bucket = place_of(target)
    figures = tally_queries.figures(programme, wanted, measures=[Measure(measure)], buckets=[bucket])
    return {unit.pk: figures[unit.pk, target.phase_id, measure, bucket] for unit in wanted}
