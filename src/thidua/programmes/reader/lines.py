"""Lines of a paper, and paragraphs joined from lines that a page or a scan has broken."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader import spelling

Source = dict[str, Any]
# Numbering from the outside in; a bullet stands below a letter, "+" below "-".
_LEVELS = (
    re.compile(
        r"(?:Phần|Chương)\s+(?:thứ\s+)?(?:[IVX]+|\d+|nhất|một|hai|ba|tư|bốn|năm|sáu)\b|(?:Mục|Điều)\s+(?:[IVX]+\b|\d+)|(?:[IVX]{1,5}|[A-H])\s*[.)]\s*(?=[^\W\d_“\"])",
        re.I,
    ),
    re.compile(r"\d{1,2}\s*[.)/](?=\s*[^\W\d]|\s+\S)"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})+(?:[.)](?=\s+\S)|(?=\s+[^\W\d_a-zà-ỹ]))"),
    re.compile(r"\(?[a-zđ]\s*[.)](?=\s*\S)"),
    re.compile(r"[-–—•●▪○*](?=\s*[^\W_“\"]|\s*[“\"])"),
    re.compile(r"\+(?=\s*\S)"),
)
PLAIN = len(_LEVELS)
_STARTS_ANEW = re.compile(
    r"^(?:Nơi nhận|TM\.|KT\.|TL\.|Số\s*:|Giai đoạn\s+[\dIVX]{1,3}\b|Đợt\s|Kính gửi|KẾ HOẠCH|Căn cứ|PHỤ LỤC|Trên đây|\|)"
)
_ENDS = (".", ";", ":", "!", "?")
_MARKS = re.compile(r"\*{1,3}|_{2,}|^#+\s*|^>\s?")
_GAP = re.compile(r"\t| {3,}")


@dataclass(frozen=True)
class Line:
    """A line of the file, from 1: as it was written, and with the dấu of known words set right."""

    number: int
    text: str
    written: str
    cells: tuple[str, ...] = ()
    is_table: bool = False
    is_fresh: bool = False  # an empty line or a rule stands before it

    @property
    def source(self) -> Source:
        return {"line": self.number, "text": self.written}

    @cached_property
    def level(self) -> int:
        return level_of(self.text)


@dataclass(frozen=True)
class Paragraph:
    """Joined lines; `source_at` finds the line of a place in the text."""

    text: str
    starts: tuple[int, ...]
    lines: tuple[Line, ...]
    inside: dict[str, Any] = field(default_factory=dict, compare=False)

    def source_at(self, offset: int = 0) -> Source:
        return self.lines[max(0, bisect_right(self.starts, offset) - 1)].source

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def level(self) -> int:
        return self.lines[0].level


def level_of(content: str) -> int:
    """How deep the numbering of a line stands: 0 for parts, PLAIN for none."""
    for level, pattern in ((2, _LEVELS[2]), *enumerate(_LEVELS)):
        match = pattern.match(content)
        if match and not (level == 0 and match.group()[:1].islower()):
            return level
    return PLAIN


_PAGE_BREAK = re.compile(r"[\f\v\x85\u2028\u2029]")
_PAGE_NUMBER = re.compile(
    r"[-–—|.\s]*(?P<page>(?:trang|page)\s*)?(?P<n>\d{1,3})(?P<of>\s*(?:/|of)\s*\d{1,3})?[-–—|.\s]*", re.I
)


def split(content: str) -> list[Line]:
    """Every line that says something, with its number in the file; page numbers and running heads are left out."""
    bare_of_marks = spelling.is_bare(content)
    rows = [
        (number, piece)
        for number, raw in enumerate(re.split(r"\r\n|\n|\r", content), 1)
        for piece in _PAGE_BREAK.split(raw)
    ]
    furniture = _furniture(rows)
    found = []
    is_fresh = True
    for at, (number, raw) in enumerate(rows):
        if at in furniture:
            is_fresh = False
            continue
        line = _line(number, raw, is_bare=bare_of_marks, is_fresh=is_fresh)
        if line is None:
            is_fresh = is_fresh or not (at - 1 in furniture or at + 1 in furniture)
            continue
        found.append(line)
        is_fresh = False
    return found


def _line(number: int, raw: str, *, is_bare: bool, is_fresh: bool) -> Line | None:
    cleaned = _MARKS.sub("", raw)
    is_table = cleaned.count("|") >= 2 or " | " in cleaned.strip()
    parts = cleaned.strip().strip("|").split("|") if is_table else _GAP.split(cleaned.strip())
    cells = tuple(text.tidy(part) for part in parts)
    written = " | ".join(cells) if is_table else text.tidy(cleaned)
    if not re.search(r"\w", written):
        return None
    mended = _provision(spelling.mend(written, is_bare=is_bare))
    cells = tuple(spelling.mend(cell, is_bare=is_bare) for cell in cells)
    return Line(number, mended.strip("| ") if is_table else mended, written, cells, is_table, is_fresh)


_QUOTED_PROVISION = re.compile(r"^[“\"](?=(?:\d{1,2}(?:\.\d+)*[.)]|[a-zđ]\)|[IVX]+\.|-|Giai đoạn|Đợt)\s?)")


def _provision(written: str) -> str:
    """A new wording that an amending paper quotes (“2. Giai đoạn 2 …”) is read as text, not as a name."""
    own = _QUOTED_PROVISION.sub("", written)
    is_closed = own.count("”") > own.count("“") or own.count('"') % 2 == 1
    return re.sub(r"[”\"](?=[.;]*$)", "", own) if own != written and is_closed else own


def _furniture(rows: list[tuple[int, str]]) -> set[int]:
    """Places of page numbers (`2`, `Trang 3/5`) and of the running heads beside them."""
    marks: list[int] = []
    following = 1
    for at, (_number, raw) in enumerate(rows):
        match = _PAGE_NUMBER.fullmatch(raw.strip()) if len(raw) < 120 else None
        if match is None:
            continue
        page = int(match["n"])
        if match["page"] or (match["of"] and page <= following + 1) or following <= page <= following + 1:
            marks.append(at)
            following = page + 1
    beside: dict[str, list[int]] = {}
    for mark in marks:
        for at in _neighbours(rows, mark):
            beside.setdefault(re.sub(r"\d+", "0", text.fold(rows[at][1])).strip(), []).append(at)
    return {*marks, *(at for places in beside.values() if len(places) > 1 for at in places)}


def _neighbours(rows: list[tuple[int, str]], mark: int) -> list[int]:
    """The nearest lines with words before and after a place."""
    sides = (range(mark - 1, max(-1, mark - 4), -1), range(mark + 1, min(len(rows), mark + 4)))
    near = (next((at for at in side if rows[at][1].strip()), None) for side in sides)
    return [at for at in near if at is not None]


def join(lines: list[Line]) -> list[Paragraph]:
    """A line that ends in mid-sentence is continued by the next, unless that one starts anew."""
    paragraphs: list[Paragraph] = []
    pending: list[Line] = []
    for line in lines:
        if pending and _goes_on(pending[-1], line):
            pending.append(line)
            continue
        if pending:
            paragraphs.append(_paragraph(pending))
        pending = [line]
    if pending:
        paragraphs.append(_paragraph(pending))
    return paragraphs


def _goes_on(one: Line, other: Line) -> bool:
    before, after = one.text, other.text
    if before.endswith(_ENDS) or one.is_table or other.is_table or other.level < PLAIN or _STARTS_ANEW.match(after):
        return False
    if before.isupper() or after.isupper():
        return False
    is_small = after[0].islower() or after[0] in "“\"'(" or after[0].isdigit() or before[-1] in ",–-("
    if not other.is_fresh:  # the next line of the same block
        return is_small or len(before) >= 60
    return is_small and len(before) >= 45


def _paragraph(pending: list[Line]) -> Paragraph:
    written, starts = "", []
    for line in pending:
        if written and not re.search(r"\w[-/]$", written):  # "5300/QĐ-" / "TLĐ" was broken at its own hyphen
            written += " "
        starts.append(len(written))
        written += line.text
    return Paragraph(written, tuple(starts), tuple(pending))


QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]{3,300})[”\"»“]|''([^'“”\"]{3,300})''|‘([^‘’“”\"]{3,300})’")


def quoted(match: re.Match[str]) -> str:
    """What stands between the marks."""
    return next(group for group in match.groups() if group is not None)


def masked(content: str) -> str:
    """The text with what stands in quotation marks blanked, places kept."""
    return QUOTED.sub(lambda m: " " * len(m.group()), content)


def bare(content: str) -> str:
    """Without its bullet or number."""
    level = level_of(content)
    if level == PLAIN:
        return content.strip()
    match = _LEVELS[level].match(content)
    return content[match.end() if match else 0 :].lstrip(" .:)-–").strip()


def before(content: str, start: int, reach: int = 400) -> str:
    """The words before a place, no farther than `reach`."""
    return content[max(0, start - reach) : start]
