"""Lines of a PDF page by page: columns kept apart, ruled tables as rows, paragraphs joined by their indent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Rows = list[tuple[list[str], dict[str, Any]]]
_INDENT = 8  # points; the first line of a paragraph stands farther in than the others
_HYPHEN = r"\w[-/]$"  # "5300/QĐ-" / "TLĐ": broken at its own hyphen
_EDGES = 8  # a page with fewer ruled edges holds no table


@dataclass
class _Line:
    """A printed line; `bar` tells a row of a table, `cells` its cells."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    page: int
    cells: tuple[str, ...] = ()
    is_split: bool = False


def read(pages: list[Any]) -> tuple[str, Rows]:
    """The text of the pages, and the rows of their tables with the line they stand in."""
    printed = [line for number, page in enumerate(pages, 1) for line in _lines_of(page, number)]
    written: list[str] = []
    rows: Rows = []
    for index, line in enumerate(_joined(printed)):
        if line.cells:
            written.append(" | ".join(line.cells))
            rows.append((list(line.cells), {"line": index + 1, "text": written[-1]}))
        else:
            written.append(line.text)
    return "\n".join(written), rows


def _lines_of(page: Any, number: int) -> list[_Line]:
    tables = [t for t in page.find_tables() if len(t.rows) > 1] if len(page.edges) >= _EDGES else []
    boxes = [table.bbox for table in tables]
    words = [w for w in page.extract_words(extra_attrs=["size"]) if not any(_is_within(w, box) for box in boxes)]
    head = _letterhead(words, page.height) if number == 1 else []
    taken = {id(word) for column in head for word in column}
    above = [line for column in head for line in _lines(column, number)]
    lines = _lines([w for w in words if id(w) not in taken], number)
    return [*above, *_sorted([line for line in lines if not _is_page_number(line, number)], tables, number)]


def _sorted(lines: list[_Line], tables: list[Any], number: int) -> list[_Line]:
    """Lines and rows of tables from top to bottom."""
    found = list(lines)
    for table in tables:
        for row, cells in zip(table.rows, table.extract(), strict=False):
            texts = tuple(" ".join((cell or "").split()) for cell in cells)
            if any(texts):
                left, top, right, bottom = row.bbox
                found.append(_Line("", left, right, top, bottom, number, texts))
    return sorted(found, key=lambda line: line.top)


_KINDS = re.compile(r"^(?:KẾ\s*HOẠCH|HƯỚNG DẪN|CHƯƠNG TRÌNH|THÔNG BÁO|PHÁT ĐỘNG|Kính gửi|PLAN)\b")


def _letterhead(words: list[dict[str, Any]], height: float) -> list[list[dict[str, Any]]]:
    """The two columns above the title: the union's names and number; the state's title, place and date."""
    pairs = zip(words, words[1:], strict=False)
    state = next((one for one, other in pairs if (one["text"], other["text"][:1]) == ("CỘNG", "H")), None)
    if state is None or state["top"] > height / 3:
        return []
    under = [line for line in _lines([w for w in words if w["top"] > state["bottom"]], 1) if _KINDS.match(line.text)]
    bottom = min((line.top for line in under), default=0)
    if not bottom or bottom > height / 2:
        return []
    head = [w for w in words if w["bottom"] < bottom + 1]
    edge = state["x0"] - 4
    left = [w for w in head if w["x0"] < edge]
    if any(w["x1"] > edge + 40 for w in left):
        return []  # a line runs through: no two columns
    return [left, [w for w in head if w["x0"] >= edge]]


def _is_within(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle_x, middle_y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= middle_x <= box[2] and box[1] <= middle_y <= box[3]


def _is_page_number(line: _Line, number: int) -> bool:
    match = re.fullmatch(r"[-–\s]*(?:trang\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?[-–\s]*", line.text, re.IGNORECASE)
    return match is not None and abs(int(match[1]) - number) <= 1


def _lines(words: list[dict[str, Any]], number: int) -> Iterator[_Line]:
    row: list[dict[str, Any]] = []
    for word in sorted(words, key=lambda w: (round(w["bottom"]), w["x0"])):
        if row and word["bottom"] - row[0]["bottom"] > word["size"] * 0.4:
            yield _line(row, number)
            row = []
        row.append(word)
    if row:
        yield _line(row, number)


def _line(row: list[dict[str, Any]], number: int) -> _Line:
    row.sort(key=lambda w: w["x0"])
    pieces = [row[0]["text"]]
    is_split = False
    for one, other in zip(row, row[1:], strict=False):
        is_gap = other["x0"] - one["x1"] > 0.9 * other["size"]
        is_split = is_split or is_gap
        pieces.append(f"{'    ' if is_gap else ' '}{other['text']}")
    return _Line(
        "".join(pieces),
        row[0]["x0"],
        row[-1]["x1"],
        min(w["top"] for w in row),
        max(w["bottom"] for w in row),
        number,
        is_split=is_split,
    )


def _joined(lines: list[_Line]) -> Iterator[_Line]:
    """Lines of one paragraph as one: all but the first begin at the left margin."""
    body = [line for line in lines if not line.cells]
    if not body:
        yield from lines
        return
    margin = min(line.left for line in body)
    edge = max(line.right for line in body)
    pending: _Line | None = None
    is_indented = False
    for line in lines:
        if pending and is_indented and _continues(pending, line, margin, edge):
            glue = "" if re.search(_HYPHEN, pending.text) else " "
            pending = _Line(
                f"{pending.text}{glue}{line.text}", pending.left, line.right, line.top, line.bottom, line.page
            )
            continue
        if pending:
            yield pending
        pending, is_indented = (
            line,
            not line.cells and not line.is_split and _INDENT < line.left - margin < 0.25 * (edge - margin),
        )
    if pending:
        yield pending


def _continues(pending: _Line, line: _Line, margin: float, edge: float) -> bool:
    if line.cells or (line.is_split and line.right < edge - 5) or line.left > margin + 3:
        return False
    height = line.bottom - line.top
    is_near = line.page != pending.page or line.top - pending.bottom < 1.2 * height
    is_full = pending.right > edge - 0.15 * (edge - margin)
    return is_near and is_full and not line.text.startswith(("Nơi nhận", "NƠI NHẬN"))
