"""Whether the index says what the records say."""

from __future__ import annotations

import random
from collections.abc import Iterator

from pyroaring import BitMap

from thidua.ledger import readers
from thidua.search import terms
from thidua.search.domain import indexing, postings
from thidua.search.models import Document
from thidua.search.queries import index

SHOWN = 20


def faults(sampled: int) -> Iterator[str]:
    """Slots of no document and documents without a slot; terms of some documents that do not lead to them."""
    there = BitMap(Document.objects.values_list("slot", flat=True).iterator(chunk_size=50_000))
    for slot in (there ^ index.read([terms.FOUND])[terms.FOUND])[:SHOWN]:
        yield f"slot {slot} of the search index is {'not ' if slot in there else ''}found by everything"
    slots = random.sample(range(len(there)), min(sampled, len(there)))
    chosen = Document.objects.filter(slot__in=[there[n] for n in slots]).select_related("initiative").order_by("pk")
    for document in chosen:
        if not readers.is_behind("search", document.initiative):
            yield from _astray(document)


def _astray(document: Document) -> Iterator[str]:
    entry = next(indexing.entries({document.pk}), None)
    if entry is None:
        yield f"search document {document.pk} of what may not be found"
        return
    if entry.fingerprint != document.words or entry.places != set(document.places):
        yield f"search document {document.pk} is out of date"
        return
    if missing := postings.lacking(entry.words | entry.places, document.slot):
        yield f"search document {document.pk} is not found by {', '.join(sorted(missing)[:5])}"
