"""`/health` and `/ready`: for a proxy, a balancer, a monitor. They tell no names, versions or paths.

They answer before anything else looks at the request, so that a probe needs neither the right host
name nor a session, and a broken database cannot break the answer.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from procrastinate.contrib.django.models import ProcrastinateWorker

from thidua.kernel import clock
from thidua.ledger import readers

log = logging.getLogger(__name__)
STARTED = time.time()
# A worker says every ten seconds that it lives.
WORKER_LATE = timedelta(seconds=60)
DISK_LEAST = 200 * 1024 * 1024
# A mount or a bucket that does not answer must not keep a probe waiting, nor be asked by every probe.
ASK_EVERY, PATIENCE = 10.0, 2.0
# Without these nobody can be served. While the worker is late or a reader fails numbers wait; without files pages go on.
VITAL = ("database", "migrations", "disk")

Next = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health":
            answer = JsonResponse({"status": "ok", "since": STARTED})
        elif request.path_info == "/ready":
            answer = _ready(is_strict="strict" in request.GET)
        else:
            return self.get_response(request)
        answer["Cache-Control"] = "no-store"
        return answer


def _ready(*, is_strict: bool) -> JsonResponse:
    """503 when nobody can be served; with `?strict` also when something only runs late."""
    found = checks()
    faults = [name for name, state in found.items() if state != "ok"]
    unfit = [name for name in faults if is_strict or name in VITAL]
    status = "unready" if unfit else "degraded" if faults else "ready"
    return JsonResponse({"status": status, "checks": found}, status=503 if unfit else 200)


def checks() -> dict[str, str]:
    """Each part of the site and how it is, in one word."""
    found = {"database": "ok", "migrations": "unknown", "worker": "unknown", "readers": "unknown", "disk": _disk()}
    found["files"] = _files()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["migrations"] = _migrations()
        found["worker"] = _worker()
        found["readers"] = "failing" if readers.are_failing() else "ok"
    except DatabaseError as fault:
        log.warning("not ready: %s", str(fault).splitlines()[0] if str(fault) else type(fault).__name__)
        found["database"] = "unreachable"
    return found


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations() -> str:
    missing = _known() - set(MigrationRecorder(connection).applied_migrations())
    return "missing" if missing else "ok"


def _worker() -> str:
    seen = ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
    return "ok" if seen and clock.running() - seen < WORKER_LATE else "late"


def _disk() -> str:
    """The data directory, in which an embedded database lies too."""
    try:
        return "ok" if shutil.disk_usage(settings.DATA).free > DISK_LEAST else "full"
    except OSError:
        return "unreadable"


class Beside:
    """One word about something that may hang, asked beside the request and again after a while."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask, self._said, self._at = ask, "", float("-inf")
        self._asking, self._lock = threading.Thread(), threading.Lock()

    def __call__(self) -> str:
        with self._lock:
            if not self._asking.is_alive() and time.monotonic() - self._at > ASK_EVERY:
                self._asking = threading.Thread(target=self._note, daemon=True)
                self._asking.start()
            asking = self._asking
        if asking.is_alive():
            asking.join(PATIENCE)
        return "silent" if asking.is_alive() else self._said

    def _note(self) -> None:
        self._said, self._at = self._ask(), time.monotonic()


def _try_files() -> str:
    """Written to a directory; asked of a bucket, where a trial would leave versions behind."""
    try:
        if isinstance(default_storage, FileSystemStorage):
            folder = Path(default_storage.location)
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as trial:
                trial.write(b".")
            return "ok" if shutil.disk_usage(folder).free > DISK_LEAST else "full"
        storage: Any = default_storage
        storage.connection.meta.client.head_bucket(Bucket=storage.bucket_name)
    except Exception as fault:  # noqa: BLE001 - whatever a storage raises
        log.warning("no file can be stored: %s", str(fault).splitlines()[0] if str(fault) else type(fault).__name__)
        return "unwritable"
    return "ok"


_files = Beside(_try_files)
