"""`script/server`: prepare everything, then keep web, worker and database running until told to stop."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
import types
from collections.abc import Iterator

from thidua.config import database

MANAGE = [sys.executable, str(database.ROOT / "manage.py")]
SHUTDOWN_SECONDS = 15


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class Stop(Exception):
    """One line for the operator; the exit code is 1."""


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - {"--no-demo", "--production"}
    if unknown:
        say(f"thidua: không rõ {', '.join(sorted(unknown))} (unknown option); xem script/server --help")
        return 2
    if "--production" in arguments:
        os.environ["THIDUA_PRODUCTION"] = "1"
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    signal.signal(signal.SIGTERM, _raise_interrupt)
    try:
        _check(host, port)
        with _database():
            _prepare(demo="--no-demo" not in arguments and "--production" not in arguments)
            _serve(host, int(port))
    except Stop as stop:
        say(f"thidua: {stop}")
        return 1
    except database.Unusable as unusable:
        say(f"thidua: {unusable}")
        return 1
    except KeyboardInterrupt:
        say("\nthidua: đã dừng (stopped)")
    return 0


def _raise_interrupt(_signal: int, _frame: types.FrameType | None) -> None:
    raise KeyboardInterrupt


def _check(host: str, port: str) -> None:
    if os.environ.get("THIDUA_PRODUCTION") == "1":
        missing = [v for v in ("DATABASE_URL", "THIDUA_SECRET_KEY", "THIDUA_HOSTS") if not os.environ.get(v)]
        if missing:
            raise Stop(f"--production cần {', '.join(missing)} (must be set)")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Stop(f"PORT={port} không phải số cổng 1–65535 (not a port number)")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            why = {
                errno.EADDRINUSE: "đang được dùng: hãy đặt PORT khác (in use: set another PORT)",
                errno.EACCES: "không được phép mở (permission denied)",
            }
            raise Stop(f"cổng {host}:{port} {why.get(error.errno or 0, error.strerror)}") from error


@contextlib.contextmanager
def _database() -> Iterator[None]:
    started = database.ensure_running()
    try:
        _reach()
        yield
    finally:
        if started:
            database.stop()


def _reach() -> None:
    """A database that cannot be reached is one line, not a traceback."""
    import psycopg
    from django.core.exceptions import ImproperlyConfigured

    try:
        entry = database.settings()
        psycopg.connect(
            dbname=entry["NAME"],
            user=entry["USER"] or None,
            password=entry["PASSWORD"] or None,
            host=entry["HOST"] or None,
            port=entry["PORT"] or None,
            connect_timeout=5,
        ).close()
    except ImproperlyConfigured as error:
        raise Stop(str(error)) from error
    except psycopg.OperationalError as error:
        raise Stop(f"không kết nối được cơ sở dữ liệu (database unreachable): {str(error).splitlines()[0]}") from error


def _manage(*arguments: str) -> None:
    ran = subprocess.run([*MANAGE, *arguments], check=False, cwd=database.ROOT)
    if ran.returncode:
        raise Stop(f"«{' '.join(arguments)}» không thành công: xem lỗi ở trên (failed: see above)")


def _prepare(*, demo: bool) -> None:
    say("Đang chuẩn bị dữ liệu (preparing) …")
    _manage("migrate", "--verbosity", "0")
    _manage("load_places")
    _manage("build_messages")
    _manage("collectstatic", "--noinput", "--verbosity", "0")
    if demo:
        _manage("demo_load")


def _children(host: str, port: int) -> list[subprocess.Popen[bytes]]:
    cores = os.cpu_count() or 2
    web = [
        *(sys.executable, "-m", "gunicorn", "thidua.config.wsgi"),
        *("--bind", f"{host}:{port}", "--worker-class", "gthread"),
        *("--workers", str(max(2, min(cores, 8))), "--threads", "4"),
        *("--timeout", "60", "--graceful-timeout", "10", "--keep-alive", "5"),
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--log-level", "warning"),
    ]
    worker = [*MANAGE, "procrastinate", "worker", "--concurrency", "2"]
    return [_start(web, {"THIDUA_POOL": "1"}), _start(worker, {})]


def _start(command: list[str], more: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=database.ROOT, env={**os.environ, **more}, start_new_session=True, preexec_fn=_die_with_parent
    )


def _die_with_parent() -> None:
    """Linux: a child is told to stop when this process is killed outright."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _serve(host: str, port: int) -> None:
    children = _children(host, port)
    try:
        _wait_until_answering(host, port, children)
        say(f"\n  Thi Đua: http://{'localhost' if host == '127.0.0.1' else host}:{port}/\n")
        _manage("demo_accounts")
        say("\n  Ctrl-C để dừng (to stop)")
        while True:
            for child in children:
                if child.poll() is not None:
                    raise Stop(f"một tiến trình đã dừng, mã {child.returncode} (a process ended)")
            time.sleep(1)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end(children)


def _wait_until_answering(host: str, port: int, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise Stop("máy chủ web hoặc tiến trình nền không khởi động được (did not start)")
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.2)
    raise Stop("máy chủ web không trả lời (does not answer)")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
