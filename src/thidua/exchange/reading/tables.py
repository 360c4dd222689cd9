"""The table of a file: its best sheet, its headings, its lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from thidua.exchange.reading import child, delimited, guards, headings, legacy
from thidua.exchange.reading.guards import MAX_ROWS, refused
from thidua.kernel.sheets.columns import Column

_SECONDS = 120
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


@dataclass(frozen=True)
class Table:
    """`lines` gives (number as Excel shows it, cells in the order of the headings); empty ones are left out."""

    sheet: str
    found: headings.Found
    lines: Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class _Sheet:
    name: str
    merged: Merged
    first: list[list[str]]
    rows: Callable[[], Iterator[list[str]]]


def read(path: Path, columns: Sequence[Column]) -> Table:
    """Raises Refused with one line that says what is wrong with the file and what to do."""
    kind = guards.kind_of(path.read_bytes())
    sheets = [_csv(path)] if kind == "csv" else list(_workbook(path))
    chosen: tuple[_Sheet, headings.Found, bool] | None = None
    for sheet in sheets:
        first = _spread(sheet.first, sheet.merged)
        for is_old in (False, True):
            rows = [[legacy.from_tcvn3(c) for c in row] for row in first] if is_old else first
            found = headings.find(rows, columns)
            if found and (chosen is None or found.score > chosen[1].score):
                chosen = sheet, found, is_old
    if chosen is None:
        raise refused(
            _("Không thấy dòng tiêu đề cột: hãy tải tệp mẫu, chép dữ liệu vào rồi tải lên lại.")
            if any(any(row) for sheet in sheets for row in sheet.first)
            else _("Bảng không có dòng nào.")
        )
    sheet, found, is_old = chosen
    if found.required_missing:
        raise refused(
            _("Thiếu cột bắt buộc: %(columns)s. Hãy thêm cột, hoặc sửa tiêu đề cho giống tệp mẫu.")
            % {"columns": ", ".join(f"«{label}»" for label in found.required_missing)}
        )
    return Table(sheet.name, found, _lines(sheet, found, is_old))


def _lines(sheet: _Sheet, found: headings.Found, is_old: bool) -> Iterator[tuple[int, list[str]]]:
    """Data lines; what stands in no known column, headings repeated on a new page and numbering are left out."""
    width, known = len(found.headings), list(found.places.values())
    count = 0
    for number, cells in enumerate(_filled(sheet.rows(), sheet.merged), 1):
        if number <= found.line + found.below:
            continue
        row = [legacy.from_tcvn3(c) if is_old and legacy.is_tcvn3(c) else c for c in cells[:width]]
        row += [""] * (width - len(row))
        if not any(row[place].strip() for place in known):
            continue
        is_near = number <= found.line + found.below + 2
        if headings.is_repeated(row, found) or (is_near and headings.is_numbering(row)):
            continue
        count += 1
        if count > MAX_ROWS:
            raise _too_many_rows()
        yield number, row


def _too_many_rows() -> Exception:
    return refused(
        _("Bảng có hơn %(n)s dòng: hãy chia thành nhiều tệp, hoặc xoá các dòng thừa ở cuối bảng.")
        % {"n": f"{MAX_ROWS:,}".replace(",", ".")}
    )


def _spread(rows: list[list[str]], merged: Merged) -> list[list[str]]:
    """The first rows with every merged cell filled in, for finding the headings."""
    filled = [list(row) for row in rows]
    for (top, left), (bottom, right) in merged:
        if top >= len(filled) or left >= len(filled[top]) or right - left > child.MOST_COLUMNS:
            continue
        value = filled[top][left]
        # A title over the whole width is no heading: only its own cell keeps it.
        for row in range(top, min(bottom, len(filled) - 1) + 1):
            filled[row] += [""] * (right + 1 - len(filled[row]))
            for place in range(left, right + 1):
                filled[row][place] = filled[row][place] or value
    return filled


def _filled(rows: Iterable[list[str]], merged: Merged) -> Iterator[list[str]]:
    """A cell merged downwards holds for each of its lines (the unit of five people, written once)."""
    starting: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _right) in merged:
        if bottom > top:
            starting.setdefault(top, []).append((left, bottom))
    holding: dict[int, tuple[int, str]] = {}
    for index, written in enumerate(rows):
        row = list(written)
        for left, bottom in starting.get(index, ()):
            holding[left] = bottom, row[left] if left < len(row) else ""
        for left in [left for left, (bottom, _value) in holding.items() if index > bottom]:
            del holding[left]
        for left, (_bottom, value) in holding.items():
            if any(row):
                row += [""] * (left + 1 - len(row))
                row[left] = row[left] or value
        yield row


def _csv(path: Path) -> _Sheet:
    def rows() -> Iterator[list[str]]:
        return delimited.rows(path.read_bytes())

    first = [row for row, _n in zip(rows(), range(child.FIRST_ROWS), strict=False)]
    return _Sheet("", [], first, rows)


def _workbook(path: Path) -> Iterator[_Sheet]:
    for name, merged, first in _ask(path):
        yield _Sheet(
            str(name)[:120],
            [((a[0], a[1]), (b[0], b[1])) for a, b in merged],
            first,
            lambda name=name: _ask(path, name, str(MAX_ROWS + 1_000)),  # type: ignore[misc]
        )


def _ask(path: Path, *arguments: str) -> Iterator[list]:
    """What the bounded process prints, line by line; its end as a sentence when it did not go well."""
    command = [sys.executable, "-I", child.__file__, str(path), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:  # noqa: S603
        assert reader.stdout
        try:
            for line in reader.stdout:
                yield json.loads(line)
            code = reader.wait(_SECONDS)
        finally:
            reader.kill()
    if code == child.TOO_MANY_ROWS:
        raise _too_many_rows()
    if code == child.LOCKED:
        raise refused(_("Tệp Excel có mật khẩu: hãy bỏ mật khẩu rồi tải lại."))
    if code == child.BROKEN:
        raise refused(_("Tệp bị hỏng: hãy mở bằng Excel, lưu lại rồi tải lên."))
    if code:
        raise refused(_("Bảng quá lớn nên không đọc được: hãy xoá các ô thừa ở cuối, hoặc chia thành nhiều tệp."))
