"""gunicorn's settings that are not on its command line."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from django.urls import get_resolver

from thidua.config import collector, logs

logconfig_dict = logs.settings(os.environ)
# A line for a worker that was killed or did not start; not one for each request: the proxy logs those.
loglevel = "warning"


def post_worker_init(_worker: Any) -> None:
    """gunicorn's hook: the application is loaded, the first request has not come."""
    # Django would read the addresses, and with them every page's module, when the first request is waiting.
    get_resolver().url_patterns  # noqa: B018
    collector.calm()
    _say_ready()


def _say_ready() -> None:
    """The supervisor lets the processes before us go once we are loaded; whoever starts later tells nobody."""
    if told := os.environ.get("THIDUA_READY"):
        with contextlib.suppress(OSError):
            os.write(int(told), b".")
