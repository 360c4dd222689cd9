"""A page begins where it is, and a label counts no further than it says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.kernel import paging
from thidua.orgs.models import Unit
from thidua.people.models import Person


@pytest.mark.django_db
def test_pages_go_forth_and_back_over_all_rows_once(cast):
    order, cursor, seen, pages = ("-established_on", "sort_key", "id"), "", [], []
    while True:
        page = paging.page(Unit.objects.all(), order, cursor, 5)
        pages.append([u.pk for u in page.rows])
        seen += pages[-1]
        if not page.next:
            break
        cursor = page.next
    assert seen == list(Unit.objects.order_by(*order).values_list("pk", flat=True))
    back = paging.page(Unit.objects.all(), order, page.previous, 5)
    assert [u.pk for u in back.rows] == pages[-2]


@pytest.mark.django_db
def test_a_first_page_of_rows_read_already_is_the_same_page(cast):
    order = ("-established_on", "sort_key", "id")
    rows, many = Unit.objects.order_by(*order), Unit.objects.count()
    for size in (5, many - 1, many, many + 1):
        assert paging.first(list(rows[: size + 1]), order, size) == paging.page(Unit.objects.all(), order, "", size)
    assert paging.first([], order) == paging.page(Unit.objects.none(), order)


@pytest.mark.django_db
def test_a_later_page_says_where_the_index_begins(cast):
    first = paging.page(Unit.objects.all(), ("sort_key", "id"), "", 5)
    with CaptureQueriesContext(connection) as captured:
        paging.page(Unit.objects.all(), ("sort_key", "id"), first.next, 5)
    where = captured[0]["sql"].partition("WHERE")[2]
    assert where.lstrip(" (").startswith('"orgs_unit"."sort_key" >= ')


@pytest.mark.django_db
def test_a_label_counts_up_to_its_bound(cast):
    assert paging.bounded_count(Unit.objects.all(), 3) == "hơn 3"
    assert paging.bounded_count(Unit.objects.all()) == str(Unit.objects.count())


@pytest.mark.django_db
def test_near_keys_hold_every_page(cast):
    """Page by page through all, and back: the same rows whether all are asked for or those near the cursor."""
    everybody, order = Person.objects.all(), ("sort_key", "id")
    cursor, turned = "", 0
    for way in ("next", "previous"):
        while True:
            plain = paging.page(everybody, order, cursor, 3)
            near, how_many = paging.near(everybody, order, cursor, 3, 1000)
            assert paging.page(everybody.filter(pk__in=near), order, cursor, 3) == plain
            assert len(near) <= 10
            assert how_many == str(everybody.count())
            turned += 1
            if not getattr(plain, way):
                break
            cursor = getattr(plain, way)
    assert turned > 6


@pytest.mark.django_db
def test_near_keys_of_nothing_of_too_many_and_of_what_was_typed_by_hand(cast):
    everybody, order = Person.objects.all(), ("sort_key", "id")
    firsts = list(everybody.order_by(*order).values_list("pk", flat=True)[:5])
    for typed in ("typed by hand", paging._encode(["an", "no number"], "a"), paging._encode([None, None], "a")):
        assert paging.near(everybody, order, typed, 3, 1000)[0] == firsts
    assert paging.near(everybody.none(), order, "", 3, 1000) == ([], "0")
    keys, how_many = paging.near(everybody, order, "", 3, 2)
    assert (keys, how_many) == ([], "hơn 2")
