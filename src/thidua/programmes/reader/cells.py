"""A cell of a table read as a number to reach: `≥ 12`, `1.500 người`, `40 - 50`, `trên 90%`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from thidua.kernel import text
from thidua.programmes.reader.amounts import figure

_FIGURE = r"\d{1,3}(?:[.,\s]\d{3})+|\d{1,9}(?:[,.]\d{1,2})?"
_CELL = re.compile(
    rf"(?P<before>(?:≥|>=|>|≤|<=|<|từ|đạt|trên|hơn|dưới|ít nhất|tối thiểu|không dưới|không quá|tối đa)?)\s*"
    rf"(?:(?P<low>{_FIGURE})\s*%?\s*(?:-|–|đến)\s*)?(?P<n>{_FIGURE})\s*(?P<scale>triệu|nghìn|ngàn|tỷ|tỉ)?\s*(?P<percent>%)?\s*(?P<after>trở lên|trở xuống)?"
    r"\s*(?P<words>(?:[^\W\d_][^\d]{0,60})?)",
    re.I,
)
_SCALES = {"triệu": 10**6, "nghìn": 10**3, "ngàn": 10**3, "tỷ": 10**9, "tỉ": 10**9}


@dataclass(frozen=True)
class Cell:
    value: Decimal
    low: Decimal | None
    comparator: str
    is_percent: bool
    words: str


def read(cell: str) -> Cell | None:
    """The number of a cell, or None when it holds words, a date or nothing."""
    match = _CELL.fullmatch(cell.strip())
    if not match:
        return None
    scale = _SCALES.get((match["scale"] or "").lower(), 1)
    low = figure(match["low"]) * scale if match["low"] else None
    words = match["words"].strip()
    if low is None and len(words.split()) > 8:
        return None
    comparator = (
        "between" if low is not None else _comparator(text.fold(f"{match['before']} {match['after'] or ''} {words}"))
    )
    return Cell(figure(match["n"]) * scale, low, comparator, bool(match["percent"]), words)


def _comparator(words: str) -> str:
    if re.search(r"≥|>=|tro len|it nhat|toi thieu|khong duoi", words):
        return "at_least"
    if re.search(r"≤|<=|<|tro xuong|khong qua|toi da|\bduoi\b", words):
        return "at_most"
    return "more_than" if re.search(r">|\btren\b|\bhon\b", words) else "exactly"
