"""The cast: the same named people at the same named units in every test.

An files initiatives at a hospital; Bình is the officer there and Chi its chair; Dũng works beside
An; Hạnh leads the sector above; Giang is officer of the sector; Phúc of the province; Lan is chair of
another hospital (a neighbour branch); Minh audits the province; Quý administers it; khách is nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from thidua.ledger import readers
from thidua.ledger.acts import System
from thidua.orgs.domain import changes, headcounts, tree
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.people.domain import rosters
from thidua.people.models import Person

SYSTEM = System("Kiểm thử")
SINCE = date(2015, 1, 1)
KINDS = [
    ("confederation", "Tổng Liên đoàn", "Confederation", 1, False),
    ("provincial", "Liên đoàn Lao động tỉnh, thành phố", "Provincial federation", 2, False),
    ("sectoral", "Công đoàn ngành", "Sectoral union", 3, False),
    ("grassroots", "Công đoàn cơ sở", "Grassroots union", 4, True),
    ("section", "Công đoàn bộ phận", "Section", 5, False),
]
# code, name, symbol, kind, parent, members
UNITS = [
    ("TLD", "Tổng Liên đoàn Lao động Việt Nam", "TLĐ", "confederation", None, None),
    ("TB", "Liên đoàn Lao động tỉnh Thái Bình", "LĐLĐ", "provincial", "TLD", None),
    ("TB-YT", "Công đoàn ngành Y tế Thái Bình", "CĐYT", "sectoral", "TB", None),
    ("TB-YT-01", "CĐCS Bệnh viện Đa khoa tỉnh", "CĐCS", "grassroots", "TB-YT", 300),
    ("TB-YT-01-N", "Công đoàn bộ phận Khoa Nội", "CĐBP", "section", "TB-YT-01", None),
    ("TB-YT-02", "CĐCS Bệnh viện Nhi", "CĐCS", "grassroots", "TB-YT", 100),
    ("TB-YT-03", "CĐCS Trung tâm Y tế huyện Vũ Thư", "CĐCS", "grassroots", "TB-YT", 50),
    ("NT", "Liên đoàn Lao động tỉnh Ninh Thuận", "LĐLĐ", "provincial", "TLD", None),
    ("NT-KCN", "Công đoàn Các Khu công nghiệp Ninh Thuận", "CĐKCN", "sectoral", "NT", None),
    ("NT-KCN-01", "CĐCS Công ty May Tân Ninh", "CĐCS", "grassroots", "NT-KCN", 800),
]
# name, full name, unit, posts [(unit, role, title)], phone
PEOPLE = [
    ("an", "Nguyễn Thị An", "TB-YT-01-N", [], "0900000001"),
    ("dung", "Trần Văn Dũng", "TB-YT-01", [("TB-YT-01", "council_member", "")], "0900000002"),
    ("binh", "Lê Thanh Bình", "TB-YT-01", [("TB-YT-01", "grassroots_officer", "Ủy viên")], "0900000003"),
    ("chi", "Phạm Thị Chi", "TB-YT-01", [("TB-YT-01", "chair", "Chủ tịch")], "0900000004"),
    ("lan", "Vũ Thị Lan", "TB-YT-02", [("TB-YT-02", "chair", "Chủ tịch")], "0900000005"),
    ("giang", "Đỗ Trường Giang", "TB-YT", [("TB-YT", "upper_officer", "Chuyên viên")], "0900000006"),
    ("hanh", "Bùi Đức Hạnh", "TB-YT", [("TB-YT", "chair", "Chủ tịch")], "0900000007"),
    ("phuc", "Hoàng Hồng Phúc", "TB", [("TB", "upper_officer", "Chuyên viên")], "0900000008"),
    ("son", "Ngô Thái Sơn", "TB", [("TB", "chair", "Chủ tịch")], "0900000012"),
    ("minh", "Đặng Văn Minh", "TB", [("TB", "auditor", "Ủy ban Kiểm tra")], "0900000009"),
    ("quy", "Mai Ngọc Quý", "TB", [("TB", "administrator", "Quản trị")], "0900000010"),
    ("khoa", "Trịnh Đăng Khoa", "NT-KCN-01", [("NT-KCN-01", "chair", "Chủ tịch")], "0900000011"),
]


@dataclass
class Cast:
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, code: str) -> Unit:
        return self.units[code]


def assemble() -> Cast:
    """Found the units and put everybody in place, through the real verbs."""
    cast = Cast()
    for code, name, name_en, rank, is_grassroots in KINDS:
        UnitKind.objects.get_or_create(
            code=code,
            defaults={"name": name, "name_en": name_en, "rank": rank, "is_grassroots": is_grassroots},
        )
    for code, name, symbol, kind, parent, members in UNITS:
        cast.units[code] = changes.establish(
            code=code,
            name=name,
            symbol=symbol,
            place="Thái Bình",
            kind=UnitKind.objects.get(code=kind),
            parent=cast.units.get(parent or ""),
            decision=Decision(SINCE),
            by=SYSTEM,
            renumbered=False,
        )
        if members:
            headcounts.declare(cast.units[code], on=SINCE, members=members, by=SYSTEM)
    tree.renumber()
    readers.drain("orgs.strengths")
    readers.drain("orgs.nodesums")
    for unit in cast.units.values():
        unit.refresh_from_db()
    for nickname, full_name, home, posts, phone in PEOPLE:
        person = rosters.enter(full_name, cast.units[home], phone=phone, code=f"DV{phone[-3:]}", since=SINCE, by=SYSTEM)
        rosters.open_account(person, "matkhau-thu-2022", by=SYSTEM)
        for unit, role, title in posts:
            rosters.appoint(person, cast.units[unit], role, title=title, since=SINCE, by=SYSTEM)
        cast.people[nickname] = person
    return cast
