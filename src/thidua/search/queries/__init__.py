"""The door for searching: whole sets of records, so that counts and facets are exact and every page is there.

What is asked for is read as sets of slots (`queries.index`) and put together here; only one page of records
is opened. Every row that leaves here has passed the same rights as everywhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from django.db.models import QuerySet, prefetch_related_objects
from pyroaring import BitMap

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries as initiative_queries
from thidua.initiatives import rules as initiative_rules
from thidua.initiatives.choices import Channel, Kind, Scope, State
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, paging, text
from thidua.kernel.prepared import composed_once
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.review import queries as review
from thidua.search import terms
from thidua.search.choices import Benefit, Place
from thidua.search.models import Document, SavedSearch
from thidua.search.queries import holdings, index
from thidua.search.queries.index import Slots
from thidua.search.terms import Asked, Mark, Word

FEW = 12  # with fewer, words may also stand apart
LOOKED_INTO = 500  # records opened to see whether a quoted phrase stands there
RANKED = 1000  # so many of the best are put in an order of somebody's own
FIELDS_SHOWN = 12
FIRST_YEAR = 1990  # what was filed earlier is found, without an order of years
# What the public page shows; what the office searches besides. `confidential` is searched by nobody.
PUBLIC_FIELDS = ("field", "problem_before", "solution", "steps", "effect", "conditions")
OFFICE_FIELDS = ("novelty", "applied_where")
FIELDS = PUBLIC_FIELDS + OFFICE_FIELDS


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
    channel: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        """What an address asks for; what is not one of ours is left out."""
        year = asked.get("year", "")
        return cls(
            words=asked.get("q", "").strip()[:200],
            kind=_one_of(Kind.values, asked.get("kind", "")),
            field=asked.get("field", "").strip()[:120],
            unit=org_queries.by_code(asked["unit"][:40]) if asked.get("unit") else None,
            year=int(year) if year.isdigit() and len(year) == 4 else None,
            scope=_one_of(Scope.values, asked.get("scope", "")),
            benefit=_one_of(Benefit.values, asked.get("benefit", "")),
            state=_one_of(State.values, asked.get("state", "")),
            channel=_one_of(Channel.values, asked.get("channel", "")),
        )

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.filters())

    def filters(self) -> list[str]:
        """The filters as terms."""
        found = [
            self.kind and f"k:{self.kind}",
            self.field and f"f:{terms.named(self.field)}",
            self.unit and f"u:{self.unit.pk}",
            self.year and f"y:{self.year}",
            self.scope and f"r:{self.scope}",
            self.benefit and f"b:{self.benefit}",
            self.state and f"s:{self.state}",
            self.channel and f"m:{self.channel}",
        ]
        return [str(f) for f in found if f]


def _one_of(allowed: list[str], given: str) -> str:
    return given if given in allowed else ""


@dataclass(frozen=True)
class Found:
    """The records, the best first: sets of slots, in each the newest first. `is_more`: there may be others."""

    sets: tuple[BitMap, ...] = ()
    is_more: bool = False
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(len(slots) for slots in self.sets)

    def numbers(self, start: int = 0, stop: int = RANKED) -> list[int]:
        """The primary keys of some, in the order to show them."""
        return list(self.slots(start, stop))

    def slots(self, start: int = 0, stop: int = RANKED) -> dict[int, int]:
        """Primary key → slot of some, in the order to show them."""
        wanted = list(_between(self.sets, start, stop))
        keys = dict(Document.objects.filter(slot__in=wanted).values_list("slot", "pk"))
        return {keys[slot]: slot for slot in wanted if slot in keys}

    def among(self, keys: set[int]) -> Found:
        """Of the first `RANKED` those of a list that has conditions of its own, ranked as they were."""
        kept = BitMap(slot for key, slot in self.slots().items() if key in keys)
        return replace(self, sets=tuple(s & kept for s in self.sets), is_more=self.is_more or self.total > RANKED)


def _between(sets: Iterable[BitMap], start: int, stop: int) -> Iterator[int]:
    for slots in sets:
        many = len(slots)
        if start < many and stop > 0:
            yield from reversed(slots[max(0, many - stop) : many - max(start, 0)])
        start, stop = start - many, stop - many


# --- who may find what ---


def library(wanted: Wanted) -> Found:
    """Search what is public."""
    return _search(replace(wanted, state="", channel=""), _Reader([terms.OPEN], [[terms.PUBLIC]]), is_faceted=True)


def office(wanted: Wanted, person: Person, home: Unit | None = None) -> Found:
    """Search the dossiers of a person's field of work, below one unit of it if given."""
    allowed = _allowed(person)
    if not allowed:
        return Found()
    here = [[f"u:{home.pk}", f"h:{home.pk}"]] if home else []
    return _search(
        wanted, _Reader([terms.OPEN, terms.OFFICE], [allowed, *here], _examined(person), _put_before(person))
    )


def _allowed(person: Person) -> list[str]:
    """The person's grants as terms, of which one is enough: the same rule as `grants.visible`, which every row passes
    later."""
    found = []
    for grant in grants.grants_of(person):
        if Permission.INITIATIVE_VIEW in grant.role.below:
            found.append(f"u:{grant.unit.pk}")
        elif Permission.INITIATIVE_VIEW in grant.role.own:
            found.append(f"o:{grant.unit.pk}")
    return found


def _examined(person: Person) -> list[str]:
    """What the person examines, whose kept parts are theirs to read: as `initiatives.rules.may_examine` has it."""
    offices = sorted(initiative_rules.offices_examined_by(person))
    return [*(f"e:{pk}" for pk in offices), f"i:{person.pk}"]


def _put_before(person: Person) -> BitMap:
    """What waits for a council the person sits in, whoever is in charge of it now: a handful."""
    cases = review.before(person, Initiative._meta.label_lower).values("subject_id")
    return BitMap(Document.objects.filter(pk__in=cases).values_list("slot", flat=True))


def public_rows(numbers: list[int]) -> list[Initiative]:
    """The records, those no longer public left out, in the order given, their authors at hand."""
    rows = _public(tuple(numbers))
    prefetch_related_objects(rows, "authorships")
    return in_order(rows, numbers)


@composed_once
def _public(keys: tuple[int, ...]) -> QuerySet[Initiative]:
    return initiative_queries.public().filter(pk__in=keys)


def in_order(rows: Iterable[Initiative], numbers: list[int]) -> list[Initiative]:
    """These rows as the search has ranked them."""
    place = {number: i for i, number in enumerate(numbers)}
    return sorted(rows, key=lambda row: place[row.pk])


def page_of(found: Found, cursor: str, size: int) -> tuple[list[int], paging.Page]:
    """One page of numbers, and the cursors beside it (rows to be filled in)."""
    last = max(0, found.total - 1) // size * size  # beyond the end stands the last page
    start = min(int(cursor), last) if cursor.isdecimal() and len(cursor) < 9 else 0
    after = str(start + size) if start + size < found.total else ""
    before = str(max(0, start - size)) if start else ""
    return found.numbers(start, start + size), paging.Page([], after, before)


# --- the engine ---


@dataclass(frozen=True)
class _Reader:
    """Whose eyes: the texts they read, the records they see (one term of each list), those they examine."""

    marks: list[Mark]
    seen: list[list[str]]
    examined: list[str] = field(default_factory=list)
    judged: BitMap = field(default_factory=BitMap)  # examined too, for as long as it waits for a council of theirs

    def terms(self, wanted: Wanted, asked: Asked) -> Iterator[str]:
        """Everything to be read of the index for a search."""
        yield from (terms.FOUND, *itertools.chain(*self.seen), *self.examined, *wanted.filters())
        yield from terms.by_author(asked)
        marks = [*self.marks, terms.TITLE, *([terms.KEPT] if self.examined else [])]
        for word in terms.together(asked):
            for mark in marks:
                yield from {word.under(mark), word.under(mark, exactly=True)}


@dataclass(frozen=True)
class _Search:
    """One search under way: what was read of the index, the records it is about, those examined."""

    marks: list[Mark]
    read: Slots
    within: BitMap
    examined: BitMap

    def having(self, words: list[Word], *, exactly: bool = False) -> BitMap:
        """Records with all these words in what the reader reads of them."""
        found = self.within
        for word in words:
            anywhere = self.read.having_any(word.under(mark, exactly=exactly) for mark in self.marks)
            if self.examined:
                anywhere = anywhere | self.read[word.under(terms.KEPT, exactly=exactly)] & self.examined
            found = found & anywhere
        return found

    def having_all(self, wanted: Iterable[str]) -> BitMap:
        found = self.within
        for term in wanted:
            found = found & self.read[term]
        return found

    def titled(self, words: list[Word], *, exactly: bool = False) -> BitMap:
        return self.having_all(word.under(terms.TITLE, exactly=exactly) for word in words)

    def apart(self, asked: Asked) -> BitMap:
        """Records with the words wherever they stand, which are many: read only when nothing better is there."""
        words, marks = terms.apart(asked), [*self.marks, *([terms.KEPT] if self.examined else [])]
        self.read.update(index.read(word.under(mark) for word in words for mark in marks))
        return self.having(words)


def _search(wanted: Wanted, reader: _Reader, *, is_faceted: bool = False) -> Found:
    asked = terms.ask(wanted.words)
    if wanted.words.strip() and not asked:
        return Found()
    read = index.read([*reader.terms(wanted, asked), *_years()])
    within = read[terms.FOUND]
    for either in (*reader.seen, *([term] for term in wanted.filters())):
        within = within & read.having_any(either)
    if asked.code:
        within = within & BitMap(Document.objects.filter(initiative__code=asked.code).values_list("slot", flat=True))
    search = _Search(reader.marks, read, within, read.having_any(reader.examined) | reader.judged)
    tiers = _tiers(asked, search) if asked and not asked.code else [within]
    found = _with_phrases(Found(_by_year(tiers, [read[year] for year in _years() if year in read])), asked, search)
    return replace(found, facets=_facets(found, read, wanted)) if is_faceted else found


def _tiers(asked: Asked, search: _Search) -> list[BitMap]:
    """With dấu in the title > with dấu > in the title > the words together, or an author's name > apart."""
    words = terms.together(asked)
    whole = search.having(words)
    exact = [search.titled(words, exactly=True), search.having(words, exactly=True)] if asked.has_dau else []
    if name := terms.by_author(asked):
        whole = whole | search.having_all(name)
    tiers = [*exact, search.titled(words), whole]
    if len(whole) < FEW and len(asked.plain) > 1:
        tiers.append(search.apart(asked))
    before = itertools.accumulate(tiers, lambda seen, tier: seen | tier, initial=BitMap())
    return [tier - seen for tier, seen in zip(tiers, before, strict=False)]


def _years() -> list[str]:
    """Every year something may have been filed in, as terms, the newest first."""
    return [f"y:{year}" for year in range(clock.today().year + 1, FIRST_YEAR - 1, -1)]


def _by_year(tiers: list[BitMap], years: list[BitMap]) -> tuple[BitMap, ...]:
    """Each tier with the newest year first."""
    dated = BitMap.union(*years) if years else BitMap()
    sets = [part for tier in tiers for part in (*(tier & year for year in years), tier - dated)]
    return tuple(part for part in sets if part)


def _with_phrases(found: Found, asked: Asked, search: _Search) -> Found:
    """Pairs of neighbours do not yet make a quoted phrase of three words: look into the best records themselves."""
    long = [words for phrase in asked.phrases if len(words := text.syllables(phrase)) > 2]
    if not long or not found.sets:
        return found
    slots = found.slots(0, LOOKED_INTO)
    names = PUBLIC_FIELDS + (OFFICE_FIELDS if terms.OFFICE in search.marks else ())
    having = BitMap()
    for row in Initiative.objects.filter(pk__in=slots).only("sealed", "disclosure", "title", *names):
        hidden = () if slots[row.pk] in search.examined else row.kept_parts
        texts = [getattr(row, name) for name in ("title", *names) if name not in hidden]
        spelt = [f" {' '.join(text.syllables(value))} " for value in texts]
        if all(any(f" {' '.join(phrase)} " in value for value in spelt) for phrase in long):
            having.add(slots[row.pk])
    return Found(tuple(s & having for s in found.sets), is_more=found.total > LOOKED_INTO)


def _facets(found: Found, read: Slots, wanted: Wanted) -> dict[str, list[tuple[str, int]]]:
    """How many of the records found have each value, where one may still choose; those that none has left out."""
    known = holdings.known()
    read.update(index.read_often(known.facets(wanted.filters())))
    whole = BitMap.union(*found.sets) if found.sets else BitMap()

    def counted(values: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
        pairs = [(shown, whole.intersection_cardinality(read[term])) for term, shown in values]
        return sorted((pair for pair in pairs if pair[1]), key=lambda pair: -pair[1])

    return {
        "kind": counted((f"k:{kind}", kind) for kind in Kind.values),
        "field": counted(known.fields.items())[:FIELDS_SHOWN],
        "year": sorted(counted((year, year[2:]) for year in _years() if year in read), reverse=True),
        "scope": counted((f"r:{scope}", scope) for scope in Scope.values),
    }


# --- what people keep ---


def saved_by(person: Person, place: Place) -> list[SavedSearch]:
    return _saved_by(person.pk, place)


@composed_once
def _saved_by(person: int, place: Place) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(person=person, place=place)


def of_saved(held: SavedSearch) -> Found:
    """What a kept search finds now, for who keeps it."""
    wanted = Wanted.of(dict(parse_qsl(held.asked)))
    return library(wanted) if held.place == Place.LIBRARY else office(wanted, held.person)


def rows_of_saved(held: SavedSearch, numbers: list[int]) -> list[Initiative]:
    """Of these the records that who keeps the search may open there."""
    if held.place == Place.LIBRARY:
        return public_rows(numbers)
    return in_order(initiative_queries.visible_to(held.person).filter(pk__in=numbers), numbers)
