"""Units, people, accounts and posts of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from thidua.demo import names, places
from thidua.ledger.acts import System
from thidua.orgs.domain import changes, headcounts, tree
from thidua.orgs.domain import kinds as unit_kinds
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.people.domain import rosters
from thidua.people.models import Person

SYSTEM = System("Bộ nạp dữ liệu trình diễn")
PASSWORD = "thidua-2022"  # noqa: S105 - printed for everybody to see, demonstration only
CHAIR_TITLE = "Chủ tịch"

# role shown, unit, post, member code: the accounts printed at start.
ACCOUNTS = (
    ("Đoàn viên, người lao động", "TB-YT-01", "member", "DOANVIEN"),
    ("Cán bộ công đoàn cơ sở", "TB-YT-01", "grassroots_officer", "CANBO"),
    ("Chủ tịch công đoàn cơ sở (ký)", "TB-YT-01", "chair", "CHUTICH"),
    ("Cán bộ công đoàn cấp trên (ngành Y tế)", "TB-YT", "upper_officer", "CAPTREN"),
    ("Chủ tịch công đoàn ngành Y tế", "TB-YT", "chair", "NGANHYTE"),
    ("Chủ tịch LĐLĐ tỉnh Thái Bình", "TB", "chair", "CHUTICHTB"),
    ("Cán bộ LĐLĐ tỉnh Ninh Thuận", "NT", "upper_officer", "TINHNT"),
    ("Chủ tịch LĐLĐ tỉnh Ninh Thuận", "NT", "chair", "CHUTICHNT"),
    ("Cán bộ CĐCS Công ty May", "NT-KCN-01", "grassroots_officer", "CTYMAY"),
    ("Cán bộ Tổng Liên đoàn", "TLD", "upper_officer", "TLD"),
    ("Chủ tịch Tổng Liên đoàn", "TLD", "chair", "CHUTICHTLD"),
    ("Thành viên hội đồng", "TB-YT-01", "council_member", "HOIDONG"),
    ("Kiểm tra, giám sát (chỉ xem)", "TB", "auditor", "KIEMTRA"),
    ("Quản trị đơn vị", "TB", "administrator", "QUANTRI"),
)


@dataclass
class World:
    """What the later parts of the story need to know."""

    random: Random
    units: dict[str, Unit] = field(default_factory=dict)
    places: dict[str, places.Place] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    officers: dict[str, Person] = field(default_factory=dict)
    chairs: dict[str, Person] = field(default_factory=dict)

    def grassroots(self, prefix: str = "") -> list[Unit]:
        return [u for c, u in self.units.items() if u.kind_id == "grassroots" and c.startswith(prefix)]


def build(random: Random) -> World:
    world = World(random)
    _units(world)
    _people(world)
    _posts(world)
    _accounts(world)
    return world


def _units(world: World) -> None:
    unit_kinds.load()
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    for place in places.all_places():
        world.places[place.code] = place
        unit = changes.establish(
            code=place.code,
            name=place.name,
            short_name=place.short_name,
            symbol=place.symbol,
            place=place.place,
            kind=kinds[place.kind],
            parent=world.units.get(place.parent),
            sector=names.SECTORS[place.sector],
            employer=place.employer,
            accepts_open_filing=place.employer == "enterprise" or place.code == "TB-YT-01",
            decision=Decision(places.SINCE),
            by=SYSTEM,
            renumbered=False,
        )
        world.units[place.code] = unit
        if place.members:
            headcounts.declare(
                unit,
                on=places.SINCE,
                members=place.members,
                women=place.women,
                direct_workers=place.direct_workers,
                by=SYSTEM,
            )
    tree.renumber()
    for unit in world.units.values():
        unit.refresh_from_db()


def _people(world: World) -> None:
    number = 0
    for code, place in world.places.items():
        sections = [c for c, p in world.places.items() if p.parent == code and p.kind == "section"]
        world.people.setdefault(code, [])
        for index in range(place.roster + place.roster // 4):
            number += 1
            who = names.somebody(world.random, place.sector, number)
            # A third of a large union's people belong to its sections.
            home = sections[index % len(sections)] if sections and index % 3 == 0 and index > 8 else code
            person = rosters.enter(
                who.full_name,
                world.units[home],
                code=who.code,
                phone=who.phone,
                job_title=who.job_title,
                is_woman=who.is_woman,
                is_direct_worker=who.is_direct_worker,
                is_demonstration=True,
                since=places.SINCE,
                by=SYSTEM,
            )
            world.people.setdefault(home, []).append(person)


def _posts(world: World) -> None:
    for code, unit in world.units.items():
        if unit.kind_id == "section":
            continue
        staff = world.people[code]
        officer, chair = staff[0], staff[1]
        role = "grassroots_officer" if unit.kind_id == "grassroots" else "upper_officer"
        rosters.appoint(officer, unit, role, title="Ủy viên Ban Chấp hành", since=places.SINCE, by=SYSTEM)
        rosters.appoint(chair, unit, "chair", title=CHAIR_TITLE, since=places.SINCE, by=SYSTEM)
        world.officers[code], world.chairs[code] = officer, chair
    for code, role in (("TB", "auditor"), ("TB", "administrator"), ("NT", "administrator"), ("TLD", "administrator")):
        person = world.people[code][2 if role == "auditor" else 3]
        rosters.appoint(person, world.units[code], role, since=places.SINCE, by=SYSTEM)
    for code in ("TB-YT-01", "TB-YT-02", "NT-KCN-01"):
        rosters.appoint(world.people[code][2], world.units[code], "council_member", since=places.SINCE, by=SYSTEM)


def _accounts(world: World) -> None:
    """Memorable codes for the printed accounts; everybody else has no account yet."""
    for _label, unit, role, code in ACCOUNTS:
        person = account_holder(world, unit, role)
        Person.objects.filter(pk=person.pk).update(code=code, search=f"{person.search} {code.lower()}")
        person.code = code
        rosters.open_account(person, PASSWORD, by=SYSTEM)


def account_holder(world: World, unit: str, role: str) -> Person:
    if role == "chair":
        return world.chairs[unit]
    if role in ("grassroots_officer", "upper_officer"):
        return world.officers[unit]
    return world.people[unit][{"council_member": 2, "auditor": 2, "administrator": 3, "member": 4}[role]]
