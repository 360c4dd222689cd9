"""How much of everything this machine should run: pure functions of its cores and memory.

Measured in docs/bench/serving.md; every number can be overruled (docs/operate/install.md).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024
# What one process may take at most (docs/bench/serving.md measures less).
WEB_MB = 250
WORKER_MB = 250
SYSTEM_MB = 300
THREADS = 4
MOST_WEB = 16
RESERVED_CONNECTIONS = 20  # commands, backups, replicas, an operator looking in
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Machine:
    cores: int
    memory_mb: int


@dataclass(frozen=True)
class Sizes:
    """How many processes and threads; `pool` is the most connections one web process opens."""

    web: int
    threads: int
    pool: int
    jobs: int

    @property
    def connections(self) -> int:
        """What a PostgreSQL must allow for one machine of this size."""
        return self.web * self.pool + 2 * (self.jobs + 2) + RESERVED_CONNECTIONS


def this(cgroup: Path = CGROUP) -> Machine:
    """The cores and memory this process may use: a container's limits, not its host's."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MB
    quota = _limit(cgroup / "cpu.max")
    allowed = _limit(cgroup / "memory.max")
    if len(quota) == 2:
        cores = min(cores, max(1, quota[0] // quota[1]))
    if allowed:
        memory = min(memory, allowed[0] // MB)
    return Machine(cores, memory)


def _limit(path: Path) -> list[int]:
    """The numbers in a control file; none when there is no file or no limit."""
    try:
        words = path.read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
    return [int(word) for word in words] if all(word.isdigit() for word in words) else []


def sizes(machine: Machine, *, with_database: bool, environ: Mapping[str, str] | None = None) -> Sizes:
    """A web process for each core, fewer when memory does not allow it, never less than two.

    Two, because a process that is renewed (or busy with one long page) must not stop the others.
    """
    given = environ or {}
    free = machine.memory_mb - SYSTEM_MB - WORKER_MB
    if with_database:
        free -= shared_buffers_mb(machine) + SYSTEM_MB
    web = _given(given, "THIDUA_WEB_WORKERS") or max(2, min(machine.cores, MOST_WEB, free // WEB_MB))
    threads = _given(given, "THIDUA_WEB_THREADS") or THREADS
    jobs = _given(given, "THIDUA_JOBS") or max(2, min(8, machine.cores // 2))
    return Sizes(web=web, threads=threads, pool=threads, jobs=jobs)


def _given(environ: Mapping[str, str], name: str) -> int:
    from django.core.exceptions import ImproperlyConfigured

    text = environ.get(name, "")
    if text and not (text.isdigit() and 0 < int(text) <= 128):
        raise ImproperlyConfigured(f"{name}={text}: 1–128")
    return int(text or 0)


def shared_buffers_mb(machine: Machine) -> int:
    """A quarter of the memory, as PostgreSQL's manual says, between 128 MB and 8 GB."""
    return max(128, min(8192, machine.memory_mb // 4))


def postgresql(machine: Machine) -> dict[str, str]:
    """The settings of an embedded server that shares the machine with the web processes."""
    connections = max(100, sizes(machine, with_database=True).connections)
    buffers = shared_buffers_mb(machine)
    # Sorting may use it several times over in each connection that is busy at the same moment.
    work = (machine.memory_mb - buffers) // 4 // 32
    parallel = 0 if machine.cores <= 2 else min(4, machine.cores // 2)
    return {
        "max_connections": str(connections),
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(256, machine.memory_mb // 2)}MB",
        "work_mem": f"{max(4, min(64, work))}MB",
        "maintenance_work_mem": f"{max(64, min(1024, machine.memory_mb // 16))}MB",
        "max_parallel_workers_per_gather": str(parallel),
        "random_page_cost": "1.1",  # every disk one buys today
        "jit": "off",  # compiling costs more than our short queries take
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
    }
