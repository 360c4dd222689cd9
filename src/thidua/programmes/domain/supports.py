"""What employers and authorities give to a plan: recorded where it was given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import rules
from thidua.programmes.models import Plan, Support
from thidua.workflow.engine import refuse_unless

Actor = Person | System


def record(
    plan: Plan,
    unit: Unit,
    *,
    by: Actor,
    party: str,
    kind: str,
    giver: str,
    text: str,
    given_on: date,
    value: Decimal | None = None,
) -> Support:
    """One gift to a plan at a unit; `value` in đồng when it has one."""
    refuse_unless(rules.may_receive(by, unit))
    if not plan.is_issued:
        raise Refused(_("Kế hoạch chưa ban hành."))
    if not plan.unit.covers(unit):
        raise Refused(_("Kế hoạch này không áp dụng cho %(unit)s.") % {"unit": unit.short_name})
    if given_on > clock.today():
        raise Refused(_("Ngày hỗ trợ không thể ở sau hôm nay."), field="given_on")
    with transaction.atomic():
        support = Support.objects.create(
            plan=plan,
            unit=unit,
            party=party,
            kind=kind,
            giver=giver.strip(),
            text=text.strip(),
            value=value,
            given_on=given_on,
            recorded_by=by if isinstance(by, Person) else None,
        )
        acts.record("programmes.plan.supported", plan, by=by, unit_id=unit.pk, after={"giver": giver, "value": value})
    return support


def drop(support: Support, *, by: Actor) -> None:
    """Take back a wrong entry."""
    refuse_unless(rules.may_receive(by, support.unit))
    with transaction.atomic():
        before = {"giver": support.giver, "text": support.text, "value": support.value}
        acts.record("programmes.plan.support_dropped", support.plan, by=by, unit_id=support.unit_id, before=before)
        support.delete()
