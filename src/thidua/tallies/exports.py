"""The difference other rules would make, as a spreadsheet: dossier by dossier and unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from thidua.documents.rendering import spreadsheets
from thidua.documents.rendering.spreadsheets import Column, Sheet
from thidua.kernel import clock, formats
from thidua.programmes.models import Programme
from thidua.tallies.domain.previews import GAINED, LOST, MOVED, Difference, Shift

MOST_ROWS = 20_000  # of one direction; sums are whole
Pair = tuple[Programme, Difference]


def of_differences(pairs: Iterable[Pair], title: str) -> bytes:
    sheets = [sheet for pair in pairs for sheet in (_dossiers(*pair), _units(*pair))]
    return spreadsheets.to_xlsx(sheets, title, clock.today())


def _dossiers(programme: Programme, found: Difference) -> Sheet:
    columns = [
        Column(_("Mã"), width=14),
        Column(_("Tên sáng kiến"), width=50),
        Column(_("Đơn vị"), width=30),
        Column(_("Thay đổi"), width=22),
        Column(_("Trước"), width=50),
        Column(_("Sau"), width=50),
        Column(_("Cách khắc phục"), width=50),
    ]
    cut = max(found.gained, found.lost, found.moved) > MOST_ROWS
    notes = [_("Mỗi loại thay đổi chỉ ghi %(n)s hồ sơ đầu.") % {"n": formats.number(MOST_ROWS)}] if cut else []
    return Sheet(f"{_('Hồ sơ')} {programme.code}", columns, _rows(found), notes=notes)


def _rows(found: Difference) -> Iterator[Sequence[object]]:
    ways = {
        LOST: _("Không còn được tính"),
        GAINED: _("Được tính thêm"),
        MOVED: _("Chuyển giai đoạn"),
    }
    for way, label in ways.items():
        for shift in found.shifts(way, MOST_ROWS):
            yield _cells(shift, label)


def _cells(shift: Shift, label: str) -> Sequence[object]:
    counted = _("Được tính")
    was = "; ".join(map(str, shift.was_said)) or f"{counted}: {shift.from_phase}"
    becomes = "; ".join(map(str, shift.becomes_said)) or f"{counted}: {shift.to_phase}"
    mend = " ".join(s.mend for s in shift.becomes_said if s.mend)
    return [shift.code, shift.title, shift.unit, label, was, becomes, mend]


def _units(programme: Programme, found: Difference) -> Sheet:
    columns = [
        Column(_("Đơn vị"), width=50),
        Column(_("Được tính thêm"), "integer"),
        Column(_("Không còn được tính"), "integer"),
        Column(_("Chênh lệch"), "integer"),
    ]
    rows = ([u.name, u.gained, u.lost, u.net] for u in found.all_units)
    return Sheet(f"{_('Đơn vị')} {programme.code}", columns, rows, totals=_("Tổng"))
