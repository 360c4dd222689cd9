"""The door for reading uploads and files made to go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.exchange.models import OutgoingFile, Upload, UploadedLine
from thidua.kernel.sheets.columns import Column, Wrong
from thidua.kernel.sheets.importers import Fault, Importer, Line, Outcome, registered
from thidua.people.models import Person


def importers_for(person: Person) -> list[Importer]:
    """What this person may enter by Excel somewhere."""
    return [i for i in registered() if grants.holds(person, Permission(i.permission))]


def visible_to(person: Person) -> QuerySet[Upload]:
    """Uploads of kinds and units within the person's rights."""
    condition = grants.NOTHING
    for importer in importers_for(person):
        condition |= Q(importer=importer.name) & grants.within_places(person, Permission(importer.permission))
    return Upload.objects.filter(condition).select_related("unit", "given_by", "applied_by")


def outgoing_of(person: Person) -> QuerySet[OutgoingFile]:
    return OutgoingFile.objects.filter(asked_by=person).select_related("unit")


def lines_of(upload: Upload, outcome: str = "") -> QuerySet[UploadedLine]:
    found = UploadedLine.objects.filter(upload=upload)
    return found.filter(outcome=outcome) if outcome else found


class Reader:
    """Cells of an upload ↔ values of its importer's columns; allowed values are looked up once."""

    def __init__(self, upload: Upload, importer: Importer | None = None) -> None:
        self.importer = importer or upload.kind
        columns = {c.name: c for c in self.importer.columns}
        self.columns: list[tuple[Column, int, Any]] = [
            (columns[name], place, columns[name].allowed)
            for name, place in sorted(upload.places.items(), key=lambda pair: pair[1])
            if name in columns
        ]

    def values(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
        values: dict[str, Any] = {}
        faults = []
        for column, place, allowed in self.columns:
            cell = cells[place] if place < len(cells) else ""
            try:
                values[column.name] = column.value(cell, allowed)
            except Wrong as wrong:
                values[column.name] = None
                faults.append(Fault(column.name, wrong.reason, wrong.mend))
        return values, faults

    def line(self, stored: UploadedLine) -> Line:
        values, faults = self.values(stored.cells)
        line = Line(stored.number, values, target=stored.target, undo=stored.undo)
        for fault in faults:
            line.refuse(fault.column, fault.reason, fault.mend)
        for column, other in stored.clashes:
            line.refuse(column, *_twice(other))
        return line


def _twice(other: int) -> tuple[str, str]:
    return (
        _("Trùng với dòng %(n)d của tệp này.") % {"n": other},
        _("Hãy bỏ một trong hai dòng, hoặc sửa lại cho đúng."),
    )


def good_lines(upload: Upload) -> set[int]:
    """Numbers of the lines found good so far; lines of a lower level have all been looked at."""
    good = lines_of(upload).filter(outcome__in=(Outcome.NEW, Outcome.CHANGED, Outcome.SAME))
    return set(good.values_list("number", flat=True))


def whole_file(upload: Upload, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """(number, values…) of every line; a cell that cannot be read gives None."""
    reader = Reader(upload)
    for number, cells in lines_of(upload).order_by("number").values_list("number", "cells").iterator(chunk_size=5000):
        values, _faults = reader.values(cells)
        yield (number, *(values.get(name) for name in names))


def in_turn(lines: QuerySet[UploadedLine], batch: int) -> Iterable[list[UploadedLine]]:
    """Batches by level, then as in the file; each batch is fetched only when the last is worked through."""
    level, number = 0, 0
    while True:
        found = list(
            (lines.filter(level=level, number__gt=number) | lines.filter(level__gt=level)).order_by("level", "number")[
                :batch
            ]
        )
        if not found:
            return
        # A batch never mixes levels: the upper lines must be written before the lower are looked at.
        found = [line for line in found if line.level == found[0].level]
        yield found
        level, number = found[-1].level, found[-1].number
