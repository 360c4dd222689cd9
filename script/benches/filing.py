"""Filing by 1, 8 and 50 authors at once through a web server and a worker of our own, while sums are folded.

Both are started as the supervisor starts them: with a session each, the worker standing back.

What is timed is the whole request that sends a written draft: sign-in check, procedure, ledger, notices,
verdicts, commit, answer. The worker beside it reads for search and likeness. Afterwards, with as many
connections, the bare insert of one row of the same width.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from benches import framework
from thidua.config import machine, supervisor
from thidua.demo.scale import texts
from thidua.initiatives.domain import dossiers
from thidua.ledger import readers
from thidua.ledger.models import Unread
from thidua.people.models import Account, Person
from thidua.tallies import queries as tally_queries
from thidua.tallies.domain import sums

# How many authors, and how many filings a second they keep to together; None: the next as soon as one is answered.
AUTHORS = ((1, None), (8, None), (50, None), (50, 60))
STEADY = 4  # times as long where they keep to a pace
SECRET = "b" * 32
WORKER = ("--delete-jobs", "successful", "--shutdown-graceful-timeout", "10")
ROW = "Cải tiến thao tác để bớt thời gian chờ và bớt vật tư bỏ đi ở công đoạn sau. " * 12
MOST_TEXTS = 8000
MOST_A_SECOND = 120  # drafts are written beforehand


def run(seconds: int, out: Path | None) -> None:
    people = _people(max(authors for authors, _pace in AUTHORS))
    rows: list[dict[str, Any]] = []
    made = texts.written(MOST_TEXTS, seed=int(time.time()))
    with _accounts(people) as cookies, _server() as port, _folding() as folds:
        for authors, pace in AUTHORS:
            lasting = STEADY * seconds if pace else seconds
            most = max(10, (pace or MOST_A_SECOND) * lasting // authors + 1)
            drafts = [_drafts(person, made, most) for person in people[:authors]]
            filed = _together(_senders(port, cookies, drafts), lasting, pace)
            filed["unread"] = _unread()
            bare = _together(_inserters(authors), seconds)
            beside = {"bare": bare["a_second"], "bare_p95": bare["p95"]}
            rows.append({"authors": authors, "pace": pace, **filed, **beside})
    print(_table(rows))
    begun, left = time.monotonic(), readers.drain_all()
    read_in = time.monotonic() - begun
    sums.fold()
    started = time.monotonic()
    faults = [fault for programme in tally_queries.counting() for fault in sums.faults(programme)]
    extra = {
        "filing": rows,
        "slowest fold, ms": round(max(folds, default=0)),
        "acts left to be read": left,
        "reading them, seconds": round(read_in),
        "sums that differ from a recount of everything": len(faults),
        "recounting, seconds": round(time.monotonic() - started),
    }
    framework.report("filing", [], extra, out)


def _unread() -> dict[str, int]:
    """What the worker has not read yet, by reader."""
    rows = Unread.objects.order_by().values("reader").annotate(acts=Count("pk"))
    return {row["reader"]: row["acts"] for row in rows}


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{'authors':>8} {'asked/s':>8} {'filed/s':>8} {'p50 ms':>8} {'p95 ms':>8} {'refused':>8} {'bare/s':>8} {'bare p95':>9}"
    ]
    lines += [
        f"{r['authors']:8} {r['pace'] or 'all':>8} {r['a_second']:8.1f} {r['p50']:8.1f} {r['p95']:8.1f} {r['refused']:8} {r['bare']:8.0f}"
        f" {r['bare_p95']:9.1f}  unread: {r['unread']}" + ("" if r["p95"] <= 80 else "  MISSED 80")
        for r in rows
    ]
    return "\n".join(lines)


def _people(how_many: int) -> list[Person]:
    found = Person.objects.filter(left_on__isnull=True, merged_into__isnull=True, account__isnull=True)
    return list(found.filter(unit__kind__is_grassroots=True).select_related("unit__kind").order_by("-pk")[:how_many])


@contextmanager
def _accounts(people: list[Person]) -> Iterator[dict[int, str]]:
    """Sessions of people who get an account for this."""
    made, cookies = [], {}
    try:
        for person in people:
            account = Account.objects.create(
                person=person, login=f"bench-{person.pk}", password=make_password(None), must_change_password=False
            )
            made.append(account.pk)
            client = Client()
            client.force_login(account)
            cookies[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield cookies
    finally:
        Account.objects.filter(pk__in=made).delete()


def _drafts(person: Person, made: Iterator[texts.Text], how_many: int) -> list[str]:
    return [
        dossiers.start(
            person, person.unit, by=person, title=text.title, kind=text.kind, field=text.field,
            problem_before=text.problem, solution=text.solution, effect=text.effect,
        ).code
        for text in islice(made, how_many)
    ]  # fmt: skip


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    beside = {**os.environ, "THIDUA_POOL": "4", "THIDUA_WORKER": "1"}
    web = [
        *(sys.executable, "-m", "gunicorn", "thidua.config.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--config", "python:thidua.config.web", "--log-level", "error", "--keep-alive", "30"),
    ]
    jobs = str(machine.sizes(machine.this(), with_database=True).jobs)
    process = subprocess.Popen(web, env=beside, start_new_session=True)
    worker = subprocess.Popen(
        [*supervisor.MANAGE, "procrastinate", "worker", "--concurrency", jobs, *WORKER],
        env={**beside, "PROCRASTINATE_LOG_LEVEL": "warning"},
        start_new_session=True,
        preexec_fn=supervisor.stand_back,  # noqa: PLW1509 - no thread of ours runs yet
    )
    try:
        for _attempt in range(200):
            try:
                _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "GET", "/suc-khoe/")
                break
            except OSError:
                time.sleep(0.1)
        yield port
        print(f"peak memory of the web processes, MB: {_peaks(process.pid)}")
    finally:
        for child in (process, worker):
            child.terminate()
        for child in (process, worker):
            child.wait(60)


def _peaks(pid: int) -> list[int]:
    """What each worker of a server has needed at most; empty where /proc is not to be had."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = []
    for child in children.read_text().split() if children.exists() else []:
        lines = Path(f"/proc/{child}/status").read_text().splitlines()
        found += [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")]
    return found


def _ask(server: http.client.HTTPConnection, method: str, path: str, **more: Any) -> int:
    server.request(method, path, **more)
    answer = server.getresponse()
    answer.read()
    return answer.status


@contextmanager
def _folding() -> Iterator[list[float]]:
    """What the worker does every minute, here every second."""
    stop, took = threading.Event(), []

    def work() -> None:
        while not stop.wait(1):
            started = time.perf_counter()
            sums.fold()
            took.append((time.perf_counter() - started) * 1000)
        connection.close()

    folder = threading.Thread(target=work)
    folder.start()
    try:
        yield took
    finally:
        stop.set()
        folder.join()


Sender = Callable[[], Callable[[], bool | None]]


def _senders(port: int, cookies: dict[int, str], drafts: list[list[str]]) -> list[Sender]:
    """One author each: sends the next draft; None when there is none left."""

    def author(cookie: str, waiting: list[str]) -> Sender:
        def begin() -> Callable[[], bool | None]:
            server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {
                "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={SECRET}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": f"127.0.0.1:{port}",
            }
            body = f"step=submit&csrfmiddlewaretoken={SECRET}"

            def send() -> bool | None:
                if not waiting:
                    return None
                path = reverse("member:step", args=[waiting.pop()])
                return _ask(server, "POST", path, body=body, headers=headers) == 302

            return send

        return begin

    return [author(cookie, waiting) for cookie, waiting in zip(cookies.values(), drafts, strict=False)]


def _inserters(how_many: int) -> list[Sender]:
    """A row of an initiative's width with one index, committed: what the disk and the network allow."""
    given = connection.get_connection_params()
    given = {k: v for k, v in given.items() if k in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**given, autocommit=True) as once:
        once.execute("CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, content text)")

    def begin() -> Callable[[], bool | None]:
        own = psycopg.connect(**given, autocommit=True)

        def insert() -> bool | None:
            own.execute("INSERT INTO bench_bare (content) VALUES (%s)", [ROW])
            return True

        return insert

    return [begin] * how_many


def _together(senders: list[Sender], seconds: int, pace: int | None = None) -> dict[str, Any]:
    """At a pace each waits for its turn, and is timed from it: who comes late has waited."""
    times: list[float] = []
    refused = [0]
    apart = len(senders) / pace if pace else 0.0
    begun = time.monotonic()

    def work(begin: Sender, number: int) -> None:
        send = begin()
        due = begun + apart * number / len(senders)
        while time.monotonic() < begun + seconds:
            time.sleep(max(0.0, due - time.monotonic()) if pace else 0)
            started = due if pace else time.monotonic()
            done = send()
            if done is None:
                return
            times.append((time.monotonic() - started) * 1000)
            refused[0] += not done
            due += apart

    threads = [threading.Thread(target=work, args=[begin, number]) for number, begin in enumerate(senders)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - started
    ordered = sorted(times) or [0.0]
    return {
        "a_second": len(times) / took,
        "p50": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
        "refused": refused[0],
    }
