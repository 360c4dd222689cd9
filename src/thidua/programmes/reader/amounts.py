"""Numbers of a sentence that may be goals: their value, how they are compared, the words they stand before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from thidua.programmes.reader.dates import points
from thidua.programmes.reader.lines import masked

FIGURE = r"(?:\d{1,3}(?:[.\s]\d{3})+(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9}(?:,\d{1,2}(?!\d))?(?:\.\d{1,2}(?!\d))?)"
_LEADS = (
    r"ít nhất|tối thiểu|thấp nhất|không dưới|không ít hơn|không quá|tối đa|dưới|trên|hơn|vượt|từ|đạt|có|là|phấn đấu|mục tiêu|chỉ tiêu|"
    r"đóng góp|gửi|giao|đăng ký|at least|more than|at most|≥|>=|(?<![-=–])>|≤|<="
)
_AMOUNT = re.compile(
    rf"(?P<before>(?:(?:{_LEADS})\s*:?\s*){{0,6}})(?<![\w/.,\-–+])"
    rf"(?:(?P<low>{FIGURE})\s*%?\s*(?:đến|–|-|to)\s*)?(?P<n>{FIGURE})(?![\w/]|[.,]\d|\s?[-–/]\s?[A-ZĐ\d])"
    r"(?: ?(?P<scale>triệu|nghìn|ngàn|vạn|tỷ|tỉ|million|thousand)\b)?(?: ?\([^\d()]{2,30}\))? ?(?P<percent>%|phần trăm\b)?"
    r"(?P<after> ?(?:trở lên|trở xuống|or more))?",
    re.IGNORECASE,
)
_SCALES = {
    "triệu": 10**6, "million": 10**6, "nghìn": 10**3, "ngàn": 10**3, "thousand": 10**3, "vạn": 10**4, "tỷ": 10**9, "tỉ": 10**9,
}  # fmt: skip
# "Đợt 2", "Điều 5", "khoá XII, lần thứ 3": a number that names, not one that counts.
_ORDINAL = re.compile(
    r"\b(?:giai đoạn|đợt|quý|điều|mục|khoản|điểm|phần|phụ lục|biểu|số|lần thứ|khóa|khoá|thứ|nhóm|cụm|tổ|khối|hotline|sđt|điện thoại|phase|round)"
    r"\s*:?\s*(?P<n>\d{1,3})(?![\d]|[.,]\d{3}|\s*%)",
    re.IGNORECASE,
)
_STOP = re.compile(r"[;:()|]|\.(?:\s|$)")


@dataclass(frozen=True)
class Amount:
    """A number in its place: `lead` the words of comparison before it, `noun` those after it."""

    start: int
    number_at: int
    end: int
    lead: str
    value: Decimal
    low: Decimal | None
    is_percent: bool
    after: str
    noun: str
    written: str


def scan(content: str, start: int) -> Iterator[Amount]:
    """Amounts from `start`, without dates, ordinals, symbols and what stands in quotation marks."""
    hidden = _hidden(content)
    matches = list(_AMOUNT.finditer(hidden, start))
    for index, match in enumerate(matches):
        following = matches[index + 1].start() if index + 1 < len(matches) else len(hidden)
        stop = _STOP.search(hidden, match.end(), match.end() + 200)
        noun_end = min(following, match.end() + 200, stop.start() if stop else len(hidden))
        scale = _SCALES.get((match["scale"] or "").lower(), 1)
        yield Amount(
            start=match.start(),
            number_at=match.start("low") if match["low"] else match.start("n"),
            end=match.end(),
            lead=match["before"].lower(),
            value=figure(match["n"]) * scale,
            low=figure(match["low"]) * (scale if _is_scaled(match) else 1) if match["low"] else None,
            is_percent=bool(match["percent"]),
            after=(match["after"] or "").lower(),
            noun=content[match.end() : noun_end],
            written=match["n"],
        )


def _is_scaled(match: re.Match[str]) -> bool:
    """'1 - 1,5 triệu' is a range of millions; '900 nghìn - 1 triệu' does not come here."""
    return bool(match["scale"])


def _hidden(content: str) -> str:
    """The text with quotations, dates and ordinals blanked, places kept."""
    letters = list(masked(content))
    for point in points("".join(letters), None, None):
        letters[point.start : point.end] = "_" * (point.end - point.start)
    for match in _ORDINAL.finditer("".join(letters)):
        letters[match.start("n") : match.end("n")] = "_" * (match.end("n") - match.start("n"))
    return "".join(letters)


def figure(written: str) -> Decimal:
    """1.000 and 1,000 are a thousand; 1,5 and 1.5 are one and a half."""
    if re.fullmatch(r"\d{1,9}\.\d{1,2}", written):
        return Decimal(written)
    digits = re.sub(r"[.\s]", "", written)
    digits = re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")
    return Decimal(digits)


def plain(value: Decimal) -> int | float:
    """A whole number as int."""
    return int(value) if value == value.to_integral() else float(value)


def comparator(amount: Amount) -> str:
    """at_least, more_than, at_most, between or exactly, by the words around the number."""
    if amount.low is not None:
        return "between"
    own = re.split(r",|\bvà\b", amount.noun.lower())[0][:90]
    rest = f"{amount.after} {own}"
    if "trở lên" in rest or "or more" in rest:
        return "at_least"
    lead = amount.lead
    if any(
        w in lead for w in ("ít nhất", "tối thiểu", "thấp nhất", "không dưới", "không ít hơn", "at least", "≥", ">=")
    ):
        return "at_least"
    if "trở xuống" in rest or any(w in lead for w in ("không quá", "tối đa", "dưới", "at most", "≤", "<=")):
        return "at_most"
    return "more_than" if any(w in lead for w in ("trên", "hơn", "vượt", "more than", ">")) else "exactly"
