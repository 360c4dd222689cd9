"""User text made safe to print, and the Vietnamese way of writing dates and numbers on paper."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

NBSP = "\u00a0"

_SPACES = re.compile(r"[ \t]+")
_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
# Cc: control characters (XML forbids them), Cf: invisible direction marks that can reverse a printed name,
# Cs and Cn: what is no character at all. Co: private use, which archives (PDF/A) cannot keep.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


class PaperError(ValueError):
    """The values given cannot become a paper; the message is a Vietnamese sentence saying what to mend."""


def plain(text: object) -> str:
    """The text in NFC without control, direction and non-characters; line breaks stay, blanks are single."""
    composed = unicodedata.normalize("NFC", _BREAKS.sub("\n", str(text)))
    kept = (mark for mark in composed if mark in "\n\t" or unicodedata.category(mark) not in _UNPRINTABLE)
    return "\n".join(_SPACES.sub(" ", line).strip(" ") for line in "".join(kept).split("\n"))


def lines(text: object) -> tuple[str, ...]:
    """The non-empty lines of a text."""
    return tuple(line for line in plain(text).split("\n") if line)


def one_line(text: object) -> str:
    """The text on one line."""
    return " ".join(lines(text))


def capitals(text: object) -> str:
    """Upper case, as headings of papers are written."""
    return plain(text).upper()


def _day_and_month(day: date) -> tuple[str, str]:
    # Nghị định 30/2020 writes a zero before days under 10 and before January and February only.
    return f"{day.day:02d}", f"{day.month:02d}" if day.month < 3 else str(day.month)


def long_date(day: date) -> str:
    """`ngày 05 tháng 3 năm 2022`."""
    dd, mm = _day_and_month(day)
    return f"ngày {dd} tháng {mm} năm {day.year}"


def short_date(day: date) -> str:
    """`05/3/2022`, as papers quote one another."""
    dd, mm = _day_and_month(day)
    return f"{dd}/{mm}/{day.year}"


def dots(number: int) -> str:
    """`1.234.567`."""
    return f"{number:,}".replace(",", ".")


def decimal_comma(number: float | Decimal, places: int = 1) -> str:
    """`1.234,5`."""
    return f"{number:,.{places}f}".translate(str.maketrans(",.", ".,"))
