"""Units and people in the numbers of a nation, for measuring: written in bulk, seeded, marked as made up.

Levels: the confederation, 34 provinces, unions of communes and sectors, grassroots unions, sections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from django.db import connection, transaction

from thidua.demo import names
from thidua.kernel import text
from thidua.orgs.domain import tree
from thidua.orgs.models import Unit, UnitKind
from thidua.people.models import Person
from thidua.people.queries import search_text

PROVINCES = 34
SINCE = date(2020, 1, 1)
KINDS = (
    ("confederation", "Tổng Liên đoàn", "Confederation", 1, False),
    ("provincial", "Liên đoàn Lao động tỉnh, thành phố", "Provincial federation", 2, False),
    ("communal", "Công đoàn xã, phường", "Commune union", 3, False),
    ("grassroots", "Công đoàn cơ sở", "Grassroots union", 4, True),
    ("section", "Công đoàn bộ phận", "Section", 5, False),
)
WORK = ("May", "Điện tử", "Giày", "Thuỷ sản", "Cơ khí", "Nhựa", "Gỗ", "Vận tải", "Bệnh viện", "Trường học", "Xây dựng")
UNIT_COLUMNS = (
    "id", "code", "name", "short_name", "symbol", "place", "sort_key", "search", "kind_id", "sector", "employer",
    "parent_id", "lft", "rgt", "depth", "established_on", "accepts_open_filing",
)  # fmt: skip
PERSON_COLUMNS = (
    "code", "full_name", "sort_key", "search", "unit_id", "job_title", "qualification", "is_woman",
    "is_direct_worker", "is_member", "phone", "is_demonstration",
)  # fmt: skip


def build(units: int, people: int, *, seed: int, say: Callable[[str], None]) -> None:
    """Found `units` and enrol `people`, in one transaction. The installation must be empty of people."""
    random = Random(seed)
    with transaction.atomic():
        say(f"{units:,} units …")
        for code, name, name_en, rank, is_grassroots in KINDS:
            defaults = {"name": name, "name_en": name_en, "rank": rank, "is_grassroots": is_grassroots}
            UnitKind.objects.get_or_create(code=code, defaults=defaults)
        _copy(Unit, UNIT_COLUMNS, _units(random, units))
        tree.renumber()
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('orgs_unit_id_seq', (SELECT max(id) FROM orgs_unit))")
            cursor.execute(
                "INSERT INTO orgs_unitname (unit_id, name, valid) "
                "SELECT id, name, daterange(established_on, NULL) FROM orgs_unit"
            )
            cursor.execute(
                "INSERT INTO orgs_affiliation (unit_id, parent_id, valid) "
                "SELECT id, parent_id, daterange(established_on, NULL) FROM orgs_unit WHERE parent_id IS NOT NULL"
            )
            cursor.execute(
                'INSERT INTO orgs_headcount (unit_id, "on", members, women, direct_workers, source) '
                "SELECT id, %s, 20 + id %% 140, 10 + id %% 70, 10 + id %% 90, 'declared' "
                "FROM orgs_unit WHERE kind_id = 'grassroots'",
                [SINCE],
            )
        say(f"{people:,} people …")
        _copy(Person, PERSON_COLUMNS, _people(random, people))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO people_membership (person_id, unit_id, valid) "
                "SELECT id, unit_id, daterange(%s, NULL) FROM people_person",
                [SINCE],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(model: type, columns: tuple[str, ...], rows: Iterator[tuple]) -> None:
    listed = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({listed}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


def _units(random: Random, wanted: int) -> Iterator[tuple]:
    """A tree with the skew of the real one: a few provinces hold most of the grassroots unions."""
    middle = max(PROVINCES, wanted // 36)
    yield _unit(1, None, "confederation", "TLD", "Tổng Liên đoàn Lao động Việt Nam")
    provinces = list(range(2, 2 + PROVINCES))
    for number, pk in enumerate(provinces, 1):
        yield _unit(pk, 1, "provincial", f"T{number:02}", f"Liên đoàn Lao động tỉnh số {number}")
    weights = [1 / rank for rank in range(1, PROVINCES + 1)]
    unions = list(range(2 + PROVINCES, 2 + PROVINCES + middle))
    for number, pk in enumerate(unions, 1):
        parent = random.choices(provinces, weights)[0]
        yield _unit(pk, parent, "communal", f"X{number:05}", f"Công đoàn phường số {number}")
    last = unions[-1]
    grassroots: list[int] = []
    for pk in range(last + 1, wanted + 1):
        if grassroots and random.random() < 0.2:
            yield _unit(pk, random.choice(grassroots[-200:]), "section", f"B{pk:07}", f"Công đoàn bộ phận số {pk}")
        else:
            grassroots.append(pk)
            name = f"CĐCS Công ty {random.choice(WORK)} {random.choice(names.FAMILY)} {pk}"
            yield _unit(pk, random.choice(unions), "grassroots", f"C{pk:07}", name)


def _unit(pk: int, parent: int | None, kind: str, code: str, name: str) -> tuple:
    employer = "enterprise" if kind == "grassroots" else ""
    search = " ".join(text.words(f"{name} {name} {code}"))[:400]
    return (
        pk, code, name, name[:120], "", "", text.sort_key(name), search, kind, "", employer or "none",
        parent, 0, 0, 0, SINCE, False,
    )  # fmt: skip


def _people(random: Random, wanted: int) -> Iterator[tuple]:
    homes = list(Unit.objects.filter(kind__in=["grassroots", "section"]).values_list("pk", flat=True))
    for number in range(wanted):
        person = names.somebody(random, "garment", number)
        code, phone = f"DV{number:08}", f"03{number:08}"
        yield (
            code, person.full_name, text.name_sort_key(person.full_name), search_text(person.full_name, code, phone),
            random.choice(homes), person.job_title, "", person.is_woman, person.is_direct_worker, True, phone, True,
        )  # fmt: skip
