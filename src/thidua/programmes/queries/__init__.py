"""The door for reading plans and programmes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import paging
from thidua.kernel.prepared import composed_once, lay
from thidua.orgs import queries as org_queries
from thidua.orgs import sums
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import rules
from thidua.programmes.choices import BEFORE_ISSUE, IN_FORCE, PlanState
from thidua.programmes.models import Duty, Indicator, Phase, Plan, Programme, Support


def plans() -> QuerySet[Plan]:
    return Plan.objects.select_related("unit__kind", "implements__unit", "paper")


def _units_of(person: Person) -> list[Unit]:
    return list({g.unit.pk: g.unit for g in grants.grants_of(person)}.values())


def _over(units: Iterable[Unit], path: str = "unit") -> Q:
    """Rows of these units and of the units above them."""
    wanted = list(units)
    return Q(**{f"{path}__in": org_queries.over(*wanted)}) if wanted else grants.NOTHING


def plans_visible_to(person: Person) -> QuerySet[Plan]:
    """Issued plans below and above the person's units; drafts only where the person writes them."""
    below = grants.within(person, Permission.PLAN_VIEW)
    own = grants.within(person, Permission.PLAN_WRITE)
    issued = ~Q(state__in=BEFORE_ISSUE) & (below | _over(_units_of(person)))
    return plans().filter(issued | own).order_by("-year", "-pk")


NEWEST = ("-year", "-pk")
_SHOWN = ("code", "state", "number", "symbol", "title", "issued_on", "year", "implements", "unit__short_name")


def plans_listed(person: Person, state: str = "") -> QuerySet[Plan]:
    """The same for a list, each with what a row shows.

    By place only and with few tables: a narrow reach is then found through the index of places, a wide one
    through that of the newest.
    """
    return _listed(*_sight(person, state)).order_by(*NEWEST)


def plans_page(person: Person, state: str, cursor: str) -> paging.Page:
    """One page of these, the newest first."""
    return _plans_page(cursor, *_sight(person, state))


def _sight(person: Person, state: str) -> tuple[grants.Places, tuple[int, ...], grants.Places, PlanState | None]:
    """Where plans may be read, the places above, where they may be written; and the state, if it is one."""
    own, chosen = grants.places(person, Permission.PLAN_WRITE), PlanState(state) if state in PlanState.values else None
    if chosen in BEFORE_ISSUE:
        return grants.Places(), (), own, chosen
    above = tuple(org_queries.places_over(_units_of(person)))
    return grants.places(person, Permission.PLAN_VIEW), above, own, chosen


def _listed(
    below: grants.Places, above: tuple[int, ...], own: grants.Places, state: PlanState | None
) -> QuerySet[Plan]:
    reached = below.condition() | Q(unit__lft__in=list(above)) | own.condition()
    found = Plan.objects.select_related("unit").only(*_SHOWN).filter(reached)
    if state is not None:
        return found.filter(state=state)
    return found.filter(~Q(state__in=BEFORE_ISSUE) | own.condition())


_plans_page = paging.composed_once(NEWEST)(_listed)


def lay_implemented(found: Iterable[Plan]) -> None:
    """The plans these implement, with their units: one query for all rows of a list."""
    rows = list(found)
    keys = list({plan.implements_id for plan in rows if plan.implements_id})
    room = -len(keys) % _TOGETHER  # some of them twice, so that the statement is one of a few
    upper = {plan.pk: plan for plan in _named((*keys, *keys[:1] * room))} if keys else {}
    for plan in rows:
        plan.implements = upper[plan.implements_id] if plan.implements_id else None


_TOGETHER = 20


@composed_once
def _named(keys: tuple[int, ...]) -> QuerySet[Plan]:
    return Plan.objects.filter(pk__in=keys).select_related("unit").only("number", "symbol", "unit__short_name")


def plan_for(person: Person, code: str) -> Plan | None:
    return plans_visible_to(person).filter(code=code).first()


def programmes() -> QuerySet[Programme]:
    return Programme.objects.select_related("unit", "plan__unit").prefetch_related(
        Prefetch("phases", Phase.objects.order_by("position"))
    )


def programmes_visible_to(person: Person) -> QuerySet[Programme]:
    """Programmes of the issued plans a person may see; highest unit first."""
    visible = plans_visible_to(person).exclude(state__in=BEFORE_ISSUE).order_by()
    return programmes().filter(plan__in=visible.values("pk")).order_by("unit__lft", "plan", "position")


def programmes_of_their_own(person: Person) -> QuerySet[Programme]:
    """Without the copies in lower plans, whose initiatives are counted by the programme above."""
    return programmes_visible_to(person).filter(Q(implements=None) | Q(counts_initiatives=True))


def programme_for(person: Person, code: str) -> Programme | None:
    return programmes_visible_to(person).filter(code=code).first()


def programmes_in_scope(unit: Unit) -> QuerySet[Programme]:
    """Open programmes of a unit and of the units above it."""
    return programmes().filter(_over([unit]), is_open=True)


def counting_programmes(unit: Unit) -> QuerySet[Programme]:
    """Open programmes that count the initiatives of a unit, the nearest first."""
    return programmes_in_scope(unit).filter(counts_initiatives=True).order_by("-unit__lft", "pk")


def first_counting(unit: int) -> list[Programme]:
    """The three nearest, for a desk."""
    return _with_phases(_first_counting(unit))


@composed_once
def _first_counting(unit: int) -> QuerySet[Programme]:
    return counting_programmes(Unit(pk=unit)).prefetch_related(None)[:3]


@composed_once
def named_counting(unit: int) -> QuerySet[Programme]:
    """`counting_programmes` for a menu, which names them."""
    return counting_programmes(Unit(pk=unit)).prefetch_related(None)


def counting_visible(person: Person) -> QuerySet[Programme]:
    """Counting programmes a person meets: over own units, or run below them."""
    units = _units_of(person)
    wanted = _over(units)
    for unit in units:
        wanted |= Q(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return programmes().filter(wanted, is_open=True, counts_initiatives=True).order_by("unit__lft", "pk")


def counting_by_code(code: str) -> Programme | None:
    """With its unit and phases, for the pages of its sums."""
    return next(iter(_with_phases(_counting_by_code(code))), None)


@composed_once
def _counting_by_code(code: str) -> QuerySet[Programme]:
    found = Programme.objects.filter(code=code, is_open=True, counts_initiatives=True).order_by("pk")
    return found.select_related("unit")[:1]


def _with_phases(found: list[Programme]) -> list[Programme]:
    phases = _phases_of(tuple(programme.pk for programme in found)) if found else []
    for programme in found:
        lay(programme, "phases", [phase for phase in phases if phase.programme_id == programme.pk])
    return found


@composed_once
def _phases_of(programmes: tuple[int, ...]) -> QuerySet[Phase]:
    return Phase.objects.filter(programme__in=programmes).order_by("position")


def open_by_code(code: str) -> Programme | None:
    return programmes().filter(code=code, is_open=True).first()


def phase_of(programme: Programme, day: date) -> Phase | None:
    """The phase a day falls into; phases without a first or last day are open on that side."""
    for phase in programme.phases.all():
        if (phase.starts_on or day) <= day <= (phase.ends_on or day):
            return phase
    return None


def indicators() -> QuerySet[Indicator]:
    return Indicator.objects.all()


def proposed(unit: Unit) -> QuerySet[Plan]:
    """Drafts of a unit that wait for its signatory."""
    return plans().filter(unit=unit, state__in=(PlanState.PROPOSED, PlanState.APPROVED)).order_by("pk")


@composed_once
def proposed_of(unit: int) -> QuerySet[Plan]:
    return proposed(Unit(pk=unit))


def supports_visible_to(person: Person, plan: Plan) -> QuerySet[Support]:
    """What was given at units the person may see."""
    found = Support.objects.filter(plan__in=family(plan)).select_related("unit", "recorded_by")
    return grants.visible(person, Permission.PLAN_VIEW, found).order_by("-given_on", "-pk")


def support_sums(person: Person, plan: Plan) -> dict[str, int]:
    """How often (`count`) and how much by each party was given where the person may see it; from kept sums."""
    view, keys = grants.reach(person, Permission.PLAN_VIEW), family(plan)
    tops = {unit.pk: unit for unit in _units_of(person) if (unit.lft, unit.rgt) in view.spans}
    found: Counter[str] = Counter()
    for parts in sums.figures("support", keys, tops.values()).values():
        found.update(parts)
    return found


def lineage(plan: Plan) -> list[Plan]:
    """From the highest plan down to this one."""
    chain: list[Plan] = []
    node: Plan | None = plan
    while node is not None and node not in chain:
        chain.insert(0, node)
        node = plans().filter(pk=node.implements_id).first() if node.implements_id else None
    return chain


def implementable(unit: Unit) -> QuerySet[Plan]:
    """Plans in force of the units above that a unit has no plan of its own for yet, the nearest first."""
    done = Plan.objects.filter(unit=unit, implements__isnull=False).values("implements")
    above = _over([unit]) & ~Q(unit=unit)
    found = plans().filter(above, state__in=IN_FORCE).exclude(pk__in=done)
    # A plan that implements the amended one goes on implementing its amendment.
    found = found.exclude(amends__in=done).exclude(amends__amends__in=done)
    return found.order_by("-unit__depth", "-pk")


@composed_once
def first_implementable(unit: int) -> QuerySet[Plan]:
    return implementable(Unit(pk=unit))[:5]


def family(plan: Plan) -> list[int]:
    """The plan and those it amends, newest first: what implements one of them implements it."""
    found, node = [plan.pk], plan
    while node.amends is not None and node.amends.pk not in found:
        node = node.amends
        found.append(node.pk)
    return found


def duties_of(unit: Unit, duties: Iterable[Duty]) -> list[Duty]:
    """The duties whose addressee's words fit the kind of unit."""
    return [d for d in duties if rules.addresses(d.who, unit.kind_id, unit.kind.name)]


counting_in_scope = counting_programmes  # the name the member's pages know it by
