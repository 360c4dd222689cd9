"""Notices of this package: who is told what."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import formats
from thidua.ledger.acts import System
from thidua.notify import outbox
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Programme
from thidua.targets.models import Target

Actor = Person | System


def given(programme: Programme, units: Sequence[Unit], parent: Unit, by: Actor) -> None:
    """One notice a person, however many phases and units changed. A query or two for any number of units."""
    headline = _("%(parent)s giao chỉ tiêu chương trình %(programme)s: hãy nhận hoặc xin điều chỉnh") % {
        "parent": parent.short_name,
        "programme": programme.short_name,
    }
    if len(units) == 1:
        _tell(Permission.TARGET_ACCEPT, units[0], "targets.given", programme, headline, by)
    elif units:
        outbox.tell(
            (person for _unit, person in grants.desks(Permission.TARGET_ACCEPT, (u.pk for u in units))),
            "targets.given",
            about=programme,
            headline=headline,
            needs_action=True,
            but_not=by if isinstance(by, Person) else None,
        )


def asked(target: Target, by: Actor) -> None:
    if target.given_by is None:
        return
    headline = _("%(unit)s xin điều chỉnh chỉ tiêu %(old)s thành %(new)s") % {
        "unit": target.unit.short_name,
        "old": formats.number(target.value),
        "new": formats.number(target.asked_value),
    }
    _tell(
        Permission.TARGET_ALLOCATE,
        target.given_by,
        "targets.asked",
        target.programme,
        headline,
        by,
        target.asked_reason,
    )


def answered(target: Target, by: Actor, reason: str) -> None:
    headline = _("Đề nghị điều chỉnh chỉ tiêu đã được trả lời: %(value)s") % {"value": formats.number(target.value)}
    _tell(Permission.TARGET_ACCEPT, target.unit, "targets.answered", target.programme, headline, by, reason)


def _tell(
    permission: Permission, unit: Unit, kind: str, programme: Programme, headline: str, by: Actor, body: str = ""
) -> None:
    outbox.tell(
        grants.holders(permission, unit),
        kind,
        about=programme,
        headline=headline,
        body=body,
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )
