"""Compare servers for the same pages: `DATABASE_URL=… .venv/bin/python script/benches/serving.py`.

Needs the demonstration in DATABASE_URL. Every server gets the same number of processes and the same
clients, in turns (each round asks every server), and is asked for pages that a signed-in officer opens
most. The clients run on the same machine and take their share of it. granian and uvicorn are measured
when they are installed. What came out is in docs/bench/serving.md.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.util
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = ["-m", "gunicorn", "thidua.config.wsgi", "--config", "python:thidua.config.web", "--keep-alive", "5"]


def servers(port: int, workers: int, only: str = "") -> dict[str, tuple[list[str], dict[str, str]]]:
    """Name -> (command, what is added to the environment)."""
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    granian = ["-m", "granian", "--interface", "wsgi", "thidua.config.wsgi:application", "--port", str(port)]
    uvicorn = ["-m", "uvicorn", "--factory", "django.core.asgi:get_asgi_application", "--port", str(port)]
    quiet = ["--log-level", "warning"]
    found = {
        "gunicorn sync": ([*GUNICORN, *bind], {"THIDUA_POOL": "1"}),
        "gunicorn gthread 4, pool": ([*GUNICORN, *bind, "--threads", "4"], {"THIDUA_POOL": "4"}),
        "gunicorn gthread 4, a connection a request": ([*GUNICORN, *bind, "--threads", "4"], {}),
        "gunicorn gthread 8, pool": ([*GUNICORN, *bind, "--threads", "8"], {"THIDUA_POOL": "8"}),
    }
    if importlib.util.find_spec("granian"):
        threads = ["--workers", str(workers), "--blocking-threads", "4", *quiet]
        found["granian wsgi 4, pool"] = ([*granian, *threads], {"THIDUA_POOL": "4"})
    if importlib.util.find_spec("uvicorn"):
        found["uvicorn asgi, pool"] = ([*uvicorn, "--workers", str(workers), *quiet], {"THIDUA_POOL": "4"})
    return {name: entry for name, entry in found.items() if only in name}


@dataclass
class Result:
    """Milliseconds of every answer, and what the server took of the machine."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    faults: int = 0
    memory_mb: float = 0.0
    cpu_seconds: float = 0.0

    def line(self) -> dict[str, float]:
        if len(self.times) < 2:
            return {"faults": self.faults}
        cut = statistics.quantiles(self.times, n=100)
        figures = {"rps": len(self.times) / self.seconds, "p50": cut[49], "p95": cut[94], "p99": cut[98]}
        # On a machine that has other things to do this is the figure to compare.
        figures["cpu_ms"] = self.cpu_seconds * 1000 / len(self.times)
        return {k: round(v, 1) for k, v in figures.items()} | {"faults": self.faults, "mb": round(self.memory_mb)}


def ask(port: int, path: str, cookie: str, seconds: float, clients: int, into: Result, *, plain: bool = False) -> None:
    """Clients that keep their connection, as a proxy does."""
    end = time.monotonic() + seconds

    def client() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sent = {"Host": "localhost", "Cookie": cookie} | ({} if plain else {"Accept-Encoding": "gzip"})
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
            into.times.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    into.seconds += time.monotonic() - started


def start(command: list[str], more: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{os.environ.get('PYTHONPATH', '')}", **more}
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, start_new_session=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise SystemExit(f"does not start: {' '.join(command)}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def peak(session: int) -> list[float]:
    """The most memory each process of a session ever had (MB), the largest first."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session:
                lines = (entry / "status").read_text().splitlines()
                found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
        except (OSError, ProcessLookupError):
            continue
    return sorted(found, reverse=True)


def cpu(session: int) -> float:
    """Seconds of processor the living processes of a session have used."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session:
                ticks += sum(map(int, (entry / "stat").read_text().rpartition(")")[2].split()[11:13]))
        except (OSError, ProcessLookupError):
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def pages() -> tuple[dict[str, str], str]:
    """The pages, and the cookie of an officer of the demonstration who may open them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thidua.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.test import Client
    from django.urls import reverse

    from thidua.people.models import Account
    from thidua.programmes.models import Programme
    from thidua.tallies.models import Entry

    account = Account.objects.get(login__iexact=os.environ.get("BENCH_ACCOUNT", "CAPTREN"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    units = [post.unit for post in account.person.posts.all()]
    busy = Entry.objects.values_list("programme_id", flat=True).distinct()
    for programme in Programme.objects.filter(pk__in=busy, is_open=True):
        found = {"progress": reverse("office:progress", args=[programme.code, units[0].code])}
        if client.get(found["progress"]).status_code == 200:
            found |= {"list": reverse("office:initiatives"), "library": reverse("portal:library")}
            return found, f"sessionid={client.cookies['sessionid'].value}"
    raise SystemExit("no page of progress this account may open")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="for each page in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="servers whose name has this")
    parser.add_argument("--out", type=Path)
    told = parser.parse_args()
    asked, cookie = pages()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    results = {(name, page): Result() for name in servers(port, told.workers, told.only) for page in asked}
    for _round in range(told.rounds):
        for name, (command, more) in servers(port, told.workers, told.only).items():
            process = start(command, more, port)
            for page, path in asked.items():
                ask(port, path, cookie, 1.0, told.clients, Result())  # templates and connections get warm
                before = cpu(process.pid)
                ask(port, path, cookie, told.seconds, told.clients, results[name, page])
                results[name, page].cpu_seconds += cpu(process.pid) - before
                results[name, page].memory_mb = max(results[name, page].memory_mb, peak(process.pid)[0])
            stop(process)
            for page in asked:
                sys.stderr.write(f"{name}, {page}: {results[name, page].line()}\n")
    lines = [{"server": name, "page": page, **result.line()} for (name, page), result in results.items()]
    for line in lines:
        print(" | ".join(str(value) for value in line.values()))
    if told.out:
        told.out.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
