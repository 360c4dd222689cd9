"""Take changes of the tree back, the last ones of a unit first, while nothing stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change
from thidua.orgs.domain import alterations, dated, foundings, tree
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitName

_ENDINGS = (Change.MERGE, Change.DISSOLVE)


def take_back(event: UnitEvent, *, by: acts.Actor) -> None:
    """Put a unit back as it was before one change. Raises Refused."""
    take_back_many([event], by=by)


@transaction.atomic
def take_back_many(events: Iterable[UnitEvent], *, by: acts.Actor) -> None:
    """Put units back as they were before these changes; a few statements however many they are.

    Raises Refused when a later change of one of them stands, or records stand on a unit that was founded.
    """
    standing = sorted((event for event in events if not event.taken_back_on), key=lambda event: -event.pk)
    units = Unit.objects.select_related("kind", "parent").in_bulk({event.unit_id for event in standing})
    _refuse_later(standing, units)
    told = [
        acts.Told(
            units[event.unit_id],
            event.unit_id,
            before=event.details,
            after={"kind": event.kind, "effective_on": event.effective_on},
        )
        for event in standing
    ]
    acts.record_many("orgs.unit.taken_back", told, by=by)
    pks = [event.pk for event in standing]
    UnitEvent.objects.filter(pk__in=pks).update(taken_back_on=clock.today(), other=None)
    for together in _rounds(standing):
        _put_back(together, units)


def _refuse_later(events: Sequence[UnitEvent], units: dict[int, Unit]) -> None:
    first: dict[int, int] = {}
    for event in events:
        first[event.unit_id] = event.pk  # newest first: the oldest stays
    others = UnitEvent.objects.filter(unit__in=first, taken_back_on__isnull=True)
    for unit, pk in others.exclude(pk__in=[event.pk for event in events]).values_list("unit", "pk"):
        if pk > first[unit]:
            raise Refused(
                _("«%(unit)s» đã có biến động sau đó: hãy hoàn tác biến động sau trước.") % {"unit": units[unit].name}
            )


def _rounds(events: Sequence[UnitEvent]) -> Iterator[list[UnitEvent]]:
    """Changes that may be taken back together: no unit twice in the same dated facts. Usually all of them."""
    together: list[UnitEvent] = []
    seen: set[tuple[Any, int]] = set()
    for event in events:
        facts = {(fact, event.unit_id) for fact in (_names_of(event), _home_of(event)) if fact}
        if facts & seen:
            yield together
            together, seen = [], set()
        together.append(event)
        seen |= facts
    if together:
        yield together


def _names_of(event: UnitEvent) -> type[UnitName] | None:
    """Did the change end a name of the unit?"""
    return UnitName if event.kind in (Change.RENAME, *_ENDINGS) else None


def _home_of(event: UnitEvent) -> type[Affiliation] | None:
    """Did the change end where the unit stood?"""
    ended = event.kind in _ENDINGS and event.details.get("parent")
    return Affiliation if event.kind == Change.MOVE or ended else None


def _put_back(events: Sequence[UnitEvent], units: dict[int, Unit]) -> None:
    """A split only notes what its other lines did; what was founded goes last, when nobody hangs below it."""
    _reopen(UnitName, [event for event in events if _names_of(event)], units)
    _reopen(Affiliation, [event for event in events if _home_of(event)], units)
    of = {kind: [event for event in events if event.kind == kind] for kind in Change.values}
    for event in of[Change.RENAME]:
        alterations.call(units[event.unit_id], event.details["from"], event.details.get("from_short", ""))
    alterations.write_names([units[event.unit_id] for event in of[Change.RENAME]])
    for event in of[Change.RECLASSIFY]:
        units[event.unit_id].kind_id = event.details["from"]
    alterations.write_kinds(list({event.unit_id: units[event.unit_id] for event in of[Change.RECLASSIFY]}.values()))
    Unit.objects.filter(pk__in=[event.unit_id for kind in _ENDINGS for event in of[kind]]).update(ended_on=None)
    _hang_back([event for event in events if event.kind in (Change.MOVE, Change.MERGE)], units)
    foundings.unfound_many([units[event.unit_id] for event in of[Change.ESTABLISH]])


def _hang_back(events: Sequence[UnitEvent], units: dict[int, Unit]) -> None:
    """In today's tree, where each stood before it was moved or merged."""
    former = {event.pk: event.details.get("from" if event.kind == Change.MOVE else "parent") for event in events}
    parents = {unit.code: unit for unit in Unit.objects.filter(code__in=set(former.values()) - {None})}
    tree.hang([(units[event.unit_id], parents[former[event.pk]]) for event in events if former[event.pk]])


def _reopen(model: dated.Lines, events: Sequence[UnitEvent], units: dict[int, Unit]) -> None:
    """The line that began with the change goes; the one it ended runs on."""
    found = dated.reopen(model, {event.unit_id: event.effective_on for event in events})
    for event in events:
        if event.unit_id not in found:
            raise Refused(
                _("Không tìm thấy dữ liệu trước biến động của «%(unit)s».") % {"unit": units[event.unit_id].name}
            )
