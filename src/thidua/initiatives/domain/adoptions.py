"""Replication: a unit applies what another has found, and says what came of it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import messages
from thidua.initiatives.choices import AdoptionState, State
from thidua.initiatives.models import Adoption, Initiative
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import refuse_unless


def register(initiative: Initiative, unit: Unit, *, by: Person, intention: str = "") -> Adoption:
    """The unit means to apply it. Once per unit and initiative."""
    refuse_unless(grants.may(by, Permission.ADOPTION_REGISTER, unit))
    if initiative.state != State.RECOGNISED:
        raise Refused(_("Chỉ đăng ký áp dụng sáng kiến đã được công nhận."))
    if initiative.handler_id == unit.pk:
        raise Refused(_("Đây là sáng kiến của chính đơn vị bạn."))
    try:
        with transaction.atomic():
            adoption = Adoption.objects.create(
                initiative=initiative,
                unit=unit,
                intention=intention.strip(),
                registered_by=by,
                registered_on=clock.today(),
            )
            acts.record("initiatives.adoption.registered", adoption, by=by)
            messages.adopted(initiative, unit.short_name, by)
    except IntegrityError as error:
        raise Refused(_("Đơn vị bạn đã đăng ký áp dụng sáng kiến này.")) from error
    return adoption


def report_effect(
    adoption: Adoption, *, by: Person, applied_on: date, effect: str, benefit: int | None = None, adapted: str = ""
) -> None:
    """What came of it; may be reported again with newer figures."""
    refuse_unless(grants.may(by, Permission.ADOPTION_REGISTER, adoption.unit))
    if applied_on > clock.today():
        raise Refused(_("Ngày áp dụng nằm trong tương lai."), field="applied_on")
    if len(effect.strip()) < 10:
        raise Refused(_("Hãy ghi kết quả áp dụng, ít nhất 10 ký tự."), field="effect")
    with transaction.atomic():
        adoption.state = AdoptionState.APPLIED
        adoption.applied_on, adoption.effect, adoption.adapted = applied_on, effect.strip(), adapted.strip()
        adoption.benefit, adoption.reported_on = benefit, clock.today()
        adoption.save(update_fields=["state", "applied_on", "effect", "adapted", "benefit", "reported_on"])
        acts.record("initiatives.adoption.applied", adoption, by=by, after={"benefit": benefit})


def abandon(adoption: Adoption, *, by: Person, reason: str) -> None:
    refuse_unless(grants.may(by, Permission.ADOPTION_REGISTER, adoption.unit))
    with transaction.atomic():
        adoption.state = AdoptionState.ABANDONED
        adoption.save(update_fields=["state"])
        acts.record("initiatives.adoption.abandoned", adoption, by=by, reason=reason)
