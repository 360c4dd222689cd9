"""Notices of this package: who is told what."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.ledger.acts import System
from thidua.notify import outbox
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Plan

Actor = Person | System


def issued(plan: Plan, units: Iterable[Unit], by: Actor) -> None:
    """To those who write plans at the units directly below."""
    headline = _("%(unit)s ban hành kế hoạch %(number)s: %(title)s") % {
        "unit": plan.unit.short_name,
        "number": plan.full_number,
        "title": plan.title,
    }
    _tell(plan, units, "programmes.plan_issued", headline, by)


def chased(plan: Plan, units: Iterable[Unit], by: Actor) -> None:
    headline = _("Đôn đốc: đơn vị chưa ban hành kế hoạch thực hiện %(number)s") % {"number": plan.full_number}
    _tell(plan, units, "programmes.plan_chased", headline, by)


def _tell(plan: Plan, units: Iterable[Unit], kind: str, headline: str, by: Actor) -> None:
    for unit in units:
        outbox.tell(
            grants.holders(Permission.PLAN_WRITE, unit),
            kind,
            about=plan,
            headline=headline,
            needs_action=True,
            but_not=by if isinstance(by, Person) else None,
        )
