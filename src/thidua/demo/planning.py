"""The plans of the demonstration, read and issued as a user would, and targets down to every unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from thidua.demo.world import World
from thidua.kernel import clock
from thidua.ledger import readers
from thidua.orgs import queries as org_queries
from thidua.programmes.domain import plans
from thidua.programmes.models import Plan, Programme
from thidua.programmes.reader import read_file
from thidua.targets import queries as target_queries
from thidua.targets import rules as target_rules
from thidua.targets.domain import allocations
from thidua.targets.models import Target

FOLDER = Path(__file__).parent / "plans"
THAI_BINH = "17-KH-CDYT-thai-binh-2022.txt"
NINH_THUAN = "KH-LDLD-ninh-thuan-2022.txt"
# 3259/Ctr-TLĐ ngày 16/12/2021: two phases of updating, 300,000 and 700,000 initiatives.
NATIONAL = {
    "number": 3259,
    "symbol": "Ctr-TLĐ",
    "issued_on": "2021-12-16",
    "place": "Hà Nội",
    "title": "Chương trình “01 triệu sáng kiến - nỗ lực vượt khó, sáng tạo, quyết tâm chiến thắng đại dịch Covid-19”",
    "movements": [
        {
            "name": "01 triệu sáng kiến - nỗ lực vượt khó, sáng tạo, quyết tâm chiến thắng đại dịch Covid-19",
            "kind": "programme",
            "audience": "all",
        }
    ],
    "phases": [
        {
            "name": "Giai đoạn 1",
            "kind": "phase",
            "starts_on": "2022-01-08",
            "ends_on": "2022-05-31",
            "eligible_from": "2021-09-01",
        },
        {"name": "Giai đoạn 2", "kind": "phase", "starts_on": "2022-06-01", "ends_on": "2023-09-01"},
    ],
    "targets": [
        {
            "indicator": "initiatives",
            "comparator": "at_least",
            "value": 300000,
            "unit": "count",
            "phase": "Giai đoạn 1",
        },
        {
            "indicator": "initiatives",
            "comparator": "at_least",
            "value": 700000,
            "unit": "count",
            "phase": "Giai đoạn 2",
        },
    ],
}
DISPUTED = "TB-YT-07"


@dataclass
class Plans:
    national: Plan
    thai_binh: Plan
    ninh_thuan: Plan

    @staticmethod
    def counting(plan: Plan) -> Programme:
        return plan.programmes.get(counts_initiatives=True)


def build(world: World) -> Plans:
    with clock.at(date(2021, 12, 16)):
        national = plans.draft_from_reading(world.units["TLD"], NATIONAL, by=world.officers["TLD"])
        _issue(world, national, "TLD", 3259)
    with clock.at(date(2022, 1, 12)):
        thai_binh = _read(world, "TB-YT", THAI_BINH)
        _issue(world, thai_binh, "TB-YT", 17)
    with clock.at(date(2022, 1, 20)):
        ninh_thuan = _read(world, "NT", NINH_THUAN)
        _issue(world, ninh_thuan, "NT", None)
    found = Plans(national, thai_binh, ninh_thuan)
    _allocate_all(world, found)
    _lower_plans(world, found)
    return found


def _read(world: World, unit: str, name: str) -> Plan:
    reading = read_file(FOLDER / name).to_json()
    return plans.draft_from_reading(world.units[unit], reading, by=world.officers[unit])


def _issue(world: World, plan: Plan, unit: str, number: int | None) -> None:
    plans.confirm(plan, by=world.officers[unit])
    plans.issue(plan, by=world.chairs[unit], number=number, issued_on=clock.today())
    readers.drain("targets")


def _allocate_all(world: World, found: Plans) -> None:
    with clock.at(date(2022, 1, 25)):
        _allocate(world, Plans.counting(found.thai_binh), "TB-YT")
        allocations.allocate_rate(
            Plans.counting(found.thai_binh),
            None,
            "participation_rate",
            world.units["TB-YT"],
            by=world.officers["TB-YT"],
            tell=False,
        )
    with clock.at(date(2022, 1, 28)):
        _allocate(world, Plans.counting(found.ninh_thuan), "NT")
    with clock.at(date(2022, 2, 7)):
        for unit in org_queries.children(world.units["NT"]):
            _allocate(world, Plans.counting(found.ninh_thuan), unit.code)
    with clock.at(date(2022, 2, 14)):
        _answer(world)


def _allocate(world: World, programme: Programme, parent: str) -> None:
    """By headcount, to those directly below, phase by phase."""
    unit = world.units[parent]
    children = list(org_queries.children(unit))
    members = org_queries.members_of(children)
    for phase in programme.phases.all():
        total = target_queries.target_value(programme, unit, phase)
        if not total or not children:
            continue
        shares = target_rules.split_by_weights(int(total), [members[child.pk] for child in children])
        values = {child.pk: Decimal(share) for child, share in zip(children, shares, strict=True)}
        allocations.allocate(programme, phase, "initiatives", unit, values, by=world.officers[parent])


def _answer(world: World) -> None:
    """Most units accept; one asks for less."""
    given = Target.objects.filter(given_by__isnull=False).select_related(
        "unit", "phase", "programme__plan", "indicator"
    )
    for target in given.order_by("pk"):
        officer = world.officers.get(target.unit.code)
        if officer is None or world.random.random() < 0.12:
            continue
        if target.unit.code == DISPUTED and target.indicator_id == "initiatives" and target.value > 1:
            reason = "Đơn vị đang tăng cường cán bộ chống dịch cho các huyện, đề nghị giảm chỉ tiêu giai đoạn này."
            allocations.ask_adjustment(target, target.value - 1, reason, by=officer)
        else:
            allocations.accept(target, by=officer)
    for code in ("TB-YT-01", "TB-YT-02"):
        first = Target.objects.filter(unit=world.units[code], indicator_id="initiatives", state="accepted").first()
        if first:
            allocations.set_ambition(first, first.value + 10, by=world.officers[code])


def _lower_plans(world: World, found: Plans) -> None:
    """Some grassroots unions have issued a plan of their own, some are drafting, some have not begun."""
    for index, unit in enumerate(world.grassroots("TB-YT")[:12]):
        own = target_queries.own_targets_for_cascade(unit, found.thai_binh)
        with clock.at(date(2022, 1, 27)):
            draft = plans.cascade(found.thai_binh, unit, by=world.officers[unit.code], own_targets=own)
        if index < 8:
            with clock.at(date(2022, 2, 9)):
                plans.issue(draft, by=world.chairs[unit.code], issued_on=date(2022, 2, 9))
    readers.drain("targets")
