"""The door for reading orders and what they handed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.people.models import Person
from thidua.reorganisations.choices import OrderState
from thidua.reorganisations.models import Handover, Line, Order


def visible_to(person: Person) -> QuerySet[Order]:
    """Orders about units below one's own, with how many lines each has."""
    found = grants.visible(person, Permission.UNIT_VIEW, Order.objects.all())
    lines = Line.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(n=Count("pk")).values("n")
    shown = found.exclude(state=OrderState.DISCARDED).select_related("unit", "drawn_by")
    return shown.annotate(how_many=Coalesce(Subquery(lines), 0))


def due() -> QuerySet[Order]:
    """Scheduled orders whose day has come."""
    return Order.objects.filter(state=OrderState.SCHEDULED, effective_on__lte=clock.today()).order_by(
        "effective_on", "pk"
    )


def former_homes(subject_type: str, ids: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Subject -> (day it passed on, unit it had belonged to until then), the earliest first."""
    found: dict[int, list[tuple[date, int]]] = {}
    rows = Handover.objects.filter(subject_type=subject_type, subject_id__in=list(ids), was_made=False)
    for subject_id, day, unit_id in rows.order_by("effective_on", "id").values_list(
        "subject_id", "effective_on", "from_unit_id"
    ):
        found.setdefault(subject_id, []).append((day, unit_id))
    return found
