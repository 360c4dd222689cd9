"""Sets of slots in rows: whatever is added and taken away, in whatever order, reading gives just that."""

import threading
from collections import defaultdict

import pytest
from django.db import connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pyroaring import BitMap

from thidua.search.domain import postings
from thidua.search.models import Posting
from thidua.search.queries import index

TERMS = ("w:a", "w:b", "p:1")


@pytest.fixture
def short(monkeypatch):
    """Rows so short that every limit is met."""
    monkeypatch.setattr(postings, "FRESH", 24)
    monkeypatch.setattr(postings, "LONG", 150)
    monkeypatch.setattr(postings, "CONTAINER", 8)
    monkeypatch.setattr(postings, "SCATTERED", 2)


def rows_of(term):
    return [(first, set(BitMap.deserialize(bytes(s)))) for first, s in rows(term)]


def rows(term):
    return Posting.objects.filter(term=term).order_by("first").values_list("first", "slots")


class Rows(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 30),  # new slots
                st.lists(st.tuples(st.sampled_from(TERMS), st.integers(0, 200), st.booleans()), max_size=20),
                st.booleans(),  # rows are joined afterwards
            ),
            max_size=8,
        )
    )
    @example([(1, [], False), (1, [("p:1", 1, True)], False)])  # an old slot and a new one in a term's first row
    def test_any_history_reads_as_sets_would(self, steps):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {"FRESH": 24, "LONG": 150, "CONTAINER": 8, "SCATTERED": 2}.items():
                patch.setattr(postings, name, value)
            Posting.objects.all().delete()
            kept: dict[str, set[int]] = defaultdict(set)
            since = 1
            for new, old, is_joined in steps:
                changes = postings.Changes(since)
                for slot in range(since, since + new):
                    changes.gain(TERMS[: 1 + slot % 3], slot)
                    for term in TERMS[: 1 + slot % 3]:
                        kept[term].add(slot)
                for (term, slot), gains in {(t, s): g for t, s, g in old if 0 < s < since}.items():
                    (changes.gain if gains else changes.lose)([term], slot)
                    (kept[term].add if gains else kept[term].discard)(slot)
                since += new
                postings.write(changes)
                if is_joined:
                    postings.join()
                assert {t: set(index.read(TERMS)[t]) for t in TERMS} == {t: kept[t] for t in TERMS}
                for term in TERMS:
                    self.in_order(term)

    def in_order(self, term):
        """Each row holds what lies between its beginning and that of the next."""
        found = rows_of(term)
        for (first, slots), (following, _s) in zip(found, [*found[1:], (1 << 31, set())], strict=False):
            assert all(first <= slot < following for slot in slots)


@pytest.mark.django_db
def test_a_common_term_is_joined_into_long_rows_and_a_rare_one_left_alone(short):
    for start in range(1, 400, 10):
        changes = postings.Changes(start)
        for slot in range(start, start + 10, 3):  # neighbours would be one run, however many
            changes.gain(["w:often"], slot)
        postings.write(changes)
    changes = postings.Changes(500)
    changes.gain(["w:rare"], 500)
    postings.write(changes)
    before = len(rows_of("w:often"))
    assert postings.join() == 1
    assert len(rows_of("w:often")) < before
    assert set(index.read(["w:often"])["w:often"]) == {
        slot for start in range(1, 400, 10) for slot in range(start, start + 10, 3)
    }
    assert set(index.read(["w:rare"])["w:rare"]) == {500}


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_lose_nothing():
    """The second waits until the first has committed, and then reads what that wrote."""
    started, errors = threading.Barrier(2), []

    def work(offset):
        try:
            started.wait()
            for slot in range(offset, offset + 40, 2):
                with transaction.atomic():
                    postings.lock()
                    changes = postings.Changes(1 << 30)
                    changes.gain(["w:both"], slot)
                    postings.write(changes)
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(offset,)) for offset in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert set(index.read(["w:both"])["w:both"]) == set(range(40))


@pytest.mark.django_db
def test_what_is_kept_in_the_process_is_read_anew_once_it_changed(django_assert_num_queries):
    def change(kind, term, slot):
        changes = postings.Changes(1 << 30)
        getattr(changes, kind)([term], slot)
        postings.write(changes)

    def kept():
        return {term: set(slots) for term, slots in index.read_often(["k:a", "k:b"]).items() if slots}

    change("gain", "k:a", 5)
    assert kept() == {"k:a": {5}}
    with django_assert_num_queries(1):  # the versions, nothing else
        assert kept() == {"k:a": {5}}
    change("gain", "k:a", 6)
    change("gain", "k:b", 7)
    assert kept() == {"k:a": {5, 6}, "k:b": {7}}
    change("lose", "k:a", 5)
    assert kept() == {"k:a": {6}, "k:b": {7}}
    Posting.objects.all().delete()
    assert kept() == {}
