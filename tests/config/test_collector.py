"""A web process searches for cycles of objects rarely, and never again what it was loaded with."""

import subprocess
import sys

PROGRAM = """
import gc
import django
from thidua.config import web
django.setup()
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
    assert found.stdout.split() == ["True", "True", "True"]
