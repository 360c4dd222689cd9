"""Units, and the people on their rosters."""

from __future__ import annotations

from tests.cast import KINDS
from tests.tables.crowds.shape import (
    EVERY_UNION,
    EVERY_UNIT,
    FIRST,
    MIXED_UNIT,
    OF_PROVINCE,
    OF_SECTOR,
    ROOM,
    UNITS,
    numbers,
    scattered,
    write,
)
from thidua.ledger import models as ledger
from thidua.notify import models as notify
from thidua.orgs import models as orgs
from thidua.orgs.domain import strengths
from thidua.people import models as people


def write_units() -> None:
    for code, name, name_en, rank, is_grassroots in KINDS:
        given = {"name": name, "name_en": name_en, "rank": rank, "is_grassroots": is_grassroots}
        orgs.UnitKind.objects.get_or_create(code=code, defaults=given)
    inside = f"((n - {FIRST} - 1) % {OF_PROVINCE})"
    within = f"(({inside} - 1) % {OF_SECTOR})"
    shape = f"""(SELECT n, CASE WHEN n = {FIRST} THEN 0 WHEN {inside} = 0 THEN 1 WHEN {within} = 0 THEN 2 ELSE 3 END AS depth,
        {inside} AS inside, {within} AS within FROM {numbers(UNITS)}) s"""
    write(
        orgs.Unit,
        shape,
        code="'U' || n",
        name="'Công đoàn số ' || n",
        short_name="'CĐ ' || n",
        sort_key="'cong doan so ' || n",
        search="'cong doan so ' || n || ' cd u' || n",
        kind_id="(ARRAY['confederation','provincial','sectoral','grassroots'])[depth + 1]",
        parent_id=f"CASE depth WHEN 0 THEN NULL WHEN 1 THEN {FIRST} WHEN 2 THEN n - inside ELSE n - within END",
        lft=f"{ROOM} * (n - {FIRST}) + 1",
        rgt=f"{ROOM} * (n - {FIRST} + (ARRAY[{UNITS}, {OF_PROVINCE}, {OF_SECTOR}, 1])[depth + 1])",
        depth="depth",
        established_on="DATE '2000-01-01'",
    )
    write(orgs.UnitName, EVERY_UNIT, id="n", unit_id="n", name="name", valid="daterange('2000-01-01', NULL)")
    write(
        orgs.Affiliation,
        f"{EVERY_UNIT} WHERE parent_id IS NOT NULL",
        unit_id="n",
        parent_id="parent_id",
        valid="daterange('2000-01-01', NULL)",
    )
    write(orgs.Headcount, EVERY_UNION, id="n", unit_id="n", on="DATE '2021-01-01'", members="100 + n % 400")
    strengths.recount_all()
    write(orgs.UnitEvent, MIXED_UNIT, id="n", unit_id="u.id", kind="'founded'", effective_on="established_on")


def write_people(rows: int) -> None:
    write(
        people.Person,
        f"(SELECT n, (SELECT min(id) FROM orgs_unit WHERE id >= {scattered('n')} AND depth = 3) AS unit FROM {numbers(rows)}) s",
        code="'P' || n",
        full_name="'Nguyễn Văn ' || n",
        sort_key="'nguyen van ' || n",
        search="'nguyen van ' || n || ' p' || n",
        name_key="'nguyen van ' || n % 5000",
        unit_id="unit",
        birth_year="1970 + n % 30",
        phone="'09' || lpad((n % 100000000)::text, 8, '0')",
    )
    everybody = f"(SELECT *, id AS n FROM people_person WHERE id >= {FIRST}) p"
    write(people.Membership, everybody, id="n", person_id="n", unit_id="unit_id", valid="daterange('2020-01-01', NULL)")
    write(
        people.Post,
        EVERY_UNIT,
        person_id="n",
        unit_id="n",
        role="CASE depth WHEN 3 THEN 'grassroots_officer' ELSE 'upper_officer' END",
        valid="daterange('2020-01-01', NULL)",
    )
    write(
        notify.Notice,
        everybody,
        person_id=str(FIRST),
        kind="'plain'",
        headline="'Tin ' || n",
        created_at="now()",
    )
    write(
        ledger.Act,
        everybody,
        at="now()",
        kind="'initiatives.initiative.received'",
        actor_id="n",
        actor_name="full_name",
        subject_type="'initiatives.initiative'",
        subject_id="n",
        subject_label="code",
        unit_id="unit_id",
        digest="'\\x00'::bytea",
    )
