"""Tables of an annex: what each unit is given, and indicators with their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.lines import Line
from thidua.programmes.reader.targets import figure, plain

Row = tuple[list[str], dict[str, Any]]
Item = dict[str, Any]
_UNITS = re.compile(
    r"^(?:ten )?(?:don vi|cong doan|cdcs|ldld|truong|cac don vi|co so|xa, phuong|doanh nghiep)(?! tinh)"
)
_VALUES = re.compile(r"chi tieu|giai doan|sang kien|\bdot\b|so luong|ke hoach giao|nam 20\d\d|^20\d\d$|phase")
_ALL = re.compile(r"^(?:tong|cong|toan|total)\b")
_ROMAN = re.compile(r"^(?:[IVX]+|[A-H])\.?$")


@dataclass
class _Table:
    name_at: int
    columns: list[tuple[int, str | None, str | None]]  # (cell, phase, period)
    rows: list[tuple[str, str, dict[int, Decimal], dict[str, Any]]] = field(default_factory=list)
    unit_at: int | None = None


def of_lines(lines: list[Line]) -> list[Row]:
    """Rows of tables written with bars or wide gaps."""
    return [
        (list(line.cells), line.source)
        for line in lines
        if len(line.cells) >= 3 or (line.is_table and len(line.cells) > 1)
    ]


def read(rows: list[Row]) -> tuple[list[Item], list[tuple[dict[str, Any], str]], set[int]]:
    """Targets of tables, totals that do not fit, and the lines they stand in."""
    found: list[Item] = []
    faults: list[tuple[dict[str, Any], str]] = []
    taken: set[int] = set()
    for table in _tables(rows):
        if table.unit_at is not None:
            items = _indicators(table)
        else:
            items, wrong = _allocations(table)
            faults += wrong
        found += items
        taken |= {source["line"] for *_rest, source in table.rows}
    return found, faults, taken


def _tables(rows: list[Row]) -> list[_Table]:
    tables: list[_Table] = []
    current: _Table | None = None
    last = -1
    for cells, source in rows:
        if current and source["line"] - last > 4:
            current = None
        last = source["line"]
        if header := _header(cells, current):
            current = header
            tables.append(header)
            continue
        if current is None:
            continue
        numbers = {i: v for i, _p, _y in current.columns if i < len(cells) and (v := _cell(cells[i])) is not None}
        name = cells[current.name_at] if current.name_at < len(cells) else ""
        if not re.search(r"[^\W\d_]{2}", name):
            name = next((c for c in cells if re.search(r"[^\W\d_]{3,}", c)), "")
        if numbers and name:
            unit = cells[current.unit_at] if current.unit_at is not None and current.unit_at < len(cells) else ""
            mark = cells[0] if current.name_at else ""
            current.rows.append((mark, f"{name}\0{unit}", numbers, source))
    return [t for t in tables if t.rows]


def _header(cells: list[str], current: _Table | None) -> _Table | None:
    folded = [text.fold(c).strip() for c in cells]
    columns = [
        (i, _phase_of(c), _period_of(c)) for i, c in enumerate(cells) if _VALUES.search(folded[i]) and len(c) < 80
    ]
    has_numbers = any(_cell(c) is not None and not re.fullmatch(r"20\d\d", c.strip()) for c in cells)
    if (
        current
        and not current.rows
        and not has_numbers
        and columns
        and folded[current.name_at : current.name_at + 1] == [""]
    ):
        return _Table(current.name_at, columns, unit_at=current.unit_at)  # the second line of a header
    measure = next((i for i, c in enumerate(folded) if c in ("dvt", "don vi tinh")), None)
    if measure is not None:
        name_at = next((i for i, c in enumerate(folded) if re.search(r"noi dung|tieu chi|chi tieu|ten", c)), None)
        columns = [c for c in columns if c[0] not in (name_at, measure)]
        return (
            _Table(name_at, columns, unit_at=measure) if name_at is not None and columns and not has_numbers else None
        )
    name_at = next((i for i, c in enumerate(folded) if _UNITS.search(c)), None)
    columns = [c for c in columns if c[0] != name_at]
    return _Table(name_at, columns) if name_at is not None and columns and not has_numbers else None


def _allocations(table: _Table) -> tuple[list[Item], list[tuple[dict[str, Any], str]]]:
    """One row per unit; groups and totals are checked against the rows they sum."""
    faults: list[tuple[dict[str, Any], str]] = []
    found: list[Item] = []
    marks = [mark.strip() for mark, *_rest in table.rows]
    has_groups = any(m.isdigit() for m in marks) and any(_ROMAN.match(m) for m in marks)
    sums = {i: Decimal(0) for i, _p, _y in table.columns}
    group: tuple[dict[int, Decimal], dict[str, Any]] | None = None
    part = dict(sums)

    def close() -> None:
        if group and any(part.values()):
            _compare(table, group[0], part, group[1], faults)

    for mark, named, numbers, source in table.rows:
        name = named.split("\0")[0]
        if _ALL.match(text.fold(name)):
            close()
            group = None
            _compare(table, numbers, sums, source, faults)
        elif has_groups and _ROMAN.match(mark.strip()):
            close()
            group, part = (numbers, source), {i: Decimal(0) for i, _p, _y in table.columns}
        else:
            for i, phase, period in table.columns:
                if (value := numbers.get(i)) is not None:
                    sums[i] += value
                    part[i] += value
                    found.append(_item("initiatives", value, "count", phase, period, name, source, unit_name=name))
    close()
    return found, faults


def _compare(
    table: _Table,
    stated: dict[int, Decimal],
    summed: dict[int, Decimal],
    source: dict[str, Any],
    faults: list[tuple[dict[str, Any], str]],
) -> None:
    for i, phase, period in table.columns:
        if i in stated and stated[i] != summed[i]:
            faults.append((source, f"{phase or period or 'Tổng'}: {plain(stated[i])} ≠ {plain(summed[i])}"))


def _indicators(table: _Table) -> list[Item]:
    """Rows `nội dung | đơn vị tính | chỉ tiêu`."""
    found: list[Item] = []
    for _mark, named, numbers, source in table.rows:
        name, unit = named.split("\0")
        is_percent = "%" in unit or text.fold(name).startswith("ty le")
        code = _indicator(text.fold(f"{name} {unit}"), is_percent)
        for i, phase, period in table.columns:
            if i in numbers:
                item = _item(code, numbers[i], "percent" if is_percent else "count", phase, period, name, source)
                written = source["text"].split(" | ")
                cell = next((c for c in reversed(written) if _cell(c) == numbers[i]), "")
                item["comparator"] = _comparator(cell)
                found.append(item)
    return found


def _indicator(words: str, is_percent: bool) -> str:
    if "sang kien" in words:
        return "participation_rate" if is_percent else "initiatives"
    for code, pattern in (
        ("members_organised", r"(?:ket nap|phat trien).*(?:doan vien|nguoi)"),
        ("grassroots_unions_founded", r"thanh lap.*(?:cdcs|cong doan co so|nghiep doan)"),
        ("agreements_signed", r"thoa uoc|tuldtt"),
        ("dialogues_held", r"doi thoai"),
        ("articles_published", r"tin,? bai|bai viet"),
        ("workers_cared_for_tet", r"\btet\b"),
    ):
        if re.search(pattern, words) and not is_percent:
            return code
    return "units_responding" if is_percent and re.search(r"cdcs|cong doan co so|don vi", words) else "other"


def _comparator(cell: str) -> str:
    folded = text.fold(cell)
    if re.search(r"≥|>=|tro len|it nhat|toi thieu", folded):
        return "at_least"
    if re.search(r"≤|<=|khong qua|toi da", folded):
        return "at_most"
    return "more_than" if re.search(r">|tren|hon", folded) else "exactly"


def _item(
    code: str,
    value: Decimal,
    unit: str,
    phase: str | None,
    period: str | None,
    phrase: str,
    source: dict[str, Any],
    unit_name: str = "",
) -> Item:
    item: Item = {
        "indicator": code,
        "comparator": "exactly",
        "value": plain(value),
        "unit": unit,
        "phase": phase,
        "period": period,
        "phrase": phrase,
        "source": source,
    }
    return {**item, "unit_name": unit_name} if unit_name else item


def _phase_of(header: str) -> str | None:
    match = re.search(r"(?:giai đoạn|đợt|phase)\s+(?:\d{1,2}|[IVX]{1,3})\b", header, re.IGNORECASE)
    return (
        match.group()[0].upper()
        + match.group()[1:].lower().replace(match.group().split()[-1].lower(), match.group().split()[-1])
        if match
        else None
    )


def _period_of(header: str) -> str | None:
    match = re.search(r"\b(20\d\d)\b", header)
    return match.group(1) if match else None


def _cell(cell: str) -> Decimal | None:
    match = re.fullmatch(
        r"(?:≥|>=|>|≤|<=|trên|ít nhất|tối thiểu|không quá)?\s*(\d[\d.,\s]*?)\s*%?\s*(?:trở lên)?\s*(?:sáng kiến|SK|đoàn viên|người)?",
        cell.strip(),
        re.IGNORECASE,
    )
    if not match or not re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+|\d{1,9}(?:,\d{1,2})?", match.group(1)):
        return None
    return figure(match.group(1))
