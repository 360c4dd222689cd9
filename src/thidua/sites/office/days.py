"""The day a page is asked to show (?ngay=): a past one, or today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from thidua.kernel import clock, formats
from thidua.kernel.sheets.columns import Wrong, read_date


@dataclass(frozen=True)
class Asked:
    """`day` is None for today; `fault` says why what was typed cannot be shown. `kept`: the other filters."""

    day: date | None
    typed: str = ""
    fault: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def status(self) -> int:
        return 422 if self.fault else 200

    @property
    def or_today(self) -> date:
        return self.day or clock.today()


# What belongs to one list of one day, not to the filters.
_NOT_KEPT = ("ngay", "cursor", "page")


def asked(request: HttpRequest, *, may_be_to_come: bool = False) -> Asked:
    """Typed as the browser sends it (2022-05-20) or as people write it (20/5/2022)."""
    typed = request.GET.get("ngay", "").strip()[:20]
    kept = tuple((key, str(value)) for key, value in request.GET.items() if key not in _NOT_KEPT and value)
    if not typed:
        return Asked(None, kept=kept)
    day = read(typed)
    if day is None:
        return Asked(None, typed, no_day(typed), kept)
    today = clock.today()
    if day > today and not may_be_to_come:
        said = {"day": formats.day(day), "today": formats.day(today)}
        fault = _("Ngày %(day)s chưa đến: số liệu chỉ có đến hôm nay, %(today)s.") % said
        return Asked(None, typed, fault, kept)
    return Asked(None if day == today else day, typed, kept=kept)


def no_day(typed: str) -> str:
    return _("«%(typed)s» không phải là một ngày: hãy chọn ngày, tháng, năm, ví dụ 20/05/2022.") % {"typed": typed}


def read(typed: str) -> date | None:
    try:
        return parse_date(typed) or read_date(typed)
    except (Wrong, ValueError):
        return None
