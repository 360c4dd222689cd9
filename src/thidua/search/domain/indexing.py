"""Bring the index in line with the records."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from thidua.initiatives import queries as initiative_queries
from thidua.initiatives import rules as initiative_rules
from thidua.initiatives.choices import Benefit, Scope, State
from thidua.initiatives.models import Initiative
from thidua.orgs.models import Unit
from thidua.search import queries, terms
from thidua.search.domain import postings
from thidua.search.models import Document


@dataclass(frozen=True)
class Entry:
    """What one record is found by."""

    pk: int
    words: set[str]
    places: set[str]

    @property
    def fingerprint(self) -> int:
        return terms.fingerprint(self.words)


@transaction.atomic
def index(pks: Iterable[int]) -> int:
    """Write the documents of these initiatives; drafts and what was withdrawn have none."""
    wanted = set(pks)
    postings.lock()
    before = Document.objects.in_bulk(wanted)
    found = list(entries(wanted))
    new = [e.pk for e in found if e.pk not in before or before[e.pk].words != e.fingerprint]
    slots = dict(zip(new, new_slots(len(new)), strict=True))
    changes = postings.Changes(since=min(slots.values(), default=sys.maxsize))
    documents = [_document(e, before.pop(e.pk, None), slots.get(e.pk), changes) for e in found]
    for gone in before.values():
        changes.lose(gone.places, gone.slot)
    Document.objects.filter(pk__in=before).delete()
    Document.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["initiative"], update_fields=["slot", "words", "places"]
    )
    postings.write(changes)
    return len(found)


def _document(entry: Entry, before: Document | None, slot: int | None, changes: postings.Changes) -> Document:
    """With the same words it stays where it is; else it leaves its old slot for a new one."""
    if before is not None and slot is None:
        slot, old = before.slot, set(before.places)
        changes.lose(old - entry.places, slot)
        changes.gain(entry.places - old, slot)
    else:
        assert slot is not None  # who is not there yet, or has other words, was given one
        changes.gain(entry.places | entry.words, slot)
        if before is not None:
            changes.lose(before.places, before.slot)
    return Document(initiative_id=entry.pk, slot=slot, words=entry.fingerprint, places=sorted(entry.places))


def new_slots(many: int) -> list[int]:
    """Under the lock: greater than any there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('search_slot') FROM generate_series(1, %s)", [many])
        return [slot for (slot,) in cursor.fetchall()]


def entries(pks: set[int]) -> Iterator[Entry]:
    """In the order of filing, as slots are given."""
    rows = list(
        Initiative.objects.filter(pk__in=pks, filed_on__isnull=False)
        .exclude(state__in=[State.DRAFT, State.WITHDRAWN])
        .order_by("filed_on", "pk")
        .select_related("unit")
        .prefetch_related("authorships", "recognitions", "scope_proposals")
    )
    above = _above({r.unit_id for r in rows})
    for row in rows:
        content = content_of(row)
        places = places_of(row, above[row.unit_id])
        examiners = _examiners(row) if any(content.kept) else ()
        yield Entry(row.pk, terms.of_content(content), {*places, *examiners})


def _above(units: set[int]) -> dict[int, list[int]]:
    """Every unit's own number and those of all above it; a query for each level of the tree."""
    over: dict[int, int | None] = {}
    level: set[int] = units
    while level:
        over |= dict(Unit.objects.filter(pk__in=level).values_list("pk", "parent_id"))
        level = {up for pk in level if (up := over[pk]) is not None} - over.keys()
    return {unit: list(_line(unit, over)) for unit in units}


def _line(unit: int, over: dict[int, int | None]) -> Iterator[int]:
    step: int | None = unit
    while step is not None:
        yield step
        step = over[step]


def content_of(initiative: Initiative) -> terms.Content:
    """Its words by who reads them: what the authors keep is found by those who examine it, and by nobody else."""
    kept = initiative.kept_parts

    def texts(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(getattr(initiative, name) for name in names)

    return terms.Content(
        initiative.title,
        open=texts(name for name in queries.PUBLIC_FIELDS if name not in kept),
        office=texts(name for name in queries.OFFICE_FIELDS if name not in kept),
        kept=texts(name for name in queries.FIELDS if name in kept),
    )


def places_of(initiative: Initiative, above: list[int]) -> Iterator[str]:
    """Where it belongs, as terms: what filters and rights ask for."""
    yield terms.FOUND
    yield from (f"u:{pk}" for pk in above)
    yield from (f"o:{initiative.unit_id}", f"h:{initiative.handler_id}")
    yield from (f"s:{initiative.state}", f"m:{initiative.channel}")
    if initiative_queries.is_public(initiative):
        yield terms.PUBLIC
    if initiative.kind:
        yield f"k:{initiative.kind}"
    if initiative.field:
        yield f"f:{terms.named(initiative.field)}"
    if scope := scope_of(initiative):
        yield f"r:{scope}"
    if initiative.filed_on:
        yield f"y:{initiative.filed_on.year}"
    yield from terms.of_names(a.name for a in initiative.authorships.all())
    yield from _benefit(initiative)


def _examiners(initiative: Initiative) -> Iterator[str]:
    """Who reads what is kept, as `initiatives.rules.may_examine` has it."""
    people = {a.person_id for a in initiative.authorships.all()} | {initiative.entered_by_id}
    yield from (f"e:{pk}" for pk in initiative_rules.offices_in_charge(initiative))
    yield from (f"i:{pk}" for pk in people - {None})


def scope_of(initiative: Initiative) -> str:
    """The widest scope in which it is recognised; '' when it is not."""
    given = {r.scope for r in initiative.recognitions.all() if r.revoked_on is None}
    return next((s for s in (Scope.NATION, Scope.PROVINCE, Scope.GRASSROOTS) if s in given), "")


def _benefit(initiative: Initiative) -> list[str]:
    if initiative.benefit == Benefit.NOT_QUANTIFIABLE:
        return ["b:not_quantifiable"]
    confirmed = initiative.benefit_confirmed
    amount = confirmed if confirmed is not None else initiative.benefit_stated
    if initiative.benefit != Benefit.MONEY or amount is None:
        return []
    return ["b:money", *(f"b:{m}" for m in terms.MILLIONS if amount >= m * 1_000_000)]
