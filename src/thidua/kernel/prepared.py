"""Queries asked on every page with nothing changed but a key: composed once, asked with other values each time.

Django composes the SQL of a query anew each time it is asked, a millisecond and more where rows of several
tables are joined: longer than the database takes to find them. `@composed_once` builds the query with marks
in the place of its values, keeps the statement, and puts the values of each call where the marks stood.

The database too would plan it anew each time, which takes it longer than finding rows by a key: the statement
is left prepared in each connection. `@composed_only` is without that.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, wraps
from itertools import count
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg.adapt import Dumper

from thidua.kernel import replicas

# What no row holds, and what fits every column of numbers but the smallest.
_FIRST_NUMBER, _FIRST_DAY = 2_109_876_000, date(1, 1, 2)
_MOST_SHAPES = 50

Given = ParamSpec("Given")
Row = TypeVar("Row", bound=Model)


class NotAValue(TypeError):
    """What was given does more than stand beside a column; such a query cannot be composed once."""


def composed_once(build: Callable[Given, QuerySet[Row]]) -> Callable[Given, list[Row]]:
    """The rows of `build(…)`. Numbers, words and days are values; tuples, also named ones, are of them; all else
    shapes the query.

    `build` sees marks instead of values, and only once: it may hand them to filters and do nothing else with
    them, and it may not read the clock, a setting or a row. A value it loses is refused on the first call.
    """
    return _asking(build, is_planned=True)


def composed_only(build: Callable[Given, QuerySet[Row]]) -> Callable[Given, list[Row]]:
    """As `composed_once`, planned anew each time: for what is wide for one and narrow for another (spans of the
    tree), where the best plan depends on the values.
    """
    return _asking(build, is_planned=False)


def _asking(build: Callable[Given, QuerySet[Row]], *, is_planned: bool) -> Callable[Given, list[Row]]:
    kept: dict[Hashable, _Composed] = {}

    @wraps(build)
    def ask(*given: Given.args, **named: Given.kwargs) -> list[Row]:
        try:
            composed = _kept(kept, build, given, named)
        except EmptyResultSet:  # by its shape; or a mark does not fit the column, and a value may
            return list(build(*given, **named))
        return list(composed.rows(_flat(given), is_planned=is_planned))

    return cast("Callable[Given, list[Row]]", ask)


def statement_once(build: Callable[Given, QuerySet]) -> Callable[Given, tuple[str, tuple[Any, ...]]]:
    """As `composed_once`, the statement and its values: for sums over rows that a query chooses."""
    kept: dict[Hashable, _Composed] = {}

    @wraps(build)
    def ask(*given: Given.args, **named: Given.kwargs) -> tuple[str, tuple[Any, ...]]:
        composed = _kept(kept, build, given, named)
        return composed.sql, composed.filled(_flat(given))

    return cast("Callable[Given, tuple[str, tuple[Any, ...]]]", ask)


def counted_once(build: Callable[Given, QuerySet]) -> Callable[Given, int]:
    """How many rows `build(…)` has; it names one column and no order."""
    statement = statement_once(build)

    @wraps(build)
    def ask(*given: Given.args, **named: Given.kwargs) -> int:
        try:
            rows, values = statement(*given, **named)
        except EmptyResultSet:
            return build(*given, **named).count()
        with replicas.connection().cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({rows}) counted", values)  # noqa: S608 - Django's own statement
            return int(cursor.fetchone()[0])

    return cast("Callable[Given, int]", ask)


def _kept(
    kept: dict[Hashable, _Composed], build: Callable[..., QuerySet], given: tuple[Any, ...], named: dict[str, Any]
) -> _Composed:
    if named:
        raise NotAValue("by position only")
    shape = _shape(given)
    composed = kept.get(shape)
    if composed is None:
        composed = _compose(build, given)
        if len(kept) < _MOST_SHAPES:
            kept[shape] = composed
        else:
            composed = replace(composed, is_kept=False)
    return composed


def _shape(given: Any) -> Any:
    """What must be equal for the statement to be the same."""
    if isinstance(given, tuple):
        return (type(given), *(_shape(part) for part in given))
    kind: type = type(given)
    return kind if kind in _MARKS else (kind, given)


def _flat(given: Any) -> list[Any]:
    """The values in the order of their marks."""
    if isinstance(given, tuple):
        return [value for part in given for value in _flat(part)]
    return [given] if type(given) in _MARKS else []


# Marks of each kind by their place.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda place: _FIRST_NUMBER + place,
    str: lambda place: f"\x01mark {place}\x01",
    date: lambda place: _FIRST_DAY + timedelta(days=place),
}


def _marked(given: Any, marks: list[Any]) -> Any:
    if isinstance(given, tuple):
        parts = [_marked(part, marks) for part in given]
        return tuple(parts) if type(given) is tuple else type(given)(*parts)
    if type(given) not in _MARKS:
        return given
    marks.append(_MARKS[type(given)](len(marks)))
    return marks[-1]


def _compose(build: Callable[..., QuerySet], given: tuple[Any, ...]) -> _Composed:
    marks: list[Any] = []
    queryset = build(*_marked(given, marks))
    compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    seen: set[int] = set()
    slots = tuple(_slot(param, marks, seen) for param in params)
    lost = [place for place, mark in enumerate(marks) if place not in seen or str(mark) in sql]
    if lost:
        raise NotAValue(f"{build.__qualname__}: value {lost[0] + 1} is not one the statement takes as it is")
    return _Composed(queryset, compiler, sql, slots)


class _Slot(NamedTuple):
    """Where a value goes, and what the database's driver wants it to be."""

    place: int
    kind: type


def _slot(param: Any, marks: list[Any], seen: set[int]) -> Any:
    """The slot of a mark, a list of slots for a list, anything else as it is."""
    if type(param) is list:
        return [_slot(part, marks, seen) for part in param]
    for place, mark in enumerate(marks):
        if isinstance(param, type(mark)) and param == mark:
            seen.add(place)
            return _Slot(place, type(param))
    return param


def _put(slot: Any, values: list[Any]) -> Any:
    if type(slot) is list:
        return [_put(part, values) for part in slot]
    if type(slot) is not _Slot:
        return slot
    value = values[slot.place]
    return value if type(value) is slot.kind else slot.kind(value)


@dataclass(frozen=True)
class _Composed:
    queryset: QuerySet
    compiler: SQLCompiler
    sql: str
    slots: tuple[Any, ...]
    is_kept: bool = True

    def filled(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(_put(slot, values) for slot in self.slots)

    def rows(self, values: list[Any], *, is_planned: bool) -> QuerySet:
        like: Any = self.queryset
        query = _Asked(self, self.filled(values), is_planned)
        asked = type(like)(model=like.model, query=query, using=like._db, hints=like._hints)
        for name in ("_prefetch_related_lookups", "_known_related_objects", "_iterable_class", "_fields"):
            setattr(asked, name, getattr(like, name))
        return asked

    @cached_property
    def converters(self) -> Any:
        """How columns become values: Django asks every column anew for each query."""
        selected: Any = self.compiler.select
        return self.compiler.get_converters([column for column, *_rest in selected[: self.compiler.col_count]])

    @cached_property
    def planned(self) -> _Planned:
        return _Planned.of(self)


class _Asked:
    """The query as rows are read from it: everything of the one composed, but for its values."""

    def __init__(self, composed: _Composed, params: tuple[Any, ...], is_planned: bool) -> None:
        self.composed, self.params, self.is_planned = composed, params, is_planned

    def __getattr__(self, name: str) -> Any:
        return getattr(self.composed.queryset.query, name)

    def get_compiler(self, using: str) -> SQLCompiler:
        compiler = copy.copy(self.composed.compiler)
        compiler.using, compiler.connection = using, connections[using]
        statement = (self.composed.sql, self.params)
        if self.is_planned and self.composed.is_kept and _keeps_plans(compiler.connection):
            statement = self.composed.planned.asked(compiler.connection, self.params)
        compiler.as_sql = lambda *_args, **_named: statement  # type: ignore[method-assign]
        compiler.get_converters = lambda expressions: self.composed.converters  # type: ignore[method-assign]
        return compiler


# --- what stays prepared ---


def _keeps_plans(connection: BaseDatabaseWrapper) -> bool:
    """Behind a pooler the next transaction may come to another process of the server, which knows nothing."""
    return not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


class _Dollar(int):
    """The place of a value in a prepared statement."""


class _DollarDumper(Dumper):
    def dump(self, obj: _Dollar) -> bytes:
        return self.quote(obj)

    def quote(self, obj: _Dollar) -> bytes:
        return b"$%d" % obj


@dataclass(frozen=True)
class _Planned:
    """A statement under a name: what never changes stands in it, so that indexes of a part are found."""

    composed: _Composed
    name: str
    places: tuple[int, ...]  # of the parameters that are values

    @classmethod
    def of(cls, composed: _Composed) -> _Planned:
        places = tuple(place for place, slot in enumerate(composed.slots) if _is_value(slot))
        table = composed.queryset.model._meta.db_table
        return cls(composed, f"{table}_{next(_numbers)}", places)

    def asked(self, connection: BaseDatabaseWrapper, params: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        self._prepare(connection)
        marks = ", ".join(["%s"] * len(self.places))
        return f"EXECUTE {self.name}({marks})" if marks else f"EXECUTE {self.name}", tuple(
            params[n] for n in self.places
        )

    def _prepare(self, connection: BaseDatabaseWrapper) -> None:
        connection.ensure_connection()
        server: Any = connection.connection
        if (known := _known.get(server)) is None:
            known = _known[server] = set()
            with connection.wrap_database_errors, server.cursor() as cursor:
                # Left to itself the server plans anew whatever it expects to be dear, though it be found by a key.
                cursor.execute("SET plan_cache_mode = force_generic_plan")
        if self.name in known:
            return
        marked = list(self.composed.slots)
        for number, place in enumerate(self.places, 1):
            marked[place] = _Dollar(number)
        with connection.wrap_database_errors, server.cursor() as cursor:
            cursor.adapters.register_dumper(_Dollar, _DollarDumper)
            cursor.execute(f"PREPARE {self.name} AS {cursor.mogrify(self.composed.sql, marked)}")
        known.add(self.name)


_numbers = count(1)
# Which statements each connection to the server has been told.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def _is_value(slot: Any) -> bool:
    return type(slot) is _Slot or (type(slot) is list and any(_is_value(part) for part in slot))


def lay(instance: Model, name: str, rows: list[Row]) -> None:
    """Rows of such a query become what `instance.<name>.all()` finds, as if they had been prefetched."""
    manager = getattr(instance, name)
    for row in rows:
        setattr(row, manager.field.name, instance)
    found = manager.all()
    found._result_cache, found._prefetch_done = rows, True
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found
