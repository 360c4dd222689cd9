"""Dates and spans as plans write them: `hết tháng 5/2022`, `từ nay`, `1/1–30/6/2026`, `6 tháng đầu năm`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

OLDEST, EARLIEST, LATEST = 1800, 1990, 2060  # of any day named; of a year alone
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_POINT = re.compile(
    r"(?P<now>\b(?:(?:kể\s+)?từ\s+)(?:ngày\s+)?(?:nay\b(?!\s+là)|"
    r"(?:ngày\s+|khi\s+)?(?:ký\s+)?(?:ban hành|ký)(?:\s+(?:kế hoạch|văn bản|hướng dẫn|chương trình))?(?:\s+này)?))"
    r"|(?P<half>(?P<hn>0?[369]|sáu|ba|chín)\s+tháng\s+(?P<side>đầu|cuối)\s+năm(?:\s+(?P<hy>\d{4}))?)"
    r"|(?P<yearstart>đầu năm(?!\s+học)(?:\s+(?P<ys>\d{4}))?)"
    r"|(?P<yearend>(?:hết|cuối)\s+năm(?!\s+học)(?:\s+(?P<ye>\d{4}))?)"
    r"|(?P<quarter>qu[ýí]\s*(?P<q>IV|I{1,3}|[1-4])\b(?:\s*(?:[/\-]|,?\s*năm)\s*(?P<qy>\d{4}))?)"
    r"|(?P<words>(?:ngày\s+)?(?P<wd>\d{1,2})\s+tháng\s+(?P<wm>\d{1,2})\s+năm\s+(?P<wy>\d{4}))"
    rf"|(?P<english>(?<!\d)(?P<ed>\d{{1,2}})\s+(?P<em>{_MONTHS})\s+(?P<ey>\d{{4}}))"
    r"|(?P<full>(?<![\d/.])(?P<fd>\d{1,2})\s*(?P<sep>[/.\-])\s*(?P<fm>\d{1,2})\s*(?P=sep)\s*(?P<fy>\d{4}|(?<=/)\d{2})(?![\d/]))"
    r"|(?P<month>(?:tháng\s*|\bT\.?)?(?<![\d/.,])(?P<mm>\d{1,2})\s*[/\-]\s*(?P<my>\d{4})(?![\d/]))"
    r"|(?P<monthwords>tháng\s+(?P<om>\d{1,2}),?\s+năm\s+(?P<oy>\d{4}))"
    r"|(?P<bareday>(?<![\d/.,])(?P<bd>\d{1,2})(?=\s*(?:đến|-|–)\s*(?:hết\s+)?(?:ngày\s+)?\d{1,2}/\d{1,2}(?!\d)))"
    r"|(?P<short>(?<![\d/.,])(?P<sd>\d{1,2})/(?P<sm>\d{1,2})(?![\d/%])(?:\s+năm\s+(?P<sy>20\d\d))?)"
    r"|(?P<baremonth>tháng\s+(?P<bm>\d{1,2})(?!\s*[/\d]))"
    r"|(?P<year>(?:năm\s+)?(?<![\d/.,-])(?P<yy>20\d\d)(?![\d/.,]\d|\d))",
    re.IGNORECASE,
)
_HINT = re.compile(r"\d|nay\b|\bký\b|ban hành|năm|quý", re.IGNORECASE)
_KINDS = (
    "now",
    "half",
    "yearstart",
    "yearend",
    "quarter",
    "words",
    "english",
    "full",
    "month",
    "monthwords",
    "bareday",
    "short",
    "baremonth",
    "year",
)
_BETWEEN = re.compile(
    r"^\s*,?\s*(?:\(?\s*)?(?:(?:–|—|-|~|(?:và\s+)?(?:cho|kéo dài))?\s*(?:đến|tới|to|until)|[-=–—]*>|→|⇒|–|—|-|~|(?:và\s+)?kết thúc(?:\s+vào)?)\s*"
    r"(?:(?:trước|hết|cuối|the end of)\s*)*(?:ngày\s+|the\s+)?$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:đến|tới|trước|until|before|by)\s*(?:(?:hết|cuối)\s+)*(?:ngày\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"(?:từ|from)\s+(?:ngày\s+)?$", re.IGNORECASE)
_LEADS = re.compile(r"(?:ngày|từ|đến|tới|hết|trước|tháng)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """A day, month or longer stretch named in a text: its first and last day."""

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
    is_pair: bool = False
    is_guessed: bool = False  # no year is written: the plan's was taken


Days = tuple[date | None, date | None]


def safe(year: int, month: int, day: int) -> date | None:
    """The day, or None when there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months(year: int, first: int, last: int) -> Days:
    if not (1 <= first <= last <= 12 and 1 <= year <= 9999):
        return None, None
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def points(content: str, year: int | None, issued_on: date | None) -> list[Point]:
    """Every date-like place, in order. Impossible ones carry their words in `fault`."""
    if not _HINT.search(content):
        return []
    found = (_point(match, content, year, issued_on) for match in _POINT.finditer(content))
    return [point for point in found if point is not None]


def _point(match: re.Match[str], content: str, year: int | None, issued_on: date | None) -> Point | None:
    kind = next(k for k in _KINDS if match.group(k) is not None)
    if kind in ("bareday", "short", "baremonth") and not match["sy"]:
        return _unfinished(kind, match, content)
    if kind == "now":
        return Point(match.start(), match.end(), kind, issued_on, issued_on, year_missing=issued_on is None)
    named = next((int(match.group(g)) for g in _YEARS if match.group(g)), None)
    chosen = year if named is None else 2000 + named if named < 100 else named
    first, last = _days(kind, match, chosen) if chosen else (None, None)
    fault = ""
    is_written = kind in ("words", "english", "full", "month", "monthwords", "short")
    if chosen is not None and (chosen > LATEST or (is_written and chosen < OLDEST)):
        fault, first, last = match.group().strip(), None, None
    elif is_written and first is None:
        if kind == "month" and not _LEADS.search(content[max(0, match.start() - 8) : match.start("mm")]):
            return None  # "12/1800 đoàn viên" is no month
        fault = match.group().strip()
    elif kind == "year" and chosen is not None and not EARLIEST <= chosen <= LATEST:
        return None
    return Point(match.start(), match.end(), kind, first, last, fault, chosen is None)


_YEARS = ("sy", "hy", "ys", "ye", "qy", "wy", "ey", "fy", "my", "oy", "yy")


def _unfinished(kind: str, match: re.Match[str], content: str) -> Point | None:
    """A day or month without its year; "42/45 đơn vị" is none."""
    day = int(match.group("bd") or match.group("sd") or 0)
    month = int(match.group("sm") or match.group("bm") or 0)
    is_possible = safe(2024, month or 1, day or 1) is not None  # a leap year: 29/2 may be right
    is_led = bool(_LEADS.search(content[max(0, match.start() - 8) : match.start()]))
    if not is_possible and not (is_led and kind == "short"):
        return None
    if kind == "bareday" and not (is_led or re.match(r"\s*[-–]", content[match.end() : match.end() + 2])):
        return None
    fault = "" if is_possible else match.group().strip()
    return Point(match.start(), match.end(), kind, None, None, fault, is_possible, (day, month))


def _days(kind: str, match: re.Match[str], year: int) -> Days:
    if kind == "half":
        length = {"sáu": 6, "ba": 3, "chín": 9}.get(match["hn"].lower()) or int(match["hn"])
        return _months(year, 1, length) if match["side"].lower() == "đầu" else _months(year, 13 - length, 12)
    if kind in ("yearstart", "yearend", "year"):
        return _months(year, 1, 12)
    if kind == "quarter":
        quarter = _QUARTERS.get(match.group("q").lower()) or int(match.group("q"))
        return _months(year, quarter * 3 - 2, quarter * 3)
    if kind in ("month", "monthwords"):
        month = int(match.group("mm") or match.group("om"))
        return _months(year, month, month)
    if kind == "english":
        month = _MONTHS.split("|").index(match.group("em").lower()) + 1
        found = safe(year, month, int(match.group("ed")))
    else:
        groups = {"full": ("fd", "fm"), "short": ("sd", "sm")}.get(kind, ("wd", "wm"))
        day, month = (int(match[group]) for group in groups)
        found = safe(year, month, day)
    return found, found


def spans(content: str, year: int | None, issued_on: date | None) -> list[Span]:
    """Spans `từ … đến …`, `A – B`, `đến …`; a start without a year takes the end's."""
    found: list[Span] = []
    marks = points(content, year, issued_on)
    i = 0
    while i < len(marks):
        one = marks[i]
        other = marks[i + 1] if i + 1 < len(marks) else None
        if other and one.kind != "yearend" and _BETWEEN.match(content[one.end : other.start]):
            found.append(_span(one, other, year))
            i += 2
            continue
        single = _single(content, one, year)
        if single:
            found.append(single)
        i += 1
    return found


def _single(content: str, one: Point, year: int | None) -> Span | None:
    lead = content[max(0, one.start - 25) : one.start]
    last = one.last or _with_year(one, year, last=True)
    first = one.first or _with_year(one, year, last=False)
    is_guessed = one.year_missing and bool(one.raw[1])
    if _UNTIL.search(lead) or one.kind == "yearend":
        return Span(None, last, one.start, one.end, _faults(one), is_guessed=is_guessed)
    if _FROM.search(lead) or one.kind == "now":
        return Span(first, None, one.start, one.end, _faults(one), is_guessed=is_guessed)
    if one.kind in ("half", "quarter"):
        return Span(first, last, one.start, one.end, _faults(one))
    return None


def whole(content: str, year: int | None, issued_on: date | None) -> Span | None:
    """The span of a month, list of months or year named alone: `tháng 5/2022`, `tháng 4, 5, 6/2022`, `năm 2026`."""
    if listed := _LIST.search(content):
        months = [int(m) for m in re.findall(r"\d{1,2}", listed["months"])]
        if months != list(range(months[0], months[0] + len(months))):
            return None
        return Span(*_months(int(listed["year"]), months[0], months[-1]), listed.start(), listed.end())
    for one in points(content, year, issued_on):
        if one.kind in ("month", "monthwords", "baremonth", "year"):
            first = one.first or _with_year(one, year, last=False)
            last = one.last or _with_year(one, year, last=True)
            return Span(first, last, one.start, one.end, _faults(one), is_guessed=one.year_missing)
    return None


_LIST = re.compile(
    r"tháng\s+(?P<months>\d{1,2}(?:\s*(?:,|và)\s*(?:tháng\s+)?\d{1,2})+)(?:/|,?\s+năm\s+)(?P<year>20\d\d)", re.I
)


def _span(one: Point, other: Point, year: int | None) -> Span:
    last = other.last or _end_of(one, other, year)
    first = one.first or _start_of(one, last, year)
    is_open = one.year_missing or (one.kind in ("yearstart", "half", "quarter") and not other.year_missing)
    if first and last and first > last and is_open and one.kind != "now":
        first = safe(first.year - 1, first.month, first.day) or first
    is_guessed = one.year_missing and other.year_missing and one.kind != "now"
    return Span(first, last, one.start, other.end, (*_faults(one), *_faults(other)), True, is_guessed)


def _end_of(one: Point, other: Point, year: int | None) -> date | None:
    """An end without a year: of the start's year, or the next one when it would come before it."""
    if one.first is None or not other.year_missing:
        return _with_year(other, year, last=True)
    last = _with_year(other, one.first.year, last=True)
    return _with_year(other, one.first.year + 1, last=True) if last and last < one.first else last


def _start_of(one: Point, last: date | None, year: int | None) -> date | None:
    day, month = one.raw
    if day and not month:  # "từ 01 đến 30/6/2026"
        return safe(last.year, last.month, day) if last else None
    return _with_year(one, last.year if last else year, last=False)


def _with_year(point: Point, year: int | None, *, last: bool) -> date | None:
    day, month = point.raw
    if not point.year_missing or not month or year is None:
        return None
    if day:
        return safe(year, month, day)
    first, end = _months(year, month, month)
    return end if last else first


def day_of(point: Point, year: int | None) -> date | None:
    """The last day of a point, its year taken from the plan when it names none."""
    return point.last or _with_year(point, year, last=True)


def _faults(point: Point) -> tuple[str, ...]:
    return (point.fault,) if point.fault else ()
