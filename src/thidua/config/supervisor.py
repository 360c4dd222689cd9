"""The processes of one machine: web (gunicorn) and worker, kept running, renewed, ended.

SIGHUP renews both without dropping a request: the socket is ours, and the old web processes go on until the
new ones are loaded. SIGTERM lets requests and jobs finish. What the
supervisor does is written to `server.json` in the data directory, where `script/thidua restart`
looks for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import types
from collections.abc import Callable

from thidua.config import database, machine
from thidua.kernel import priority

MANAGE = [sys.executable, str(database.ROOT / "manage.py")]
STATE = "server.json"
DRAIN_SECONDS = 30  # a request in progress, an export of a large list, a batch of papers
START_SECONDS = 60
LOOK_EVERY = 0.5
BACKLOG = 2048  # connections that wait while every thread is at work
DATABASE_EVERY = 10.0
WORKER_NICE = 10
BESIDE = {"THIDUA_WORKER": "1"}  # web and worker know of each other
# A worker that fails at once is started again ever more slowly.
MOST_PATIENCE = 60.0

Child = subprocess.Popen[bytes]


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class Stop(Exception):
    """One line for the operator; the exit code is 1."""


def raise_interrupt(_signal: int, _frame: types.FrameType | None) -> None:
    """SIGTERM ends us the way Ctrl-C does."""
    raise KeyboardInterrupt


class Supervisor:
    def __init__(self, host: str, port: int, *, renew: Callable[[], None], production: bool) -> None:
        self.host, self.port, self.renew, self.production = host, port, renew, production
        embedded = not os.environ.get("DATABASE_URL")
        self.sizes = machine.sizes(machine.this(), with_database=embedded, environ=os.environ)
        self.state = database.data_dir() / STATE
        self.generation = 0
        self.asked = False
        self.leaving: list[Child] = []
        self.patience, self.not_before = 1.0, 0.0

    def run(self) -> None:
        signal.signal(signal.SIGTERM, raise_interrupt)
        signal.signal(signal.SIGHUP, self._ask)
        self.socket = _listening(self.host, self.port)
        self.web, ready = self._start_web()
        self.worker = self._start_worker()
        try:
            self._wait_until_ready(self.web, ready)
            self._tell("running")
            self._welcome()
            self._watch()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            _end([self.web, self.worker, *self.leaving])
            self.socket.close()
            self.state.unlink(missing_ok=True)

    def _ask(self, _signal: int, _frame: types.FrameType | None) -> None:
        self.asked = True

    def _welcome(self) -> None:
        say(f"\n  Thi Đua: http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}/\n")
        if not self.production:
            subprocess.run([*MANAGE, "demo_accounts"], check=False, cwd=database.ROOT)
        say(f"  {self.sizes.web} × {self.sizes.threads} web, {self.sizes.jobs} jobs")
        say("\n  Ctrl-C để dừng (to stop)")

    def _watch(self) -> None:
        looked = time.monotonic()
        while True:
            if self.asked:
                self.asked = False
                self._restart()
            if self.web.poll() is not None:
                raise Stop(f"máy chủ web đã dừng, mã {self.web.returncode} (the web server ended)")
            self._keep_worker()
            if time.monotonic() - looked > DATABASE_EVERY:
                looked = time.monotonic()
                self._keep_database()
            time.sleep(LOOK_EVERY)

    def _keep_worker(self) -> None:
        self.leaving = [child for child in self.leaving if child.poll() is None]
        if self.worker.poll() is None or time.monotonic() < self.not_before:
            return
        say(f"thidua: tiến trình nền đã dừng, mã {self.worker.returncode}; khởi động lại (worker started again)")
        self.patience = min(MOST_PATIENCE, self.patience * 2)
        self.not_before = time.monotonic() + self.patience
        self.worker = self._start_worker()

    def _keep_database(self) -> None:
        """An embedded server that was killed comes back; its clients connect again by themselves."""
        try:
            if database.ensure_running():
                say("thidua: PostgreSQL đã được khởi động lại (started again)")
        except database.Unusable as unusable:
            say(f"thidua: {unusable}")

    # --- renewing ---

    def _restart(self) -> None:
        """Migrate, then let new processes take over while the old ones finish what they have begun."""
        self._tell("restarting")
        try:
            self.renew()
            web, ready = self._start_web()
            try:
                self._wait_until_ready(web, ready)
            except Stop:
                _end([web])  # the old ones have never stopped answering
                raise
            self.leaving += [self.web, self.worker]
            for child in self.leaving:
                child.send_signal(signal.SIGTERM)
            self.web, self.worker = web, self._start_worker()
        except Stop as stop:
            say(f"thidua: {stop}")
            self._tell("failed", str(stop))
            return
        self.generation += 1
        self.patience = 1.0
        self._tell("running")
        say("thidua: đã khởi động lại (restarted)")

    def _tell(self, what: str, fault: str = "") -> None:
        told = {"pid": os.getpid(), "port": self.port, "generation": self.generation, "state": what, "fault": fault}
        with contextlib.suppress(OSError):
            database.write_privately(self.state, json.dumps(told))

    # --- processes ---

    def _start_web(self) -> tuple[Child, int]:
        """Web processes on our socket, and the end of a pipe that holds a byte for each that is loaded."""
        sizes = self.sizes
        drain = DRAIN_SECONDS if self.production else 10
        command = [
            *(sys.executable, "-m", "gunicorn", "thidua.config.wsgi"),
            *("--config", "python:thidua.config.web"),
            *("--bind", f"fd://{self.socket.fileno()}", "--worker-class", "gthread"),
            *("--workers", str(sizes.web), "--threads", str(sizes.threads)),
            *("--timeout", "60", "--graceful-timeout", str(drain), "--keep-alive", "5"),
            *("--max-requests", "5000", "--max-requests-jitter", "500"),
        ]
        ready, told = os.pipe()
        more = {"THIDUA_POOL": str(sizes.pool), "THIDUA_READY": str(told), **BESIDE}
        try:
            return _start(command, more, passed=(self.socket.fileno(), told)), ready
        finally:
            os.close(told)

    def _start_worker(self) -> Child:
        drain = str(DRAIN_SECONDS if self.production else 10)
        # What is done is forgotten: a job a filing would be millions of rows. What failed stays to be looked at.
        more = (
            "--concurrency",
            str(self.sizes.jobs),
            "--delete-jobs",
            "successful",
            "--shutdown-graceful-timeout",
            drain,
        )
        return _start(
            [*MANAGE, "procrastinate", "worker", *more], {"PROCRASTINATE_LOG_LEVEL": "warning", **BESIDE}, stand_back
        )

    def _wait_until_ready(self, web: Child, ready: int) -> None:
        """Until every web process is loaded."""
        deadline, loaded = time.monotonic() + START_SECONDS, 0
        try:
            while time.monotonic() < deadline:
                if select.select([ready], [], [], 0.1)[0]:
                    loaded += len(os.read(ready, 64))
                if web.poll() is not None:
                    raise Stop("máy chủ web không khởi động được: xem lỗi ở trên (the web server did not start)")
                if loaded >= self.sizes.web:
                    return
        finally:
            os.close(ready)
        raise Stop("máy chủ web không trả lời (does not answer)")


def _listening(host: str, port: int) -> socket.socket:
    """Held here, so that connections wait in line whichever web processes come and go."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Stop(f"{host}:{port}: {error.strerror}") from error


def _start(
    command: list[str], more: dict[str, str], begin: Callable[[], None] | None = None, passed: tuple[int, ...] = ()
) -> Child:
    """`begin` runs in the child before the command; files in `passed` stay open in it."""
    begin, environ = begin or _die_with_parent, {**os.environ, **more}
    return subprocess.Popen(
        command, cwd=database.ROOT, env=environ, start_new_session=True, preexec_fn=begin, pass_fds=passed
    )


def stand_back() -> None:
    """The worker, and what the database does for it, yields the processor to whoever waits for a page."""
    _die_with_parent()
    priority.stand_back(WORKER_NICE)


def _die_with_parent() -> None:
    """Linux: a child is told to stop when this process is killed outright."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _end(children: list[Child]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + DRAIN_SECONDS + 5
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
