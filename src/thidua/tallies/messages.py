"""Notices of results reported by hand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import formats
from thidua.ledger.acts import System
from thidua.notify import outbox
from thidua.people.models import Person
from thidua.tallies.models import Declaration
from thidua.tallies.rules import confirming_unit

Actor = Person | System


def declared(item: Declaration, by: Actor) -> None:
    headline = _("%(unit)s kê khai kết quả: %(name)s %(value)s, chờ xác nhận") % _words(item)
    people = grants.holders(Permission.TARGET_ALLOCATE, confirming_unit(item.programme, item.unit))
    outbox.tell(
        people,
        "tallies.declared",
        about=item.programme,
        headline=headline,
        body=item.content,
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )


def returned(item: Declaration, by: Actor, reason: str) -> None:
    headline = _("Kết quả kê khai được trả lại để sửa: %(name)s %(value)s") % _words(item)
    outbox.tell(
        grants.holders(Permission.TARGET_ACCEPT, item.unit),
        "tallies.returned",
        about=item.programme,
        headline=headline,
        body=reason,
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )


def confirmed(item: Declaration, by: Actor) -> None:
    headline = _("Kết quả kê khai đã được xác nhận: %(name)s %(value)s") % _words(item)
    outbox.tell(
        [item.declared_by] if item.declared_by else [],
        "tallies.confirmed",
        about=item.programme,
        headline=headline,
        but_not=by if isinstance(by, Person) else None,
    )


def _words(item: Declaration) -> dict[str, str]:
    name = item.label or item.indicator.name
    return {"unit": item.unit.short_name, "name": name, "value": formats.number(item.value)}
