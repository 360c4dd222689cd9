"""Which programmes may count an initiative, and where its unit stood on the day of filing; many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from thidua.kernel import clock
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.reorganisations.queries import former_homes
from thidua.tallies.rules import Rules, Window


@dataclass(frozen=True)
class Scope:
    """Where a unit stood on a day: that, not today's tree, decides what counts its initiatives."""

    day: date
    above: frozenset[int]  # the unit itself and everything above it that day
    homes: Mapping[int, list[tuple[date, int]]]  # programmes that passed to a successor
    programmes: tuple[Programme, ...]  # open ones that count, run at or above the unit, today or that day
    known: Mapping[int, Programme]  # these, those of the other units asked, and those asked for by number

    def is_under(self, programme: Programme) -> bool:
        """Did the unit stand under the unit that ran the programme that day?"""
        earlier = (unit_id for until, unit_id in self.homes.get(programme.pk, []) if self.day < until)
        return next(earlier, programme.unit_id) in self.above


Asked = tuple[Unit, date | None]  # a unit, and the day of filing; None: today


Lines = Mapping[int, list[int]]  # unit -> itself and everything above it today, from itself up


def scopes(
    asked: Iterable[Asked], *, lines_today: Lines | None = None, also: Iterable[int] = ()
) -> dict[tuple[int, date | None], Scope]:
    """By unit and day asked. `also`: programmes read with their former homes whatever they count and wherever.

    A unit founded after the filing inherited the initiative: then the day it was founded holds.
    """
    wanted = {(unit.pk, filed_on): unit for unit, filed_on in asked}
    today = org_queries.lines_up(wanted.values()) if lines_today is None else lines_today
    days = {(unit.pk, _day(unit, on)) for (_pk, on), unit in wanted.items()} | {key for key in wanted if key[1]}
    lines = history.lines_up((pk, on) for pk, on in days if on)
    known = _programmes({pk for line in [*today.values(), *lines.values()] for pk in line}, set(also))
    homes = former_homes("programmes.programme", known)
    found = {}
    for (pk, filed_on), unit in wanted.items():
        day = _day(unit, filed_on)
        above = lines[pk, day]
        if len(above) == 1 and unit.parent_id:
            above = today[pk]
        over = {*today[pk], *(lines[pk, filed_on] if filed_on else ())}
        mine = tuple(p for p in known.values() if p.is_open and p.counts_initiatives and p.unit_id in over)
        found[pk, filed_on] = Scope(day, frozenset(above), homes, mine, known)
    return found


def scope_of(unit: Unit, filed_on: date | None, *, also: Iterable[int] = ()) -> Scope:
    return scopes([(unit, filed_on)], also=also)[unit.pk, filed_on]


def _day(unit: Unit, filed_on: date | None) -> date:
    return max(filed_on or clock.today(), unit.established_on)


def _programmes(units: set[int], also: set[int]) -> dict[int, Programme]:
    """Open programmes that count initiatives, run at one of these units, and others by number; the highest first."""
    wanted = Q(unit__in=units, is_open=True, counts_initiatives=True) | Q(pk__in=also)
    found = Programme.objects.filter(wanted).select_related("unit", "plan").prefetch_related("phases")
    return {p.pk: p for p in found.order_by("unit__lft", "pk")}


def rules_of(programme: Programme) -> Rules:
    """A programme as counting sees it."""
    return Rules(
        phase_by=programme.phase_by,
        needs_recognition=programme.needs_recognition,
        eligible_from=programme.eligible_from,
        eligible_to=programme.eligible_to,
        phases=[
            Window(p.pk, p.starts_on, p.ends_on, p.eligible_from, p.eligible_to)
            for p in sorted(programme.phases.all(), key=lambda p: p.position)
        ],
    )
