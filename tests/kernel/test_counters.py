"""Counted in the database, by every process of every machine alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from thidua.kernel import clock, counters
from thidua.kernel.models import Counter

HOUR = timedelta(hours=1)


def test_counts_and_begins_anew_after_its_time(db):
    assert [counters.count("a", HOUR), counters.count("a", HOUR), counters.count("b", HOUR)] == [1, 2, 1]
    with clock.running_at(clock.running() + HOUR):
        assert counters.count("a", HOUR) == 1


def test_the_table_does_not_tell_who(db):
    counters.count("network:10.0.0.7", HOUR)
    assert "10.0.0.7" not in Counter.objects.get().key


def test_what_has_ended_is_swept(db):
    counters.count("a", HOUR)
    assert counters.sweep() == 0
    with clock.running_at(clock.running() + 2 * HOUR):
        assert counters.sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_a_crowd_is_counted_to_the_last():
    def once(_n: int) -> int:
        try:
            return counters.count("crowd", HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(once, range(40))) == list(range(1, 41))
