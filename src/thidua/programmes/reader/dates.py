"""Dates and spans as plans write them: `hết tháng 5/2022`, `từ nay`, `1/1–30/6/2026`, `đầu năm`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

EARLIEST, LATEST = 1990, 2060
_D = r"(?P<d>\d{1,2})"
_SEP = r"\s*[/.\-]\s*"
_POINT = re.compile(
    r"(?P<now>(?:từ\s+)?(?:ngày\s+)?(?:nay\b(?!\s+là)|ngày ban hành|khi ban hành|ngày ký))"
    r"|(?P<yearstart>đầu năm(?:\s+(?P<ys>\d{4}))?)"
    r"|(?P<yearend>(?:hết|cuối)\s+năm(?:\s+(?P<ye>\d{4}))?)"
    r"|(?P<quarter>quý\s+(?P<q>IV|I{1,3}|[1-4])(?:\s*(?:/|năm)\s*(?P<qy>\d{4}))?)"
    r"|(?P<words>(?:ngày\s+)?(?P<wd>\d{1,2})\s+tháng\s+(?P<wm>\d{1,2})\s+năm\s+(?P<wy>\d{4}))"
    r"|(?P<full>(?<![\d/])(?P<fd>\d{1,2})\s*[/.\-]\s*(?P<fm>\d{1,2})\s*[/.\-]\s*(?P<fy>\d{4}|\d{2})(?![\d/]))"
    r"|(?P<month>(?:tháng\s+)?(?<![\d/])(?P<mm>\d{1,2})\s*[/\-]\s*(?P<my>\d{4})(?![\d/]))"
    r"|(?P<monthwords>tháng\s+(?P<om>\d{1,2})\s+năm\s+(?P<oy>\d{4}))"
    r"|(?P<short>(?<![\d/])(?P<sd>\d{1,2})/(?P<sm>\d{1,2})(?![\d/%]))"
    r"|(?P<baremonth>tháng\s+(?P<bm>\d{1,2})(?!\s*[/\d]))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"^\s*,?\s*(?:đến|tới|–|—|-|đến và|~)\s*(?:hết\s+|cuối\s+|hết\s+ngày\s+)?(?:ngày\s+)?\s*$", re.IGNORECASE
)
_UNTIL = re.compile(r"(?:đến|tới|trước)\s*(?:hết\s+)?(?:ngày\s+)?\s*$", re.IGNORECASE)
_FROM = re.compile(r"từ\s+(?:ngày\s+)?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """A day or month named in a text; `day()` gives its first or last day."""

    start: int
    end: int
    kind: str
    first: date | None
    last: date | None
    fault: str = ""
    year_missing: bool = False
    raw: tuple[int, int] = (0, 0)  # (day, month) of a date without a year


@dataclass(frozen=True)
class Span:
    starts_on: date | None
    ends_on: date | None
    start: int
    end: int
    faults: tuple[str, ...] = ()


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(year: int, month: int) -> tuple[date | None, date | None]:
    if not 1 <= month <= 12:
        return None, None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def points(content: str, year: int | None, issued_on: date | None) -> list[Point]:
    """Every date-like place, in order. Impossible ones carry the sentence in `fault`."""
    return [_point(match, year, issued_on) for match in _POINT.finditer(content)]


def _point(match: re.Match[str], year: int | None, issued_on: date | None) -> Point:
    kind = match.lastgroup or ""
    kind = next(k for k in _KINDS if match.group(k) is not None)
    first, last, missing, raw = _days(kind, match, year, issued_on)
    named = next((int(match.group(g)) for g in ("fy", "wy", "my", "oy", "qy") if match.group(g)), None)
    fault = ""
    is_far = named is not None and named > 99 and not EARLIEST <= named <= LATEST
    is_day = kind in ("full", "words", "short", "month", "monthwords")
    if is_far and not _is_history(named or 0):
        fault = match.group().strip()
        first = last = None
    elif is_day and first is None and not missing and not is_far:
        fault = match.group().strip()
    return Point(match.start(), match.end(), kind, first, last, fault, missing, raw)


_KINDS = ("now", "yearstart", "yearend", "quarter", "words", "full", "month", "monthwords", "short", "baremonth")


def _is_history(year: int) -> bool:
    """Anniversaries name years of the past; only years to come can be typing errors."""
    return 1000 < year < EARLIEST


def _days(
    kind: str, match: re.Match[str], year: int | None, issued_on: date | None
) -> tuple[date | None, date | None, bool, tuple[int, int]]:
    none = (0, 0)
    if kind == "now":
        return issued_on, issued_on, issued_on is None, none
    if kind in ("yearstart", "yearend"):
        named = match.group("ys") if kind == "yearstart" else match.group("ye")
        chosen = int(named) if named else year
        if chosen is None or not EARLIEST <= chosen <= LATEST:
            return None, None, True, none
        return date(chosen, 1, 1), date(chosen, 12, 31), False, none
    if kind == "quarter":
        quarter = {"I": 1, "II": 2, "III": 3, "IV": 4}.get(match.group("q").upper()) or int(match.group("q"))
        chosen = int(match.group("qy")) if match.group("qy") else year
        if chosen is None or not EARLIEST <= chosen <= LATEST:
            return None, None, True, none
        return _month(chosen, quarter * 3 - 2)[0], _month(chosen, quarter * 3)[1], False, none
    if kind in ("full", "words"):
        d, m, y = (int(match.group(g)) for g in (("fd", "fm", "fy") if kind == "full" else ("wd", "wm", "wy")))
        found = _safe(2000 + y if y < 100 else y, m, d)
        return found, found, False, none
    if kind in ("month", "monthwords"):
        m, y = (int(match.group(g)) for g in (("mm", "my") if kind == "month" else ("om", "oy")))
        first, last = _month(y, m) if 1 <= y <= 9999 else (None, None)
        return first, last, False, none
    if kind == "short":
        d, m = int(match.group("sd")), int(match.group("sm"))
        is_possible = _safe(2024, m, d) is not None  # a leap year: 29/2 may be right
        return None, None, is_possible, (d, m)
    m = int(match.group("bm"))
    return None, None, True, (0, m)


def spans(content: str, year: int | None, issued_on: date | None) -> list[Span]:
    """Spans `từ … đến …`, `A – B`, `đến …`; a start without a year takes the end's."""
    found: list[Span] = []
    marks = points(content, year, issued_on)
    i = 0
    while i < len(marks):
        one = marks[i]
        other = marks[i + 1] if i + 1 < len(marks) else None
        if other and _BETWEEN.match(content[one.end : other.start]):
            found.append(_span(one, other, year))
            i += 2
            continue
        before = content[max(0, one.start - 25) : one.start]
        if _UNTIL.search(before):
            found.append(Span(None, one.last, one.start, one.end, _faults(one)))
        elif _FROM.search(before) or one.kind == "now":
            found.append(Span(one.first, None, one.start, one.end, _faults(one)))
        i += 1
    return found


def _span(one: Point, other: Point, year: int | None) -> Span:
    last = other.last or _with_year(other, year, last=True)
    first = one.first or _with_year(one, last.year if last else year, last=False)
    if first and last and first > last and one.year_missing:
        first = first.replace(year=first.year - 1)
    return Span(first, last, one.start, other.end, (*_faults(one), *_faults(other)))


def _with_year(point: Point, year: int | None, *, last: bool) -> date | None:
    day, month = point.raw
    if not point.year_missing or not month or year is None:
        return None
    if day:
        return _safe(year, month, day)
    first, end = _month(year, month)
    return end if last else first


def _faults(point: Point) -> tuple[str, ...]:
    return (point.fault,) if point.fault else ()
