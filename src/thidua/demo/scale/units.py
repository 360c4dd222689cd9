"""The tree: confederation, provinces and communes of the gazetteer, sectors, grassroots unions, sections, teams."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random

from thidua.demo import names
from thidua.demo.scale import bulk
from thidua.demo.scale.sizes import Size
from thidua.kernel import text
from thidua.orgs.domain import kinds, nodesums, places, strengths, tree
from thidua.orgs.models import Affiliation, Coverage, Headcount, Unit, UnitEvent, UnitName
from thidua.targets.rules import split_by_weights

SINCE = date(2020, 1, 1)
NATION = 1
# Where most workers are; every other province weighs 1.
WEIGHTS = {"79": 9.0, "01": 7.0, "75": 5.0, "31": 4.0, "24": 4.0, "92": 1.5, "80": 2.5, "37": 2.0, "38": 2.5, "40": 2.0}
# sector, name, kind, how many of the province's grassroots unions, whose members work where
SECTORS = (
    ("health", "Công đoàn ngành Y tế", "sectoral", 2.0, "public_service"),
    ("education", "Công đoàn ngành Giáo dục", "sectoral", 4.0, "public_service"),
    ("garment", "Công đoàn các khu công nghiệp", "zone", 5.0, "enterprise"),
    ("administration", "Công đoàn Viên chức", "sectoral", 2.0, "agency"),
    ("construction", "Công đoàn ngành Xây dựng", "sectoral", 1.0, "enterprise"),
    ("agriculture", "Công đoàn ngành Nông nghiệp và Môi trường", "sectoral", 1.0, "enterprise"),
)
AT_COMMUNES = ("garment", "food", "manufacturing", "energy", "water", "education", "administration")
EMPLOYERS = {"health": "public_service", "education": "public_service", "administration": "agency"}
WORK = {
    "health": ("Bệnh viện Đa khoa", "Trung tâm Y tế", "Bệnh viện Y học cổ truyền", "Trung tâm Kiểm soát bệnh tật"),
    "education": ("Trường THPT", "Trường THCS", "Trường Tiểu học", "Trường Mầm non", "Trường Cao đẳng"),
    "administration": ("Sở", "Văn phòng", "Chi cục", "Ban Quản lý", "Ủy ban nhân dân"),
    "garment": ("Công ty May", "Công ty TNHH May mặc", "Công ty Dệt may", "Công ty TNHH Giày"),
    "food": ("Công ty Thủy sản", "Công ty CP Thực phẩm", "Công ty Đông lạnh"),
    "manufacturing": ("Công ty TNHH Điện tử", "Công ty Cơ khí", "Công ty CP Nhựa", "Công ty Gỗ"),
    "energy": ("Công ty Điện lực", "Công ty CP Thủy điện", "Công ty Xăng dầu"),
    "water": ("Công ty Cấp nước", "Công ty Môi trường đô thị"),
    "construction": ("Công ty Xây dựng", "Công ty CP Xây lắp", "Công ty Vật liệu"),
    "agriculture": ("Công ty Nông nghiệp", "Nông trường", "Công ty Thủy lợi"),
}
FIRST = [
    "Hưng",
    "Phú",
    "An",
    "Tân",
    "Minh",
    "Đại",
    "Việt",
    "Thành",
    "Hải",
    "Hoà",
    "Nam",
    "Long",
    "Quang",
    "Bình",
    "Tiến",
    "Vạn",
    "Kim",
    "Thiên",
    "Gia",
    "Đông",
]
SECOND = [
    "Thịnh",
    "Phát",
    "Lợi",
    "Hưng",
    "Long",
    "Thành",
    "Phong",
    "Khánh",
    "Đạt",
    "Cường",
    "Nghĩa",
    "Hà",
    "Sơn",
    "Quý",
    "Tâm",
    "Lộc",
    "Giang",
    "Hoàng",
    "Vinh",
    "An",
]
SECTIONS, TEAMS = 0.19, 0.04  # of what lies below the upper levels
GIANT = 0.009  # of all members: the largest company


@dataclass
class Node:
    """One unit before it is written."""

    pk: int
    parent: Node | None
    kind: str
    code: str
    name: str
    short: str
    place: str = ""
    sector: str = ""
    employer: str = "none"
    symbol: str = ""
    weight: float = 0.0  # members, before they add up
    members: int = 0
    commune: str = ""

    @property
    def is_home(self) -> bool:
        """Members work here."""
        return self.kind in ("grassroots", "section", "group")

    @property
    def grassroots(self) -> Node | None:
        node: Node | None = self
        while node and node.kind != "grassroots":
            node = node.parent
        return node


def build(size: Size) -> list[Node]:
    """Found every unit; gives them in the order of their numbers."""
    random = Random(size.seed)
    nodes = list(_nodes(size, random))
    _count_members(nodes, size)
    _write(nodes, size)
    return nodes


def _nodes(size: Size, random: Random) -> Iterator[Node]:
    numbers = count(NATION)
    name = "Tổng Liên đoàn Lao động Việt Nam"
    nation = Node(next(numbers), None, "confederation", "TLD", name, "Tổng LĐLĐ Việt Nam", "Hà Nội", symbol="TLĐ")
    yield nation
    provinces, communes = _gazetteer()
    chosen = sorted(provinces, key=lambda row: (-WEIGHTS.get(row["code"], 1.0), row["code"]))[: size.provinces]
    made, uppers = 1, []
    for row in chosen:
        province = _province(next(numbers), nation, row["code"], row["name"])
        below = [_commune(next(numbers), province, c) for c in communes[row["code"]][: size.communes]]
        below += [_sector(next(numbers), province, sector) for sector in SECTORS[: 3 if size.communes < 10 else None]]
        yield from (province, *below)
        made += 1 + len(below)
        uppers.append((WEIGHTS.get(row["code"], 1.0), below))
    yield from _lower(size.units - made, uppers, numbers, random)


def _lower(left: int, uppers: list, numbers: Iterator[int], random: Random) -> Iterator[Node]:
    """Grassroots unions below communes and sectors, then their sections, then teams."""
    sections, teams = int(left * SECTIONS), int(left * TEAMS)
    parents = [unit for _weight, below in uppers for unit in below]
    weights = [share * part for share, below in uppers for part in _parts(below, random)]
    grassroots = [
        _grassroots(next(numbers), parent, random)
        for parent in random.choices(parents, weights, k=left - sections - teams)
    ]
    largest = next((unit for unit in grassroots if unit.sector == "garment"), grassroots[0])
    largest.weight = GIANT * sum(unit.weight for unit in grassroots)
    yield from grassroots
    with_sections = random.choices(grassroots, [unit.weight for unit in grassroots], k=sections)
    made = [_part(next(numbers), parent, "section", i) for i, parent in enumerate(with_sections)]
    yield from made
    yield from (_part(next(numbers), random.choice(made), "group", i) for i in range(teams))


def _parts(below: list[Node], random: Random) -> list[float]:
    """How much of a province each of its unions has: few have much."""
    raw = [
        next(s[3] for s in SECTORS if s[0] == unit.sector) * 12 if unit.sector else random.paretovariate(1.3)
        for unit in below
    ]
    whole = sum(raw)
    return [part / whole for part in raw]


def _gazetteer() -> tuple[list[dict[str, str]], dict[str, list[dict[str, str]]]]:
    with places.TABLE.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if not row["valid_to"]]
    communes: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["kind"] == "commune":
            communes.setdefault(row["parent"], []).append(row)
    return [row for row in rows if row["kind"] == "province"], communes


def _province(pk: int, parent: Node, code: str, name: str) -> Node:
    shown = name[:1].lower() + name[1:]
    plain = name.split(" ", 1)[1] if name.startswith("Tỉnh") else name.removeprefix("Thành phố ")
    full = f"Liên đoàn Lao động {shown}"
    return Node(pk, parent, "provincial", f"T{code}", full, f"LĐLĐ {shown}", plain, symbol="LĐLĐ")


def _commune(pk: int, parent: Node, row: dict[str, str]) -> Node:
    name = f"Công đoàn {row['name'][:1].lower()}{row['name'][1:]}"
    return Node(pk, parent, "communal", f"X{row['code']}", name, name, row["name"], symbol="CĐX", commune=row["code"])


def _sector(pk: int, parent: Node, sector: tuple) -> Node:
    key, name, kind, _share, employer = sector
    full = f"{name} {parent.short.removeprefix('LĐLĐ ')}"
    code = f"{parent.code}-{key[:2].upper()}"
    return Node(pk, parent, kind, code, full, name, parent.place, key, employer, symbol="CĐN")


def _grassroots(pk: int, parent: Node, random: Random) -> Node:
    sector = parent.sector or random.choice(AT_COMMUNES)
    work = f"{random.choice(WORK[sector])} {random.choice(FIRST)} {random.choice(SECOND)}"
    name = (
        f"Công đoàn cơ sở {work} {pk % 997 + 1}" if pk % 3 else f"Công đoàn cơ sở {work} {random.choice(names.FAMILY)}"
    )
    return Node(
        pk, parent, "grassroots", f"C{pk:06}", name, name.replace("Công đoàn cơ sở", "CĐCS"), parent.place, sector,
        EMPLOYERS.get(sector, "enterprise"), "CĐCS", random.lognormvariate(0, 1.25),
    )  # fmt: skip


def _part(pk: int, parent: Node, kind: str, number: int) -> Node:
    words = "Công đoàn bộ phận" if kind == "section" else "Tổ công đoàn"
    where = ("Phân xưởng", "Phòng", "Đội", "Khu", "Ca")[number % 5]
    name = f"{words} {where} {number % 40 + 1}"
    return Node(pk, parent, kind, f"B{pk:06}", name, name, parent.place, parent.sector, "none", "CĐBP")


def _count_members(nodes: list[Node], size: Size) -> None:
    grassroots = [node for node in nodes if node.kind == "grassroots"]
    least = 8
    shared = split_by_weights(size.members - least * len(grassroots), [int(node.weight * 1e6) for node in grassroots])
    for node, members in zip(grassroots, shared, strict=True):
        node.members = least + members
    for node in reversed(nodes):  # children have greater numbers than their parents
        if node.parent and not (node.parent.is_home or node.kind in ("section", "group")):
            node.parent.members += node.members
    parts = Counter(node.grassroots.pk for node in nodes if node.is_home and node.grassroots)
    for node in nodes:
        if node.is_home and node.grassroots:
            node.weight = node.grassroots.members / parts[node.grassroots.pk]


_COLUMNS = "id, parent, kind, code, name, short, place, sector, employer, symbol, sort_key, search, members, commune"
_STAGE = """
    CREATE TEMP TABLE scale_unit (id bigint, parent bigint, kind text, code text, name text, short text, place text,
        sector text, employer text, symbol text, sort_key text, search text, members int, commune text)
"""


def _write(nodes: list[Node], size: Size) -> None:
    kinds.load()
    places.load()
    bulk.run(_STAGE)
    bulk.copy("scale_unit", _COLUMNS, (_row(node) for node in nodes))
    with bulk.bare(Unit, UnitName, Affiliation, UnitEvent, Headcount, Coverage):
        _insert(size)
    bulk.count_on(Unit)
    tree.renumber()
    strengths.recount_all()
    nodesums.correct("kind")
    nodesums.fold()
    bulk.analyze("orgs_unit")


def _row(node: Node) -> tuple:
    search = " ".join(text.words(f"{node.name} {node.short} {node.code}"))[:400]
    return (
        node.pk, node.parent.pk if node.parent else None, node.kind, node.code, node.name, node.short[:120], node.place,
        names.SECTORS[node.sector], node.employer, node.symbol, text.sort_key(node.name), search, node.members, node.commune,
    )  # fmt: skip


def _insert(size: Size) -> None:
    since, valid = f"date '{SINCE}'", f"daterange('{SINCE}', NULL)"
    own = {"code": "code", "name": "name", "short_name": "short", "symbol": "symbol", "place": "place"}
    own |= {"sort_key": "sort_key", "search": "search", "kind_id": "kind", "sector": "sector", "employer": "employer"}
    own |= {"id": "id", "parent_id": "parent", "established_on": since}
    bulk.insert(Unit, {**own, "accepts_open_filing": "employer = 'enterprise'"}, "scale_unit")
    bulk.insert(UnitName, {"unit_id": "id", "name": "name", "valid": valid}, "scale_unit")
    bulk.insert(
        Affiliation, {"unit_id": "id", "parent_id": "parent", "valid": valid}, "scale_unit WHERE parent IS NOT NULL"
    )
    founded = {"unit_id": "id", "kind": "'establish'", "effective_on": since, "other_id": "NULL"}
    bulk.insert(UnitEvent, {**founded, "details": "jsonb_build_object('name', name)"}, "scale_unit")
    for day, share in ((SINCE, 0.85), (size.calendar.first[0], 0.94), (size.calendar.second[0], 1.0)):
        members = f"(members * {share})::int"
        counted = {
            "unit_id": "id",
            "on": f"date '{day}'",
            "members": members,
            "women": f"{members} * (id %% 6 + 2) / 10",
        }
        bulk.insert(
            Headcount, {**counted, "direct_workers": f"{members} * 3 / 4"}, "scale_unit WHERE kind = 'grassroots'"
        )
    of_place = "scale_unit u JOIN orgs_place p ON p.kind = 'commune' AND p.code = u.commune AND upper_inf(p.valid)"
    bulk.insert(Coverage, {"unit_id": "u.id", "place_id": "p.id", "valid": "p.valid"}, of_place)
