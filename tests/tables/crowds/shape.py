"""The shape of the crowd's tree, and how rows of any model are written from a SELECT."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

PROVINCES, SECTORS, UNIONS = 34, 5, 30
OF_SECTOR = 1 + UNIONS  # units in one sector, itself among them
OF_PROVINCE = 1 + SECTORS * OF_SECTOR
UNITS = 1 + PROVINCES * OF_PROVINCE
ROOM = 64  # numbers of a unit in the tree: as many as domain/tree.py leaves at such a depth
FIRST = 1_000_000  # ids of the crowd begin here
NATION = FIRST
PROVINCE = FIRST + 1 + 4 * OF_PROVINCE
SECTOR = PROVINCE + 1 + 2 * OF_SECTOR
UNION = SECTOR + 7
PROGRAMME = FIRST
# Numbers as they come in life: neighbours in a list are no neighbours in the tree.
STRIDE = 7919
# Who is on the roster of UNION and has written an initiative there.
AUTHOR = FIRST + (UNION - FIRST) * pow(STRIDE, -1, UNITS) % UNITS


def scattered(number: str) -> str:
    """The id of a unit somewhere in the tree, for the row of this number."""
    return f"{FIRST} + (({number} - {FIRST}) * {STRIDE}) % {UNITS}"


EVERY_UNIT = f"(SELECT *, id AS n FROM orgs_unit WHERE id >= {FIRST}) u"
EVERY_UNION = f"(SELECT *, id AS n FROM orgs_unit WHERE id >= {FIRST} AND depth = 3) u"
MIXED_UNIT = f"(SELECT *, {scattered('id')} AS n FROM orgs_unit WHERE id >= {FIRST}) u"
EVERY_INITIATIVE = f"(SELECT *, id AS n FROM initiatives_initiative WHERE id >= {FIRST}) i"


def numbers(how_many: int) -> str:
    return f"generate_series({FIRST}, {FIRST + how_many - 1}) AS s(n)"


def write(model: type[Model], source: str, **given: str) -> None:
    """INSERT … SELECT: the id is n; what else is not given has the default of its field, or is empty."""
    given.setdefault("id", "n")
    names, values, constants = [], [], []
    for field in model._meta.concrete_fields:
        column = field.column
        names.append(f'"{column}"')
        if column in given or field.name in given:
            values.append(given.get(column, given.get(field.name, "")).replace("%", "%%"))
            continue
        default = field.get_default()
        values.append("%s")
        constants.append(field.get_db_prep_save("" if default is None and not field.null else default, connection))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source.replace('%', '%%')}",
            constants,
        )
