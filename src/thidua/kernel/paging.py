"""Keyset paging: a page costs the same however deep, and no list counts millions for a label."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from thidua.kernel import prepared
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


def composed_once(order: Sequence[str], size: int = 20) -> Callable[[Callable[..., QuerySet]], Callable[..., Page]]:
    """`build(…)` as a list in this order, asked with a cursor before its values.

    The first page, opened far more often than the others, is composed once (kernel.prepared).
    """

    def decorate(build: Callable[..., QuerySet]) -> Callable[..., Page]:
        @prepared.composed_only
        def opened(*given: Any) -> QuerySet:
            return build(*given).order_by(*order)[: size + 1]

        @wraps(build)
        def ask(cursor: str, *given: Any) -> Page:
            return page(build(*given), order, cursor, size) if cursor else first(opened(*given), order, size)

        return ask

    return decorate


def window(keys: Sequence[tuple[Any, ...]], cursor: str, size: int) -> Sequence[tuple[Any, ...]]:
    """Of keys in ascending order, those the page at this cursor is made of (with one beyond it on either side)."""
    decoded = _decode(cursor, len(keys[0])) if cursor and keys else None
    try:
        place = bisect_left(keys, tuple(decoded[1])) if decoded else 0
    except TypeError:  # typed by hand
        place = 0
    return keys[max(0, place - size - 1) : place + size + 2]


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
