"""One national programme in two phases, the provinces' plans beneath it, numbers down to every grassroots union."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from thidua.demo.scale import bulk
from thidua.demo.scale.people import SYSTEM, Home
from thidua.demo.scale.sizes import Size
from thidua.demo.scale.units import NATION, Node
from thidua.kernel import clock
from thidua.ledger import readers
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.domain import plans
from thidua.programmes.models import Phase, Plan, Programme
from thidua.targets import queries as target_queries
from thidua.targets.domain import allocations
from thidua.targets.models import Target
from thidua.targets.rules import split_by_weights

NAME = "Triệu sáng kiến vì công việc tốt hơn"
SHARES = (0.4, 0.6)  # of the goal, phase by phase
COUNTING_APART = 3  # so many provinces count for a programme of their own, too
ACCEPTED, DISPUTED = 0.9, 0.01
_REASON = "Đơn vị vừa giảm lao động do thu hẹp sản xuất, đề nghị giảm chỉ tiêu của giai đoạn này."


def build(size: Size, nodes: list[Node], homes: dict[int, Home]) -> list[Programme]:
    """Issue the plans and give the targets; gives the programmes that count, the national one first."""
    days = size.calendar
    with clock.at(days.first[0] - timedelta(days=24)):
        national = plans.draft_from_reading(Unit.objects.get(pk=NATION), _reading(size), by=_officer(homes[NATION]))
        _issue(national, homes[NATION])
    provinces = [node for node in nodes if node.kind == "provincial"]
    with clock.at(days.first[0] - timedelta(days=18)):
        _give_provinces(national, provinces, homes)
    with clock.at(days.first[0] - timedelta(days=12)):
        for number, node in enumerate(reversed(provinces)):
            _lower_plan(national, node, homes[node.pk], counts=number < COUNTING_APART)
    _give_below(size, national.programmes.get(), nodes, days.first[0] - timedelta(days=6))
    plans.start_due(by=SYSTEM)
    readers.drain_all()
    return list(Programme.objects.filter(counts_initiatives=True).select_related("unit").order_by("pk"))


def _reading(size: Size) -> dict:
    days = size.calendar
    phases = [
        {"name": f"Giai đoạn {n}", "kind": "phase", "starts_on": start.isoformat(), "ends_on": end.isoformat(),
         "eligible_from": days.opens.isoformat()}
        for n, (start, end) in enumerate((days.first, days.second), 1)
    ]  # fmt: skip
    targets = [
        {"indicator": "initiatives", "comparator": "at_least", "value": int(size.goal * share), "unit": "count",
         "phase": phase["name"]}
        for share, phase in zip(SHARES, phases, strict=True)
    ]  # fmt: skip
    title = f"Chương trình “{NAME}” giai đoạn {days.first[0].year} - {days.second[0].year}"
    return {
        "number": 1, "symbol": "Ctr-TLĐ", "issued_on": clock.today().isoformat(), "place": "Hà Nội", "title": title,
        "movements": [{"name": NAME, "kind": "programme", "audience": "all"}], "phases": phases, "targets": targets,
    }  # fmt: skip


def _officer(home: Home) -> Person:
    return Person.objects.select_related("unit").get(pk=home.first)


def _chair(home: Home) -> Person:
    return Person.objects.select_related("unit").get(pk=home.first + 1)


def _issue(plan: Plan, home: Home) -> None:
    plans.confirm(plan, by=_officer(home))
    plans.issue(plan, by=_chair(home), issued_on=clock.today())
    readers.drain("targets")


def _give_provinces(national: Plan, provinces: list[Node], homes: dict[int, Home]) -> None:
    """By headcount, phase by phase; the provinces accept."""
    programme, nation = national.programmes.get(), national.unit
    members = _members(provinces)
    for phase in programme.phases.all():
        total = int(target_queries.target_value(programme, nation, phase) or 0)
        shares = split_by_weights(total, [members[node.pk] for node in provinces])
        values = {node.pk: Decimal(share) for node, share in zip(provinces, shares, strict=True)}
        allocations.allocate(programme, phase, "initiatives", nation, values, by=_officer(homes[NATION]))
    for target in Target.objects.filter(given_by=nation).select_related("unit", "phase", "programme", "indicator"):
        allocations.accept(target, by=_officer(homes[target.unit_id]))


def _members(tops: list[Node]) -> dict[int, int]:
    return {node.pk: node.members for node in tops}


def _lower_plan(national: Plan, node: Node, home: Home, *, counts: bool) -> None:
    unit = Unit.objects.select_related("kind", "parent").get(pk=node.pk)
    own = target_queries.own_targets_for_cascade(unit, national)
    plan = plans.cascade(national, unit, by=_officer(home), own_targets=own, counts_separately=counts)
    _issue(plan, home)


_STAGE = """
    CREATE TEMP TABLE scale_target (phase bigint, unit bigint, giver bigint, value int, state text, asked int)

"""


def _give_below(size: Size, programme: Programme, nodes: list[Node], day: date) -> None:
    """Every province's number goes to its unions and from there to the grassroots, without a rest."""
    random = Random(size.seed + 2)
    bulk.run(_STAGE)
    for phase in programme.phases.all():
        given = {
            t.unit_id: int(t.value)
            for t in Target.objects.filter(programme=programme, phase=phase, indicator="initiatives")
        }
        bulk.copy("scale_target", "phase, unit, giver, value, state, asked", _rows(phase, nodes, given, random))
    own = {"programme_id": "%(programme)s", "phase_id": "phase", "indicator_id": "'initiatives'", "unit_id": "unit"}
    own |= {
        "given_by_id": "giver",
        "state": "state",
        "value": "value",
        "comparator": "'at_least'",
        "given_on": "%(day)s",
    }
    own |= {"asked_value": "asked", "asked_reason": "CASE state WHEN 'disputed' THEN %(reason)s ELSE '' END"}
    own |= {"answered_on": "CASE state WHEN 'accepted' THEN %(day)s::date + 5 END"}
    with bulk.bare(Target):
        bulk.insert(Target, own, "scale_target", programme=programme.pk, day=day, reason=_REASON)


def _rows(phase: Phase, nodes: list[Node], given: dict[int, int], random: Random) -> Iterator[tuple]:
    children: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.parent and node.kind not in ("section", "group"):
            children[node.parent.pk].append(node)
    for node in nodes:
        if node.kind in ("confederation", "grassroots", "section", "group") or not given.get(node.pk):
            continue
        below = children[node.pk]
        values = split_by_weights(given[node.pk], [child.members for child in below]) if below else []
        for child, value in zip(below, values, strict=True):
            if value == 0:
                continue
            given[child.pk] = value
            lot = random.random()
            state = "accepted" if lot < ACCEPTED else "disputed" if lot > 1 - DISPUTED else "given"
            yield phase.pk, child.pk, node.pk, value, state, value // 2 if state == "disputed" else None
