"""Reads that may lag are named; nothing is written in them; one's own writes are waited for."""

from __future__ import annotations

import re

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from thidua.config import addresses
from thidua.kernel import replicas
from thidua.kernel.models import Installation
from thidua.sites.shell import lagging

MAY_LAG = {
    "portal:home",
    "portal:programmes",
    "portal:programme",
    "portal:library",
    "portal:library-suggest",
    "portal:library-export",
    "portal:initiative",
    "office:progress",
    "office:progress-rows",
    "office:progress-people",
    "office:progress-compare",
    "office:progress-board",
    "office:progress-paper",
    "office:progress-export",
}


def named(resolver: URLResolver, space: str = "") -> set[str]:
    found: set[str] = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found |= named(entry, entry.namespace or space)
        elif isinstance(entry, URLPattern) and getattr(entry.callback, "may_lag", False):
            found.add(f"{space}:{entry.name}")
    return found


def test_the_pages_that_may_lag_are_these():
    """Another page joins them on purpose, here and in docs/operate/scaling.md."""
    assert named(get_resolver()) == MAY_LAG


def test_a_write_inside_a_read_that_may_lag_is_refused_even_without_a_replica(db):
    with pytest.raises(replicas.WroteWhileReading, match="Installation"), replicas.reading():
        Installation.objects.update_or_create(id=1)
    assert not Installation.objects.exists()


def test_locking_rows_is_a_write(db):
    with pytest.raises(replicas.WroteWhileReading), replicas.reading():
        Installation.objects.select_for_update().first()


def test_who_is_signed_in_is_never_asked_of_a_copy():
    from django.contrib.sessions.models import Session

    from thidua.people.models import Account, Person

    router = replicas.Router()
    with replicas.reading("replica1"):
        assert router.db_for_read(Session) == router.db_for_read(Account) == "default"
        assert router.db_for_read(Person) == "replica1"
    assert router.db_for_read(Person) == "default"


def test_a_write_is_noted_for_the_cookie(db):
    with replicas.noting_writes() as seen:
        Installation.objects.exists()
    assert not seen["wrote"]
    with replicas.noting_writes() as seen:
        Installation.objects.update_or_create(id=1)
    assert seen["wrote"]


@pytest.fixture
def copy(settings) -> replicas.Copy:
    settings.REPLICAS, settings.REPLICA_LAG_SECONDS = ["replica1"], 30
    made = replicas.Copy("replica1")
    replicas._copies["replica1"] = made
    yield made
    replicas._copies.clear()


def standing(copy, monkeypatch, *, replayed: int, lag: float = 0.0, is_copy: bool = True) -> None:
    """The copy answers with this when it is asked."""

    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def execute(self, *_query):
            return None

        def fetchone(self):
            return is_copy, replayed, lag

    class Connection:
        cursor = Cursor

    monkeypatch.setattr(replicas, "connections", {"replica1": Connection()})
    copy.looked = float("-inf")


def test_a_copy_serves_those_whose_writes_it_has(copy, monkeypatch):
    standing(copy, monkeypatch, replayed=100)
    assert replicas.choose(100) == "replica1"
    assert replicas.choose(101) == "default"
    standing(copy, monkeypatch, replayed=101)
    assert replicas.choose(101) == "replica1"


def test_a_copy_that_lags_too_much_is_left_alone(copy, monkeypatch):
    standing(copy, monkeypatch, replayed=100, lag=31)
    assert replicas.choose() == "default"


def test_a_copy_that_was_promoted_is_no_copy(copy, monkeypatch):
    standing(copy, monkeypatch, replayed=100, is_copy=False)
    assert replicas.choose() == "default"


def test_a_copy_that_breaks_off_is_not_the_readers_trouble(copy, monkeypatch, rf):
    standing(copy, monkeypatch, replayed=100)
    read_from = []

    @lagging.may_lag
    def view(_request):
        read_from.append(replicas.alias())
        if replicas.alias() == "replica1":
            raise OperationalError("canceling statement due to conflict with recovery")
        return HttpResponse("ok")

    assert view(rf.get("/")).status_code == 200
    assert read_from == ["replica1", "default"]
    assert replicas.choose() == "default", "left alone for a while"


def test_a_form_never_reads_from_a_copy(copy, monkeypatch, rf):
    standing(copy, monkeypatch, replayed=100)

    @lagging.may_lag
    def view(_request):
        return HttpResponse(replicas.alias())

    assert view(rf.post("/")).content == b"default"
    assert view(rf.get("/")).content == b"replica1"


@pytest.mark.parametrize("told", ["", "xyz", "-1", "1" * 17, "0x10", "１"])
def test_a_cookie_that_is_no_position_counts_as_none(told, copy, rf, db):
    request = rf.get("/")
    request.COOKIES[lagging.COOKIE] = told
    lagging.OwnWritesMiddleware(lambda r: HttpResponse(str(r.own_writes)))(request)
    assert request.own_writes == 0


def test_after_a_write_the_browser_carries_the_position(copy, rf, db):
    def view(request):
        if "write" in request.GET:
            Installation.objects.update_or_create(id=1)
        return HttpResponse()

    middleware = lagging.OwnWritesMiddleware(view)
    assert lagging.COOKIE not in middleware(rf.get("/")).cookies
    before = replicas.position()
    assert int(middleware(rf.get("/?write")).cookies[lagging.COOKIE].value, 16) >= before
    assert lagging.COOKIE in middleware(rf.post("/")).cookies


def test_nothing_in_the_code_outlives_a_transaction_in_a_session():
    """What PgBouncer in transaction mode would lose, or hand to somebody else."""
    lost = re.compile(
        r"""pg_(?:try_)?advisory_lock|["']\s*(?:LISTEN|DECLARE|PREPARE|SET (?!LOCAL|TRANSACTION|CONSTRAINTS))\b"""
    )
    source = addresses.database.ROOT / "src"
    # It leaves its statements only where there is no pooler: tests/kernel/test_prepared.py.
    knows = source / "thidua" / "kernel" / "prepared.py"
    code = {path: path.read_text("utf-8") for path in source.rglob("*.py") if path != knows}
    assert [str(path) for path, text in code.items() if "execute(" in text and lost.search(text)] == []
