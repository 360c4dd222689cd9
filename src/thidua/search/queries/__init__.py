"""The door for searching: bounded work for common words and rare ones alike.

A question is put to the newest stretch of records first and to all only when that gives little:
with frequent words the newest stretch is enough, with rare words all is little. Counts are exact up to
`COUNTED`. Every row that leaves here has passed the same rights as everywhere.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries as initiative_queries
from thidua.initiatives import rules as initiative_rules
from thidua.initiatives.models import Initiative
from thidua.kernel import paging, replicas, text
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.search import terms
from thidua.search.choices import Place
from thidua.search.models import Document, SavedSearch
from thidua.search.terms import Asked, Question

COUNTED = 1000  # counts are exact so far; beyond it is "more than"
RANKED = 1000  # so many of the newest are ranked together; the older ones are a search of their own
ENOUGH = 240  # a stretch that gives so many is asked no further
USUAL, WIDE = 2, 6  # blocks of numbers in the widest stretch; a wider one costs more than all where little is met
FEW = 12  # with fewer, words may also stand apart
LOOKED_INTO = 300  # records opened to see whether a quoted phrase stands there
# What the office searches, what is kept there only by those who examine it; `confidential` is searched by nobody.
FIELDS = ("field", "problem_before", "solution", "steps", "novelty", "effect", "conditions", "applied_where")
# What the public page shows.
PUBLIC_FIELDS = ("field", "problem_before", "solution", "steps", "effect", "conditions")


@dataclass(frozen=True)
class Wanted:
    """A search: words and filters; empty ones are left out."""

    words: str = ""
    kind: str = ""
    field: str = ""
    unit: Unit | None = None
    year: int | None = None
    scope: str = ""
    benefit: str = ""
    state: str = ""  # of dossiers; the library has only recognised ones
    below: int = 0  # only numbers below: what an earlier search could not show any more

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.filters())

    def filters(self) -> str:
        """The filters as a question."""
        found = [
            self.kind and f"k:{self.kind}",
            self.field and f"f:{terms.named(self.field)}",
            self.unit and f"u:{self.unit.pk}",
            self.year and f"y:{self.year}",
            self.scope and f"r:{self.scope}",
            self.benefit and f"b:{self.benefit}",
            self.state and f"s:{self.state}",
        ]
        return terms.every(str(f) for f in found if f)


@dataclass(frozen=True)
class Hit:
    number: int
    filed_on: date
    kind: str
    field: str
    scope: str


@dataclass(frozen=True)
class Found:
    """Numbers in the order to show them; `total` is exact unless `is_more`."""

    numbers: list[int]
    total: int
    is_more: bool
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    older: int = 0  # there are older ones: ask again with `Wanted.below`

    def among(self, numbers: set[int]) -> Found:
        """Those of a list that has conditions of its own, ranked as they were."""
        kept = [n for n in self.numbers if n in numbers]
        return replace(self, numbers=kept, total=self.total if self.is_more else len(kept))


# --- who may find what ---


def library(wanted: Wanted) -> Found:
    """Search what is public."""
    return _search(replace(wanted, state=""), _Reader("public_terms"))


def office(wanted: Wanted, person: Person, home: Unit | None = None) -> Found:
    """Search the dossiers of a person's field of work, below one unit of it if given."""
    allowed = _allowed(person)
    if allowed is None:
        return Found([], 0, is_more=False)
    here = terms.either(terms.lexeme(f"u:{home.pk}"), terms.lexeme(f"h:{home.pk}")) if home else ""
    return _search(wanted, _Reader("terms", terms.joined(allowed, here), _examined(person)))


def _allowed(person: Person) -> str | None:
    """The person's grants as a question: the same rule as `grants.visible`, which every row passes later.

    None when nothing may be seen; "" when all may: the top unit's term is in every record and only costs.
    """
    found = []
    for grant in grants.grants_of(person):
        if Permission.INITIATIVE_VIEW in grant.role.below:
            if grant.unit.parent_id is None and Unit.objects.filter(parent=None).count() == 1:
                return ""
            found.append(f"u:{grant.unit.pk}")
        elif Permission.INITIATIVE_VIEW in grant.role.own:
            found.append(f"o:{grant.unit.pk}")
    return terms.either(*(terms.lexeme(f) for f in dict.fromkeys(found))) or None


def _examined(person: Person) -> str:
    """What the person examines, whose kept parts are theirs to read: as `initiatives.rules.may_examine` has it."""
    offices = sorted(initiative_rules.offices_examined_by(person))
    return terms.either(*(terms.lexeme(f"e:{pk}") for pk in offices), terms.lexeme(f"i:{person.pk}"))


def public_rows(numbers: list[int]) -> list[Initiative]:
    """The records, those no longer public left out, in the order given."""
    return in_order(initiative_queries.public().filter(pk__in=numbers), numbers)


def in_order(rows: QuerySet[Initiative], numbers: list[int]) -> list[Initiative]:
    """These rows as the search has ranked them, their authors at hand."""
    place = {number: i for i, number in enumerate(numbers)}
    return sorted(rows.prefetch_related("authorships"), key=lambda row: place[row.pk])


def page_of(found: Found, cursor: str, size: int) -> tuple[list[int], paging.Page]:
    """One page of numbers, and the cursors beside it (rows to be filled in)."""
    start = min(int(cursor), len(found.numbers)) if cursor.isdigit() and len(cursor) < 6 else 0
    following = start + size
    after = str(following) if following < len(found.numbers) else ""
    before = str(max(0, start - size)) if start else ""
    return found.numbers[start:following], paging.Page([], after, before)


# --- the engine ---


@dataclass(frozen=True)
class _Reader:
    """Which of the two kinds of terms are asked; which records are seen, which examined, as questions."""

    column: str
    seen: str = ""
    examined: str = ""

    def asks(self, of: Callable[..., str], asked: Asked, author: str = "") -> Question:
        """Words in what everybody reads, or anywhere in what this reader examines."""
        kept = terms.joined(of(asked, terms.KEPT), self.examined) if self.examined else ""
        return Question(of(asked), kept, author)


@dataclass(frozen=True)
class _Rows:
    """Who asks, and the newest number there is."""

    reader: _Reader
    newest: int
    below: int = 0
    widest: int = USUAL


def _search(wanted: Wanted, reader: _Reader) -> Found:
    asked = terms.ask(wanted.words)
    if wanted.words.strip() and not asked:
        return Found([], 0, is_more=False)
    with _quick_plans() as newest:
        rows = _Rows(reader, min(newest, wanted.below - 1) if wanted.below else newest, wanted.below)
        bounds = terms.joined(reader.seen, wanted.filters())
        if not bounds and reader.column == "public_terms":  # of the newest records few are public yet
            rows = replace(rows, widest=WIDE)
        if asked.code:
            return _found(_gather(rows, Question(terms.lexeme(f"c:{asked.code}")).within(bounds)), [])
        return _ranked(asked, rows, bounds)


def _ranked(asked: Asked, rows: _Rows, bounds: str) -> Found:
    """With dấu in the title > with dấu > in the title > the words together > apart; the newest first in each."""
    if not asked:
        return _found(_gather(rows, Question(bounds or terms.lexeme("v:1"))), [])
    reader = rows.reader
    base = _gather(rows, reader.asks(terms.in_text, asked, terms.by_author(asked)).within(bounds))
    numbers = {h.number for h in base.hits}
    tiers = _tiers(asked, rows, bounds, base)
    if len(numbers) < FEW and len(asked.plain) > 1:
        rows = replace(rows, widest=USUAL)  # each word by itself is common
        base = _gather(rows, reader.asks(terms.apart, asked, terms.by_author(asked)).within(bounds))
    else:
        base = replace(base, hits=list({h.number: h for h in [*base.hits, *itertools.chain(*tiers)]}.values()))
    return _found(_with_phrases(base, asked, reader), [*({h.number for h in tier} for tier in tiers), numbers])


def _tiers(asked: Asked, rows: _Rows, bounds: str, base: _Gathered) -> list[list[Hit]]:
    """The better matches, the best first. Where everything was gathered, these are among it."""
    if not base.hits:
        return []
    better = [Question(terms.in_text(asked, terms.TITLE))]
    if asked.has_dau:
        exact = rows.reader.asks(terms.with_dau, asked)
        better = [Question(terms.with_dau(asked, terms.TITLE)), exact, *better]
    return [_gather(rows, question.within(bounds), counted=False).hits for question in better]


@dataclass(frozen=True)
class _Gathered:
    hits: list[Hit]
    total: int
    is_more: bool
    older: int = 0


def _with_phrases(gathered: _Gathered, asked: Asked, reader: _Reader) -> _Gathered:
    """Pairs of neighbours do not yet make a quoted phrase of three words: look into the newest records themselves."""
    long = [words for phrase in asked.phrases if len(words := text.syllables(phrase)) > 2]
    if not long or not gathered.hits:
        return gathered
    numbers = sorted((h.number for h in gathered.hits), reverse=True)[:LOOKED_INTO]
    names = ("title", *(PUBLIC_FIELDS if reader.column == "public_terms" else FIELDS))
    rows = Initiative.objects.filter(pk__in=numbers).only("sealed", "disclosure", *names)
    examined = _examined_among(reader, numbers)
    shown = {
        row.pk: [
            f" {' '.join(text.syllables(getattr(row, name)))} "
            for name in names
            if row.pk in examined or name not in row.kept_parts
        ]
        for row in rows
    }
    having = {pk for pk, values in shown.items() if all(any(f" {' '.join(p)} " in v for v in values) for p in long)}
    hits = [h for h in gathered.hits if h.number in having]
    is_more = gathered.is_more or len(gathered.hits) > LOOKED_INTO
    older = numbers[-1] if len(gathered.hits) > LOOKED_INTO else gathered.older
    return _Gathered(hits, len(hits) if not is_more else min(gathered.total, COUNTED), is_more, older)


def _examined_among(reader: _Reader, numbers: list[int]) -> set[int]:
    """Those of these records whose kept parts the reader may read."""
    if not reader.examined:
        return set()
    with replicas.connection().cursor() as cursor:
        query = "SELECT initiative_id FROM search_document WHERE initiative_id = ANY(%s) AND terms @@ %s::tsquery"
        cursor.execute(query, [numbers, reader.examined])
        return {number for (number,) in cursor.fetchall()}


def _found(gathered: _Gathered, tiers: list[set[int]]) -> Found:
    def place(hit: Hit) -> tuple[int, int, int]:
        tier = next((i for i, numbers in enumerate(tiers) if hit.number in numbers), len(tiers))
        return tier, -hit.filed_on.toordinal(), -hit.number

    ordered = sorted(gathered.hits, key=place)
    facets = {
        "kind": Counter(h.kind for h in ordered if h.kind).most_common(),
        "field": Counter(h.field for h in ordered if h.field).most_common(12),
        "year": sorted(Counter(str(h.filed_on.year) for h in ordered).items(), reverse=True)[:10],
        "scope": Counter(h.scope for h in ordered if h.scope).most_common(),
    }
    return Found([h.number for h in ordered], gathered.total, gathered.is_more, facets, gathered.older)


def _gather(rows: _Rows, question: Question, *, counted: bool = True) -> _Gathered:
    """The newest hits of a question and, if wanted, how many there are."""
    for window in _windows(rows.newest, rows.widest):
        hits = _hits(rows, question.within(window), COUNTED + 1)
        if len(hits) >= ENOUGH:
            is_known = not counted or len(hits) > COUNTED
            total, is_more = (COUNTED, True) if is_known else _count(rows, question)
            return _gathered(hits, total, is_more=is_more, has_older=is_more or total > len(hits))
    hits = _hits(rows, question, COUNTED + 1)
    return _gathered(hits, min(len(hits), COUNTED), is_more=len(hits) > COUNTED, has_older=len(hits) > RANKED)


def _gathered(hits: list[Hit], total: int, *, is_more: bool, has_older: bool) -> _Gathered:
    kept = hits[:RANKED]
    return _Gathered(kept, total, is_more, kept[-1].number if has_older and kept else 0)


def _windows(newest: int, widest: int) -> Iterator[str]:
    """The newest stretches, each wider than the one before."""
    last, blocks = newest >> terms.NEAR_BITS, 2
    if newest >> terms.FAR_BITS > 1:  # else so few records that all are asked at once
        yield terms.either(terms.lexeme(f"z:{last}"), terms.lexeme(f"z:{last - 1}"))
    while blocks <= min(widest, newest >> terms.FAR_BITS):
        yield _far(newest, blocks)
        blocks *= 3


def _far(newest: int, blocks: int = 2) -> str:
    last = newest >> terms.FAR_BITS
    return terms.either(*(terms.lexeme(f"Z:{n}") for n in range(last, last - blocks, -1)))


def _newest() -> int:
    return Document.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _met(rows: _Rows, question: Question) -> tuple[str, list[Any]]:
    """The statement of everything that answers, and its values. What a name finds may be there twice."""
    # The column is one of our two names; the questions are values.
    one = f"""
        SELECT initiative_id, filed_on, kind, field, scope FROM search_document
        WHERE {rows.reader.column} @@ %s::tsquery AND (%s = 0 OR initiative_id < %s)
    """  # noqa: S608
    below = [rows.below, rows.below]
    scans, values = [one], [question.open, *below]
    if question.kept:
        scans.append(f"{one} AND NOT {rows.reader.column} @@ %s::tsquery")
        values += [question.kept, *below, question.open]
    if question.author:
        scans.append(one)
        values += [question.author, *below]
    return " UNION ALL ".join(scans), values


def _hits(rows: _Rows, question: Question, most: int) -> list[Hit]:
    """The newest by number, so that "older than the last of these" is all the rest."""
    met, values = _met(rows, question)
    once = "DISTINCT ON (initiative_id) *" if question.author else "*"
    query = f"WITH met AS MATERIALIZED ({met}) SELECT {once} FROM met ORDER BY initiative_id DESC LIMIT %s"  # noqa: S608
    with replicas.connection().cursor() as cursor:
        cursor.execute(query, [*values, most])
        return [Hit(*row) for row in cursor.fetchall()]


def _count(rows: _Rows, question: Question) -> tuple[int, bool]:
    """How many, up to COUNTED: what the newest stretches hold already says when there are more."""
    for window in (_far(rows.newest), ""):
        met, values = _met(rows, question.within(window))
        query = f"SELECT count(DISTINCT initiative_id) FROM ({met} LIMIT %s) AS met"  # noqa: S608
        with replicas.connection().cursor() as cursor:
            cursor.execute(query, [*values, 2 * COUNTED + 1])
            (found,) = cursor.fetchone()
        if found > COUNTED:
            return COUNTED, True
    return found, False


@contextmanager
def _quick_plans() -> Iterator[int]:
    """Always the whole answer of the term index, which is bounded; never row after row until enough have matched."""
    newest = _newest()
    settings = {"enable_seqscan": "off", "enable_indexscan": "off", "jit": "off", "work_mem": "'64MB'"}
    with transaction.atomic(using=replicas.alias()), replicas.connection().cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in settings.items()))
        yield newest
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in settings))


# --- what people keep ---


def saved_by(person: Person, place: Place) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(person=person, place=place)
