"""A process that is nice has the database's process stand back with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from thidua.kernel import priority

SESSION = """
import os, sys
from thidua.kernel import priority
priority.stand_back(int(sys.argv[1]))
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
connection.ensure_connection()
print(connection.connection.info.backend_pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("title", "client", "is_ours"),
    [
        ("postgres: thidua thidua 127.0.0.1(40312) idle", "(40312)", True),
        ("postgres: site: thidua thidua ::1(40312) SELECT", "(40312)", True),
        ("postgres: thidua thidua [local] idle", "[local]", True),
        ("postgres: thidua thidua 127.0.0.1(40313) idle", "(40312)", False),
        ("/usr/bin/editor notes(40312)", "(40312)", False),
    ],
)
def test_a_server_process_is_known_by_whom_it_serves(title, client, is_ours):
    assert priority.is_title_of(title, client) is is_ours


@pytest.mark.parametrize("steps", [0, 5])
def test_the_session_of_a_nice_process_is_nice(db, steps):
    backend = connection.connection.info.backend_pid
    if not Path(f"/proc/{backend}").exists():
        pytest.skip("the database is on another machine")
    command = [sys.executable, "-c", SESSION, str(steps), connection.settings_dict["NAME"]]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        pid = int(child.stdout.readline())
        if os.getuid() not in (0, Path(f"/proc/{pid}").stat().st_uid):
            pytest.skip("the database belongs to another account")
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == steps
        assert os.getpriority(os.PRIO_PROCESS, pid) == steps
        assert os.getpriority(os.PRIO_PROCESS, backend) == 0
        for leader in (child.pid, pid):
            if (session := Path(f"/proc/{leader}/autogroup")).exists():
                assert session.read_text().split()[-1] == str(steps)
        child.communicate("")
