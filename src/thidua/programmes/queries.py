"""The door for reading plans and programmes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.notify.models import Notice
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post
from thidua.programmes import rules
from thidua.programmes.choices import PlanState
from thidua.programmes.models import Duty, Indicator, Phase, Plan, Programme


def plans() -> QuerySet[Plan]:
    return Plan.objects.select_related("unit__kind", "implements__unit", "paper")


def _units_of(person: Person) -> list[Unit]:
    return list({g.unit.pk: g.unit for g in grants.grants_of(person)}.values())


def _over(units: Iterable[Unit], path: str = "unit") -> Q:
    """Rows of these units and of the units above them."""
    found = Q(pk__in=[])
    for unit in units:
        found |= Q(**{f"{path}__lft__lte": unit.lft, f"{path}__rgt__gte": unit.lft})
    return found


def plans_visible_to(person: Person) -> QuerySet[Plan]:
    """Issued plans below and above the person's units; drafts only where the person writes them."""
    issued = ~Q(state=PlanState.DRAFT)
    below = grants.visible(person, Permission.PLAN_VIEW, Plan.objects.filter(issued))
    own = grants.visible(person, Permission.PLAN_WRITE, Plan.objects.all())
    above = Plan.objects.filter(issued & _over(_units_of(person)))
    within = Q(pk__in=below.values("pk")) | Q(pk__in=own.values("pk")) | Q(pk__in=above.values("pk"))
    return plans().filter(within).order_by("-year", "-pk")


def plan_for(person: Person, code: str) -> Plan | None:
    return plans_visible_to(person).filter(code=code).first()


def programmes() -> QuerySet[Programme]:
    return Programme.objects.select_related("unit", "plan__unit").prefetch_related(
        Prefetch("phases", Phase.objects.order_by("position"))
    )


def programmes_visible_to(person: Person) -> QuerySet[Programme]:
    """Programmes of the issued plans a person may see; highest unit first."""
    visible = plans_visible_to(person).exclude(state=PlanState.DRAFT).order_by()
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


def counting_visible(person: Person) -> QuerySet[Programme]:
    """Counting programmes a person meets: over own units, or run below them."""
    units = _units_of(person)
    wanted = _over(units)
    for unit in units:
        wanted |= Q(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    return programmes().filter(wanted, is_open=True, counts_initiatives=True).order_by("unit__lft", "pk")


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


@dataclass(frozen=True)
class Response:
    """What a unit below has made of a plan: none (nobody has looked) | seen | draft | issued."""

    unit: Unit
    plan: Plan | None
    is_seen: bool = False

    @property
    def state(self) -> str:
        if self.plan is None:
            return "seen" if self.is_seen else "none"
        return "draft" if self.plan.state == PlanState.DRAFT else "issued"

    @property
    def words(self) -> str:
        words = {"none": _("Chưa xem"), "seen": _("Đã xem, chưa lập"), "draft": _("Đang soạn")}
        return words.get(self.state, _("Đã ban hành"))

    @property
    def tone(self) -> str:
        return {"none": "danger", "seen": "warning", "draft": "info", "issued": "success"}[self.state]


def responses(plan: Plan) -> list[Response]:
    """Every unit directly below with its own plan that implements this one (three queries)."""
    own: dict[int, Plan] = {p.unit_id: p for p in plans().filter(implements=plan).order_by("pk")}
    read = Notice.objects.filter(subject_type=plan._meta.label_lower, subject_code=plan.code, read_at__isnull=False)
    seen = set(Post.objects.filter(person__in=read.values("person")).values_list("unit_id", flat=True))
    return [Response(u, own.get(u.pk), u.pk in seen) for u in org_queries.children(plan.unit)]


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
    done = Plan.objects.filter(unit=unit, implements__isnull=False).values("implements")
    above = _over([unit]) & ~Q(unit=unit)
    return plans().filter(above, state=PlanState.ISSUED).exclude(pk__in=done).order_by("-unit__lft", "-pk")


def duties_of(unit: Unit, duties: Iterable[Duty]) -> list[Duty]:
    """The duties whose addressee's words fit the kind of unit."""
    return [d for d in duties if rules.addresses(d.who, unit.kind_id, unit.kind.name)]


counting_in_scope = counting_programmes  # the name the member's pages know it by
