"""Lines of a paper, and paragraphs joined from lines that a page or a scan has broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from thidua.kernel import text

BULLET = re.compile(
    r"^\s*(?:[-–—+•●*▪○]|\(?[a-zđ]\)|\d+(?:\.\d+)*[.)]|[IVX]+[.)]|Điều\s+\d+|Phần\s+\w+|Mục\s+\d+)\s*", re.I
)
_STARTS_ANEW = re.compile(
    r"^(?:[-–—+•●*▪○]\s*\S|\(?[a-zđ]\)\s|\d+(?:\.\d+)*[.)]\s*\S|[IVX]+\s*[.)]|Điều\s+\d+|Phần\s+[IVX\d]|Nơi nhận|TM\.|KT\.|TL\.|"
    r"Số\s*:|Giai đoạn\s+[\dIVX]{1,3}\b|Đợt\s|KẾ HOẠCH|Căn cứ|\|)"
)
_ENDS = (".", ";", ":", "!", "?", "/.", "|")
_MARKS = re.compile(r"\*{1,3}|_{2,}|^#+\s*|^>\s?")


@dataclass(frozen=True)
class Line:
    """A line of the file, from 1, cleaned of mark-up."""

    number: int
    text: str

    @property
    def source(self) -> dict[str, Any]:
        return {"line": self.number, "text": self.text}


@dataclass(frozen=True)
class Paragraph:
    """Joined lines; `source_at` finds the line of a place in the text."""

    text: str
    lines: tuple[tuple[int, Line], ...]  # (offset of the line in the text, line)

    def source_at(self, offset: int = 0) -> dict[str, Any]:
        found = self.lines[0][1]
        for start, line in self.lines:
            if start <= offset:
                found = line
        return found.source

    @property
    def number(self) -> int:
        return self.lines[0][1].number


def split(content: str) -> list[Line]:
    """Every non-empty line with its number in the file."""
    found = []
    for number, raw in enumerate(content.splitlines(), 1):
        cleaned = text.tidy(_MARKS.sub("", raw))
        if cleaned:
            found.append(Line(number, cleaned))
    return found


def join(lines: list[Line]) -> list[Paragraph]:
    """A line that ends in mid-sentence is continued by the next, unless that one starts anew."""
    paragraphs: list[Paragraph] = []
    pending: list[Line] = []
    for line in lines:
        if pending and _goes_on(pending[-1].text, line.text):
            pending.append(line)
            continue
        if pending:
            paragraphs.append(_paragraph(pending))
        pending = [line]
    if pending:
        paragraphs.append(_paragraph(pending))
    return paragraphs


def _goes_on(before: str, after: str) -> bool:
    if before.endswith(_ENDS) or _STARTS_ANEW.match(after) or before.isupper() or after.isupper():
        return False
    if len(before) < 45:
        return False
    return after[0].islower() or after[0] in "“\"'(" or after[0].isdigit() or before[-1] in ",–-"


def _paragraph(pending: list[Line]) -> Paragraph:
    offset, parts, placed = 0, [], []
    for line in pending:
        placed.append((offset, line))
        parts.append(line.text)
        offset += len(line.text) + 1
    return Paragraph(" ".join(parts), tuple(placed))


QUOTED = re.compile(r"[“\"«]([^“”\"«»]{3,300})[”\"»]")


def masked(content: str) -> str:
    """The text with what stands in quotation marks blanked, places kept."""
    return QUOTED.sub(lambda m: " " * len(m.group()), content)


def bare(content: str) -> str:
    """Without its bullet or number."""
    return BULLET.sub("", content, count=1).strip()
