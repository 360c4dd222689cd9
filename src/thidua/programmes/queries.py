"""The door for reading plans and programmes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import PlanState
from thidua.programmes.models import Duty, Phase, Plan, Programme


def plans() -> QuerySet[Plan]:
    return Plan.objects.select_related("unit", "implements__unit", "paper")


def visible_to(person: Person) -> QuerySet[Plan]:
    """Plans of the person's own subtree, and issued plans of the units above the person's units."""
    below = grants.visible(person, Permission.PLAN_VIEW, plans())
    own_units = {g.unit.pk: g.unit for g in grants.grants_of(person)}.values()
    above = Q(pk__in=[])
    for unit in own_units:
        above |= Q(unit__lft__lte=unit.lft, unit__rgt__gte=unit.lft)
    issued_above = plans().filter(above).exclude(state=PlanState.DRAFT)
    return plans().filter(Q(pk__in=below.values("pk")) | Q(pk__in=issued_above.values("pk"))).order_by("-year", "-pk")


def plan_for(person: Person, code: str) -> Plan | None:
    return visible_to(person).filter(code=code).prefetch_related("programmes__phases").first()


def programmes() -> QuerySet[Programme]:
    return Programme.objects.select_related("unit", "plan").prefetch_related(
        Prefetch("phases", Phase.objects.order_by("position"))
    )


def in_scope(unit: Unit) -> QuerySet[Programme]:
    """Open programmes of a unit and of the units above it."""
    return programmes().filter(is_open=True, unit__lft__lte=unit.lft, unit__rgt__gte=unit.lft)


def counting_in_scope(unit: Unit) -> QuerySet[Programme]:
    """Those that count the initiatives of a unit, its nearest first."""
    return in_scope(unit).filter(counts_initiatives=True).order_by("-unit__lft", "pk")


def counting_visible(person: Person) -> QuerySet[Programme]:
    """Counting programmes a person meets: over own units, or run below them."""
    units = {g.unit.pk: g.unit for g in grants.grants_of(person)}.values()
    wanted = Q(pk__in=[])
    for unit in units:
        wanted |= Q(unit__lft__lte=unit.lft, unit__rgt__gte=unit.lft)
        wanted |= Q(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return programmes().filter(wanted, is_open=True, counts_initiatives=True).order_by("unit__lft", "pk")


def open_by_code(code: str) -> Programme | None:
    return programmes().filter(code=code, is_open=True).first()


@dataclass(frozen=True)
class Response:
    """What a unit below has made of a plan: none | draft | issued."""

    unit: Unit
    plan: Plan | None

    @property
    def state(self) -> str:
        return "none" if self.plan is None else ("draft" if self.plan.state == PlanState.DRAFT else "issued")


def responses(plan: Plan) -> list[Response]:
    """Every unit directly below with its own plan that implements this one (two queries)."""
    units = list(org_queries.children(plan.unit))
    own: dict[int, Plan] = {p.unit_id: p for p in plans().filter(implements=plan).order_by("pk")}
    return [Response(unit, own.get(unit.pk)) for unit in units]


def lineage(plan: Plan) -> list[Plan]:
    """From the highest plan down to this one."""
    chain: list[Plan] = []
    node: Plan | None = plan
    while node is not None and node not in chain:
        chain.insert(0, node)
        node = plans().filter(pk=node.implements_id).first() if node.implements_id else None
    return chain


def implementable(unit: Unit) -> QuerySet[Plan]:
    """Issued plans of the units above that a unit has no plan of its own for yet."""
    above = org_queries.ancestors(unit).values("pk")
    done = Plan.objects.filter(unit=unit, implements__isnull=False).values("implements")
    return plans().filter(unit__in=above, state=PlanState.ISSUED).exclude(pk__in=done).order_by("-year", "-pk")


def duties_of(unit: Unit, duties: Iterable[Duty]) -> list[Duty]:
    """The duties whose addressee's words fit the kind of unit."""
    words = _ADDRESSES.get(unit.kind_id, ())
    return [d for d in duties if any(w in d.who.lower() for w in words)]


_ADDRESSES = {
    "grassroots": ("cơ sở", "các cấp công đoàn", "các cấp"),
    "district": ("huyện", "các cấp"),
    "sectoral": ("ngành", "các cấp"),
    "zone": ("khu công nghiệp", "các cấp"),
    "provincial": ("tỉnh", "ban công tác", "các cấp"),
}
