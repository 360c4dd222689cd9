"""The search box above the list of initiatives: what it holds, what else it offers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from thidua.initiatives import queries
from thidua.initiatives.models import Initiative
from thidua.initiatives.queries import lists
from thidua.initiatives.queries.lists import Narrowing
from thidua.kernel import paging
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.search import queries as search
from thidua.search.choices import Place
from thidua.search.queries import Found, spelling


def held(listed: QuerySet[Initiative], hits: Found) -> QuerySet[Initiative]:
    """The list narrowed to the best of what the search found: to be put in another order."""
    return listed.filter(pk__in=hits.numbers())


def among(listed: QuerySet[Initiative], hits: Found) -> Found:
    """The best of what the search found that meet conditions of the list which the index does not know."""
    return hits.among(set(held(listed, hits).order_by().values_list("pk", flat=True)))


def ranked(person: Person, home: Unit, narrowing: Narrowing, hits: Found, cursor: str, size: int) -> paging.Page:
    """One page of a list, the best matches first: the same order as in the library. Each row passes the list's rights."""
    numbers, cursors = search.page_of(hits, cursor, size)
    return replace(cursors, rows=search.in_order(lists.numbered(person, home, narrowing, numbers), numbers))


def drafts(found: QuerySet[Initiative], words: str) -> QuerySet[Initiative]:
    """Drafts are not indexed: nobody but their writer may find them."""
    return queries.titled(found, words) if words else found


def line(request: HttpRequest, person: Person, words: str, hits: Found | None) -> dict[str, Any]:
    """How many were found, what was perhaps meant, the searches this person keeps."""
    return {
        "hits": hits,
        "ranked": search.RANKED if hits is not None and hits.total > search.RANKED else 0,
        "better": spelling.did_you_mean(words) if hits is not None and not hits.total else "",
        "saved": search.saved_by(person, Place.OFFICE),
        "asked": request.GET.urlencode(),
    }
