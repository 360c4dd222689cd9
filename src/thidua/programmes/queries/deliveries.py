"""Where a plan has been sent, and how far each unit has come with it."""

from __future__ import annotations

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When

from thidua.kernel import text
from thidua.kernel.prepared import composed_once
from thidua.orgs.models import Unit
from thidua.programmes.choices import BEFORE_ISSUE, Standing
from thidua.programmes.models import Delivery, Plan
from thidua.programmes.queries import family


def deliveries(plan: Plan) -> QuerySet:
    """Each with `own_code`, `own_state`, `own_number` of the unit's own plan and its `standing`; one query.

    The newest it has issued, else the newest it drafts: who amends a plan of its own has one in force.
    """
    is_drafted = Case(When(state__in=BEFORE_ISSUE, then=Value(1)), default=Value(0))
    own = Plan.objects.filter(unit=OuterRef("unit"), implements__in=family(plan)).order_by(is_drafted, "-pk")
    return (
        Delivery.objects.filter(plan=plan)
        .select_related("unit__kind", "received_by")
        .annotate(
            own_code=Subquery(own.values("code")[:1]),
            own_state=Subquery(own.values("state")[:1]),
            own_number=Subquery(own.values("number")[:1]),
            own_symbol=Subquery(own.values("symbol")[:1]),
        )
        .annotate(
            standing=Case(
                When(own_state__isnull=True, opened_at__isnull=True, then=Value(Standing.NONE)),
                When(own_state__isnull=True, then=Value(Standing.OPENED)),
                When(own_state__in=BEFORE_ISSUE, then=Value(Standing.DRAFTING)),
                default=Value(Standing.ISSUED),
            )
        )
        .order_by("unit__lft", "pk")
    )


def owing(plan: Plan) -> QuerySet:
    """Units that have not received it or have no plan of their own in force; a unit that ended owes nothing."""
    late = ~Q(standing=Standing.ISSUED) | Q(received_at__isnull=True)
    return deliveries(plan).filter(late, unit__ended_on__isnull=True)


def narrowed(found: QuerySet, standing: str, received: str, words: str) -> QuerySet:
    """By how far a unit has come, whether it has acknowledged (`yes` | `no`), and its name."""
    if standing in Standing.values:
        found = found.filter(standing=standing)
    if received in ("yes", "no"):
        found = found.filter(received_at__isnull=received == "no")
    for word in text.words(words):
        found = found.filter(unit__search__contains=word)
    return found


def summary(plan: Plan) -> dict[str, int]:
    """How many units stand where, in one query."""
    wanted = {standing: Count("pk", filter=Q(standing=standing)) for standing in Standing.values}
    counted = {"all": Count("pk"), "received": Count("received_at")}
    return deliveries(plan).order_by().aggregate(**wanted, **counted)


def delivery_at(plan: Plan, unit: Unit) -> Delivery | None:
    return Delivery.objects.select_related("received_by").filter(plan=plan, unit=unit).first()


def waiting_at(unit: Unit) -> QuerySet[Delivery]:
    """Plans sent to a unit that it has not yet acknowledged."""
    sent = Delivery.objects.filter(
        unit=unit, received_at__isnull=True, plan__state__in=("issued", "running", "reviewing")
    )
    return sent.select_related("plan__unit").order_by("sent_at", "pk")


@composed_once
def first_waiting_at(unit: int) -> QuerySet[Delivery]:
    return waiting_at(Unit(pk=unit))[:5]
