"""Đăng ký thi đua: units and collectives pledge to take part in a movement or in one of its rounds."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import messages, rules
from thidua.programmes.models import Phase, Programme, Registration
from thidua.programmes.workflow import REGISTRATION
from thidua.workflow.engine import refuse_unless, take

Actor = Person | System


def register(
    programme: Programme,
    unit: Unit,
    *,
    by: Actor,
    pledge: str,
    collective: str = "",
    aims: str = "",
    round_: Phase | None = None,
) -> Registration:
    """A unit (or a collective in it) pledges; once for each round, until it withdraws."""
    refuse_unless(rules.may_register(by, unit))
    _check(programme, unit, pledge, round_)
    try:
        with transaction.atomic():
            registration = Registration.objects.create(
                programme=programme,
                round=round_,
                unit=unit,
                collective=" ".join(collective.split())[:200],
                pledge=pledge.strip(),
                aims=aims.strip()[:300],
                registered_on=clock.today(),
                registered_by=by if isinstance(by, Person) else None,
            )
            acts.record("programmes.registration.made", registration, by=by, after={"pledge": registration.pledge})
            messages.registered(registration, by)
    except IntegrityError:
        who = collective.strip() or unit.short_name
        raise Refused(_("%(who)s đã đăng ký rồi.") % {"who": who}, field="collective") from None
    return registration


def _check(programme: Programme, unit: Unit, pledge: str, round_: Phase | None) -> None:
    if not programme.is_open:
        raise Refused(_("Phong trào này không còn nhận đăng ký."))
    if not programme.unit.covers(unit):
        raise Refused(_("Phong trào này không phát động đến %(unit)s.") % {"unit": unit.short_name})
    if not unit.is_active:
        raise Refused(_("%(unit)s đã kết thúc hoạt động.") % {"unit": unit.short_name})
    if not pledge.strip():
        raise Refused(_("Hãy ghi nội dung giao ước: làm gì, đạt mức nào."), field="pledge")
    if round_ is not None and round_.programme_id != programme.pk:
        raise Refused(_("Đợt này thuộc phong trào khác."), field="round")
    if round_ is not None and round_.is_over:
        raise Refused(_("%(round)s đã kết thúc: hãy chọn đợt khác.") % {"round": round_.name}, field="round")


def accept(registration: Registration, *, by: Actor) -> None:
    take(REGISTRATION, "accept", registration, by=by)


def withdraw(registration: Registration, *, by: Actor) -> None:
    take(REGISTRATION, "withdraw", registration, by=by)
