"""Who works where: names from one pool, contiguous numbers in each unit, officers and chairs everywhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from thidua.demo import names
from thidua.demo.scale import bulk
from thidua.demo.scale.sizes import Size
from thidua.demo.scale.units import SINCE, Node
from thidua.demo.world import PASSWORD
from thidua.kernel import text
from thidua.ledger.acts import System
from thidua.people import queries
from thidua.people.domain import rosters
from thidua.people.models import Membership, Person, Post
from thidua.targets.rules import split_by_weights

SYSTEM = System("Bộ nạp dữ liệu trình diễn")
STAFF = 4  # at every upper level
LEAST = {"grassroots": 5, "section": 2, "group": 2}
QUIET = 0.1  # of the units in which nobody writes anything
_HOME = """
    CREATE TEMP TABLE scale_home (place int PRIMARY KEY, unit bigint, kind text, grassroots bigint, upper bigint,
        sector text, name text, symbol text, employer text, above bigint[], first bigint, people int, initiatives int,
        before bigint, officer bigint, chair bigint, author bigint, authors int)
"""
_NAME = """
    CREATE TEMP TABLE scale_name (number int PRIMARY KEY, name text, sort_key text, name_key text, words text,
        terms text[], is_woman bool)
"""
_JOB = "CREATE TEMP TABLE scale_job (sector text, number int, many int, title text, is_direct bool)"


@dataclass
class Home:
    """The people of one unit: their numbers follow one another, officer and chair first where there are such."""

    node: Node
    first: int
    people: int
    initiatives: int
    before: int  # initiatives of the homes before it

    @property
    def has_office(self) -> bool:
        return self.node.kind not in ("section", "group")


def build(size: Size, nodes: list[Node]) -> dict[int, Home]:
    """Enter everybody, give posts; gives unit → its people."""
    homes = _homes(size, nodes)
    bulk.run(_HOME)
    offices = {home.node.pk: home for home in homes if home.has_office}
    bulk.copy("scale_home", _HOME_COLUMNS, (_row(i, home, offices) for i, home in enumerate(homes)))
    pool = list(_pool())
    bulk.run(_NAME)
    bulk.copy("scale_name", "number, name, sort_key, name_key, words, terms, is_woman", pool)
    bulk.run(_JOB)
    bulk.copy("scale_job", "sector, number, many, title, is_direct", _jobs())
    bulk.analyze("scale_home", "scale_name", "scale_job")
    _insert(len(pool))
    return {home.node.pk: home for home in homes}


def _homes(size: Size, nodes: list[Node]) -> list[Home]:
    random = Random(size.seed + 1)
    upper = sum(not node.is_home for node in nodes)
    least = [LEAST.get(node.kind, 0) for node in nodes]
    weights = [int(node.weight * 1000) if node.is_home else 0 for node in nodes]
    people = split_by_weights(max(0, size.people - STAFF * upper - sum(least)), weights)
    active = [int(w**0.9 * random.lognormvariate(0, 1)) * (random.random() > QUIET) for w in weights]
    filed = split_by_weights(size.initiatives, active)
    homes, first, before = [], 1, 0
    for node, own, floor, initiatives in zip(nodes, people, least, filed, strict=True):
        homes.append(Home(node, first, own + floor if node.is_home else STAFF, initiatives, before))
        first, before = first + homes[-1].people, before + initiatives
    return homes


_HOME_COLUMNS = (
    "place, unit, kind, grassroots, upper, sector, name, symbol, employer, above, first, people, initiatives, before, "
    "officer, chair, author, authors"
)


def _row(place: int, home: Home, offices: dict[int, Home]) -> tuple:
    node = home.node
    grassroots = node.grassroots or node
    office = offices[grassroots.pk]
    skipped = 2 if home.has_office else 0
    above, at = [], node
    while at is not None:
        above.append(at.pk)
        at = at.parent  # type: ignore[assignment]
    return (
        place, node.pk, node.kind, grassroots.pk, grassroots.parent.pk if grassroots.parent else None, node.sector,
        node.name, grassroots.symbol, grassroots.employer, above, home.first, home.people, home.initiatives,
        home.before, office.first, office.first + 1, home.first + skipped, home.people - skipped,
    )  # fmt: skip


def _pool() -> Iterator[tuple]:
    """Every name there can be, with what is stored for finding and sorting it."""
    number = 0
    for is_woman in (True, False):
        families = sorted(set(names.FAMILY))
        for family, middle, given in itertools.product(
            families, sorted(set(names.MIDDLE[is_woman])), names.GIVEN[is_woman]
        ):
            name = f"{family} {middle} {given}"
            terms = [f"n:{word}" for word in text.syllables(name)]
            words = "".join(f" {word}" for word in queries.search_words(name))
            yield number, name, text.name_sort_key(name), queries.name_key(name), words, terms, is_woman
            number += 1


def _jobs() -> Iterator[tuple]:
    for sector, titles in names.JOBS.items():
        for number, title in enumerate(titles):
            yield sector, number, len(titles), title, bool(sector) and title not in names.INDIRECT


def name_number(person: str, pool: int) -> str:
    """Which name a person has, as an expression."""
    return f"floor(pg_temp.roll({person}, 1) * {pool})::int"


_EVERYBODY = """
    (SELECT h.*, h.first + k AS id FROM scale_home h CROSS JOIN LATERAL generate_series(0, h.people - 1) AS k) p
    JOIN scale_name n ON n.number = {name}
    JOIN (SELECT DISTINCT ON (sector) sector, many FROM scale_job) j0 ON j0.sector = p.sector
    JOIN scale_job j ON j.sector = p.sector AND j.number = floor(pg_temp.roll(p.id, 2) * j0.many)
"""


def _insert(pool: int) -> None:
    valid, source = f"daterange('{SINCE}', NULL)", _EVERYBODY.format(name=name_number("p.id", pool))
    own = {"id": "p.id", "code": "'DV' || lpad(p.id::text, 8, '0')", "full_name": "n.name", "sort_key": "n.sort_key"}
    own |= {"name_key": "n.name_key", "unit_id": "p.unit", "job_title": "j.title", "is_woman": "n.is_woman"}
    own |= {"is_direct_worker": "j.is_direct", "birth_year": "1962 + floor(pg_temp.roll(p.id, 3) * 42)::int"}
    own |= {"phone": "'030' || lpad(p.id::text, 7, '0')", "is_demonstration": "true"}
    own |= {"search": "n.words || ' dv' || lpad(p.id::text, 8, '0') || ' 030' || lpad(p.id::text, 7, '0')"}
    with bulk.bare(Person, Membership):
        bulk.insert(Person, own, source)
        bulk.insert(Membership, {"person_id": "id", "unit_id": "unit_id", "valid": valid}, "people_person")
    bulk.count_on(Person)
    with bulk.bare(Post):
        for person, title in (("officer", "Ủy viên Ban Chấp hành"), ("chair", "Chủ tịch")):
            role = (
                "'chair'"
                if person == "chair"
                else "CASE kind WHEN 'grassroots' THEN 'grassroots_officer' ELSE 'upper_officer' END"
            )
            given = {"person_id": person, "unit_id": "unit", "role": role, "title": f"'{title}'", "valid": valid}
            bulk.insert(Post, given, "scale_home WHERE kind NOT IN ('section', 'group')")


@dataclass(frozen=True)
class Login:
    """An account of the demonstration."""

    code: str
    where: str
    what: str


ROLES = ("upper_officer", "chair", "administrator")


def open_accounts(nodes: list[Node], homes: dict[int, Home]) -> list[Login]:
    """An officer, a chair and a member (or an administrator) at one unit of each level."""
    made = []
    for mark, node in examples(nodes, homes):
        people = list(Person.objects.filter(unit=node.pk).order_by("pk")[:4])
        third = ("QUANTRI", "administrator") if not node.is_home else ("DOANVIEN", "member")
        wanted = [("CANBO", ""), ("CHUTICH", ""), third] if homes[node.pk].has_office else [("DOANVIEN", "member")]
        for person, (what, role) in zip(people, wanted, strict=False):
            if role:
                rosters.appoint(person, person.unit, role, since=SINCE, by=SYSTEM)
            code = f"{mark}-{what}"
            search = queries.search_text(person.full_name, code, person.phone)
            Person.objects.filter(pk=person.pk).update(code=code, search=search)
            person.code = code
            rosters.open_account(person, PASSWORD, by=SYSTEM)
            made.append(Login(code, node.name, what))
    return made


def examples(nodes: list[Node], homes: dict[int, Home]) -> list[tuple[str, Node]]:
    """One unit of each level, one above the other where there are such; the busiest ones."""
    busiest = max((n for n in nodes if n.kind in ("section", "group")), key=lambda n: homes[n.pk].initiatives)
    chain, at = {busiest.kind: busiest}, busiest
    while at.parent is not None:
        at = at.parent
        chain[at.kind] = at
    for kind in ("communal", "grassroots"):
        found = [n for n in nodes if n.kind == kind and n.pk in homes]
        if kind not in chain and found:
            chain[kind] = found[0]
    marks = {
        "confederation": "TLD", "provincial": "TINH", "sectoral": "NGANH", "zone": "KCN", "communal": "XA",
        "grassroots": "COSO", "section": "BOPHAN", "group": "TO",
    }  # fmt: skip
    return [(mark, chain[kind]) for kind, mark in marks.items() if kind in chain]
