"""Who stands back for whom at the processor: a process, and the database's process that works for it.

A worker that is nice would gain little: half of its work is done by a process of the database, which is as
important as those that answer pages. On Linux, moreover, every session of processes (each server process of
PostgreSQL is one) has a weight of its own, and niceness counts only inside it, unless the session is told, too.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

PROC = Path("/proc")


def stand_back(steps: int) -> None:
    """This process, and its session where it has begun one."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(steps)
        if os.getsid(0) == os.getpid():
            _tell_session(os.getpid(), steps)


def share(connection: psycopg.Connection) -> None:
    """The database's process behind a connection stands back as far as we do.

    Only where it is on this machine and may be told: an embedded server, or one of the same account. It may
    hold a lock somebody waits for, so it must go on getting its turn: ten steps leave it a tenth.
    """
    with contextlib.suppress(OSError, AttributeError):
        steps = os.getpriority(os.PRIO_PROCESS, 0)
        if steps > 0 and _works_for(connection):
            os.setpriority(os.PRIO_PROCESS, connection.info.backend_pid, steps)
            _tell_session(connection.info.backend_pid, steps)


def _works_for(connection: psycopg.Connection) -> bool:
    """Is the process of that number the one at the other end? PostgreSQL writes into its title whom it serves."""
    title = (PROC / str(connection.info.backend_pid) / "cmdline").read_bytes()
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as ours:
        local = ours.family == socket.AF_UNIX
        client = "[local]" if local else f"({ours.getsockname()[1]})"
    return is_title_of(title.decode("utf-8", "replace"), client)


def is_title_of(title: str, client: str) -> bool:
    """'postgres: user database 127.0.0.1(40312) idle', where 40312 is our end of the connection."""
    return title.startswith("postgres: ") and client in title


def _tell_session(leader: int, steps: int) -> None:
    (PROC / str(leader) / "autogroup").write_text(str(steps))
