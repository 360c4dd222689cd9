"""How much there is of everything, and over which days."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from thidua.kernel import clock


@dataclass(frozen=True)
class Calendar:
    """The days of the national programme: last year is its first phase, this year its second."""

    today: date

    @property
    def first(self) -> tuple[date, date]:
        return date(self.today.year - 1, 1, 1), date(self.today.year - 1, 12, 31)

    @property
    def second(self) -> tuple[date, date]:
        return date(self.today.year, 1, 1), date(self.today.year, 12, 31)

    @property
    def opens(self) -> date:
        """What was first applied earlier is not counted."""
        return date(self.today.year - 2, 9, 1)

    @property
    def earliest(self) -> date:
        """The first filing of all."""
        return self.first[0] - timedelta(days=540)


@dataclass(frozen=True)
class Size:
    """One scale. `texts`: how many different texts there are; further records are copies of them."""

    name: str
    units: int
    people: int
    initiatives: int
    members: int
    provinces: int
    communes: int  # at most, in each province
    texts: int
    goal: int  # initiatives the programme asks for
    reports: int  # units that answer each of two requests
    searchable: int  # the newest so many are found by words and by likeness at once, the rest by the worker
    is_detailed: bool = True  # every version of a dossier, days of the sums as they were
    seed: int = 2022
    calendar: Calendar = field(default_factory=lambda: Calendar(clock.today()))


SCALES = {
    size.name: size
    for size in (
        Size("grassroots", 60, 2_000, 400, 8_000, 1, 6, 400, 300, 4, 400),
        Size("province", 4_000, 300_000, 75_000, 620_000, 1, 200, 25_000, 60_000, 10, 75_000),
        Size(
            "nation",
            130_000,
            2_000_000,
            2_500_000,
            10_000_000,
            34,
            4_000,
            100_000,
            2_000_000,
            12,
            2_500_000,
            is_detailed=False,
        ),
    )
}


def of(name: str, *, seed: int, **differing: int) -> Size:
    """A scale by name, as it begins today."""
    return replace(SCALES[name], seed=seed, calendar=Calendar(clock.today()), **differing)  # type: ignore[arg-type]
