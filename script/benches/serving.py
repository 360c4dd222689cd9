"""The same pages through different web servers, each with the same number of processes and the same visitors.

Each round asks every server in a new order: first one visitor by himself, who waits for nobody, then eight at once,
who keep every process at work. Beside the times stand the processor time of a request, in the web processes and in
the database where it runs on this machine: where the machine has other work that is the figure to compare.
The visitors run here too and take their share. granian and uvicorn are measured when they are installed.
"""

from __future__ import annotations

import http.client
import importlib.util
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse

from benches import framework, pages
from thidua.config import database

GUNICORN = ("-m", "gunicorn", "thidua.config.wsgi", "--config", "python:thidua.config.web", "--keep-alive", "5")
TICKS = os.sysconf("SC_CLK_TCK")
VISITORS, WARM_SECONDS = 8, 1.0
LEVEL = "province"


def run(rounds: int, seconds: float, workers: int, only: str, out: Path | None) -> None:
    framework.collect_static()
    port = database.free_port()
    with pages.clients() as clients:
        asked, cookie = _asked(clients)
        chosen = {name: entry for name, entry in _servers(port, workers).items() if only in name}
        results = {(name, page): Result() for name in chosen for page in asked}
        for turn in range(rounds):
            for name in random.Random(turn).sample(list(chosen), len(chosen)):
                with _serving(*chosen[name], port) as session:
                    for page, path in asked.items():
                        _measure(port, session, (path, cookie), seconds, results[name, page])
                print(f"round {turn + 1} of {rounds}: {name}", file=sys.stderr)
    lines = [{"server": name, "page": page, **found.line} for (name, page), found in results.items()]
    print(_table(lines))
    framework.report("serving", [], {"processes": workers, "visitors": VISITORS, "serving": lines}, out)


def _servers(port: int, workers: int) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Name -> (command, what is added to the environment)."""
    gunicorn = [*GUNICORN, "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    others = ["--port", str(port), "--workers", str(workers), "--log-level", "warning"]
    found = {
        "gunicorn sync, pool": (gunicorn, {"THIDUA_POOL": "1"}),
        "gunicorn gthread 4, pool": ([*gunicorn, "--threads", "4"], {"THIDUA_POOL": "4"}),
        "gunicorn gthread 4, a connection a request": ([*gunicorn, "--threads", "4"], {"THIDUA_POOL": "0"}),
        "gunicorn gthread 8, pool": ([*gunicorn, "--threads", "8"], {"THIDUA_POOL": "8"}),
    }
    if importlib.util.find_spec("granian"):
        granian = ["-m", "granian", "--interface", "wsgi", "thidua.config.wsgi:application", "--blocking-threads", "4"]
        found["granian wsgi 4, pool"] = ([*granian, *others], {"THIDUA_POOL": "4"})
    if importlib.util.find_spec("uvicorn"):
        uvicorn = ["-m", "uvicorn", "--factory", "django.core.asgi:get_asgi_application"]
        found["uvicorn asgi, pool"] = ([*uvicorn, *others], {"THIDUA_POOL": "4"})
    return found


def _asked(clients: dict[str, tuple[Any, Any]]) -> tuple[dict[str, str], str]:
    """Pages that are opened most, and the cookie of an officer who may open them."""
    client, post = clients.get(LEVEL) or next(iter(clients.values()))
    asked = {"list": reverse("office:initiatives"), "library": reverse("portal:library")}
    if programme := pages.programme_shown():
        asked = {"progress": reverse("office:progress", args=[programme.code, post.unit.code])} | asked
    for path in asked.values():
        if client.get(path).status_code != 200:
            raise SystemExit(f"{path}: not for {post}")
    return asked, f"sessionid={client.cookies['sessionid'].value}"


@dataclass
class Result:
    """Milliseconds of every answer, and what the server took of the machine."""

    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    seconds: float = 0.0  # of all visitors together
    web: float = 0.0  # processor seconds of those
    database: float = 0.0
    faults: int = 0
    memory_mb: float = 0.0

    @property
    def line(self) -> dict[str, float]:
        asked = max(1, len(self.together))
        return {
            "alone_p50": round(statistics.median(self.alone or [0]), 1),
            "alone_p95": round(framework.p95(self.alone or [0]), 1),
            "a_second": round(asked / max(self.seconds, 0.001), 1),
            "p50": round(statistics.median(self.together or [0]), 1),
            "p95": round(framework.p95(self.together or [0]), 1),
            "web_cpu_ms": round(self.web * 1000 / asked, 1),
            "database_cpu_ms": round(self.database * 1000 / asked, 1),
            "mb": round(self.memory_mb),
            "faults": self.faults,
        }


def _table(lines: Iterable[dict[str, Any]]) -> str:
    head = "server | page | alone p50 ms | p95 | 8 at once: a second | p50 ms | p95 | web CPU ms | database CPU ms | MB | faults"
    return "\n".join([head, *(" | ".join(str(value) for value in line.values()) for line in lines)])


def _measure(port: int, session: int, page: tuple[str, str], seconds: float, into: Result) -> None:
    _visit(port, page, WARM_SECONDS, VISITORS, Result(), [])  # templates, connections, statements
    _visit(port, page, seconds, 1, into, into.alone)
    before = _web_cpu(session), _database_cpu()
    started = time.monotonic()
    _visit(port, page, seconds, VISITORS, into, into.together)
    into.seconds += time.monotonic() - started
    into.web += _web_cpu(session) - before[0]
    into.database += _database_cpu() - before[1]
    into.memory_mb = max(into.memory_mb, *_peaks(session))


def _visit(port: int, page: tuple[str, str], seconds: float, visitors: int, into: Result, times: list[float]) -> None:
    """Visitors that keep their connection, as a proxy does, and ask again as soon as they are answered."""
    end, (path, cookie) = time.monotonic() + seconds, page

    def visitor() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sent = {"Host": "localhost", "Cookie": cookie, "Accept-Encoding": "gzip"}
        while time.monotonic() < end:
            started = time.perf_counter()
            try:
                link.request("GET", path, headers=sent)
                answer = link.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                into.faults += 1
                link.close()
                continue
            into.faults += answer.status != 200
            times.append((time.perf_counter() - started) * 1000)
        link.close()

    threads = [threading.Thread(target=visitor) for _ in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- the servers ---


@contextmanager
def _serving(command: list[str], more: dict[str, str], port: int) -> Iterator[int]:
    """A server of its own session; gives the session's number."""
    env = {**os.environ, "PYTHONPATH": str(database.ROOT / "src"), "THIDUA_SECOND_STEP_FOR": "", **more}
    process = subprocess.Popen([sys.executable, *command], cwd=database.ROOT, env=env, start_new_session=True)
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"does not start: {process.args!r}")


# --- what they take of the machine ---


def _stat(pid: int | str) -> list[str]:
    """/proc/<pid>/stat from the state on: parent at 1, session at 3, own times at 11 and 12, children's at 13 and 14."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ProcessLookupError):
        return []


def _running() -> dict[str, list[str]]:
    found = {entry.name: _stat(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return {pid: stat for pid, stat in found.items() if stat}


def _web_cpu(session: int) -> float:
    """Seconds of processor the processes of a session have used."""
    return sum(int(s[11]) + int(s[12]) for s in _running().values() if s[3] == str(session)) / TICKS


def _database_cpu() -> float:
    """The same of PostgreSQL, its ended connections too; nothing where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = _stat(cursor.fetchone()[0])
    running = _running()
    parent = running.get(stat[1], []) if stat else []
    if not parent or "postgres" not in Path(f"/proc/{stat[1]}/comm").read_text():
        return 0.0
    own = sum(int(s[11]) + int(s[12]) for s in running.values() if s[1] == stat[1])
    return (own + sum(map(int, parent[11:15]))) / TICKS


def _peaks(session: int) -> list[float]:
    """The most memory each process of a session ever had (MB)."""
    found = [0.0]
    for pid, stat in _running().items():
        if stat[3] == str(session):
            try:
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            except (OSError, ProcessLookupError):
                continue
            found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return found
