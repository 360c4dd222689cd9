"""Cases as functions, run interleaved with their references; a table and JSON as the result."""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection


@dataclass
class Case:
    """One thing to time. `run` gives how many it found; `group` is the line of the table it belongs to."""

    group: str
    name: str
    run: Callable[[], int]
    times: list[float] = field(default_factory=list)
    found: int = 0


@dataclass(frozen=True)
class Line:
    """The times of one group, in milliseconds."""

    group: str
    cases: int
    p50: float
    p95: float
    longest: float
    slowest: str


def measure(cases: Iterable[Case], *, rounds: int = 3, seed: int = 1) -> list[Case]:
    """Every case once to warm up, then all of them in a new order each round: references share the weather."""
    todo = list(cases)
    shuffled = random.Random(seed)
    for case in todo:
        case.found = case.run()
    for _round in range(rounds):
        shuffled.shuffle(todo)
        for case in todo:
            started = time.perf_counter()
            case.run()
            case.times.append((time.perf_counter() - started) * 1000)
    return todo


def summed(cases: Iterable[Case]) -> list[Line]:
    """One line a group, over every single run."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    lines = []
    for group, members in sorted(groups.items()):
        times = sorted(t for case in members for t in case.times)
        slowest = max(members, key=lambda c: max(c.times))
        lines.append(Line(group, len(members), statistics.median(times), p95(times), times[-1], slowest.name))
    return lines


def p95(times: Iterable[float]) -> float:
    """What 95 of 100 keep to."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def table(lines: Iterable[Line]) -> str:
    rows = [f"{'group':34} {'cases':>5} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}  slowest"]
    rows += [f"{n.group:34} {n.cases:5} {n.p50:8.1f} {n.p95:8.1f} {n.longest:8.1f}  {n.slowest[:60]}" for n in lines]
    return "\n".join(rows)


def collect_static() -> None:
    """Pages name static files by their hashes."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def machine() -> dict[str, Any]:
    """Where it ran: numbers without this say nothing."""
    cpu = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        cpu = next((n.partition(":")[2].strip() for n in lines if n.startswith("model name")), "")
    return {
        "cpu": cpu or platform.processor(),
        "cores": os.cpu_count(),
        "load": [round(n, 1) for n in os.getloadavg()],
        "python": platform.python_version(),
    }


def estimate(table: str) -> int:
    """Rows of a table: counted when they are few, the planner's number when they are many."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 100001) AS few")
        (few,) = cursor.fetchone()
        if few <= 100_000:
            return few
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone()[0]


def report(name: str, lines: Iterable[Line], extra: dict[str, Any], out: Path | None) -> None:
    """Print the table; keep everything as JSON."""
    shown = list(lines)
    if shown:
        print(table(shown))
    for key, value in extra.items():
        if not isinstance(value, list):  # a table of its own has been printed
            print(f"{key}: {value}")
    if out:
        out.mkdir(parents=True, exist_ok=True)
        content = {"bench": name, "machine": machine(), "lines": [asdict(n) for n in shown], **extra}
        (out / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str), "utf-8")
