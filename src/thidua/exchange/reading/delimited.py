"""CSV: which encoding and which separator is found out, not asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from thidua.exchange.reading.guards import refused

_SEPARATORS = (";", ",", "\t", "|")
_LONGEST_FIELD = 200_000


def decode(content: bytes) -> str:
    """UTF-8, UTF-16, or the code page of Vietnamese Windows; TCVN3 is seen later, by its letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1258" and _looks_western(found):
            break
        return found
    return content.decode("latin-1")


def _looks_western(found: str) -> bool:
    """TCVN3 bytes read as cp1258: signs instead of letters."""
    signs = sum(found.count(sign) for sign in "µ¸¶·¹¨»¾¼½®«¬")
    return signs > 0 and signs * 50 > len(found) // 10


def rows(content: bytes) -> Iterator[list[str]]:
    """Raises Refused for lines no spreadsheet would write."""
    text = decode(content)
    separator, text = _separator(text)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise refused(_("Tệp .csv có dòng hỏng (dấu nháy kép không khép?): hãy lưu lại từ Excel.")) from error


def _separator(text: str) -> tuple[str, str]:
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    sample = text[:20_000]
    return max(_SEPARATORS, key=lambda separator: _fit(sample, separator)), text


def _fit(sample: str, separator: str) -> tuple[int, int]:
    """How many lines have the commonest number of cells, and how many cells that is."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
    except csv.Error:
        return 0, 0
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0, 0
    usual = max(set(wide), key=wide.count)
    return wide.count(usual), usual
