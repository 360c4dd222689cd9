"""Numbers from a unit's register."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from thidua.documents.models import Paper, Register
from thidua.kernel.verdicts import Refused
from thidua.orgs.models import Unit


def take_number(unit: Unit, year: int, wanted: int | None = None) -> int:
    """The next number of the year, or the `wanted` one when it is free. Inside a transaction."""
    register, _created = Register.objects.select_for_update().get_or_create(unit=unit, year=year)
    if wanted is None:
        Register.objects.filter(pk=register.pk).update(last=F("last") + 1)
        return register.last + 1
    if Paper.objects.filter(unit=unit, issued_on__year=year, number=wanted, supersedes=None).exists():
        raise Refused(
            _("Số %(number)d đã dùng trong năm %(year)d: hãy chọn số khác hoặc để trống.")
            % {"number": wanted, "year": year},
            field="number",
        )
    if wanted > register.last:
        Register.objects.filter(pk=register.pk).update(last=wanted)
    return wanted


def symbol_of(kind: str, unit: Unit) -> str:
    """'KH-CĐYT'; a letter carries no kind."""
    return unit.symbol if kind == "CV" else f"{kind}-{unit.symbol}"
