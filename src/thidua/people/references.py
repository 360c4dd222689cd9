"""Every record that points to a person, found from the models: nobody has to remember to add one here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from thidua.people.models import Person


def to_person() -> Iterator[tuple[type[Model], ForeignKey]]:
    """(model, field) of each foreign key or one-to-one to Person in the whole installation."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            is_key = isinstance(field, ForeignKey) and field.concrete and field.model is model
            if is_key and field.related_model is Person:
                yield model, field  # type: ignore[misc]


def depending_on(pks: Sequence[int], *, but_not: tuple[type[Model], ...] = ()) -> dict[int, str]:
    """Person -> the name of something that points to them, for those to whom something does."""
    found: dict[int, str] = {}
    for model, field in to_person():
        if model in but_not:
            continue
        rows: Any = model._default_manager.filter(**{f"{field.name}__in": list(pks)})
        for pk in rows.values_list(field.attname, flat=True).distinct():
            found.setdefault(pk, str(model._meta.verbose_name))
    return found
