"""Tell people. Called by the verbs, inside their transaction, with words built by the caller."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import QuerySet

from thidua.kernel import clock
from thidua.notify.models import Notice
from thidua.people.models import Person


def tell(
    people: Iterable[Person],
    kind: str,
    *,
    about: models.Model,
    headline: str,
    body: str = "",
    needs_action: bool = False,
    but_not: Person | None = None,
) -> None:
    """One notice to each person (the actor left out). `about` has a `code` or is found by its pk."""
    code = str(getattr(about, "code", about.pk))
    seen: dict[int, Person] = {p.pk: p for p in people}
    if but_not is not None:
        seen.pop(but_not.pk, None)
    Notice.objects.bulk_create(
        [
            Notice(
                person=person,
                kind=kind,
                headline=headline[:300],
                body=body,
                subject_type=about._meta.label_lower,
                subject_code=code,
                needs_action=needs_action,
                created_at=clock.now(),
            )
            for person in seen.values()
        ]
    )


def inbox(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person).order_by("-created_at", "-id")


def unread_count(person: Person, bound: int = 100) -> int:
    """Unread notices, counted up to a bound ('99+')."""
    return Notice.objects.filter(person=person, read_at__isnull=True)[:bound].count()


def mark_read(person: Person, *, pk: int | None = None) -> None:
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    (unread.filter(pk=pk) if pk else unread).update(read_at=clock.now())
