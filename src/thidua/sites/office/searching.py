"""The search box above the list of initiatives: what it holds, what else it offers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from thidua.initiatives import queries
from thidua.initiatives.models import Initiative
from thidua.kernel import paging
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.search import queries as search
from thidua.search.choices import Place
from thidua.search.queries import Found, Wanted, spelling


def held(found: QuerySet[Initiative], wanted: Wanted, person: Person, home: Unit) -> tuple[QuerySet[Initiative], Found]:
    """Narrow a list to what the search finds; every row still passes the list's own conditions."""
    hits = search.office(wanted, person, home)
    return found.filter(pk__in=hits.numbers), hits


def ranked(listed: QuerySet[Initiative], hits: Found, cursor: str, size: int) -> paging.Page:
    """One page of a list, the best matches first: the same order as in the library."""
    numbers, cursors = search.page_of(hits.among(set(listed.order_by().values_list("pk", flat=True))), cursor, size)
    return replace(cursors, rows=search.in_order(listed.filter(pk__in=numbers), numbers))


def below_of(request: HttpRequest) -> int:
    """Where a search goes on with the older ones; 0 at its beginning."""
    typed = request.GET.get("cu", "")
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


def drafts(found: QuerySet[Initiative], words: str) -> QuerySet[Initiative]:
    """Drafts are not indexed: nobody but their writer may find them."""
    return queries.titled(found, words) if words else found


def line(request: HttpRequest, person: Person, words: str, hits: Found | None) -> dict[str, Any]:
    """How many were found, what was perhaps meant, the searches this person keeps."""
    return {
        "hits": hits,
        "better": spelling.did_you_mean(words) if hits is not None and not hits.total else "",
        "saved": search.saved_by(person, Place.OFFICE),
        "asked": request.GET.urlencode(),
    }
