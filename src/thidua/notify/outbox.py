"""Tell people. Called by the verbs, inside their transaction, with words built by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet

from thidua.kernel import clock
from thidua.kernel.batches import in_batches
from thidua.kernel.prepared import composed_once
from thidua.notify.models import Notice
from thidua.people.models import Person

MOST_UNREAD = 100
AT_ONCE = 2000  # notices written by one statement: a plan may tell a hundred thousand people


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
    words = (Word(person, about, headline, body) for person in _each_once(people))
    tell_many(words, kind, needs_action=needs_action, but_not=but_not)


def _each_once(people: Iterable[Person]) -> Iterator[Person]:
    known: set[int] = set()
    for person in people:
        if person.pk not in known:
            known.add(person.pk)
            yield person


@dataclass(frozen=True)
class Word:
    """What one person is told."""

    person: Person
    about: models.Model
    headline: str
    body: str = ""


def tell_many(words: Iterable[Word], kind: str, *, needs_action: bool = False, but_not: Person | None = None) -> None:
    """Different words of the same kind, in one statement for each thousands of them."""
    notices = (
        Notice(
            person=word.person,
            kind=kind,
            headline=word.headline[:300],
            body=word.body,
            subject_type=word.about._meta.label_lower,
            subject_code=str(getattr(word.about, "code", word.about.pk)),
            needs_action=needs_action,
            created_at=clock.now(),
        )
        for word in words
        if but_not is None or word.person.pk != but_not.pk
    )
    for some in in_batches(notices, AT_ONCE):
        Notice.objects.bulk_create(some)


def take_back(people: Iterable[int], about: type[models.Model], codes: Collection[str]) -> None:
    """Notices about records that are gone for these people."""
    Notice.objects.filter(person__in=people, subject_type=about._meta.label_lower, subject_code__in=codes).delete()


def others_than(people: Collection[int], about: type[models.Model], codes: Collection[str]) -> set[int]:
    """Who of these was told of anything else."""
    same = models.Q(subject_type=about._meta.label_lower, subject_code__in=codes)
    return set(Notice.objects.filter(person__in=people).exclude(same).values_list("person_id", flat=True))


def inbox(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person).order_by("-created_at", "-id")


def unread_count(person: Person) -> int:
    """Unread notices, counted up to a bound ('99+')."""
    return len(_unread(person.pk))


@composed_once
def _unread(person: int) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, read_at__isnull=True).only("pk")[:MOST_UNREAD]


def mark_read(person: Person, *, pk: int | None = None) -> None:
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    (unread.filter(pk=pk) if pk else unread).update(read_at=clock.now())
