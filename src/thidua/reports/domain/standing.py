"""The rows behind a report of a past day: what had happened by its end, in the tree of that day.

What is known today about those days holds: a recognition that was revoked since is not reported.
"""

from __future__ import annotations

from datetime import date

from django.db.models import BigIntegerField, Func, Q, QuerySet

from thidua.orgs import history
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.tallies.models import Entry, Participation


def entries(programme: Programme, unit: Unit, phase: Phase | None, on: date) -> QuerySet[Entry]:
    """Filed by the end of the day at the unit and all that stood below it then."""
    return _of(programme, phase).filter(unit__in=list(history.tops_of([unit], on)), filed_on__lte=on)


def people(programme: Programme, unit: Unit, phase: Phase | None, on: date) -> QuerySet[Participation]:
    """Who had an initiative counted by then, counted where they are."""
    counted = _of(programme, phase).filter(_counted_by(on))
    credited = counted.annotate(credited=Func("people", function="unnest", output_field=BigIntegerField())).values(
        "credited"
    )
    found = Participation.objects.filter(programme=programme, phase=phase, entries__gt=0)
    return found.filter(unit__in=list(history.tops_of([unit], on)), person__in=credited)


def recognised_by(on: date) -> Q:
    return Q(is_recognised=True, initiative__concluded_on__lte=on)


def counted_by(on: date) -> Q:
    """What was recognised or counted only later was not yet so on the day."""
    return Q(is_counted=True) & (recognised_by(on) | Q(is_recognised=False))


def _of(programme: Programme, phase: Phase | None) -> QuerySet[Entry]:
    found = Entry.objects.filter(programme=programme, is_filed=True)
    return found.filter(phase=phase) if phase is not None else found


def _counted_by(on: date) -> Q:
    return Q(filed_on__lte=on) & counted_by(on)
