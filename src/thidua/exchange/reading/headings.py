"""Find the line of headings and which column each one means, however they are written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from thidua.kernel import text
from thidua.kernel.sheets.columns import Column

_ASIDE = re.compile(r"\(.*?\)|\[.*?\]|\*")
_NUMBERING = re.compile(r"^[(\[]?\d{1,2}[)\]]?$")
_CLOSE_ENOUGH = 0.86


@dataclass(frozen=True)
class Found:
    """`places`: column name -> place in the line; `line` counts from 1, as Excel does."""

    line: int
    headings: list[str]
    places: dict[str, int]
    below: int = 0  # further lines that belong to the headings
    required_missing: list[str] = field(default_factory=list)

    @property
    def score(self) -> int:
        return len(self.places)


def words(heading: str) -> str:
    return "".join(text.words(_ASIDE.sub(" ", heading)))


def _ways(column: Column) -> set[str]:
    written = {words(str(column.label)), words(column.name), *(words(way) for way in column.synonyms)}
    # The Vietnamese label stays valid when the interface is English.
    return written - {""}


def match(cells: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Column name -> place. Exact words first (without dấu, order of headings free), then slips of the pen."""
    places: dict[str, int] = {}
    written = [words(cell) for cell in cells]
    ways = {column.name: _ways(column) for column in columns}
    for name, known in ways.items():
        for place, said in enumerate(written):
            if said in known and place not in places.values():
                places[name] = place
                break
    for name, known in ways.items():
        if name in places:
            continue
        free = [s for p, s in enumerate(written) if len(s) > 5 and p not in places.values()]
        close = [c for way in known if len(way) > 5 for c in difflib.get_close_matches(way, free, 1, _CLOSE_ENOUGH)]
        if close:
            places[name] = next(p for p, s in enumerate(written) if s == close[0] and p not in places.values())
    return places


def find(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> Found | None:
    """The first line with the most known headings; two-line headings are read as one."""
    best: Found | None = None
    for index, row in enumerate(rows):
        for below in (0, 1):
            if below and index + 1 >= len(rows):
                continue
            cells = _joined(row, rows[index + 1]) if below else list(row)
            places = match(cells, columns)
            found = Found(index + 1, cells, places, below)
            if best is None or found.score > best.score:
                best = found
    if best is None or not best.places:
        return None
    missing = [str(c.label) for c in columns if c.required and c.name not in best.places]
    return Found(best.line, best.headings, best.places, best.below, missing)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Under a group heading the lower cell says which: «Chia ra» / «Nữ» is «Nữ»."""
    width = max(len(upper), len(lower))
    pairs = [(upper[i] if i < len(upper) else "", lower[i] if i < len(lower) else "") for i in range(width)]
    return [low.strip() or up for up, low in pairs]


def is_numbering(cells: Sequence[str]) -> bool:
    """The line «(1) (2) (3)» below the headings of official tables."""
    written = [cell.strip() for cell in cells if cell.strip()]
    numbers = [int(re.sub(r"\D", "", cell)) for cell in written if _NUMBERING.match(cell)]
    return len(numbers) == len(written) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def is_repeated(cells: Sequence[str], found: Found) -> bool:
    """The headings once more: a merged heading's second line, or the top of the next printed page."""
    pairs = [(words(cells[p]) if p < len(cells) else "", words(found.headings[p])) for p in found.places.values()]
    return len(pairs) > 1 and all(cell == heading for cell, heading in pairs)
