"""Who may have been entered twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from thidua.orgs.models import Unit
from thidua.people import queries
from thidua.people.models import Person

PAGE = 25


@dataclass(frozen=True)
class Pair:
    """Two records and what makes them look like one person."""

    first: Person
    second: Person
    reasons: tuple[str, ...]


def pairs(unit: Unit, *, after: tuple[str, int, int] | None = None, size: int = PAGE) -> list[Pair]:
    """Pairs within a subtree: the same name (dấu aside) with the same year of birth, or in the same unit.

    One index-ordered join; a page costs the same however many people there are.
    """
    name, first, second = after or ("", 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.name_key, a.id, b.id
              FROM people_person a
              JOIN orgs_unit ua ON ua.id = a.unit_id AND ua.lft BETWEEN %(low)s AND %(high)s
              JOIN people_person b ON b.name_key = a.name_key AND b.id > a.id
              JOIN orgs_unit ub ON ub.id = b.unit_id AND ub.lft BETWEEN %(low)s AND %(high)s
             WHERE (a.name_key, a.id, b.id) > (%(name)s, %(first)s, %(second)s)
               AND a.left_on IS NULL AND b.left_on IS NULL
               AND (a.birth_year = b.birth_year
                    OR (a.unit_id = b.unit_id AND (a.birth_year IS NULL OR b.birth_year IS NULL)))
               AND (a.is_woman IS NULL OR b.is_woman IS NULL OR a.is_woman = b.is_woman)
               AND NOT EXISTS (SELECT 1 FROM people_namesakes n WHERE n.first_id = a.id AND n.second_id = b.id)
             ORDER BY a.name_key, a.id, b.id
             LIMIT %(size)s
            """,
            {"low": unit.lft, "high": unit.rgt, "name": name, "first": first, "second": second, "size": size},
        )
        found = [(row[1], row[2]) for row in cursor.fetchall()]
    people = queries.people().in_bulk({pk for pair in found for pk in pair})
    return [Pair(people[a], people[b], _reasons(people[a], people[b])) for a, b in found]


def like(unit: Unit, full_name: str, birth_year: int | None) -> list[Person]:
    """Who of a unit may be the one being entered."""
    same = queries.roster(unit).filter(name_key=queries.name_key(full_name))
    if birth_year:
        same = same.exclude(birth_year__isnull=False, birth_year__lt=birth_year).exclude(birth_year__gt=birth_year)
    return list(same.order_by("pk")[:5])


def cursor_of(found: Sequence[Pair]) -> tuple[str, int, int] | None:
    return (found[-1].first.name_key, found[-1].first.pk, found[-1].second.pk) if found else None


def _reasons(one: Person, other: Person) -> tuple[str, ...]:
    reasons = [_("Trùng họ tên")]
    if one.birth_year and one.birth_year == other.birth_year:
        reasons.append(_("cùng năm sinh"))
    if one.unit_id == other.unit_id:
        reasons.append(_("cùng đơn vị"))
    if one.job_title and one.job_title == other.job_title:
        reasons.append(_("cùng nghề nghiệp"))
    return tuple(reasons)
