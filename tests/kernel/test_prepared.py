"""A query composed once gives what Django gives each time, whatever the values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from thidua.kernel.prepared import NotAValue, composed_once, composed_only, counted_once, lay, statement_once
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post


def _posts(person: int, today: date, bounds: tuple[tuple[int, int], ...]) -> QuerySet[Post]:
    within = Q(pk__in=[])
    for lft, rgt in bounds:
        within |= Q(unit__lft__gte=lft, unit__lft__lte=rgt)
    rows = Post.objects.filter(within, person=person, valid__contains=today)
    return rows.select_related("unit__kind", "person").order_by("unit__lft", "pk")


def _same(prepared: list, plain: QuerySet) -> None:
    def told(posts: Iterable[Post]) -> list[tuple]:
        return [(p.pk, p.role, p.valid, p.unit.code, p.unit.kind.name, p.person.full_name) for p in posts]

    assert told(prepared) == told(plain)


def test_it_gives_the_rows_of_each_call(cast, today):
    ask = composed_once(_posts)
    people = list(Person.objects.order_by("pk"))
    for bounds in (((1, 10**6),), ((1, 3), (2, 10**6)), ()):
        for person in people:
            for day in (today, today - timedelta(days=4000)):
                _same(ask(person.pk, day, bounds), _posts(person.pk, day, bounds))


def test_rows_come_with_what_was_joined_in_one_query(cast, today):
    ask = composed_once(_posts)
    holder = Post.objects.filter(valid__contains=today).first().person_id
    ask(holder, today, ((1, 10**6),))
    with CaptureQueriesContext(connection) as seen:
        found = ask(holder, today, ((1, 10**6),))
        assert [p.unit.kind.name for p in found]
    assert len(seen) == 1


def test_it_is_composed_once(cast, today):
    built = []

    @composed_once
    def named(name: str) -> QuerySet[Person]:
        built.append(name)
        return Person.objects.filter(full_name__iexact=name)

    names = list(Person.objects.values_list("full_name", flat=True)[:3])
    assert [named(name)[0].full_name for name in names] == names
    assert len(built) == 1
    assert named("Không Ai '; DROP") == []


def test_what_shapes_the_query_is_no_value(cast, today):
    @composed_once
    def gone(is_gone: bool) -> QuerySet[Person]:
        return Person.objects.filter(left_on__isnull=not is_gone).order_by("pk")

    assert gone(False) == list(Person.objects.filter(left_on__isnull=True).order_by("pk"))
    assert gone(True) == list(Person.objects.filter(left_on__isnull=False).order_by("pk"))


def test_a_value_the_statement_does_not_take_as_it_is_is_refused(cast, today):
    @composed_once
    def after(day: date) -> QuerySet[Post]:
        return Post.objects.filter(valid__contains=day + timedelta(days=1))

    @composed_once
    def few(how_many: int) -> QuerySet[Post]:
        return Post.objects.all()[:how_many]

    @composed_once
    def called(words: str) -> QuerySet[Person]:
        return Person.objects.filter(full_name__contains=words)

    for lost in (lambda: after(today), lambda: few(3), lambda: called("an")):
        with pytest.raises(NotAValue):
            lost()


def test_more_is_fetched_with_the_rows(cast, today):
    @composed_once
    def people(pks: tuple[int, ...]) -> QuerySet[Person]:
        return Person.objects.filter(pk__in=pks).prefetch_related("posts").order_by("pk")

    pks = tuple(Person.objects.order_by("pk").values_list("pk", flat=True)[:2])
    found = people(pks)
    assert [p.pk for p in found] == list(pks)
    assert [list(p.posts.all()) for p in found] == [list(Post.objects.filter(person=pk)) for pk in pks]


def test_rows_can_be_laid_as_if_they_had_been_prefetched(cast, django_assert_num_queries):
    unit, people = cast.an.unit, [cast.an, cast.binh]
    lay(unit, "people", people)
    with django_assert_num_queries(0):
        assert list(unit.people.all()) == people
        assert people[0].unit is unit


def test_values_stand_in_lists_too(cast, today):
    """A subquery written in SQL takes its values as an array."""

    @composed_once
    def over(unit: int) -> QuerySet[Unit]:
        return org_queries.ancestors(Unit(pk=unit), include_self=True)

    for unit in Unit.objects.all():
        assert over(unit.pk) == list(org_queries.ancestors(unit, include_self=True))


def test_rows_are_counted_and_summed_over_the_same_statement(cast, today):
    def women(unit: int, words: str) -> QuerySet:
        return Person.objects.filter(unit=unit).exclude(full_name=words).values("pk", "is_woman")

    how_many, statement = counted_once(women), statement_once(women)
    for unit in Unit.objects.all():
        for words in ("", "Nguyễn Văn An"):
            plain = women(unit.pk, words)
            assert how_many(unit.pk, words) == plain.count()
            rows, values = statement(unit.pk, words)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FILTER (WHERE is_woman) FROM ({rows}) rows", values)
                assert cursor.fetchone()[0] == plain.filter(is_woman=True).count()


class _Wanted(NamedTuple):
    name: str | None
    span: tuple[int, int]


def test_named_tuples_are_values_and_what_is_none_shapes_the_query(cast, today):
    @composed_once
    def ask(wanted: _Wanted) -> QuerySet[Person]:
        rows = Person.objects.filter(unit__lft__gte=wanted.span[0], unit__lft__lte=wanted.span[1]).order_by("pk")
        return rows if wanted.name is None else rows.filter(full_name=wanted.name)

    for person in Person.objects.order_by("pk"):
        assert ask(_Wanted(person.full_name, (1, 10**6))) == list(Person.objects.filter(full_name=person.full_name))
    assert ask(_Wanted(None, (1, 10**6))) == list(Person.objects.order_by("pk"))


def test_rows_may_be_tuples_of_columns(cast, today):
    ask = composed_once(lambda lft: Unit.objects.filter(lft__gte=lft).order_by("lft").values_list("code", "name"))
    assert ask(1) == [(u.code, u.name) for u in Unit.objects.order_by("lft")]


def _left_prepared(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE %s", [f"{table}%"])
        return [row[0] for row in cursor.fetchall()]


def test_a_statement_is_prepared_once_in_a_connection_and_what_never_changes_stands_in_it(cast, today):
    def women(unit: int, name: str) -> QuerySet[Person]:
        return Person.objects.filter(unit=unit, is_woman=True, left_on__isnull=True, job_title="").exclude(
            full_name=name
        )

    before, ask = _left_prepared("people_person"), composed_once(women)
    for unit in Unit.objects.all():
        assert set(ask(unit.pk, "50 % 'An'")) == set(women(unit.pk, "50 % 'An'"))
    (left,) = [statement for statement in _left_prepared("people_person") if statement not in before]
    assert "$1" in left
    assert "$2" in left
    assert "$3" not in left
    assert "\"job_title\" = ''" in left


def test_the_same_rows_however_often_it_is_asked(cast, today):
    """After five times the server may settle on one plan for all values."""
    ask = composed_once(_posts)
    people = list(Person.objects.order_by("pk"))
    for _again in range(3):
        for person in people:
            _same(ask(person.pk, today, ((1, 10**6),)), _posts(person.pk, today, ((1, 10**6),)))


def test_each_connection_to_the_server_is_told_anew(transactional_db):
    ask = composed_once(lambda code: Unit.objects.filter(code=code))
    assert ask("X") == []
    connection.close()
    assert ask("X") == []
    assert ask("Y") == []


def test_nothing_is_left_behind_a_pooler_or_by_what_is_composed_only(cast, today, monkeypatch):
    def named(name: str) -> QuerySet[Person]:
        return Person.objects.filter(full_name=name)

    before = _left_prepared("people_person")
    an = Person.objects.order_by("pk")[0]
    assert composed_only(named)(an.full_name) == [an]
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert composed_once(named)(an.full_name) == [an]
    assert _left_prepared("people_person") == before


def test_shapes_beyond_those_kept_leave_nothing_in_the_server(cast, today):
    @composed_once
    def numbered(numbers: tuple[int, ...]) -> QuerySet[Person]:
        return Person.objects.filter(pk__in=numbers)

    before = len(_left_prepared("people_person"))
    for length in range(1, 61):
        numbered(tuple(range(length)))
    assert len(_left_prepared("people_person")) - before == 50
