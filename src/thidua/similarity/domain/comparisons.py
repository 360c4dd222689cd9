"""Compare one text with the whole library: find candidates by sketch, then align word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from thidua.initiatives import queries as initiative_queries
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.people.models import Person
from thidua.similarity import queries, rules
from thidua.similarity.measures import shingles
from thidua.similarity.measures.passages import Alikeness, Question
from thidua.similarity.models import Comparison, Likeness

SHOWN_WHILE_TYPING = 3
# A dossier is aligned up to so many syllables of each text; whole reports stay within seconds.
LONGEST = 12_000
TOGETHER = 10  # dossiers compared in the same statements; all texts they are aligned with are in memory at once


@dataclass(frozen=True)
class Alike:
    """An initiative that resembles a text, and how much."""

    initiative_id: int
    text: Alikeness
    of_title: float
    standing: float


def renew_all(initiatives: Iterable[Initiative]) -> int:
    """Compare each with everything and keep what was found; gives how many there were."""
    coming, done = iter(initiatives), 0
    while some := list(islice(coming, TOGETHER)):
        _keep(dict(zip([i.pk for i in some], _found_for(some), strict=True)), queries.with_unread_files(some))
        done += len(some)
    return done


@transaction.atomic
def _keep(found: Mapping[int, list[Alike]], waiting_for_files: set[int]) -> None:
    Likeness.objects.filter(initiative__in=found).delete()
    Likeness.objects.bulk_create(
        Likeness(
            initiative_id=pk,
            other_id=alike.initiative_id,
            share=alike.text.share,
            of_this=alike.text.of_here,
            of_other=alike.text.of_there,
            of_title=alike.of_title,
            standing=alike.standing,
        )
        for pk, alikes in found.items()
        for alike in alikes
    )
    moment = clock.now()
    Comparison.objects.bulk_create(
        [Comparison(initiative_id=pk, compared_at=moment, waits_for_files=pk in waiting_for_files) for pk in found],
        update_conflicts=True,
        unique_fields=["initiative"],
        update_fields=["compared_at", "waits_for_files"],
    )


def find(initiative: Initiative) -> list[Alike]:
    """What in the library resembles a dossier, the nearest first."""
    return next(_found_for([initiative]))


def _found_for(initiatives: Sequence[Initiative]) -> Iterator[list[Alike]]:
    texts = queries.texts_of(initiatives)
    return _resembling([_Text(i.title, words, i.pk, i) for i, words in zip(initiatives, texts, strict=True)])


def resembling(title: str, content: str, *, shown_only: bool = False) -> list[Alike]:
    """Everything that resembles a title and a text.

    `shown_only` compares with what public pages show, so that an answer tells nothing of the rest.
    """
    return next(_resembling([_Text(title, content)], shown_only=shown_only))


@dataclass(frozen=True)
class _Text:
    """One that is compared. `beside` tells which union and year are near."""

    title: str
    content: str
    but: int = 0
    beside: Initiative | None = None


def _resembling(texts: Sequence[_Text], *, shown_only: bool = False) -> Iterator[list[Alike]]:
    asking = [
        queries.Asking(shingles.asking_keys(shingles.sections(text.content)), shingles.title_keys(text.title), text.but)
        for text in texts
    ]
    met = queries.candidates(asking)
    everything = {pk for pks in met for pk in pks}
    known = {other.pk: (other, words) for other, words in queries.opened(everything, shown_only=shown_only)}
    familiar = queries.familiar_phrases() if known else frozenset()
    for text, pks in zip(texts, met, strict=True):
        yield _aligned(text, [known[pk] for pk in pks if pk in known], familiar)


def _aligned(asked: _Text, others: list[tuple[Initiative, str]], familiar: frozenset[int]) -> list[Alike]:
    question = Question(_words(asked.content), familiar)
    found = []
    for other, words in others:
        near = rules.nearness(asked.beside, other) if asked.beside else rules.Nearness()
        text = question.against(_words(words))
        of_title = rules.title_share(asked.title, other.title)
        if rules.is_alike(text, near) or rules.is_same_title(
            asked.title, other.title, near if asked.beside else None, is_alone=not question.words
        ):
            standing = max(text.share, of_title / 2) * near.factor
            found.append(Alike(other.pk, text, of_title, standing))
    return sorted(found, key=lambda a: (-a.standing, -a.initiative_id))


def _words(content: str) -> list[str]:
    return shingles.syllables(content[: LONGEST * 10])[:LONGEST]


def as_typed(title: str, content: str, person: Person | None, *, but_code: str = "") -> list[tuple[Initiative, Alike]]:
    """For somebody who is writing: public ones and one's own; nothing else is known to exist."""
    found = {a.initiative_id: a for a in resembling(title, content, shown_only=True)}
    shown = list(initiative_queries.public().filter(pk__in=found))
    if person is not None:
        shown += initiative_queries.own(person).filter(pk__in=set(found) - {i.pk for i in shown})
    pairs = [(item, found[item.pk]) for item in shown if item.code != but_code]
    return sorted(pairs, key=lambda pair: -pair[1].standing)[:SHOWN_WHILE_TYPING]
