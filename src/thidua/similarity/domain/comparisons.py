"""Compare one text with the whole library: find candidates by sketch, then align word by word."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Alike:
    """An initiative that resembles a text, and how much."""

    initiative_id: int
    text: Alikeness
    of_title: float
    standing: float


def renew(initiative: Initiative) -> list[Alike]:
    """Compare it with everything and keep what was found."""
    found = find(initiative)
    waits = queries.unread_files(initiative).exists()
    with transaction.atomic():
        Likeness.objects.filter(initiative=initiative).delete()
        Likeness.objects.bulk_create(
            Likeness(
                initiative=initiative,
                other_id=alike.initiative_id,
                share=alike.text.share,
                of_this=alike.text.of_here,
                of_other=alike.text.of_there,
                of_title=alike.of_title,
                standing=alike.standing,
            )
            for alike in found
        )
        Comparison.objects.update_or_create(
            initiative=initiative, defaults={"compared_at": clock.now(), "waits_for_files": waits}
        )
    return found


def find(initiative: Initiative) -> list[Alike]:
    """What in the library resembles a dossier, the nearest first."""
    content = queries.text_of(initiative)
    return resembling(initiative.title, content, but=initiative.pk, beside=initiative)


def resembling(
    title: str, content: str, *, but: int = 0, beside: Initiative | None = None, shown_only: bool = False
) -> list[Alike]:
    """Everything that resembles a title and a text. `beside` tells which union and year are near.

    `shown_only` compares with what public pages show, so that an answer tells nothing of the rest.
    """
    asked = shingles.asking_keys(shingles.sections(content))
    pks = queries.candidates(asked, shingles.title_keys(title), but=but)
    question = Question(_words(content), queries.familiar_phrases() if pks else ())
    found = []
    for other, words in queries.opened(pks, shown_only=shown_only):
        near = rules.nearness(beside, other) if beside else rules.Nearness()
        text = question.against(_words(words))
        of_title = rules.title_share(title, other.title)
        if rules.is_alike(text, near) or rules.is_same_title(
            title, other.title, near if beside else None, is_alone=not question.words
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
