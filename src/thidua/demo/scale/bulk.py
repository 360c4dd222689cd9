"""Writing many rows: COPY, set-based INSERT with the defaults of the model, tables without their indexes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from thidua.kernel import codes

_FOREIGN = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f' ORDER BY 1, 2
"""
# Not what other constraints rest on: those are the primary keys, filled in order and cheap to keep.
_UNIQUE = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'x')
      AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.confrelid = c.conrelid AND f.conindid = c.conindid
                      AND f.contype = 'f') ORDER BY 1, 2
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'x', 'p'))
    ORDER BY 1
"""
# A number between 0 and 1 for a row and a purpose: the same for the same seed, in whatever order rows are made.
_ROLL = """
    CREATE OR REPLACE FUNCTION pg_temp.roll(n bigint, purpose int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
        SELECT (hashint8extended(n, {seed} * 1000 + purpose) & 4294967295)::float8 / 4294967296.0 $$
"""
_LETTERS, _BASE = 7, len(codes.ALPHABET)


SILENT = 10  # seconds after which somebody waiting wants to read something


class Progress:
    """Says what was written, and after how many seconds."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._started = say, time.monotonic()
        self._said = self._started

    def __call__(self, words: str) -> None:
        self._said = time.monotonic()
        self._say(f"{self._said - self._started:7.0f} s  {words}")

    def meanwhile(self, words: str) -> None:
        """A smaller step, said only where the larger ones take long."""
        if time.monotonic() - self._said > SILENT:
            self(f"  {words}")


def prepare(seed: int) -> None:
    """The functions the statements use, and no tables left over."""
    for table in _staged():
        run(f"DROP TABLE {table}")
    run(_ROLL.format(seed=int(seed)))
    spend()


def mixed(number: str) -> str:
    """A number that looks like any other, as an expression; no two give the same."""
    return f"(({number}) * 1000003 + 424243) %% {_BASE**_LETTERS}"


def code(prefix: str, lot: str) -> str:
    """`prefix` and a mixed number as `kernel.codes` would write it, check character and all."""
    digits = [f"({lot} / {_BASE**place} %% {_BASE})" for place in range(_LETTERS)]
    letters = " || ".join(f"substr('{codes.ALPHABET}', {digit}::int + 1, 1)" for digit in digits)
    weighed = " + ".join(f"{place + 2} * {digit}" for place, digit in enumerate(digits))
    return f"'{prefix}-' || {letters} || substr('{codes.ALPHABET}', (({weighed}) %% {_BASE})::int + 1, 1)"


def _staged() -> list[str]:
    """The temporary tables of an earlier load in this session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' "
            "AND relname LIKE 'scale%'"
        )
        return [name for (name,) in cursor.fetchall()]


def spend() -> None:
    """The memory one transaction of a load may take."""
    with connection.cursor() as cursor:
        for setting in ("work_mem = '256MB'", "maintenance_work_mem = '1GB'", "max_parallel_maintenance_workers = 1"):
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute("SET LOCAL synchronous_commit = off; SET LOCAL jit = off")


def run(statement: str, **given: Any) -> int:
    """Execute; gives how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return max(cursor.rowcount, 0)


def copy(table: str, columns: str, rows: Iterable[tuple]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def rows(query: str) -> Iterator[tuple]:
    """The rows of a query that does not fit into memory."""
    with connection.connection.cursor("scale_rows") as cursor:
        cursor.itersize = 20_000
        yield from cursor.execute(query)


def insert(model: type[models.Model], values: Mapping[str, str], source: str, **given: Any) -> int:
    """INSERT … SELECT `values` (column → expression) FROM `source`; every other field gets its default."""
    columns, expressions = [], []
    for field in model._meta.concrete_fields:
        column = str(field.column)
        expression = values.get(column)
        if expression is None:
            if field.primary_key:
                continue
            expression = f"%(default_{column})s::{field.db_type(connection)}"
            given[f"default_{column}"] = field.get_db_prep_save(field.get_default(), connection)
        columns.append(connection.ops.quote_name(column))
        expressions.append(expression)
    if unknown := values.keys() - {f.column for f in model._meta.concrete_fields}:
        raise TypeError(f"{model.__name__} has no {sorted(unknown)}")
    table = connection.ops.quote_name(model._meta.db_table)
    return run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(expressions)} FROM {source}", **given)  # noqa: S608 - ours


def count_on(*tables: type[models.Model]) -> None:
    """The next number of each table follows the greatest there is."""
    for model in tables:
        table = model._meta.db_table
        run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}")  # noqa: S608 - ours


def analyze(*tables: str) -> None:
    for table in tables:
        run(f"ANALYZE {table}")


@contextmanager
def bare(*tables: type[models.Model], progress: Progress | None = None) -> Iterator[None]:
    """Within it these tables have neither indexes nor foreign keys; afterwards all of them, checked against every row."""
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        rebuilt = []
        for query in (_UNIQUE, _FOREIGN):
            cursor.execute(query, [names])
            for table, name, definition in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                rebuilt.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    tell = progress.meanwhile if progress else lambda _words: None
    tell(f"{', '.join(names)}: written")
    analyze(*names)
    statements = [*(definition for _name, definition in indexes), *rebuilt]
    for done, statement in enumerate(statements, 1):
        run(statement.replace("%", "%%"))
        tell(f"{', '.join(names)}: index {done} of {len(statements)}")


def number(query: str) -> int:
    """The one number a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
