"""Every list page, asked among thousands of rows: a fixed number of queries, each served by an index.

The plan of every query a page sends is read with what its scans really touched. A page passes when there is
a way to answer without reading a large table from end to end and without sorting more rows than `ROWS`; the
few pages that add up what lies below a unit say how many rows they may read instead.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from tests.tables import crowds, plan_reading
from tests.tables.pages import NOBODY, PAGES
from thidua.kernel import clock, installation
from thidua.people.models import Account, Person

ROWS = 2000  # what one query may read or sort: far below a table, whatever the page
LARGE = 5000  # a table of this size must not be read from end to end
COUNTED = 10_001  # labels and searches count up to here, and say so (kernel/paging)
QUERIES = 18
# Pages that need more queries than QUERIES, and how many.
MORE_QUERIES = {
    "dossier": 20,
    "plan": 20,
    "session": 19,
    "todo": 24,  # one for each kind of work that may wait
    "targets": 27,
}
# What adds up everything below the unit asked about, or reads the whole of a window: rows it may read here.
# The crowd has 5,305 units and 30,000 people and initiatives. These do grow with the tree.
BELOW = 5_400
MORE_ROWS = {
    "unit": 3 * BELOW,  # members in the tree of another day
    "progress-compare": 3 * BELOW,
    "session": BELOW,  # the crowd puts every case into one session
}


@pytest.fixture
def clients(db) -> dict[int, Client]:
    crowds.fill()
    found = {NOBODY: Client()}
    for who in {who for _name, _url, who in PAGES if who}:
        person = Person.objects.get(pk=who)
        account = Account.objects.create(person=person, login=person.code, must_change_password=False)
        found[who] = Client()
        found[who].force_login(account)
    return found


def _allowed(name: str, table: dict[str, int], otherwise: int) -> int:
    page = name.partition(": ")[2].partition(" ")[0]
    return table.get(name, table.get(page, otherwise))


def test_lists_are_served_by_their_indexes(clients, monkeypatch):
    """One test for all pages: the crowd is written once."""
    large, faults, seen = plan_reading.large_tables(LARGE), [], set()
    assert len(large) > 20
    monkeypatch.setattr(installation, "REMEMBERED_FOR", 3600.0)  # a slow machine must not see another minute
    with clock.at(date(2022, 5, 20)):
        for name, url, who in PAGES:
            faults += _faults_of(name, clients[who], url, large, seen)
    assert not faults, "\n".join(faults)


def _faults_of(name: str, client: Client, url: str, large: set[str], seen: set[str]) -> list[str]:
    """`seen`: the frame asks the same on every page; once is enough to read."""
    usual = _allowed(name, MORE_ROWS, ROWS)
    status, asked = plan_reading.asked_by(client, url)
    found = [] if status == 200 else [f"{name}: answered {status}"]
    if len(asked) > _allowed(name, MORE_QUERIES, QUERIES):
        found.append(f"{name}: {len(asked)} queries")
    for sql in asked:
        rows = max(usual, 3 * BELOW) if "orgs_headcount" in sql else usual  # members below, whatever page comes first
        shape = f"{rows} {re.sub('[0-9]+', '#', sql)}"
        if shape in seen:
            continue
        seen.add(shape)
        stops = [int(stop) for stop in re.findall(r" LIMIT ([0-9]+)", sql)]  # what says where it stops may read so far
        bound = max([rows, *(stop + 10 for stop in stops if stop <= COUNTED)])
        question = plan_reading.explain(sql, large, bound)
        if question.read_whole or max(question.touched, question.sorted_rows) > bound:
            told = f"reads {question.touched}, sorts {question.sorted_rows}, whole {question.read_whole}"
            found.append(f"{name}: {told}: {sql[:120]} … {sql[sql.find(' FROM ') :][:700]}")
    return found
