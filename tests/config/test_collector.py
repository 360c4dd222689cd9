"""No process searches again for cycles in what it was loaded with, a web process rarely in anything."""

import subprocess
import sys

PROGRAM = """
import gc
import django
from thidua.config import web
django.setup()
usual = gc.get_threshold()[0]
print(gc.get_freeze_count() > 5000, usual < 10_000)
web.post_worker_init(None)
print(gc.get_freeze_count() > 5000, gc.get_threshold()[0] > 10_000, gc.isenabled())
"""


def test_what_is_loaded_is_not_searched_again():
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["True"] * 5
