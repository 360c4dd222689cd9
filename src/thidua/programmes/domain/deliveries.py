"""An issued plan reaches units: sent, opened, received, reminded."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import messages, rules
from thidua.programmes.choices import Standing
from thidua.programmes.models import Delivery, Plan
from thidua.programmes.queries import deliveries
from thidua.workflow.engine import refuse_unless

Actor = Person | System


def send(plan: Plan, *, by: Actor) -> int:
    """To the units directly below and to those named among the recipients; asked twice, to new ones only."""
    addressed = set(org_queries.children(plan.unit).values_list("pk", flat=True))
    addressed |= set(plan.recipients.filter(unit__ended_on__isnull=True).values_list("unit_id", flat=True)) - {None}
    known = set(plan.deliveries.values_list("unit_id", flat=True))
    new = sorted(addressed - known - {plan.unit_id})
    with transaction.atomic():
        rows = [Delivery(plan=plan, unit_id=key, sent_at=clock.now()) for key in new]
        Delivery.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        if new:
            acts.record("programmes.plan.delivered", plan, by=by, after={"units": len(new)})
            messages.issued(plan, new, by)
    return len(new)


def open_at(plan: Plan, unit: Unit) -> None:
    """Somebody of the unit has looked at the plan."""
    Delivery.objects.filter(plan=plan, unit=unit, opened_at__isnull=True).update(opened_at=clock.now())


def receive(plan: Plan, unit: Unit, *, by: Actor) -> Delivery:
    """A unit acknowledges receipt; asked twice, the first stands."""
    refuse_unless(rules.may_receive(by, unit))
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).filter(plan=plan, unit=unit).first()
        if delivery is None:
            raise Refused(_("Kế hoạch này không gửi đến %(unit)s.") % {"unit": unit.short_name})
        if delivery.received_at is None:
            delivery.received_at = clock.now()
            delivery.opened_at = delivery.opened_at or delivery.received_at
            delivery.received_by = by if isinstance(by, Person) else None
            delivery.save(update_fields=["received_at", "opened_at", "received_by"])
            acts.record("programmes.plan.received", delivery, by=by, after={"unit": unit.short_name})
    return delivery


def chase(plan: Plan, *, by: Actor, units: Iterable[Unit] | None = None) -> int:
    """Remind those that have not received it or owe a plan of their own, and nobody else; how many units."""
    refuse_unless(rules.may_write(by, plan))
    if not plan.is_in_force:
        raise Refused(_("Chỉ đôn đốc được khi kế hoạch đang có hiệu lực."))
    late = deliveries.owing(plan)
    if units is not None:
        late = late.filter(unit__in=[unit.pk for unit in units])
    with transaction.atomic():
        found = list(late.values_list("pk", "unit_id", "standing"))
        messages.chased(plan, [unit for _pk, unit, standing in found if standing != Standing.ISSUED], by)
        messages.chased_to_receive(plan, [unit for _pk, unit, standing in found if standing == Standing.ISSUED], by)
        touched = Delivery.objects.filter(pk__in=[pk for pk, _unit, _standing in found])
        touched.update(chased_at=clock.now(), chased=F("chased") + 1)
        acts.record("programmes.plan.chased", plan, by=by, after={"units": len(found)})
    return len(found)
