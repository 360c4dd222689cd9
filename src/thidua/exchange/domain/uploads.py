"""Take a file in; ask for it to be applied, undone or dropped. The work itself is the worker's."""

from __future__ import annotations

import hashlib
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.exchange.models import Upload, UploadedLine
from thidua.exchange.reading import guards
from thidua.exchange.workflow import WORKFLOW
from thidua.kernel import clock, text
from thidua.kernel.sheets.importers import Importer
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.workflow.engine import take

_TASK = "exchange.work"


def receive(importer: Importer, content: bytes, name: str, *, unit: Unit, by: Person) -> Upload:
    """Keep a file and have it checked. The same file sent twice is one upload.

    Raises Refused for what can be told from its first bytes (type, size, macros, password).
    """
    grants.may(by, Permission(importer.permission), unit).or_refuse(forbidden=True)
    kind = guards.kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        # Two clicks, two tabs: the officer's row makes the second wait and find the first.
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        open_ones = Upload.objects.filter(importer=importer.name, unit=unit, given_by=by, digest=digest)
        twin = open_ones.filter(state__in=("checking", "checked")).order_by("-pk").first()
        if twin:
            return twin
        upload = Upload(
            importer=importer.name,
            unit=unit,
            given_by=by,
            given_at=clock.now(),
            beat_at=Now(),
            name=_shown(name, kind),
            digest=digest,
        )
        upload.stored.save(f"exchange/{upload.code}.{kind}", ContentFile(content), save=False)
        upload.save(force_insert=True)
        acts.record("exchange.upload.given", upload, by=by, after={"importer": importer.name, "name": upload.name})
        transaction.on_commit(partial(send_to_worker, upload.pk))
    return upload


def _shown(name: str, kind: str) -> str:
    bare = text.tidy(name.replace("\\", "/").rpartition("/")[2])
    return "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*')[-150:] or f"tep.{kind}"


def apply(upload: Upload, *, by: Person) -> None:
    """Write the good lines, in the background, once: whoever asks second is told so."""
    with transaction.atomic():
        changes = {"applied_by": by, "applied_at": clock.now(), "beat_at": Now(), "fault": "", "done": 0}
        take(WORKFLOW, "apply", upload, by=by, changes=changes, noted={"new": upload.new, "changed": upload.changed})
        transaction.on_commit(partial(send_to_worker, upload.pk))


def undo(upload: Upload, *, by: Person) -> None:
    """Put everything back as it was before, if nothing depends on it by now."""
    if not UploadedLine.objects.filter(upload=upload).exists():
        raise Refused(_("Tệp này đã quá thời gian lưu nên không hoàn tác được: hãy tải lên tệp có giá trị đúng."))
    with transaction.atomic():
        take(WORKFLOW, "undo", upload, by=by, changes={"beat_at": Now(), "fault": "", "done": 0})
        transaction.on_commit(partial(send_to_worker, upload.pk))


def discard(upload: Upload, *, by: Person) -> None:
    """Drop a file that will not be applied; what it held is deleted at once."""
    with transaction.atomic():
        take(WORKFLOW, "discard", upload, by=by)
        empty(upload)


def empty(upload: Upload) -> None:
    """Delete the file and its lines; that it was there, and the counts, stay."""
    UploadedLine.objects.filter(upload=upload).delete()
    if upload.stored:
        stored, storage = str(upload.stored.name), upload.stored.storage
        Upload.objects.filter(pk=upload.pk).update(stored="")
        transaction.on_commit(lambda: storage.delete(stored))


def send_to_worker(pk: int) -> None:
    """One job at most waits for an upload; a lost one is found by `tasks.sweep`."""
    try:
        with transaction.atomic():
            app.configure_task(_TASK, queueing_lock=f"{_TASK}:{pk}").defer(pk=pk)
    except AlreadyEnqueued:
        return
