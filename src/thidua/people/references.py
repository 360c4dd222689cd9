"""Every record that points to a person, found from the models: nobody has to remember to add one here.

When two records of one person are merged, each of them follows to the one that is kept. A package
that keeps something derived (sums, counts) says so with `rebuilt` and mends it from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model

from thidua.people.models import Person

# What belongs to a record itself and is treated one by one in `domain.mergers`, or stays as history.
OWN = frozenset(
    {
        "people.account.person",
        "people.membership.person",  # where the dropped record belonged stays readable there
        "people.person.merged_into",
        "people.merger.kept",
        "people.merger.dropped",
        "people.namesakes.first",
        "people.namesakes.second",
    }
)
# Where both records may have one that excludes the other: the kept one's holds, the other stays behind.
MAY_STAY = frozenset({"people.post.person", "people.absence.person", "accounts.onetimecode.person"})
_rebuilt: set[str] = set()


def rebuilt(*names: str) -> None:
    """'tallies.participation.person': derived rows that their package makes anew after a merger."""
    _rebuilt.update(names)


def name_of(field: ForeignKey) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def to_person() -> Iterator[tuple[type[Model], ForeignKey]]:
    """(model, field) of each foreign key or one-to-one to Person in the whole installation."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            is_key = isinstance(field, ForeignKey) and field.concrete and field.model is model
            if is_key and field.related_model is Person:
                yield model, field  # type: ignore[misc]


def following() -> Iterator[tuple[type[Model], ForeignKey]]:
    """Those whose rows follow the person when two records are merged."""
    for model, field in to_person():
        if name_of(field) not in OWN | _rebuilt:
            yield model, field


def depending_on(pks: Sequence[int], *, but_not: tuple[type[Model], ...] = ()) -> dict[int, str]:
    """Person -> the name of something that points to them, for those to whom something does."""
    found: dict[int, str] = {}
    for model, field in to_person():
        if model in but_not:
            continue
        quoted, column = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(str(field.column))
        with connection.cursor() as cursor:  # the names come from our models; one array is planned faster than a list
            cursor.execute(f"SELECT DISTINCT {column} FROM {quoted} WHERE {column} = ANY(%s)", [list(pks)])  # noqa: S608
            for (pk,) in cursor.fetchall():
                found.setdefault(pk, str(model._meta.verbose_name))
    return found


def counts(person: Person) -> dict[str, int]:
    """How many rows of each kind would follow; for the page that compares two records."""
    found: dict[str, int] = {}
    for model, field in following():
        rows: Any = model._default_manager.filter(**{field.name: person})
        if n := rows.count():
            found[name_of(field)] = n
    return found


def move(old: Person, new: Person) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Let every row follow; gives what moved and what could not, each as name -> primary keys."""
    moved: dict[str, list[Any]] = {}
    stayed: dict[str, list[Any]] = {}
    for model, field in following():
        rows: Any = model._default_manager.filter(**{field.name: old})
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            continue
        try:
            with transaction.atomic():
                rows.update(**{field.name: new})
            moved[name_of(field)] = keys
        except IntegrityError:
            _one_by_one(model, field, keys, new, moved, stayed)
    return moved, stayed


def _one_by_one(
    model: type[Model],
    field: ForeignKey,
    keys: list[Any],
    new: Person,
    moved: dict[str, list[Any]],
    stayed: dict[str, list[Any]],
) -> None:
    for key in keys:
        row: Any = model._default_manager.filter(pk=key)
        try:
            with transaction.atomic():
                row.update(**{field.name: new})
            moved.setdefault(name_of(field), []).append(key)
        except IntegrityError:
            stayed.setdefault(name_of(field), []).append(key)


def move_back(moved: dict[str, list[Any]], old: Person, new: Person) -> None:
    """Undo of `move`: those very rows, where they still point to the record that was kept."""
    by_name = {name_of(field): (model, field) for model, field in following()}
    for name, keys in moved.items():
        if name in by_name:
            model, field = by_name[name]
            rows: Any = model._default_manager.filter(pk__in=keys, **{field.name: new})
            rows.update(**{field.name: old})
