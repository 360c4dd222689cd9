"""Records in the form of their template: at once when they are few, in the background when many."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.exchange import makers, rules
from thidua.exchange.choices import FileState
from thidua.exchange.domain import outgoing
from thidua.exchange.models import OutgoingFile
from thidua.kernel import clock
from thidua.kernel.sheets.importers import Importer
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.notify import outbox
from thidua.orgs.models import Unit
from thidua.people.models import Person

log = logging.getLogger(__name__)
AT_ONCE = 3_000
_TASK = "exchange.make"


def is_big(importer: Importer, unit: Unit) -> bool:
    return importer.size(unit) > AT_ONCE


def write(importer: Importer, unit: Unit, target: Any, *, by: Person) -> int:
    """The file with what lies within the person's rights; that it was taken is on record."""
    grants.may(by, Permission(importer.permission), unit).or_refuse(forbidden=True)
    rows = outgoing.write_template(target, importer, importer.rows(unit, rules.scope_of(by, importer)))
    with transaction.atomic():
        acts.record("exchange.file.taken", unit, by=by, unit_id=unit.pk, after={"what": importer.name, "rows": rows})
    return rows


def ask(importer: Importer, unit: Unit, *, by: Person) -> OutgoingFile:
    """Have a big file made; the one that is being made already is not made twice."""
    grants.may(by, Permission(importer.permission), unit).or_refuse(forbidden=True)
    return ask_for(importer.name, f"{importer.file_name}-{unit.code}.xlsx", unit, by=by)


def ask_for(what: str, name: str, unit: Unit, *, by: Person, given: dict[str, Any] | None = None) -> OutgoingFile:
    """Have the importer or maker registered as `what` write a file for somebody whose right was checked."""
    wanted = {"importer": what, "unit": unit, "asked_by": by, "given": given or {}}
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        made = OutgoingFile.objects.filter(**wanted, state=FileState.MAKING).first()
        if made is None:
            made = OutgoingFile.objects.create(**wanted, asked_at=clock.now(), beat_at=Now(), name=name)
            acts.record("exchange.file.asked", unit, by=by, unit_id=unit.pk, after={"what": what})
            transaction.on_commit(partial(send_to_worker, made.pk))
    return made


def send_to_worker(pk: int) -> None:
    try:
        with transaction.atomic():
            app.configure_task(_TASK, queueing_lock=f"{_TASK}:{pk}").defer(pk=pk)
    except AlreadyEnqueued:
        return


def make(pk: int) -> None:
    """The worker's part; beginning again after a crash simply makes the file anew."""
    asked = OutgoingFile.objects.select_related("unit", "asked_by").filter(pk=pk, state=FileState.MAKING).first()
    if asked is None or (writer := _writer_of(asked)) is None:
        return
    suffix = Path(asked.name).suffix
    try:
        with tempfile.NamedTemporaryFile(suffix=suffix) as target:
            asked.rows = writer(target)
            target.flush()
            target.seek(0)
            asked.stored.save(f"exchange/{asked.code}{suffix}", File(target), save=False)
        asked.state = FileState.READY
    except Refused as refused:
        asked.state, asked.fault = FileState.FAILED, refused.sentence
    except Exception:
        log.exception("export %s could not be made", pk)
        asked.state, asked.fault = FileState.FAILED, _("Không lập được tệp: hãy thử lại.")
    with transaction.atomic():
        asked.save(update_fields=["state", "rows", "stored", "fault"])
        _tell(asked)


def _writer_of(asked: OutgoingFile) -> Callable[[Any], int] | None:
    if maker := makers.named(asked.importer):
        return partial(maker.write, asked)
    importer = asked.kind
    return partial(write, importer, asked.unit, by=asked.asked_by) if importer else None


def _tell(asked: OutgoingFile) -> None:
    is_ready = asked.state == FileState.READY
    words = _("Đã lập xong, tải về được: %(name)s") if is_ready else _("Chưa lập được tệp: %(name)s")
    outbox.tell([asked.asked_by], "exchange.file", about=asked, headline=words % {"name": asked.name}, body=asked.fault)
