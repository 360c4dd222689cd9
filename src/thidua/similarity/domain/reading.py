"""What similarity does with acts it reads from the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.ledger.models import Act
from thidua.similarity import queries
from thidua.similarity.domain import comparisons, readings, sketches
from thidua.similarity.models import Comparison, Sketch

PREFIXES = ("initiatives.initiative.",)
# What changes a text or brings it before the office.
TEXTUAL = ("submitted", "changed", "received", "attached", "detached", "withdrawn")
SKETCHED_AT_ONCE = 2000
OPEN = (State.SUBMITTED, State.RECEIVED, State.RETURNED)


def work(acts: list[Act]) -> None:
    """Renew sketches and the comparison of every dossier whose words changed; documents go to the worker."""
    touched = {a.subject_id for a in acts if a.kind.rpartition(".")[2] in TEXTUAL}
    found = Initiative.objects.filter(pk__in=touched).order_by("pk")
    sketches.forget(found.filter(state=State.WITHDRAWN))  # a whole list may have been taken back
    for pk in queries.with_unread_files(_renew(found.exclude(state=State.WITHDRAWN))):
        transaction.on_commit(partial(_ask_worker, pk))


def _renew(initiatives: Iterable[Initiative]) -> list[Initiative]:
    """Sketches of all, so that each is compared with the others too; gives those that are compared."""
    renewed = list(initiatives)
    sketches.renew_all(renewed)
    waiting = [initiative for initiative in renewed if initiative.state in OPEN]
    comparisons.renew_all(waiting)
    return waiting


def _ask_worker(initiative_id: int) -> None:
    # Named, not imported: tasks stand above the domain. The one that waits reads what came since, too.
    job = app.configure_task("similarity.read_files", queueing_lock=f"similarity.files.{initiative_id}")
    with contextlib.suppress(AlreadyEnqueued):
        job.defer(initiative_id=initiative_id)


def with_files(*initiatives: int) -> None:
    """The worker's part: read the documents, then compare again with their words."""
    found = list(Initiative.objects.filter(pk__in=initiatives).order_by("pk"))
    for initiative in found:
        readings.read_files(initiative)
    _renew(found)


def catch_up(most: int = 200) -> int:
    """Compare what waits for the office and never was: after a crash, an import or an upgrade."""
    behind = Initiative.objects.filter(state__in=OPEN, comparison__isnull=True).order_by("-pk")[:most]
    files = Comparison.objects.filter(waits_for_files=True).order_by("compared_at")[:most]
    pks = [*behind.values_list("pk", flat=True), *files.values_list("pk", flat=True)]
    for start in range(0, len(pks), comparisons.TOGETHER):
        with_files(*pks[start : start + comparisons.TOGETHER])
    return len(pks)


def compare_again() -> int:
    """What waits for the office, once what everybody writes is known anew; gives how many. For small libraries."""
    waiting = Initiative.objects.filter(state__in=OPEN).order_by("pk")
    return comparisons.renew_all(waiting.iterator(chunk_size=200))


def sketch_behind(below: int | None = None, most: int = SKETCHED_AT_ONCE) -> int | None:
    """Give sketches to the settled records that have none, the newest first; gives where to go on, None at the end.

    After an upgrade or a restored table. Looks at one stretch of numbers at a time, so that millions that
    have theirs cost little, and a stop loses one stretch.
    """
    library = Initiative.objects.filter(filed_on__isnull=False).exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    rest = library if below is None else library.filter(pk__lt=below)
    stretch = list(rest.order_by("-pk").values_list("pk", flat=True)[:most])
    if not stretch:
        return None
    missing = library.filter(pk__in=stretch).exclude(Exists(Sketch.objects.filter(initiative=OuterRef("pk"))))
    for initiative in missing.order_by("-pk"):
        readings.read_files(initiative)
        sketches.renew(initiative)
    return stretch[-1]
