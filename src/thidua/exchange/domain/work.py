"""What the worker does with an upload: read and check it, apply it, undo it. Safe to begin again anywhere.

Checking commits after every batch, so a worker that dies costs one batch. Applying and undoing are
one transaction each: they happen or they do not.
"""

from __future__ import annotations

import itertools
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from thidua.exchange import queries, rules
from thidua.exchange.choices import UploadState
from thidua.exchange.domain import lines as findings
from thidua.exchange.domain import signs
from thidua.exchange.models import Upload, UploadedLine
from thidua.exchange.reading import tables
from thidua.exchange.workflow import WORKFLOW
from thidua.kernel import clock
from thidua.kernel.sheets.importers import Line, Outcome, Run
from thidua.kernel.verdicts import Refused
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.workflow.engine import take

log = logging.getLogger(__name__)
WORKER = System("Bộ nhập dữ liệu")
BATCH = 1000


class Busy(Exception):
    """Another worker holds this upload."""


def run(pk: int) -> None:
    """Whatever the upload waits for."""
    upload = Upload.objects.filter(pk=pk).first()
    try:
        match upload and upload.state:
            case UploadState.CHECKING:
                _check(pk)
            case UploadState.APPLYING:
                _apply(pk)
            case UploadState.UNDOING:
                _undo(pk)
    except Busy:
        log.info("upload %s is being worked on elsewhere", pk)


@contextmanager
def _held(pk: int, *states: str) -> Iterator[Upload]:
    """One transaction with the upload to oneself."""
    with transaction.atomic():
        held = Upload.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit", "given_by")
        upload = held.filter(pk=pk, state__in=states).first()
        if upload is None:
            raise Busy
        yield upload


def _beat(upload: Upload, **values: object) -> None:
    for name, value in values.items():
        setattr(upload, name, value)
    # By the database's clock: a demonstration may stand on another day.
    Upload.objects.filter(pk=upload.pk).update(**values, beat_at=Now())


def _run_of(upload: Upload, *, is_applying: bool) -> Run:
    by = (is_applying and upload.applied_by) or upload.given_by
    return Run(
        by=by,
        unit=upload.unit,
        scope=rules.scope_of(by, upload.kind),
        today=clock.today(),
        is_writing=is_applying,
        whole_file=lambda names: queries.whole_file(upload, names),
        good_lines=lambda: queries.good_lines(upload),
        scope_now=lambda: rules.scope_of(Person.objects.get(pk=by.pk), upload.kind),
    )


# --- checking ---------------------------------------------------------------------------------


def _check(pk: int) -> None:
    try:
        with _held(pk, UploadState.CHECKING) as upload:
            if not upload.total:
                _read(upload)
        kept: dict[str, Any] = {}
        while _check_batch(pk, kept):
            pass
    except Refused as refused:
        with _held(pk, UploadState.CHECKING) as upload:
            take(WORKFLOW, "give_up", upload, by=WORKER, changes={"fault": refused.sentence})


def _read(upload: Upload) -> None:
    """Put every line of the file into the database; all of them or none."""
    with tempfile.NamedTemporaryFile() as copy, upload.stored.open("rb") as stored:
        shutil.copyfileobj(stored, copy)
        copy.flush()
        table = tables.read(Path(copy.name), upload.kind.columns)
        upload.sheet, upload.heading_line = table.sheet, table.found.line
        upload.headings = [heading.strip()[:200] for heading in table.found.headings]
        upload.places = table.found.places
        reader = queries.Reader(upload)
        total, batch = 0, []
        for number, cells in table.lines:
            keys = [f"{column}:{key}" for column, key in upload.kind.keys(reader.values(cells)[0])]
            batch.append(UploadedLine(upload=upload, number=number, cells=_storable(cells), keys=keys))
            total += 1
            if len(batch) == BATCH:
                UploadedLine.objects.bulk_create(batch)
                batch = []
        UploadedLine.objects.bulk_create(batch)
    if not total:
        raise Refused(_("Bảng chưa có dòng dữ liệu nào dưới dòng tiêu đề."), field="file")
    findings.mark_clashes(upload)
    findings.save_levels(upload, upload.kind.levels(_run_of(upload, is_applying=False)))
    _beat(upload, sheet=upload.sheet, heading_line=upload.heading_line, headings=upload.headings)
    _beat(upload, places=upload.places, total=total)


def _storable(cells: list[str]) -> list[str]:
    return [cell.replace("\x00", "") for cell in cells]


def _check_batch(pk: int, kept: dict[str, Any]) -> bool:
    """Check the next lines that nobody has looked at; False when there are none. `kept`: the importer's notes."""
    with _held(pk, UploadState.CHECKING) as upload:
        batch = next(iter(queries.in_turn(queries.lines_of(upload).filter(outcome=""), BATCH)), [])
        if not batch:
            take(WORKFLOW, "ready", upload, by=WORKER, changes=findings.counts(upload))
            return False
        _look(batch, upload, replace(_run_of(upload, is_applying=False), kept=kept))
        _beat(upload, done=min(upload.total, upload.done + len(batch)))
    return True


def _look(batch: list[UploadedLine], upload: Upload, run: Run) -> list[Line]:
    reader = queries.Reader(upload)
    found = [reader.line(stored) for stored in batch]
    upload.kind.check(found, run)
    findings.save_findings(batch, found)
    return found


# --- applying ---------------------------------------------------------------------------------


def _apply(pk: int) -> None:
    try:
        with _held(pk, UploadState.APPLYING) as upload:
            _write(upload)
            values = findings.counts(upload)
            take(WORKFLOW, "applied", upload, by=WORKER, changes={**values, "done": upload.total}, noted=values)
    except (Refused, DatabaseError) as error:
        log.exception("upload %s could not be applied", pk)
        sentence = error.sentence if isinstance(error, Refused) else _not_written()
        with _held(pk, UploadState.APPLYING) as upload:
            take(WORKFLOW, "apply_failed", upload, by=WORKER, changes={"fault": sentence, "done": upload.total})


def _not_written() -> str:
    return _("Chưa ghi được dòng nào: dữ liệu vừa thay đổi trong lúc ghi. Hãy bấm ghi lại.")


def _write(upload: Upload) -> None:
    """Look again, as things stand now, at every line that was shown as good, and write it if it still is."""
    run, importer, done = _run_of(upload, is_applying=True), upload.kind, 0
    shown = queries.lines_of(upload).filter(outcome__in=(Outcome.NEW, Outcome.CHANGED))
    for batch in queries.in_turn(shown, BATCH):
        reader = queries.Reader(upload)
        found = [reader.line(stored) for stored in batch]
        importer.check(found, run)
        wanted = [line for line in found if line.outcome in (Outcome.NEW, Outcome.CHANGED)]
        if wanted:
            importer.apply(wanted, run)
        findings.save_findings(batch, found)
        done += len(batch)
        signs.tell(upload, done)
    importer.finish(run)


# --- undoing ----------------------------------------------------------------------------------


def _undo(pk: int) -> None:
    try:
        with _held(pk, UploadState.UNDOING) as upload:
            run, reader, done = _run_of(upload, is_applying=True), queries.Reader(upload), 0
            written = queries.lines_of(upload).filter(Q(outcome__in=(Outcome.NEW, Outcome.CHANGED)) | ~Q(undo={}))
            newest_first = written.order_by("-level", "-number").iterator(chunk_size=BATCH)
            while batch := list(itertools.islice(newest_first, BATCH)):
                found = [reader.line(stored) for stored in batch]
                for line, stored in zip(found, batch, strict=True):
                    line.outcome, line.remarks = stored.outcome, [*stored.remarks]
                upload.kind.undo(found, run)
                findings.save_remarks(batch, found)
                done += len(batch)
                signs.tell(upload, done)
            upload.kind.finish(run)
            take(WORKFLOW, "undone", upload, by=WORKER, changes={"fault": " ".join(run.said)})
    except (Refused, DatabaseError) as error:
        log.warning("upload %s could not be undone: %s", pk, error)
        sentence = error.sentence if isinstance(error, Refused) else _still_needed()
        with _held(pk, UploadState.UNDOING) as upload:
            take(WORKFLOW, "undo_refused", upload, by=WORKER, changes={"fault": sentence})


def _still_needed() -> str:
    return _("Không hoàn tác được: đã có dữ liệu khác dựa vào những dòng này. Hãy tải lên tệp có giá trị đúng.")
