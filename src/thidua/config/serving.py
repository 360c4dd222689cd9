"""`script/server`: prepare everything, then keep web, worker and database running until told to stop."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping

from thidua.config import addresses, database, supervisor
from thidua.config.supervisor import MANAGE, Stop, say

_RENEWING = 0x7D5EA3  # the advisory lock of whoever brings the database up to date


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - {"--no-demo", "--production"}
    if unknown:
        say(f"thidua: không rõ {', '.join(sorted(unknown))} (unknown option); xem script/server --help")
        return 2
    if "--production" in arguments:
        os.environ["THIDUA_PRODUCTION"] = "1"
    production = os.environ.get("THIDUA_PRODUCTION") == "1"
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    signal.signal(signal.SIGTERM, supervisor.raise_interrupt)
    try:
        _check(host, port)
        with _database():
            _prepare(demo="--no-demo" not in arguments and not production)
            supervisor.Supervisor(host, int(port), renew=_renew, production=production).run()
    except Stop as stop:
        say(f"thidua: {stop}")
        return 1
    except database.Unusable as unusable:
        say(f"thidua: {unusable}")
        return 1
    except KeyboardInterrupt:
        say("\nthidua: đã dừng (stopped)")
    return 0


def lacking(environ: Mapping[str, str]) -> list[str]:
    """What a production server must be told.

    With the embedded database the machine is alone and keeps a secret of its own in the data
    directory; machines that share a database must share the secret too.
    """
    wanted = ["THIDUA_HOSTS"] + (["THIDUA_SECRET_KEY"] if environ.get("DATABASE_URL") else [])
    return [name for name in wanted if not environ.get(name)]


def _check(host: str, port: str) -> None:
    if os.environ.get("THIDUA_PRODUCTION") == "1":
        if missing := lacking(os.environ):
            raise Stop(f"--production cần {', '.join(missing)} (must be set)")
        if os.environ.get("THIDUA_DEBUG") == "1":
            raise Stop("--production: THIDUA_DEBUG=1 cho người lạ xem mã nguồn (shows strangers the code)")
        if "THIDUA_PROXIES" not in os.environ:
            say("thidua: THIDUA_PROXIES chưa đặt: mọi khách có chung địa chỉ của proxy (visitors share one address)")
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
        with psycopg.connect(**addresses.connection(), connect_timeout=5) as connection:
            _refuse_demonstration(connection)
    except ImproperlyConfigured as error:
        raise Stop(str(error)) from error
    except psycopg.OperationalError as error:
        raise Stop(f"không kết nối được cơ sở dữ liệu (database unreachable): {str(error).splitlines()[0]}") from error


def _refuse_demonstration(connection) -> None:  # type: ignore[no-untyped-def]
    """Everybody knows the passwords of the demonstration's accounts."""
    if os.environ.get("THIDUA_PRODUCTION") != "1":
        return
    row = connection.execute("SELECT to_regclass('kernel_installation') IS NOT NULL").fetchone()
    if row[0] and connection.execute("SELECT 1 FROM kernel_installation WHERE is_demonstration").fetchone():
        raise Stop(
            "cơ sở dữ liệu này chứa bản trình diễn: hãy đặt DATABASE_URL hoặc THIDUA_DATA khác "
            "(holds the demonstration: use another database)"
        )


def _manage(*arguments: str) -> None:
    # Not through a pooler: migrations need one connection to themselves (docs/operate/scaling.md).
    ran = subprocess.run([*MANAGE, *arguments], check=False, cwd=database.ROOT)
    if ran.returncode:
        raise Stop(f"«{' '.join(arguments)}» không thành công: xem lỗi ở trên (failed: see above)")


def _prepare(*, demo: bool) -> None:
    say("Đang chuẩn bị dữ liệu (preparing) …")
    _renew()
    if demo:
        _manage("demo_load")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Nodes that share a database and start at once change it one after the other; the second finds it done."""
    import psycopg

    with psycopg.connect(**addresses.connection()) as connection:
        # Held by the transaction, so that a pooler in between keeps it, and a node that dies lets go of it.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if not _locked(connection, "pg_try_advisory_xact_lock"):
            say("Một máy khác đang nâng cấp cơ sở dữ liệu, xin chờ (another node is migrating, waiting) …")
            _locked(connection, "pg_advisory_xact_lock")
        yield


def _locked(connection, how: str) -> bool:  # type: ignore[no-untyped-def]
    return bool(connection.execute(f"SELECT {how}({_RENEWING})").fetchone()[0])


def _renew() -> None:
    """What every start and every restart does before new processes take over."""
    with _alone():
        _manage("migrate", "--verbosity", "0")
        _manage("load_kinds")
        _manage("load_places")
    _manage("build_messages")
    _manage("collectstatic", "--noinput", "--verbosity", "0")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
