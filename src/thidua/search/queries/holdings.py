"""What there is to be found, for filters, facets and headings; remembered for some minutes."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from thidua.initiatives.choices import Kind, Scope
from thidua.kernel import text
from thidua.search import terms
from thidua.search.models import Document
from thidua.search.queries import index

KEPT_FOR = 600  # seconds
MOST_FIELDS, COUNTED_FIELDS = 200, 24  # of those most used: to choose from, counted among results


@dataclass(frozen=True)
class Known:
    """Of what is public."""

    fields: dict[str, str]  # term → name, the most used first
    years: list[int]  # the newest first
    many: int

    def facets(self, chosen: list[str]) -> list[str]:
        """The terms by which results are counted, besides years; a kind of which one is chosen is not counted."""
        found = [*(f"k:{kind}" for kind in Kind.values), *(f"r:{scope}" for scope in Scope.values)]
        found += list(self.fields)[:COUNTED_FIELDS]
        return [term for term in found if not any(term[:2] == other[:2] for other in chosen)]


def known() -> Known:
    found = cache.get("search.known")
    if found is None:
        found = _learned()
        cache.set("search.known", found, KEPT_FOR)
    return found


def _learned() -> Known:
    public = index.read([terms.PUBLIC])[terms.PUBLIC]
    years, fields = index.beginning("y:"), index.beginning("f:")
    shared = {term: slots for term, all_slots in fields.items() if (slots := all_slots & public)}
    most = sorted(shared, key=lambda term: -len(shared[term]))[:MOST_FIELDS]
    newest = {shared[term].max(): term for term in most}
    named = Document.objects.filter(slot__in=newest).values_list("slot", "initiative__field")
    names = {newest[slot]: name for slot, name in named}
    return Known(
        {term: names[term] for term in most if term in names},
        sorted((int(year[2:]) for year, slots in years.items() if slots & public), reverse=True),
        len(public),
    )


def fields_in_use() -> list[str]:
    """The fields (lĩnh vực) most used in the public library: for the filter."""
    return sorted(known().fields.values(), key=text.sort_key)


def how_many_public() -> int:
    """Public records, counted anew every ten minutes."""
    return known().many


def years() -> list[int]:
    """Years the library has, the newest first: for the filter."""
    return known().years
