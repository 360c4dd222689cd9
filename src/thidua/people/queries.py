"""The door for reading people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from math import prod
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from thidua.kernel import clock, paging, replicas, text
from thidua.kernel.prepared import composed_once, composed_only, counted_once
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.choices import RosterFilter
from thidua.people.models import LONGEST, Absence, Account, Person, Post, beginnings


def people() -> QuerySet[Person]:
    return Person.objects.select_related("unit")


def roster(unit: Unit) -> QuerySet[Person]:
    """Who belongs to a unit or anything below it today."""
    return everybody(unit).filter(left_on__isnull=True)


def everybody(unit: Unit) -> QuerySet[Person]:
    """The roster and those who left it; merged records are nobody."""
    return people().filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt, merged_into__isnull=True)


def sought(unit: Unit, typed: str) -> QuerySet[Person]:
    """`everybody`, for a search: a common name has thousands, and of the nation nobody's unit need be looked at.

    Below it the units are noted: beside a join the database asks the index of words anew for each of them.
    """
    if org_queries.is_whole(unit):
        return people().filter(merged_into__isnull=True)
    words = search_words(typed)
    if not words or are_common(words):
        return everybody(unit)
    return people().filter(org_queries.noted("unit", unit.lft, unit.rgt), merged_into__isnull=True)


def narrowed(found: QuerySet[Person], state: str = "", account: str = "") -> QuerySet[Person]:
    """By standing (on the roster unless said otherwise) and by whether there is an account."""
    match state:
        case RosterFilter.AWAY:
            away = Absence.objects.filter(person=OuterRef("pk"), valid__contains=clock.today())
            found = found.filter(Exists(away), left_on__isnull=True)
        case RosterFilter.LEFT:
            found = found.filter(left_on__isnull=False)
        case RosterFilter.ALL:
            pass
        case _:
            found = found.filter(left_on__isnull=True)
    if account in ("co", "chua"):
        has = Exists(Account.objects.filter(person=OuterRef("pk")))
        found = found.filter(has if account == "co" else ~has)
    return found


def absence_of(person: Person) -> Absence | None:
    """The pause of today, or one that is to come."""
    not_over = Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=clock.today())
    later = Absence.objects.filter(not_over, person=person)
    return later.order_by("valid").first()


def absent(people_wanted: Iterable[Person]) -> dict[int, Absence]:
    """Who of these is away today."""
    keys = [p.pk for p in people_wanted]
    # Some of them twice, so that the statement is one of a few.
    room = -len(keys) % PAGE
    return {a.person_id: a for a in _absent((*keys, *keys[:1] * room), clock.today())} if keys else {}


@composed_once
def _absent(keys: tuple[int, ...], day: date) -> QuerySet[Absence]:
    return Absence.objects.filter(person__in=keys, valid__contains=day)


def search_words(typed: str) -> list[str]:
    """Folded words in which i and y are one letter: «Lý», «Lí» and «ly» meet."""
    return [word.replace("y", "i") for word in text.words(typed)]


def name_key(full_name: str) -> str:
    """The form in which two spellings of one name are the same."""
    return " ".join(search_words(full_name))[:120]


def search_text(full_name: str, code: str, phone: str | None) -> str:
    """What is stored for the search; each word begins with a space, so that word beginnings can be asked for."""
    return "".join(f" {word}" for word in search_words(f"{full_name} {code} {phone or ''}"))[:300]


_ALL = 2**31 - 1


def search(queryset: QuerySet[Person], typed: str) -> QuerySet[Person]:
    """By name (with or without dấu), member code or phone; a word must begin with each typed word, in any order."""
    words = search_words(typed)
    if not words or are_common(words):
        return spelled(queryset, *words)
    found = _by_beginnings(Person.objects.all(), words).values("pk")[:_ALL]  # said, so that it is asked once
    return queryset.filter(pk__in=found)


def spelled(queryset: QuerySet[Person], *words: str) -> QuerySet[Person]:
    """Read off each person: for words so common that a list in order is soon full, or its unit read sooner."""
    for word in words:
        queryset = queryset.filter(search__contains=f" {word}")
    return queryset


def _by_beginnings(queryset: QuerySet[Person], words: Sequence[str]) -> QuerySet[Person]:
    holds: dict[str, Any] = {"beginnings__contains": [word[:LONGEST] for word in words]}
    return spelled(
        queryset.alias(beginnings=beginnings("search")).filter(**holds),
        *(word for word in words if len(word) > LONGEST),
    )


_FREQUENCIES = """
SELECT (SELECT reltuples FROM pg_class WHERE oid = to_regclass('people_person_search')),
    ARRAY(SELECT share FROM unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(word, share)
          WHERE word = ANY(%s))
FROM pg_stats WHERE schemaname = current_schema AND tablename = 'people_person_search'
"""


def are_common(words: Sequence[str]) -> bool:
    """Do the database's statistics expect more people with all these words than the index is worth asking for?"""
    wanted = list({word[:LONGEST] for word in words})
    with replicas.connection().cursor() as cursor:
        cursor.execute(_FREQUENCIES, [wanted])
        rows, shares = cursor.fetchone() or (0, [])
    return len(shares) == len(wanted) and rows * prod(shares) > paging.COUNT_BOUND


@composed_only  # as access.grants._holding
def posts_at(unit: int, day: date) -> QuerySet[Post]:
    """Who holds what at a unit on a day."""
    return Post.objects.filter(unit=unit, valid__contains=day).select_related("person").order_by("role", "pk")


PAGE = 30
ORDER = ("sort_key", "id")
# What a list without words says it holds: whoever has more than this looks for a name, not for a number.
COUNTED = 2_000
_SHOWN = ("code", "full_name", "sort_key", "birth_year", "job_title", "left_on", "is_direct_worker", "unit__short_name")


def roster_page(unit: Unit, cursor: str) -> tuple[paging.Page, paging.Count]:
    """One page of the roster as it is opened, without words or filters, and how many are on it."""
    how_many = paging.bounded(_how_many_on_roster(unit.lft, unit.rgt), COUNTED)
    # Fewer than are counted are found through their units.
    is_noted = how_many.found > COUNTED and org_queries.is_noted(unit.lft, unit.rgt)
    return _roster_page(cursor, unit.lft, unit.rgt, is_noted), how_many


def _shown(found: QuerySet[Person]) -> QuerySet[Person]:
    return found.select_related("unit").only(*_SHOWN)


@paging.composed_once(ORDER, PAGE, _shown)
def _roster_page(lft: int, rgt: int, is_noted: bool) -> QuerySet[Person]:
    if not is_noted:
        return _roster(lft, rgt)
    return Person.objects.filter(org_queries.noted("unit", lft, rgt), merged_into__isnull=True, left_on__isnull=True)


@counted_once
def _how_many_on_roster(lft: int, rgt: int) -> QuerySet:
    return _roster(lft, rgt).values("pk")[: COUNTED + 1]


def _roster(lft: int, rgt: int) -> QuerySet[Person]:
    return Person.objects.filter(unit__lft__gte=lft, unit__lft__lte=rgt, merged_into__isnull=True, left_on__isnull=True)


def found_among(queryset: QuerySet[Person], typed: str, cursor: str) -> tuple[QuerySet[Person], paging.Count]:
    """What a page of a search is made of, and how many it finds as words; without words, of all of them."""
    words, bound = search_words(typed), paging.COUNT_BOUND
    if not words:
        return queryset, paging.bounded_count(queryset, bound)
    if are_common(words):
        found = spelled(queryset, *words)
        return _shown(found), paging.bounded_count(found, COUNTED)
    keys, how_many = paging.near(_by_beginnings(queryset, words), ORDER, cursor, PAGE, bound)
    if how_many.found > bound:
        return _shown(spelled(queryset, *words)), how_many
    return _shown(Person.objects.filter(pk__in=keys)), how_many


def found_page(queryset: QuerySet[Person], typed: str, cursor: str) -> tuple[paging.Page, paging.Count]:
    """One page of these."""
    found, how_many = found_among(queryset, typed, cursor)
    return paging.page(found, ORDER, cursor, PAGE), how_many


NEAR = 0.6  # PostgreSQL's own word_similarity_threshold


def alike(unit: Unit, typed: str, state: str = "", account: str = "") -> QuerySet[Person]:
    """For slips of the pen: names that share most of their letters with what was typed, nearest first.

    Where few belong to the unit they are read off each; the index gives everybody of the country with such letters.
    """
    wanted = " ".join(search_words(typed))
    is_small = _how_many_on_roster(unit.lft, unit.rgt) <= COUNTED
    scope = everybody(unit) if is_small else sought(unit, typed)
    near = narrowed(scope, state, account).annotate(nearness=TrigramWordSimilarity(wanted, "name_key"))
    near = near.filter(nearness__gte=NEAR) if is_small else near.filter(name_key__trigram_word_similar=wanted)
    return near.order_by("-nearness", "sort_key", "pk")


def tidy_phone(typed: str) -> str:
    """'+84 912.345.678' -> '0912345678'; '' when it is not a phone number."""
    digits = re.sub(r"[\s.\-()]", "", typed)
    digits = re.sub(r"^(\+84|0084|84(?=\d{9}$))", "0", digits)
    return digits if re.fullmatch(r"0\d{9,10}", digits) else ""


def person_for(identifier: str) -> Person | None:
    """The one person with this phone, member code or e-mail."""
    typed = identifier.strip()
    if not typed:
        return None
    if "@" in typed:
        condition = Q(email__iexact=typed)
    elif phone := tidy_phone(typed):
        condition = Q(phone=phone) | Q(code__iexact=typed)
    else:
        condition = Q(code__iexact=typed)
    person = people().filter(condition).order_by("pk").first()
    while person and person.merged_into_id:
        # Codes of a merged record still mean the person: slips and habits live longer.
        person = people().get(pk=person.merged_into_id)
    return person


def account_for(identifier: str) -> Account | None:
    person = person_for(identifier)
    return Account.objects.select_related("person__unit__kind").filter(person=person).first() if person else None


def posts_of(person: Person) -> QuerySet[Post]:
    """Posts held today."""
    return (
        Post.objects.filter(person=person, valid__contains=clock.today())
        .select_related("unit__kind")
        .order_by("unit__lft", "role")
    )


def holder_of(unit: Unit, role: str) -> Post | None:
    """Who holds a role at exactly this unit today (the first named)."""
    return (
        Post.objects.filter(unit=unit, role=role, valid__contains=clock.today())
        .select_related("person")
        .order_by("pk")
        .first()
    )


def headcount_of(unit: Unit) -> dict[str, int]:
    """Members, women and direct workers on the roster of a unit and everything below it."""
    return roster(unit).aggregate(
        members=Count("pk", filter=Q(is_member=True)),
        women=Count("pk", filter=Q(is_member=True, is_woman=True)),
        direct_workers=Count("pk", filter=Q(is_member=True, is_direct_worker=True)),
    )
