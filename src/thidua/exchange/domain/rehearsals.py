"""What a file costs: check, apply, check again, undo, each with its time, statements and memory. For benches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from thidua.exchange.domain import uploads, work
from thidua.exchange.models import Upload
from thidua.kernel.sheets.importers import Importer
from thidua.orgs.models import Unit
from thidua.people.models import Person


@dataclass(frozen=True)
class Stage:
    """One piece of work. `seconds` by the clock on the wall, `own_seconds` of this process."""

    name: str
    seconds: float
    own_seconds: float
    statements: int
    megabytes: int  # the most this process has held so far
    counts: tuple[int, int, int, int]  # new, changed, same, bad


def rehearse(importer: Importer, content: bytes, *, unit: Unit, by: Person) -> list[Stage]:
    """Do all of it in this process; in the end everything is as it was, but for the ledger."""
    upload = uploads.receive(importer, content, "rehearsal", unit=unit, by=by)
    stages = [_stage("check", upload)]
    uploads.apply(_fresh(upload), by=by)
    stages.append(_stage("apply", upload))
    again = uploads.receive(importer, content, "rehearsal", unit=unit, by=by)
    stages.append(_stage("check again", again))
    uploads.undo(_fresh(upload), by=by)
    stages.append(_stage("undo", upload))
    return stages


def _stage(name: str, upload: Upload) -> Stage:
    with _counting() as statements:
        began, own = time.perf_counter(), time.process_time()
        work.run(upload.pk)
        seconds, own_seconds = time.perf_counter() - began, time.process_time() - own
    now = _fresh(upload)
    counts = (now.new, now.changed, now.same, now.bad)
    return Stage(name, seconds, own_seconds, statements[0], _megabytes(), counts)


def _fresh(upload: Upload) -> Upload:
    return Upload.objects.select_related("unit").get(pk=upload.pk)


@contextmanager
def _counting() -> Iterator[list[int]]:
    total = [0]

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        total[0] += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        yield total


def _megabytes() -> int:
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
