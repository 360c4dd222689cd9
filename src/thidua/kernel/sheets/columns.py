"""One column of such a table: its heading, what may stand in it, and how a cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from thidua.kernel import text

Text = str | Promise
Kind = Literal["text", "date", "integer", "yes_no", "choice"]

_YES = {"co", "x", "yes", "true", "1", "dung", "v"}
_NO = {"khong", "no", "false", "0", "sai", "k"}
_DATE = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})(?:\s+[\d:.]+)?$")
_ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T][\d:.]+)?$")
_SPOKEN_DATE = re.compile(r"^(?:ngay\s+)?(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+(\d{4})$")
_SERIAL = re.compile(r"^\d{4,6}(?:\.0+)?$")
# Day 0 of Excel's calendar; serials run from 1920 to 2100 so that a year is not taken for one.
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(7_306, 73_416)
_FIRST_YEAR = 1900


class Wrong(ValueError):
    """What a cell holds cannot be used: why, and how to mend it."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


@dataclass(frozen=True)
class Choice:
    """An allowed value: stored, shown, and other ways people write it."""

    value: str
    label: Text
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """`name` is the key of the value; `label` the heading. `read` turns tidy text into the value.

    A heading that is absent from a file leaves the stored value as it is; an empty cell under a
    present heading does so too unless `may_be_emptied`.
    """

    name: str
    label: Text
    kind: Kind = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[Choice, ...] | Callable[[], Sequence[Choice]] = ()
    longest: int = 250
    note: Text = ""
    example: Text = ""
    width: int = 16
    may_be_emptied: bool = False
    read: Callable[[str], Any] | None = None

    @property
    def allowed(self) -> tuple[Choice, ...]:
        return tuple(self.choices() if callable(self.choices) else self.choices)

    def value(self, cell: str, allowed: Sequence[Choice] | None = None) -> Any:
        """The value of a cell, None when it is empty. Raises Wrong."""
        written = text.tidy(cell)
        if not written:
            if self.required:
                raise Wrong(_("Ô còn trống."), _("Hãy điền «%(label)s».") % {"label": self.label})
            return None
        if len(written) > self.longest:
            raise Wrong(_("Dài quá %(n)d ký tự.") % {"n": self.longest}, _("Hãy viết gọn lại, phần còn lại bỏ đi."))
        if self.read:
            return self.read(written)
        match self.kind:
            case "date":
                return read_date(written)
            case "integer":
                return read_integer(written)
            case "yes_no":
                return read_yes_no(written)
            case "choice":
                return read_choice(written, self.allowed if allowed is None else allowed)
        return written

    def shown(self, value: Any, allowed: Sequence[Choice] | None = None) -> str:
        """A stored value as it is written in the file."""
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if isinstance(value, date):
            return value.strftime("%d/%m/%Y")
        if self.kind == "choice":
            known = self.allowed if allowed is None else allowed
            return next((str(c.label) for c in known if c.value == value), str(value))
        return str(value)


def read_date(written: str) -> date:
    """dd/mm/yyyy, dd-mm-yyyy, yyyy-mm-dd, «ngày … tháng … năm …» or Excel's serial number."""
    if _SERIAL.match(written) and int(float(written)) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(float(written)))
    if found := _DATE.match(written):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DATE.match(written):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SPOKEN_DATE.match(text.fold(written)):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise Wrong(
            _("«%(written)s» không phải là ngày.") % {"written": written[:40]},
            _("Hãy viết ngày/tháng/năm, đủ bốn chữ số của năm, ví dụ 05/03/2022."),
        )
    if month > 12 >= day:
        raise Wrong(
            _("«%(written)s»: không có tháng %(month)d.") % {"written": written, "month": month},
            _("Có lẽ ngày và tháng bị đổi chỗ: hãy viết %(day)02d/%(month)02d/%(year)d.")
            % {"day": month, "month": day, "year": year},
        )
    try:
        found_day = date(year, month, day)
    except ValueError as error:
        raise Wrong(
            _("«%(written)s»: không có ngày này.") % {"written": written}, _("Hãy xem lại ngày và tháng.")
        ) from error
    if not _FIRST_YEAR <= year <= 2100:
        raise Wrong(_("Năm %(year)d không hợp lý.") % {"year": year}, _("Hãy xem lại năm."))
    return found_day


def read_integer(written: str) -> int:
    """'1.234', '1 234', '1234.0' -> 1234."""
    bare = written.replace(" ", "")
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare)
    bare = re.sub(r"[.,]", "", bare) if grouped else re.sub(r"[.,]0+$", "", bare)
    if not re.fullmatch(r"\d{1,9}", bare):
        raise Wrong(_("«%(written)s» không phải là số nguyên.") % {"written": written[:40]}, _("Hãy chỉ ghi chữ số."))
    return int(bare)


def read_yes_no(written: str) -> bool:
    folded = "".join(text.words(written))
    if folded in _YES | _NO:
        return folded in _YES
    raise Wrong(_("«%(written)s» không rõ là có hay không.") % {"written": written[:40]}, _("Hãy ghi Có hoặc Không."))


def read_choice(written: str, allowed: Sequence[Choice]) -> str:
    """By value, by label or by another way of writing it; case and dấu do not matter."""
    wanted = text.words(written)
    for choice in allowed:
        if any(text.words(str(way)) == wanted for way in (choice.value, choice.label, *choice.synonyms)):
            return choice.value
    some = ", ".join(str(choice.label) for choice in allowed[:8]) + ("…" if len(allowed) > 8 else "")
    raise Wrong(
        _("«%(written)s» không có trong các giá trị được nhận.") % {"written": written[:60]},
        _("Hãy ghi một trong: %(some)s.") % {"some": some},
    )
