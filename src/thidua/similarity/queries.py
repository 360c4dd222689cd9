"""The door for reading sketches, likenesses and judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from thidua.initiatives import queries as initiative_queries
from thidua.initiatives import rules as initiative_rules
from thidua.initiatives.choices import State
from thidua.initiatives.models import Attachment, Initiative
from thidua.kernel.prepared import composed_once
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.similarity import rules
from thidua.similarity.choices import KeyKind
from thidua.similarity.models import CommonKey, Comparison, FileText, Judgement, Likeness

CANDIDATES = 20
# One key in common happens by chance among millions; two hardly ever.
ENOUGH_KEYS, ENOUGH_TITLE_KEYS = 2, 3
# What is compared; `confidential` never is.
FIELDS = ("problem_before", "solution", "steps", "novelty", "effect", "conditions")
# What the public page of a published initiative shows.
PUBLIC_FIELDS = ("problem_before", "solution", "steps", "effect", "conditions")
FAMILIAR_FOR = 600  # seconds the familiar phrases are remembered

# How many sketches a question may meet before counting what they share: the price of a check.
AFFORDED = 1200
# Several texts in one statement: what a statement costs beside its work is paid once.
_CANDIDATES = """
    WITH asked AS MATERIALIZED (
        SELECT number, keys::int[] AS keys, enough, but
        FROM unnest(%(numbers)s::int[], %(keys)s::text[], %(enough)s::int[], %(but)s::bigint[])
            AS given (number, keys, enough, but)
    )
    SELECT asked.number, found.initiative_id FROM asked CROSS JOIN LATERAL (
        SELECT initiative_id, max(shared) AS shared FROM (
            SELECT initiative_id, intarray.icount(sketch.keys OPERATOR(intarray.&) asked.keys) AS shared
            FROM similarity_sketch sketch
            WHERE sketch.keys OPERATOR(pg_catalog.&&) asked.keys AND {place} AND initiative_id <> asked.but
            OFFSET 0 -- counted once for a sketch, not once more to sort by
        ) AS met
        WHERE shared >= asked.enough GROUP BY initiative_id ORDER BY max(shared) DESC, initiative_id DESC LIMIT %(most)s
    ) AS found ORDER BY asked.number, found.shared DESC, found.initiative_id DESC
"""
_OF_TITLES, _OF_TEXTS = _CANDIDATES.format(place="place = 0"), _CANDIDATES.format(place="place > 0")


class Asking(NamedTuple):
    """What one text asks with: the keys of its sections and of its title; `but` is the text itself."""

    text: list[int]
    title: list[int]
    but: int = 0


def candidates(asking: Sequence[Asking], *, most: int = CANDIDATES) -> list[list[int]]:
    """For each text initiatives that share the most keys with it, then those with its title, the most first."""
    affordable = iter(without_common(*(keys for one in asking for keys in (one.text, one.title))))
    asked = list(zip(affordable, affordable, strict=True))
    found: list[dict[int, None]] = [{} for _one in asking]
    with transaction.atomic(), connection.cursor() as cursor:
        # How few sketches share a key is not known to the planner: it would read all of them.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        for question, of, enough in ((_OF_TEXTS, 0, ENOUGH_KEYS), (_OF_TITLES, 1, ENOUGH_TITLE_KEYS)):
            numbers = [number for number, keys in enumerate(asked) if keys[of]]
            if numbers:
                given: dict[str, Any] = {
                    "numbers": numbers,
                    "keys": [f"{{{','.join(map(str, asked[number][of]))}}}" for number in numbers],
                    "enough": [min(enough, len(asked[number][of])) for number in numbers],
                    "but": [asking[number].but for number in numbers],
                    "most": most,
                }
                cursor.execute(question, given)
                for number, pk in cursor.fetchall():
                    found[number].setdefault(pk)
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT")
    return [list(pks) for pks in found]


def without_common(*asked: list[int]) -> list[list[int]]:
    """Keys that many texts have cost much and tell little: the rarest of them, as far as can be afforded."""
    wanted = {key for keys in asked for key in keys}
    rows = CommonKey.objects.filter(kind=KeyKind.SHINGLE, key__in=wanted) if wanted else CommonKey.objects.none()
    common = dict(rows.values_list("key", "documents"))
    return [_affordable(keys, common) for keys in asked]


def _affordable(keys: list[int], common: dict[int, int]) -> list[int]:
    telling, spent = [k for k in keys if k not in common], 0
    for key in sorted((k for k in keys if k in common), key=lambda k: common[k]):
        spent += common[key]
        if spent > AFFORDED and len(telling) >= ENOUGH_TITLE_KEYS + 1:
            break
        telling.append(key)
    return telling


def familiar_phrases() -> frozenset[int]:
    """Phrases everybody writes, so that they weigh little in a comparison."""
    found = cache.get("similarity.familiar")
    if found is None:
        found = frozenset(CommonKey.objects.filter(kind=KeyKind.PHRASE).values_list("key", flat=True))
        cache.set("similarity.familiar", found, FAMILIAR_FOR)
    return found


def forget_familiar() -> None:
    cache.delete("similarity.familiar")


def comparable() -> QuerySet[Initiative]:
    """The library to compare with: everything ever filed; drafts and what was withdrawn are their authors' own."""
    return (
        initiative_queries.dossiers().filter(filed_on__isnull=False).exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    )


def opened(pks: Iterable[int], *, shown_only: bool = False) -> list[tuple[Initiative, str]]:
    """These of the library and what each says: its own words first, then its documents'. Two queries.

    `shown_only`: what public pages show, without what authors keep for those who examine them.
    """
    wanted = list(pks)
    names = PUBLIC_FIELDS if shown_only else FIELDS
    rows = (
        comparable().select_related(None).filter(pk__in=wanted).only("title", "handler", "filed_on", "sealed", *names)
    )
    files = {} if shown_only or not wanted else words_of_files(wanted)
    found = []
    for row in rows if wanted else ():
        kept = row.sealed if shown_only else ()
        own = "\n".join(value for name in names if name not in kept and (value := getattr(row, name)))
        found.append((row, "\n".join([own, *files.get(row.pk, ())])))
    return found


def texts_of(initiatives: Sequence[Initiative]) -> list[str]:
    """What each dossier says now, with its documents' words."""
    files = words_of_files([i.pk for i in initiatives])
    own = ["\n".join(value for name in FIELDS if (value := getattr(i, name))) for i in initiatives]
    return ["\n".join([words, *files.get(i.pk, ())]) for i, words in zip(initiatives, own, strict=True)]


def words_of_files(pks: list[int]) -> dict[int, list[str]]:
    """The words of attached documents that have any, in the order they were attached."""
    files: defaultdict[int, list[str]] = defaultdict(list)
    rows = FileText.objects.filter(attachment__initiative__in=pks).exclude(content="").order_by("attachment")
    for pk, content in rows.values_list("attachment__initiative", "content"):
        files[pk].append(content)
    return dict(files)


@dataclass(frozen=True)
class Unseen:
    """One that may not be opened: whose office to ask, by which code, and which of the two came first."""

    office: Unit
    code: str
    is_earlier: bool


@dataclass(frozen=True)
class Shown:
    """What one person may know of the likenesses of a dossier."""

    seen: list[Likeness]
    hidden: int  # there are such, in places this person may not look into
    to_ask: list[Unseen] = field(default_factory=list)  # where, for who has to decide; earlier ones first


def likenesses_of(initiative: Initiative, person: Person) -> Shown:
    """Those this person may open; of the others the bare number, and for who decides which office to ask."""
    rows = _likenesses_of(initiative.pk)
    if not rows:
        return Shown([], 0)
    allowed = set(visible(person).filter(pk__in=[r.other_id for r in rows]).values_list("pk", flat=True))
    hidden = [r.other for r in rows if r.other_id not in allowed]
    to_ask = hidden if hidden and rules.may_judge(person, initiative) else []
    return Shown(
        [r for r in rows if r.other_id in allowed],
        len(hidden),
        sorted(
            (Unseen(other.handler, other.code, rules.is_earlier(other, initiative)) for other in to_ask),
            key=lambda one: not one.is_earlier,
        ),
    )


@composed_once
def _likenesses_of(initiative: int) -> QuerySet[Likeness]:
    return Likeness.objects.filter(initiative=initiative).select_related("other__unit", "other__handler__parent")


def visible(person: Person) -> QuerySet[Initiative]:
    """What an officer may look into when comparing: one's own field of work, and what is public."""
    public = initiative_queries.public().values("pk")
    own = initiative_queries.visible_to(person).values("pk")
    return initiative_queries.dossiers().filter(Q(pk__in=own) | Q(pk__in=public))


def other_for(person: Person, code: str) -> tuple[Initiative | None, bool]:
    """The one to compare with, if this person may look into it, and whether only as the public may."""
    own = initiative_queries.dossier_for(person, code)
    if own is not None:
        return own, not initiative_rules.may_examine(person, own)
    return initiative_queries.public_by_code(code), True


def is_in_office(person: Person, other: Initiative) -> bool:
    """Whether this person opens it in the office; else on its public page."""
    return initiative_queries.visible_to(person).filter(pk=other.pk).exists()


def comparison_of(initiative: Initiative) -> Comparison | None:
    return Comparison.objects.filter(initiative=initiative).first()


@composed_once
def _judgements_of(initiative: int) -> QuerySet[Judgement]:
    return Judgement.objects.filter(initiative=initiative).select_related("other", "by")


def judgements_of(initiative: Initiative) -> list[Judgement]:
    return _judgements_of(initiative.pk)


def judgement_of(initiative: Initiative) -> Judgement | None:
    """The one that holds."""
    return next(iter(_judgements_of(initiative.pk)), None)


def undecided(initiatives: Iterable[int]) -> set[int]:
    """Which of these resemble another, and nobody has said yet what that means."""
    alike = Likeness.objects.filter(initiative__in=initiatives, initiative__judgements__isnull=True)
    return set(alike.values_list("initiative", flat=True))


@composed_once
def _descendants_of(initiative: int) -> QuerySet[Judgement]:
    return Judgement.objects.filter(other=initiative).select_related("initiative__unit").order_by("-at")[:10]


def descendants_of(initiative: Initiative) -> list[Judgement]:
    """The last dossiers that were found to improve, adopt or copy this one."""
    return _descendants_of(initiative.pk)


def unread_files(initiative: Initiative) -> QuerySet:
    """Attached documents whose words have not been read."""
    return initiative_queries.attachments_of(initiative).filter(words__isnull=True)


def with_unread_files(initiatives: Iterable[Initiative]) -> set[int]:
    """Which of these have such documents."""
    unread = Attachment.objects.filter(initiative__in=[i.pk for i in initiatives], words__isnull=True)
    return set(unread.values_list("initiative", flat=True))
