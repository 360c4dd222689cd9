"""What the public library has, for filters and headings; remembered for some minutes."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Max, Min

from thidua.kernel import text
from thidua.search.models import Document

WORDS_FOR = 600  # seconds
SAMPLED = 20_000


def fields_in_use() -> list[str]:
    """The fields (lĩnh vực) of the newest public records: for the filter."""
    found = cache.get("search.fields")
    if found is None:
        newest = Document.objects.filter(public_terms__isnull=False).order_by("-pk").values_list("field", flat=True)
        found = sorted({value for value in newest[:SAMPLED] if value}, key=text.sort_key)
        cache.set("search.fields", found, WORDS_FOR)
    return found


def how_many_public() -> int:
    """Public records, counted anew every ten minutes."""
    found = cache.get("search.public")
    if found is None:
        found = Document.objects.filter(public_terms__isnull=False).count()
        cache.set("search.public", found, WORDS_FOR)
    return found


def years() -> list[int]:
    """Years the library has, the newest first: for the filter."""
    found = cache.get("search.years")
    if found is None:
        dates = Document.objects.filter(public_terms__isnull=False).order_by()
        span = dates.aggregate(first=Min("filed_on"), last=Max("filed_on"))
        found = list(range(span["last"].year, span["first"].year - 1, -1)) if span["first"] else []
        cache.set("search.years", found, WORDS_FOR)
    return found
