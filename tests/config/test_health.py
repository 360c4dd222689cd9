"""/health and /ready: what a proxy and a monitor ask."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from tests.cast import SYSTEM
from thidua.kernel import clock
from thidua.ledger import acts
from thidua.ledger.models import Unread
from thidua.sites.shell import health


@pytest.fixture
def worker(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def ask(client, path: str) -> tuple[int, dict]:
    answer = client.get(path, headers={"host": "10.1.2.3"})  # a balancer asks by number
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, json.loads(answer.content)


def test_health_asks_nothing_of_the_database(client):
    """Without the `db` mark a query would fail; a session cookie asks for none either."""
    client.cookies["sessionid"] = "x" * 32
    status, told = ask(client, "/health")
    assert (status, told["status"]) == (200, "ok")


def test_ready_when_all_is_well(client, worker):
    assert ask(client, "/ready") == (
        200,
        {
            "status": "ready",
            "checks": dict.fromkeys(["database", "migrations", "worker", "readers", "disk", "files"], "ok"),
        },
    )


def test_a_late_worker_degrades_and_only_a_strict_monitor_is_alarmed(client, worker):
    with clock.running_at(clock.running() + timedelta(minutes=2)):
        status, told = ask(client, "/ready")
        assert (status, told["status"], told["checks"]["worker"]) == (200, "degraded", "late")
        assert ask(client, "/ready?strict")[0] == 503


def test_a_reader_that_fails_degrades(client, worker, cast):
    act = acts.record("people.person.entered", cast.an, by=SYSTEM)
    Unread.objects.create(act=act, reader="probe", tries=1)
    status, told = ask(client, "/ready")
    assert (status, told["status"], told["checks"]["readers"]) == (200, "degraded", "failing")


def test_unready_without_a_database_and_no_word_about_it(client, worker, monkeypatch):
    def broken(*_args):
        raise OperationalError("connection to server at 10.9.8.7, user thidua failed")

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=broken))
    status, told = ask(client, "/ready")
    assert (status, told["checks"]["database"], told["checks"]["migrations"]) == (503, "unreachable", "unknown")
    assert "10.9.8.7" not in json.dumps(told)


def test_unready_until_migrated(client, worker, monkeypatch):
    monkeypatch.setattr(health, "_known", lambda: frozenset({("orgs", "9999_not_yet")}))
    status, told = ask(client, "/ready")
    assert (status, told["checks"]["migrations"]) == (503, "missing")


def test_unready_when_the_disk_is_full(client, worker, monkeypatch):
    monkeypatch.setattr(health, "DISK_LEAST", 10**18)
    assert ask(client, "/ready")[1]["checks"]["disk"] == "full"


def test_pages_go_on_while_no_file_can_be_stored(client, worker, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "_files", health.Beside(health._try_files))
    settings.MEDIA_ROOT = tmp_path / "a file"
    (tmp_path / "a file").write_text("where the folder should be")
    status, told = ask(client, "/ready")
    assert (status, told["status"], told["checks"]["files"]) == (200, "degraded", "unwritable")
    assert str(tmp_path) not in json.dumps(told)
    assert ask(client, "/ready?strict")[0] == 503


def test_files_have_a_disk_of_their_own(client, worker, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "_files", health.Beside(health._try_files))
    settings.MEDIA_ROOT = tmp_path / "mounted"
    assert ask(client, "/ready")[1]["checks"]["files"] == "ok"
    assert not list((tmp_path / "mounted").iterdir()), "nothing is left behind"
    monkeypatch.setattr(health, "_files", health.Beside(health._try_files))
    monkeypatch.setattr(health, "DISK_LEAST", 10**18)
    assert ask(client, "/ready")[1]["checks"]["files"] == "full"


def test_a_storage_that_hangs_keeps_no_probe_waiting(monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    answers, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        answers.wait(30)
        return "ok"

    how = health.Beside(hang)
    assert [how(), how()] == ["silent", "silent"]
    answers.set()
    monkeypatch.setattr(health, "PATIENCE", 30)
    assert (how(), how(), len(asked)) == ("ok", "ok", 1), "asked once for all of them"
