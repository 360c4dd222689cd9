"""What the paper's typeface can print and how wide it is: for headings broken where the eye expects it."""

import struct
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"

_UNITS = 1000
_MM_PER_POINT = 25.4 / 72
_LINE_MM = 1.25 * _MM_PER_POINT  # line pitch of certificates per point of size
_MISSING = "□"


@cache
def _characters(file: str) -> frozenset[int]:
    """The code points of a TrueType file, read from its `cmap` table (formats 4 and 12)."""
    font = (FONTS / file).read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        table = start + struct.unpack_from(">HHL", font, start + 4 + 8 * index)[2]
        kind = struct.unpack_from(">H", font, table)[0]
        if kind == 4:
            found |= _segments(font, table)
        elif kind == 12:
            for group in range(struct.unpack_from(">L", font, table + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", font, table + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found)


def _segments(font: bytes, table: int) -> set[int]:
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts = struct.unpack_from(f">{count}H", font, table + 16 + 2 * count)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)}


def printable(text: str, file: str = "Tinos-Regular.ttf") -> str:
    """The text with what the typeface lacks (emoji, rare scripts) shown as a box.

    A PDF for the archive must not contain a character without a shape; the typesetter would refuse the paper.
    """
    known = _characters(file)
    if all(ord(mark) in known or mark == "\n" for mark in text):
        return text
    missing = _MISSING if ord(_MISSING) in known else "?"
    shown = []
    for mark in text:
        if mark == "\n" or ord(mark) in known:
            shown.append(mark)
        elif not unicodedata.combining(mark):
            shown.append(missing)
    return "".join(shown)


@cache
def _face(bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    style = ("Bold" if bold else "") + ("Italic" if italic else "")
    file = FONTS / f"Tinos-{style or 'Regular'}.ttf"
    return ImageFont.truetype(str(file), _UNITS, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def _units(text: str, bold: bool, italic: bool) -> float:
    return _face(bold, italic).getlength(text)


def width_mm(text: str, size_pt: float, *, bold: bool = False, italic: bool = False) -> float:
    """How wide one line of text is in the paper's typeface (Times New Roman has the same widths)."""
    return _units(text, bold, italic) / _UNITS * size_pt * _MM_PER_POINT


def balance(text: str, limit_mm: float, size_pt: float, *, bold: bool = False, italic: bool = False) -> tuple[str, ...]:
    """The text in as few lines as fit, of widths as equal as can be; its own line breaks are kept."""
    limit = limit_mm / size_pt / _MM_PER_POINT * _UNITS
    space = _units(" ", bold, italic)
    broken: list[str] = []
    for line in filter(None, text.split("\n")):
        words = [(word, _units(word, bold, italic)) for word in line.split(" ")]
        best = _wrap(words, limit, space)
        fewest, narrow, wide = len(best), limit / len(best) / 2, limit
        for _ in range(12 if fewest > 1 else 0):
            middle = (narrow + wide) / 2
            attempt = _wrap(words, middle, space)
            if len(attempt) > fewest:
                narrow = middle
            else:
                best, wide = attempt, middle
        broken.extend(best)
    return tuple(broken)


def _wrap(words: list[tuple[str, float]], limit: float, space: float) -> list[str]:
    wrapped: list[str] = []
    filled = 0.0
    for word, width in words:
        if wrapped and filled + space + width <= limit:
            wrapped[-1] = f"{wrapped[-1]} {word}"
            filled += space + width
        else:
            wrapped.append(word)
            filled = width
    return wrapped


def fit(
    text: str,
    box_mm: float,
    height_mm: float,
    sizes_pt: Sequence[float],
    *,
    bold: bool = False,
    italic: bool = False,
) -> tuple[float, tuple[str, ...]] | None:
    """The largest size at which the text fits the box, and its lines; None when no size does.

    A word wider than the box is divided: a name without blanks must not run over the border.
    """
    for size in sizes_pt:
        lines = balance(text, box_mm, size, bold=bold, italic=italic)
        if len(lines) * size * _LINE_MM <= height_mm and _widest(lines, size, bold, italic) <= box_mm:
            return size, lines
    size = sizes_pt[-1]
    lines = balance(_divided(text, box_mm, size, bold, italic), box_mm, size, bold=bold, italic=italic)
    return (size, lines) if len(lines) * size * _LINE_MM <= height_mm else None


def _widest(lines: Sequence[str], size_pt: float, bold: bool, italic: bool) -> float:
    return max((width_mm(line, size_pt, bold=bold, italic=italic) for line in lines), default=0)


def _divided(text: str, limit_mm: float, size_pt: float, bold: bool, italic: bool) -> str:
    pieces: list[str] = []
    for word in text.split(" "):
        pieces.append("")
        for mark in word:
            if width_mm(pieces[-1] + mark, size_pt, bold=bold, italic=italic) > limit_mm:
                pieces.append("")
            pieces[-1] += mark
    return " ".join(pieces)
