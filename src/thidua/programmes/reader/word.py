"""Lines of a Word document: automatic numbers written out, merged cells, text boxes, insertions; deletions left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
Rows = list[tuple[list[str], dict[str, Any]]]
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_NUMBER = re.compile(r"[\d.,\s%]*\d[\d.,\s%]*")


def read(document: Any) -> tuple[str, Rows]:
    """The text line by line, and the rows of its tables with the line they stand in."""
    reading = _Reading(_Numbering.of(document))
    reading.blocks(document.element.body)
    return "\n".join(reading.written), reading.rows


@dataclass
class _Reading:
    numbering: _Numbering
    written: list[str] = field(default_factory=list)
    rows: Rows = field(default_factory=list)

    def blocks(self, parent: Any) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self.written += self.paragraph(child)
            elif child.tag == f"{W}tbl":
                self.table(child)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                self.blocks(child)

    def paragraph(self, element: Any) -> list[str]:
        """Its lines, and those of the text boxes anchored in it."""
        lines = "".join(_pieces(element)).split("\n")
        if any(line.strip() for line in lines):
            lines[0] = self.numbering.label(element) + lines[0]
        for box in element.iter(f"{W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                lines += [line for p in box.iter(f"{W}p") for line in "".join(_pieces(p)).split("\n") if line.strip()]
        return lines

    def table(self, element: Any) -> None:
        grid = [list(self.cells(row)) for row in element.iter(f"{W}tr") if _owner(row) is element]
        if _is_frame(grid):
            for row in grid:
                for cell in row:
                    self.written += cell.lines
            return
        above: list[str] = []
        for row in grid:
            plain: list[str] = []
            shown: list[str] = []
            for cell in row:
                text = " ".join(" ".join(cell.lines).split())
                if cell.goes_on:  # merged with the cell above: words hold for this row as well, a number only once
                    over = above[len(plain)] if len(plain) < len(above) else ""
                    text = "" if _NUMBER.fullmatch(over) else over
                is_number = bool(_NUMBER.fullmatch(text))
                plain += [f"[{text}]" if is_number and cell.span > 1 else text] * cell.span
                shown.append("" if cell.goes_on else text)
            above = plain
            self.written.append(" | ".join(shown))
            self.rows.append((plain, {"line": len(self.written), "text": self.written[-1]}))

    def cells(self, row: Any) -> Iterator[_Cell]:
        for element in row.iter(f"{W}tc"):
            if _owner(element, "tr") is not row:
                continue
            properties = element.find(f"{W}tcPr")
            span, goes_on = 1, False
            if properties is not None:
                wide = properties.find(f"{W}gridSpan")
                span = max(1, min(60, int(wide.get(f"{W}val", "1")))) if wide is not None else 1
                merged = properties.find(f"{W}vMerge")
                goes_on = merged is not None and merged.get(f"{W}val", "continue") == "continue"
            inner = _Reading(self.numbering)
            inner.blocks(element)
            yield _Cell([line for line in inner.written if line.strip()], span, goes_on)


@dataclass
class _Cell:
    lines: list[str]
    span: int
    goes_on: bool


def _owner(element: Any, name: str = "tbl") -> Any:
    return next(element.iterancestors(f"{W}{name}"), None)


def _is_frame(grid: list[list[_Cell]]) -> bool:
    """The table of a letterhead or of recipients and signature: two cells of several lines."""
    return len(grid) <= 3 and all(len(row) <= 2 for row in grid) and any(len(c.lines) > 1 for row in grid for c in row)


def _pieces(element: Any) -> Iterator[str]:
    """Text of a paragraph in order, insertions included, deletions and text boxes not."""
    for child in element:
        if child.tag in (f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}txbxContent", _FALLBACK):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        else:
            yield from _pieces(child)


@dataclass
class _Level:
    kind: str
    shape: str
    start: int


@dataclass
class _Numbering:
    """Automatic numbers (`1.`, `a)`, `-`) as they are printed."""

    lists: dict[str, tuple[str, dict[int, _Level]]]
    styles: dict[str, tuple[str, int]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any) -> _Numbering:
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return cls({}, {})
        abstract = {a.get(f"{W}abstractNumId"): _levels(a) for a in root.findall(f"{W}abstractNum")}
        lists = {}
        for number in root.findall(f"{W}num"):
            reference = number.find(f"{W}abstractNumId")
            key = reference.get(f"{W}val") if reference is not None else ""
            lists[number.get(f"{W}numId", "")] = (key, abstract.get(key, {}))
        styles = {}
        for style in document.styles.element.findall(f"{W}style"):
            if place := _place(style.find(f"{W}pPr")):
                styles[style.get(f"{W}styleId", "")] = place
        return cls(lists, styles)

    def label(self, paragraph: Any) -> str:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return ""
        style = properties.find(f"{W}pStyle")
        place = _place(properties) or (self.styles.get(style.get(f"{W}val", "")) if style is not None else None)
        if place is None or place[0] not in self.lists:
            return ""
        key, levels = self.lists[place[0]]
        level = levels.get(place[1])
        if level is None or level.kind == "none":
            return ""
        if level.kind == "bullet":
            return "+ " if place[1] else "- "
        counts = self.counts.setdefault(key, {})
        counts[place[1]] = counts.get(place[1], level.start - 1) + 1
        for deeper in [d for d in counts if d > place[1]]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            known = levels.get(at)
            return _numeral(counts.get(at, known.start if known else 1), known.kind if known else "decimal")

        return re.sub(r"%(\d)", shown, level.shape) + " "


def _levels(abstract: Any) -> dict[int, _Level]:
    found = {}
    for level in abstract.findall(f"{W}lvl"):
        values = {name: level.find(f"{W}{name}") for name in ("numFmt", "lvlText", "start")}
        kind, shape, start = (v.get(f"{W}val", "") if v is not None else "" for v in values.values())
        at = level.get(f"{W}ilvl", "0")
        found[int(at) if at.isdigit() else 0] = _Level(kind, shape, int(start) if start.isdigit() else 1)
    return found


def _place(properties: Any) -> tuple[str, int] | None:
    numbered = properties.find(f"{W}numPr") if properties is not None else None
    if numbered is None:
        return None
    number, level = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
    if number is None:
        return None
    at = level.get(f"{W}val", "0") if level is not None else "0"
    return number.get(f"{W}val", ""), int(at) if at.isdigit() else 0


def _numeral(number: int, kind: str) -> str:
    number = max(1, min(number, 3000))
    if kind in ("lowerLetter", "upperLetter"):
        return chr((97 if kind == "lowerLetter" else 65) + (number - 1) % 26)
    if kind in ("upperRoman", "lowerRoman"):
        written = ""
        for value, letters in _ROMAN:
            while number >= value:
                written, number = written + letters, number - value
        return written if kind == "upperRoman" else written.lower()
    return f"{number:02d}" if kind == "decimalZero" else str(number)
