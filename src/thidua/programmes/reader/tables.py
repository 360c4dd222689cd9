"""Tables of a plan or its annex: what each unit is given, and indicators with their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader import cells
from thidua.programmes.reader.amounts import plain
from thidua.programmes.reader.cells import Cell
from thidua.programmes.reader.lines import Line

Source = dict[str, Any]
Row = tuple[list[str], Source]
Item = dict[str, Any]
Fault = tuple[Source, str]
_UNITS = re.compile(
    r"^(?:ten )?(?:cac )?(?:don vi|cong doan|cdcs|ldld|lien doan|truong|co so|xa, phuong|phuong, xa|doanh nghiep|to cong doan|cong ty)"
    r"(?! tinh$)"
)
_NAMES = re.compile(r"^(?:giai doan|dot)(?: thi dua)?$|noi dung|tieu chi|chi tieu|nhiem vu|ten|cong viec")
_VALUES = re.compile(
    r"chi tieu|giai doan|sang kien|giai phap|\bdot\b|so luong|ke hoach|nam 20\d\d|^20\d\d$|phase|giao|muc tieu|phan dau|ket nap|phat trien|"
    r"thanh lap|\bquy\b|ty le|dang ky|initiative|target"
)
_PAST = re.compile(r"thuc hien|ket qua|hien co|da dat|ghi chu|thoi gian|thoi han|so voi")
_HEADCOUNT = re.compile(
    r"^(?:tong )?(?:so|sl) (?:luong )?(?:doan vien|cnvcld|cnvc|lao dong|ldong|cong nhan|cdcs|cb|can bo|nguoi)[^%]*$"
)
_ALL = re.compile(
    r"^(?:tổng|cộng|tổng\s+(?:cộng|số|chung)|toàn\s+\S+|cộng chung|total)(?:\s+(?:tỉnh|ngành|thành phố|\(.*\)))?\s*:?$",
    re.I,
)
_SUM = re.compile(r"^(?:tong|cong|ca nam|ca hai|ca 0?2|toan|2 giai doan|total)")
_GROUP = re.compile(r"^(?:[IVX]+|[A-H])\.?$")
_MARKS = ("tt", "stt", "so tt", "no", "no.", "#")


@dataclass(frozen=True)
class Column:
    """A column of numbers: of which phase, period and indicator; or the total of its neighbours."""

    at: int
    phase: str | None
    period: str | None
    code: str
    is_percent: bool
    is_total: bool


@dataclass
class Entry:
    mark: str
    name: str
    unit: str
    numbers: dict[int, Cell]
    source: Source


@dataclass
class Table:
    name_at: int
    unit_at: int | None
    mark_at: int | None
    headers: list[str]
    topic: str
    of_units: bool
    title: str = ""
    entries: list[Entry] = field(default_factory=list)

    @property
    def columns(self) -> list[Column]:
        """Columns that carry numbers to reach."""
        skipped = (self.name_at, self.unit_at, self.mark_at)
        return [
            _column(at, header, (self.topic, self.title))
            for at, header in enumerate(self.headers)
            if at not in skipped and _is_value(header)
        ]


def of_lines(lines: list[Line]) -> list[Row]:
    """Rows of tables written with bars or wide gaps."""
    return [
        (list(line.cells), line.source)
        for line in lines
        if len(line.cells) >= 3 or (line.is_table and len(line.cells) > 1)
    ]


def read(rows: list[Row], lines: list[Line], title: str) -> tuple[list[Item], list[Fault], set[int]]:
    """Targets of tables, totals that do not fit, and the lines they stand in."""
    found: list[Item] = []
    faults: list[Fault] = []
    taken: set[int] = set()
    for table in _tables(rows, lines):
        table.title = text.fold(title)
        columns = table.columns
        faults += _across(table, columns)
        if table.of_units:
            faults += _down(table, columns)
            found += _allocations(table, columns)
        else:
            found += [item for entry in table.entries for item in _indicators(entry, columns)]
        taken |= {entry.source["line"] for entry in table.entries}
    return found, faults, taken


def _tables(rows: list[Row], lines: list[Line]) -> Iterator[Table]:
    current: Table | None = None
    last = -9
    for given, source in rows:
        row = [text.tidy(cell) for cell in given]
        if current and source["line"] - last > 4:
            if current.entries:
                yield current
            current = None
        last = source["line"]
        if header := _header(row, source, lines):
            if current and current.entries:
                yield current
            current = header
        elif current and not current.entries and _is_second_header(row, current):
            current.headers = [
                _both(a, b) for a, b in zip(current.headers, [*row, *[""] * len(current.headers)], strict=False)
            ]
        elif current:
            _add(current, row, source)
    if current and current.entries:
        yield current


def _both(one: str, other: str) -> str:
    return one if not other or other == one else f"{one} {other}".strip()


def _header(row: list[str], source: Source, lines: list[Line]) -> Table | None:
    folded = [text.fold(cell) for cell in row]
    if any(cells.read(cell) and not re.fullmatch(r"(?:năm\s+)?20\d\d", cell, re.I) for cell in row):
        return None
    mark_at = next((i for i, cell in enumerate(folded) if cell in _MARKS), None)
    unit_at = next((i for i, cell in enumerate(folded) if cell in ("dvt", "don vi tinh", "don vi do")), None)
    units_at = next(
        (i for i, cell in enumerate(folded) if i != unit_at and _UNITS.search(cell) and len(cell) < 60), None
    )
    names_at = next((i for i, cell in enumerate(folded) if i not in (unit_at, mark_at) and _NAMES.search(cell)), None)
    of_units = unit_at is None and units_at is not None and (names_at is None or units_at < names_at)
    name_at = units_at if of_units else names_at
    if name_at is None or not any(_is_value(c) for i, c in enumerate(row) if i not in (name_at, unit_at)):
        return None
    near = [line.text for line in lines if source["line"] - 5 <= line.number < source["line"] and not line.is_table]
    return Table(name_at, unit_at, mark_at, row, text.fold(" ".join([*near, *row])), of_units)


def _is_second_header(row: list[str], table: Table) -> bool:
    if any(cells.read(cell) and not re.fullmatch(r"(?:năm\s+)?20\d\d", cell, re.I) for cell in row):
        return False
    name = row[table.name_at] if table.name_at < len(row) else ""
    return name in ("", table.headers[table.name_at]) and any(row)


def _is_value(header: str) -> bool:
    folded = text.fold(header)
    is_number = bool(_VALUES.search(folded) or _SUM.search(folded))
    return is_number and not _PAST.search(folded) and not _HEADCOUNT.search(folded) and len(header) < 120


def _column(at: int, header: str, topics: tuple[str, ...]) -> Column:
    folded = text.fold(header)
    phase = _phase_of(header)
    is_percent = "%" in header or "ty le" in folded
    code = indicator(folded, is_percent=is_percent)
    for topic in topics if code == "other" else ():
        code = indicator(topic, is_percent=is_percent) if code == "other" else code
    is_total = (
        bool(_SUM.search(folded) or re.search(r"\b(?:tong|cong)\b(?! doan| ty| nhan| tac)", folded)) and phase is None
    )
    return Column(at, phase, _period_of(header), code, is_percent, is_total)


def _add(table: Table, row: list[str], source: Source) -> None:
    values = {c.at: value for c in table.columns if c.at < len(row) and (value := cells.read(row[c.at]))}
    mark = row[table.mark_at] if table.mark_at is not None and table.mark_at < len(row) else ""
    name = row[table.name_at] if table.name_at < len(row) else ""
    if not re.search(r"[^\W\d_]{2}", name):
        name = next((cell for cell in row if re.search(r"[^\W\d_]{3,}", cell) and not cells.read(cell)), "")
    if not values and not mark and name and table.entries and not _ALL.match(name):
        table.entries[-1].name += f" {name}"  # a name broken over two lines
        return
    if values and name:
        unit = row[table.unit_at] if table.unit_at is not None and table.unit_at < len(row) else ""
        table.entries.append(Entry(mark.strip(), name, unit, values, source))


def _is_leaf(entry: Entry, *, has_groups: bool) -> bool:
    return not _ALL.match(entry.name) and not (has_groups and _GROUP.match(entry.mark))


def _has_groups(table: Table) -> bool:
    marks = [entry.mark for entry in table.entries]
    return any(m.rstrip(".").isdigit() for m in marks) and any(_GROUP.match(m) for m in marks)


def _allocations(table: Table, columns: list[Column]) -> Iterator[Item]:
    """One item per unit and column; a total beside its parts is not given twice."""
    has_groups = _has_groups(table)
    for entry in table.entries:
        if not _is_leaf(entry, has_groups=has_groups):
            continue
        parts = [c for c in columns if not c.is_total and c.at in entry.numbers]
        for column in parts or [c for c in columns if c.at in entry.numbers]:
            yield _item(entry, column, column.code, is_percent=column.is_percent, unit_name=entry.name)


def _indicators(entry: Entry, columns: list[Column]) -> Iterator[Item]:
    """Rows `nội dung | đơn vị tính | chỉ tiêu`: the indicator is named by the row."""
    parts = [c for c in columns if not c.is_total and c.at in entry.numbers]
    for column in parts or [c for c in columns if c.at in entry.numbers]:
        cell = entry.numbers[column.at]
        phase = column.phase or _phase_of(entry.name)
        words = text.fold(f"{entry.name} {entry.unit} {cell.words}")
        is_percent = "%" in entry.unit or cell.is_percent or (not entry.unit and "ty le" in words)
        code = indicator(words, is_percent=is_percent)
        if code == "other" and phase:  # a row `Giai đoạn 1`: what is counted is said by the column
            code = column.code
        yield {**_item(entry, column, code, is_percent=is_percent), "phase": phase}


def _across(table: Table, columns: list[Column]) -> list[Fault]:
    """A total column that is not the sum of its row."""
    totals = [c for c in columns if c.is_total]
    if len(totals) != 1 or any(c.is_percent for c in columns):
        return []
    total = totals[0]
    parts = [c for c in columns if not c.is_total and c.code == total.code]
    faults = []
    for entry in table.entries:
        if total.at in entry.numbers and len(parts) > 1 and all(c.at in entry.numbers for c in parts):
            summed = sum(entry.numbers[c.at].value for c in parts)
            if summed != entry.numbers[total.at].value:
                faults.append(
                    (entry.source, f"{entry.name}: {plain(entry.numbers[total.at].value)} ≠ {plain(Decimal(summed))}")
                )
    return faults


def _down(table: Table, columns: list[Column]) -> list[Fault]:
    """Totals and group lines that are not the sum of their rows."""
    faults: list[Fault] = []
    has_groups = _has_groups(table)
    counted = [c for c in columns if not c.is_percent]
    for at, entry in enumerate(table.entries):
        if _is_leaf(entry, has_groups=has_groups):
            continue
        rows = [e for e in table.entries if _is_leaf(e, has_groups=has_groups)]
        if has_groups and _GROUP.match(entry.mark):
            following = table.entries[at + 1 :]
            end = next((i for i, e in enumerate(following) if not _is_leaf(e, has_groups=True)), len(following))
            rows = following[:end]
        for column in counted:
            if column.at in entry.numbers and rows:
                summed = sum((e.numbers[column.at].value for e in rows if column.at in e.numbers), Decimal(0))
                stated = entry.numbers[column.at].value
                if stated != summed:
                    label = column.phase or column.period or "Tổng"
                    faults.append((entry.source, f"{label}: {plain(stated)} ≠ {plain(summed)}"))
    return faults


def indicator(words: str, *, is_percent: bool) -> str:
    """Which indicator folded words speak of."""
    if "sang kien" in words or "giai phap" in words or "initiative" in words:
        return "participation_rate" if is_percent else "initiatives"
    for code, pattern in (
        ("members_organised", r"(?:ket nap|phat trien).*(?:doan vien|nguoi)"),
        ("grassroots_unions_founded", r"thanh lap.*(?:cdcs|cong doan co so|nghiep doan)"),
        ("agreements_signed", r"thoa uoc|tuldtt"),
        ("dialogues_held", r"doi thoai"),
        ("supervisions", r"giam sat"),
        ("articles_published", r"tin,? bai|bai viet"),
        ("workers_cared_for_tet", r"\btet\b"),
        ("benefit", r"lam loi"),
    ):
        if re.search(pattern, words) and not is_percent:
            return code
    return (
        "units_responding"
        if is_percent and re.match(r"\W*(?:ty le\s+)?(?:so\s+)?(?:cdcs|cong doan|don vi)", words)
        else "other"
    )


def _item(entry: Entry, column: Column, code: str, *, is_percent: bool, unit_name: str = "") -> Item:
    cell = entry.numbers[column.at]
    value = [plain(cell.low), plain(cell.value)] if cell.low is not None else plain(cell.value)
    item: Item = {
        "indicator": code,
        "comparator": cell.comparator,
        "value": value,
        "unit": "percent" if is_percent else "count",
        "phase": column.phase,
        "period": column.period,
        "phrase": entry.name,
        "source": entry.source,
    }
    return {**item, "unit_name": unit_name} if unit_name else item


_PHASE = re.compile(r"(giai đoạn|đợt|phase)\s+(\d{1,2}\b|[IVX]{1,3}\b)", re.I)


def _phase_of(header: str) -> str | None:
    match = _PHASE.search(header)
    return f"{match[1][0].upper()}{match[1][1:].lower()} {match[2].upper()}" if match else None


def _period_of(header: str) -> str | None:
    quarter = re.search(r"quý\s+(?:IV|I{1,3}|[1-4])\b(?:[/\s]+20\d\d)?", header, re.I)
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", header)
    return f"quý {quarter.group()[4:].strip().upper()}" if quarter else year[1] if year else None
