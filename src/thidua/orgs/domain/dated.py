"""What every change of the tree leaves and keeps: its decision, its dated lines, and the rules about days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitName

Lines = type[UnitName] | type[Affiliation]
Dated = TypeVar("Dated", UnitName, Affiliation)


@dataclass(frozen=True)
class Decision:
    """The paper behind a change of the tree."""

    effective_on: date
    number: str = ""
    decided_on: date | None = None


def refuse_ended(unit: Unit, day: date) -> None:
    if unit.ended_on is not None:
        raise Refused(
            _("«%(unit)s» đã kết thúc từ ngày %(day)s: hãy chọn đơn vị đang hoạt động.")
            % {"unit": unit.name, "day": unit.ended_on.strftime("%d/%m/%Y")}
        )
    if unit.established_on > day:
        raise Refused(
            _("«%(unit)s» thành lập ngày %(day)s, sau ngày hiệu lực của thay đổi này.")
            % {"unit": unit.name, "day": unit.established_on.strftime("%d/%m/%Y")},
            field="effective_on",
        )


def open_lines(model: type[Dated], units: Iterable[Unit]) -> dict[int, Dated]:
    """Unit -> its line that runs on: today's name, or today's parent."""
    wanted = [unit.pk for unit in units]
    if not wanted:
        return {}
    return {line.unit_id: line for line in model.objects.filter(unit__in=wanted, valid__upper_inf=True)}  # type: ignore[attr-defined]


def closable(unit: Unit, line: Dated | None, day: date) -> Dated:
    """The line, if it can end on that day: after it began. Else Refused."""
    if line is None or line.valid.lower >= day:
        raise Refused(
            _("Ngày hiệu lực phải sau lần thay đổi gần nhất của đơn vị «%(unit)s».") % {"unit": unit.name},
            field="effective_on",
        )
    return line


def close(model: Lines, days: Mapping[int, date]) -> None:
    """End lines, given by their ids, each on its day."""
    if days:
        _each(model, "UPDATE {} t SET valid = daterange(lower(t.valid), x.day) FROM {} WHERE t.id = x.id", days)


def reopen(model: Lines, days: Mapping[int, date]) -> set[int]:
    """Unit -> day: the line that began on the day goes, the one it ended runs on. Gives the units with such a line."""
    if not days:
        return set()
    _each(model, "DELETE FROM {} t USING {} WHERE t.unit_id = x.id AND lower(t.valid) = x.day", days)
    ended = "UPDATE {} t SET valid = daterange(lower(t.valid), NULL) FROM {} WHERE t.unit_id = x.id AND upper(t.valid) = x.day"
    return {unit for (unit,) in _each(model, f"{ended} RETURNING t.unit_id", days)}


def _each(model: Lines, statement: str, days: Mapping[int, date]) -> list[tuple[int]]:
    """One statement about many (id, day)."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(model._meta.db_table, "unnest(%s::bigint[], %s::date[]) AS x(id, day)"),
            [list(days), list(days.values())],
        )
        return cursor.fetchall() if cursor.description else []


def new_event(
    unit: Unit, kind: str, decision: Decision, details: dict[str, Any], other: Unit | None = None
) -> UnitEvent:
    """A line of the ledger of unit changes, as it will be stored."""
    return UnitEvent(
        unit=unit,
        kind=kind,
        effective_on=decision.effective_on,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        details=details,
        other=other,
    )


def write_down(events: Sequence[UnitEvent], by: acts.Actor) -> None:
    """Into the ledger of unit changes, in their order, and into the ledger of acts."""
    UnitEvent.objects.bulk_create(events)
    for kind in dict.fromkeys(event.kind for event in events):
        told = [
            acts.Told(event.unit, event.unit_id, after={**event.details, "effective_on": event.effective_on})
            for event in events
            if event.kind == kind
        ]
        acts.record_many(f"orgs.unit.{kind}", told, by=by)
