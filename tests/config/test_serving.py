"""The server of one machine, really run: renewed under load, drained, and refused where unsafe."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.config.load import Load
from thidua.config import database, serving
from thidua.ledger import acts
from thidua.ledger.models import Unread
from thidua.orgs.models import Unit, UnitKind

DRIVER = """
import subprocess, sys
from thidua.config import supervisor
subprocess.run([*supervisor.MANAGE, "collectstatic", "--noinput", "--verbosity", "0"], check=True)
supervisor.Supervisor("127.0.0.1", int(sys.argv[1]), renew=lambda: None, production=True).run()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def address() -> str:
    """The test database, for another process."""
    entry = connection.settings_dict
    return f"postgres://{entry['USER']}:{entry['PASSWORD']}@{entry['HOST']}:{entry['PORT']}/{entry['NAME']}"


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("THIDUA_", "DATABASE_URL", "DJANGO_"))}
    own = {
        "PYTHONPATH": str(database.ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "thidua.config.settings",
        "DATABASE_URL": address(),
        "THIDUA_DATA": str(data),
        "THIDUA_PRODUCTION": "1",
        "THIDUA_SECRET_KEY": "only-for-this-test",
        "THIDUA_HOSTS": "localhost",
        "THIDUA_WEB_WORKERS": "2",
    }
    return {**kept, **own, **more}


@pytest.fixture
def server(transactional_db, tmp_path) -> Iterator[tuple[subprocess.Popen[str], int, dict[str, str]]]:
    port, env = free_port(), environment(tmp_path)
    log = (tmp_path / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(port)], env=env, cwd=database.ROOT, stderr=log, stdout=log, text=True
    )
    deadline = time.monotonic() + 90
    while not (tmp_path / "server.json").exists():
        assert process.poll() is None, (tmp_path / "server.log").read_text()
        assert time.monotonic() < deadline, (tmp_path / "server.log").read_text()
        time.sleep(0.1)
    yield process, port, env
    if process.poll() is None:
        process.terminate()
        process.wait(60)


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", path, headers={"Host": "localhost", **headers})
    answer = link.getresponse()
    answer.read()
    return answer


def since(port: int) -> float:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", "/health")
    return json.loads(link.getresponse().read())["since"]


def test_the_worker_reads_what_requests_leave_it_and_forgets_what_is_done(server):
    top = UnitKind.objects.create(code="top", name="Tổng Liên đoàn", rank=1)
    unit = Unit.objects.create(code="TLD", name="Tổng LĐLĐ", kind=top, established_on=date(1929, 7, 28), lft=1, rgt=2)
    with transaction.atomic(), override_settings(READERS_WAIT=True):
        acts.record("orgs.unit.move", unit, by=acts.System("test"))
    deadline = time.monotonic() + 60
    while Unread.objects.filter(reader="search").exists() or ProcrastinateJob.objects.filter(task_name="ledger.read"):
        assert time.monotonic() < deadline, [*ProcrastinateJob.objects.values()]
        time.sleep(0.1)


def test_a_restart_drops_no_request_and_a_stop_drains(server, tmp_path):
    process, port, env = server
    secure = ask(port, "/", **{"X-Forwarded-Proto": "https"})
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    assert "Secure" in secure.headers["Set-Cookie"]
    assert ask(port, "/", Host="elsewhere.example").status == 400

    before = since(port)
    with Load(port, ("/", "/health", "/robots.txt", "/suc-khoe/"), clients=8) as load:
        load.wait_for(40)
        restart = [sys.executable, "-m", "thidua.sites.cli", "restart"]
        ran = subprocess.run(
            restart, check=False, env=env, cwd=database.ROOT, capture_output=True, text=True, timeout=120
        )
        load.wait_for(40)
    assert ran.returncode == 0, ran.stderr
    assert set(load.seen) == {"200"}, load.seen
    assert since(port) > before, "new processes answer"

    # A request that has been sent when the server is told to stop still gets its answer.
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", "/", headers={"Host": "localhost"})
    link.getresponse().read()
    link.request("GET", "/", headers={"Host": "localhost"})
    process.send_signal(signal.SIGTERM)
    assert link.getresponse().status == 200
    process.wait(60)
    assert not (tmp_path / "server.json").exists()


def test_without_a_server_there_is_nothing_to_restart(tmp_path, db):
    restart = [sys.executable, "-m", "thidua.sites.cli", "restart"]
    ran = subprocess.run(
        restart, check=False, env=environment(tmp_path), cwd=database.ROOT, capture_output=True, text=True
    )
    assert (ran.returncode, "no server runs" in ran.stderr) == (1, True)


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, ["THIDUA_HOSTS"]),
        ({"THIDUA_HOSTS": "thidua.example.vn"}, []),
        ({"DATABASE_URL": "postgres://x/y", "THIDUA_HOSTS": "a"}, ["THIDUA_SECRET_KEY"]),
    ],
)
def test_production_says_what_it_must_be_told(environ, missing):
    assert serving.lacking(environ) == missing


def test_production_refuses_a_database_with_the_demonstration(transactional_db, tmp_path):
    from thidua.kernel import installation

    installation.set_demonstration(is_demonstration=True, clock_on=None)
    run = [sys.executable, "-m", "thidua.config.serving", "--production"]
    env = environment(tmp_path, PORT=str(free_port()))
    ran = subprocess.run(run, check=False, env=env, cwd=database.ROOT, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, "holds the demonstration" in ran.stderr) == (1, True), ran.stderr


def test_nodes_that_start_at_once_migrate_one_after_the_other(transactional_db, tmp_path, monkeypatch):
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    told, order = threading.Event(), []
    monkeypatch.setattr(serving, "say", lambda _words: told.set())

    def other_node() -> None:
        with serving._alone():
            order.append("second")

    second = threading.Thread(target=other_node)
    with serving._alone():
        second.start()
        assert told.wait(60)  # it says that it waits
        order.append("first")
    second.join(60)
    assert order == ["first", "second"]
