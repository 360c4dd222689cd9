"""Numbers, money, percentages and dates as the reader's language writes them."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language, ngettext


def _separators() -> tuple[str, str]:
    return (",", ".") if (get_language() or "vi").startswith("en") else (".", ",")


_PLACES = [Decimal(1).scaleb(-places) for places in range(10)]
_SWAPPED = str.maketrans(",.", ".,")


def number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """1234567 -> '1.234.567'."""
    if value is None:
        return "–"
    if type(value) is int and not decimals:  # most numbers of most pages, and mostly small ones
        return str(value) if -1000 < value < 1000 else f"{value:,}".replace(",", _separators()[0])
    exact = value if type(value) is Decimal else Decimal(str(value))
    written = f"{exact.quantize(_PLACES[decimals], ROUND_HALF_UP):,f}"
    if written.isdigit():  # nothing a language would write another way
        return written
    return written if _separators()[0] == "," else written.translate(_SWAPPED)


def counted(words: str, n: int, **more: object) -> str:
    """A sentence with a count, `%(n)d`: one Vietnamese form, in other languages the plural the count asks for."""
    return ngettext(words, words, n) % {"n": n, **more}


def percent(part: float | Decimal | int | None, decimals: int = 1) -> str:
    """A ratio in percent already: 12.34 -> '12,3 %'; whole numbers lose the decimals."""
    if part is None:
        return "–"
    exact = part if type(part) is Decimal else Decimal(str(part))
    value = exact.quantize(_PLACES[decimals], ROUND_HALF_UP)
    return f"{number(value, 0 if value == value.to_integral() else decimals)} %"


def vnd(amount: int | None) -> str:
    """Đồng, whole: 1200000 -> '1.200.000 đồng'."""
    return "–" if amount is None else f"{number(amount)} đồng"


def short_vnd(amount: int | None) -> str:
    """Large sums for tiles: '1,2 tỷ đồng', '35,5 triệu đồng'."""
    if amount is None:
        return "–"
    for limit, word in ((10**9, "tỷ"), (10**6, "triệu")):
        if abs(amount) >= limit:
            scaled = (Decimal(amount) / limit).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{number(scaled, 0 if scaled == scaled.to_integral() else 1)} {word} đồng"
    return vnd(amount)


def day(value: date | datetime | None) -> str:
    """dd/mm/yyyy in Vietnamese time."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value.strftime("%d/%m/%Y")


def moment(value: datetime | None) -> str:
    return "–" if value is None else timezone.localtime(value).strftime("%H:%M %d/%m/%Y")


def add_months(start: date, months: int) -> date:
    """The same day some months later, or the last day of that month."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def add_working_days(start: date, days: int) -> date:
    """Working days are Monday to Friday; public holidays are not known here."""
    current = start
    while days > 0:
        current += timedelta(days=1)
        days -= current.weekday() < 5
    return current


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 1_000_000_000


def in_words(n: int) -> str:
    """'mười triệu không trăm linh năm': a sum as papers one signs repeat it."""
    if n < 0:
        return f"âm {in_words(-n)}"
    if n == 0:
        return _DIGITS[0]
    said = [f"{in_words(n // _BILLION)} tỷ"] if n >= _BILLION else []
    for size, name in ((1_000_000, "triệu"), (1000, "nghìn"), (1, "")):
        if part := n % (size * 1000) // size:
            said.append(f"{_hundreds(part, is_inner=bool(said))} {name}".strip())
    return " ".join(said)


def _hundreds(n: int, *, is_inner: bool) -> str:
    """Below a thousand; inside a longer number the hundreds are said though they are none."""
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    said = [_DIGITS[hundreds], "trăm"] if hundreds or is_inner else []
    if tens:
        said += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    elif ones and said:
        said.append("linh")
    if ones:
        after_ten = {5: "lăm"} if tens else {}
        after_twenty = {1: "mốt", 4: "tư"} if tens > 1 else {}
        said.append({**after_ten, **after_twenty}.get(ones, _DIGITS[ones]))
    return " ".join(said)
