"""Declared headcounts."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Headcount, Unit


def declare(
    unit: Unit,
    *,
    on: date,
    members: int,
    by: acts.Actor,
    women: int | None = None,
    direct_workers: int | None = None,
) -> Headcount:
    """State how many members a unit has from a day on; a second statement for the day corrects it."""
    refuse_parts(members, women)
    with transaction.atomic():
        headcount, _created = Headcount.objects.update_or_create(
            unit=unit,
            on=on,
            defaults={"members": members, "women": women, "direct_workers": direct_workers},
        )
        acts.record("orgs.unit.headcount", unit, by=by, unit_id=unit.pk, after={"on": on, "members": members})
    return headcount


def refuse_parts(members: int, women: int | None) -> None:
    """Raise Refused when a part is greater than the whole."""
    if women is not None and women > members:
        raise Refused(_("Số nữ không thể lớn hơn tổng số đoàn viên."), field="women")
