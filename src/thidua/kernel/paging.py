"""Keyset paging: a page costs the same however deep, and no list counts millions for a label."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from thidua.kernel import prepared, replicas
from thidua.kernel.formats import number

COUNT_BOUND = 10_000


@dataclass(frozen=True)
class Page:
    """Rows of one page with the cursors beside it ('' when there is none)."""

    rows: Sequence[Any]
    next: str
    previous: str


def _encode(values: list[Any], direction: str) -> str:
    packed = json.dumps([direction, *values], cls=DjangoJSONEncoder)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> tuple[str, list[Any]] | None:
    """None for a cursor that is not ours (typed by hand): the first page is shown."""
    try:
        direction, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, TypeError):
        return None
    return (direction, values) if direction in ("a", "b") and len(values) == length else None


def _beyond(order: Sequence[str], values: Sequence[Any], *, backwards: bool) -> Q:
    condition = Q()
    for position, name in enumerate(order):
        descending = name.startswith("-") != backwards
        step = Q(**{f"{name.lstrip('-')}__{'lt' if descending else 'gt'}": values[position]})
        for earlier in range(position):
            step &= Q(**{order[earlier].lstrip("-"): values[earlier]})
        condition |= step
    # Said by itself as well, so that an index scan starts here instead of walking over all pages before.
    first = order[0]
    start = "lte" if first.startswith("-") != backwards else "gte"
    return Q(**{f"{first.lstrip('-')}__{start}": values[0]}) & condition


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.lstrip("-").split("__"):
        value = getattr(value, part)
    return value


def page(queryset: QuerySet, order: Sequence[str], cursor: str = "", size: int = 20) -> Page:
    """One page of `queryset` in `order` (a unique, non-null last field, e.g. ("-filed_on", "-id"))."""
    decoded = _decode(cursor, len(order)) if cursor else None
    backwards, whole = bool(decoded and decoded[0] == "b"), queryset
    if decoded:
        try:
            queryset = queryset.filter(_beyond(order, decoded[1], backwards=backwards))
        except (ValueError, TypeError):
            decoded, backwards = None, False
    wanted = [n.lstrip("-") if n.startswith("-") else f"-{n}" for n in order] if backwards else order
    rows = list(queryset.order_by(*wanted)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:  # what stood there has gone meanwhile: the list begins anew, nobody is left before nothing
        return page(whole, order, "", size) if decoded else Page([], "", "")
    after = _encode([_value(rows[-1], n) for n in order], "a")
    before = _encode([_value(rows[0], n) for n in order], "b")
    has_next = more if not backwards else True
    has_previous = more if backwards else bool(decoded)
    return Page(rows, after if has_next else "", before if has_previous else "")


def first(rows: Sequence[Model], order: Sequence[str], size: int = 20) -> Page:
    """The first page, of rows that were read in this order already: one more than it shows, if there is one."""
    shown = rows[:size]
    after = _encode([_value(shown[-1], n) for n in order], "a") if len(rows) > size else ""
    return Page(shown, after, "")


def composed_once(
    order: Sequence[str], size: int = 20, shown: Callable[[QuerySet], QuerySet] | None = None
) -> Callable[[Callable[..., QuerySet]], Callable[..., Page]]:
    """`build(…)` as a list in this order, asked with a cursor before its values.

    The first page, opened far more often than the others, is composed once (kernel.prepared). With `shown`, what a
    line shows of its row: such a page is asked for its keys first, so that an index can pass rows of others alone.
    """

    def decorate(build: Callable[..., QuerySet]) -> Callable[..., Page]:
        @prepared.composed_only
        def opened(*given: Any) -> QuerySet:
            found = build(*given).order_by(*order)[: size + 1]
            return shown(found.model.objects.filter(pk__in=found.values("pk"))).order_by(*order) if shown else found

        @wraps(build)
        def ask(cursor: str, *given: Any) -> Page:
            if not cursor:
                return first(opened(*given), order, size)
            found = build(*given)
            return page(shown(found) if shown else found, order, cursor, size)

        return ask

    return decorate


_NEAR = """
WITH found ({names}) AS MATERIALIZED ({rows})
SELECT (SELECT count(*) FROM found),
    ARRAY(SELECT {key} FROM found {after} ORDER BY {names} LIMIT {most}),
    ARRAY(SELECT {key} FROM found {before} ORDER BY {backwards} LIMIT {most})
"""


def near(queryset: QuerySet, order: Sequence[str], cursor: str, size: int, bound: int) -> tuple[list[Any], Count]:
    """Keys of the rows the page at this cursor is made of (with some beyond it), and how many rows there are.

    For conditions that name few rows at once: these are put in order (ascending, the key last) afterwards. Asked
    for the first of them, the database would rather walk along all rows. No keys where there are more than the bound.
    """
    try:
        rows, values = queryset.order_by().values_list(*order)[: bound + 1].query.sql_with_params()
    except EmptyResultSet:
        return [], exact(0)
    names = ", ".join(order)
    given = _prepared(queryset, order, cursor)
    marks = ", ".join(["%s"] * len(given))
    after, before = (f"WHERE ({names}) {sign} ({marks})" if given else "" for sign in (">=", "<="))
    sql = _NEAR.format(
        rows=rows, names=names, key=order[-1], after=after, before=before if given else "WHERE false",
        backwards=", ".join(f"{name} DESC" for name in order), most=size + 2,
    )  # fmt: skip
    with replicas.connection().cursor() as asked:
        asked.execute(sql, [*values, *given, *given])
        found, following, preceding = asked.fetchone()
    return [] if found > bound else [*following, *preceding], bounded(found, bound)


def _prepared(queryset: QuerySet, order: Sequence[str], cursor: str) -> list[Any]:
    """The values of a cursor as the columns take them; none for the first page, or what was typed by hand."""
    decoded = _decode(cursor, len(order)) if cursor else None
    fields = [queryset.model._meta.get_field(name) for name in order]
    if not decoded or None in decoded[1]:
        return []
    try:
        return [field.get_prep_value(value) for field, value in zip(fields, decoded[1], strict=True)]
    except (ValueError, TypeError):
        return []


class Count(str):
    """A count in words; `found` is its number, for the plural of the noun behind it."""

    found: int


def bounded_count(queryset: QuerySet, bound: int = COUNT_BOUND) -> Count:
    """'1.234', or 'hơn 10.000' past the bound: the database never counts further."""
    return bounded(queryset.order_by()[: bound + 1].count(), bound)


def exact(found: int) -> Count:
    """A count that is known already, as words."""
    words = Count(number(found))
    words.found = found
    return words


def bounded(found: int, bound: int = COUNT_BOUND) -> Count:
    """A count that stopped one past the bound, as words."""
    words = Count(number(found) if found <= bound else _("hơn %(n)s") % {"n": number(bound)})
    words.found = found
    return words
