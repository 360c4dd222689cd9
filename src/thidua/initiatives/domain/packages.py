"""Attachments of many dossiers in one ZIP: matched by name, taken one by one in the background, resumable."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import Purpose
from thidua.documents.domain import files
from thidua.initiatives.domain import attachments
from thidua.initiatives.models import AwaitedFile, FilePackage, Initiative, PackedFile
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person

MOST_FILES = attachments.MAX_FILES
MOST_BYTES = 1024 * 2**20
MOST_ENTRIES = 60_000
MOST_UNPACKED = 40 * 2**30
BATCH = 25
SILENCE = timedelta(minutes=3)
TASK = "initiatives.unpack"


def folded(name: str) -> str:
    """What a name is compared by: no folder, no dấu, no case, no spaces."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in text.fold(bare) if c.isalnum() or c in "-._")[:200]


def await_files(named: Iterable[tuple[Initiative, Iterable[str]]]) -> None:
    """Names that a list gave for its dossiers; a package brings them later."""
    awaited = []
    for initiative, names in named:
        wanted = {folded(name): name for name in names if folded(name)}
        awaited += [AwaitedFile(initiative=initiative, name=name[:200], key=key) for key, name in wanted.items()]
    AwaitedFile.objects.bulk_create(awaited, ignore_conflicts=True)


def awaited(unit: Unit) -> QuerySet[AwaitedFile]:
    """Named in a list and not yet here."""
    rows = AwaitedFile.objects.filter(attachment=None, initiative__handler__lft__gte=unit.lft)
    return rows.filter(initiative__handler__lft__lte=unit.rgt).select_related("initiative")


def receive(given: File[Any], *, unit: Unit, by: Person) -> FilePackage:
    """Keep a ZIP and have it unpacked. The same one sent twice is one package.

    Raises Refused for what can be told at once: no ZIP, too big, a bomb, locked by a password.
    """
    grants.may(by, Permission.INITIATIVE_ENTER, unit).or_refuse(forbidden=True)
    if (given.size or 0) > MOST_BYTES:
        raise Refused(_("Gói lớn hơn %(n)d MB: hãy chia làm nhiều gói.") % {"n": MOST_BYTES // 2**20}, field="file")
    names = _names(given)
    digest = _digest(given)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        twin = FilePackage.objects.filter(unit=unit, digest=digest, ended_at=None).first()
        if twin:
            return twin
        package = FilePackage(
            unit=unit,
            given_by=by,
            given_at=clock.now(),
            beat_at=Now(),
            name=text.tidy(given.name or "tep.zip")[-150:],
            digest=digest,
            total=len(names),
        )
        package.stored.save(f"packages/{digest[:16]}.zip", given, save=False)
        package.save(force_insert=True)
        PackedFile.objects.bulk_create([PackedFile(package=package, name=n[:400]) for n in names], batch_size=2000)
        acts.record("initiatives.filepackage.given", package, by=by, after={"name": package.name, "files": len(names)})
        transaction.on_commit(partial(send_to_worker, package.pk))
    return package


def _names(given: BinaryIO | File[Any]) -> list[str]:
    try:
        given.seek(0)
        with zipfile.ZipFile(given) as archive:  # type: ignore[arg-type]
            entries = [e for e in archive.infolist() if not e.is_dir() and "__MACOSX" not in e.filename]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Refused(_("Tệp này không phải là gói ZIP đọc được."), field="file") from error
    finally:
        given.seek(0)
    if any(e.flag_bits & 0x1 for e in entries):
        raise Refused(_("Gói ZIP có mật khẩu: hãy nén lại không đặt mật khẩu."), field="file")
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
        raise Refused(_("Gói ZIP có quá nhiều tệp hoặc quá lớn khi mở ra."), field="file")
    if not entries:
        raise Refused(_("Gói ZIP không có tệp nào."), field="file")
    return [e.filename for e in entries]


def _digest(given: File[Any]) -> str:
    found = hashlib.sha256()
    for chunk in given.chunks():
        found.update(chunk)
    given.seek(0)
    return found.hexdigest()


def send_to_worker(pk: int) -> None:
    try:
        with transaction.atomic():
            app.configure_task(TASK, queueing_lock=f"{TASK}:{pk}").defer(pk=pk)
    except AlreadyEnqueued:
        return


def unpack(pk: int) -> None:
    """Work through what is left; each batch is committed, so a worker that dies costs one batch."""
    package = FilePackage.objects.filter(pk=pk, ended_at=None).select_related("unit", "given_by").first()
    if package is None:
        return
    with tempfile.NamedTemporaryFile() as copy:
        with package.stored.open("rb") as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        with zipfile.ZipFile(copy.name) as archive:
            while _batch(package, archive):
                pass
    _end(package)


def _batch(package: FilePackage, archive: zipfile.ZipFile) -> bool:
    with transaction.atomic():
        rows = list(
            PackedFile.objects.select_for_update(skip_locked=True)
            .filter(package=package, outcome="")
            .order_by("pk")[:BATCH]
        )
        for row in rows:
            row.outcome, row.sentence = _take(package, archive, row.name)
        PackedFile.objects.bulk_update(rows, ["outcome", "sentence"])
        done = PackedFile.objects.filter(package=package).exclude(outcome="").count()
        FilePackage.objects.filter(pk=package.pk).update(done=done, beat_at=Now())
    return bool(rows)


def _take(package: FilePackage, archive: zipfile.ZipFile, name: str) -> tuple[str, str]:
    """(outcome, sentence) of one file of the package."""
    wanting = list(
        awaited(package.unit).filter(key=folded(name)).select_related("initiative__unit", "initiative__handler")
    )
    if not wanting:
        known = AwaitedFile.objects.filter(key=folded(name), attachment__isnull=False).exists()
        return ("same", _("Đã có từ trước.")) if known else ("unknown", _("Không có hồ sơ nào ghi tên tệp này."))
    try:
        with archive.open(name) as opened:
            content = opened.read(files.MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError):
        return "refused", _("Tệp trong gói bị hỏng.")
    said = []
    for row in wanting:
        try:
            with transaction.atomic():
                purpose = Purpose.PHOTO_AFTER if files.kind_of(content[:4096]) in files.PHOTOS else Purpose.EVIDENCE
                kept = attachments.bring_awaited(row.initiative, content, row.name, purpose, by=package.given_by)
                AwaitedFile.objects.filter(pk=row.pk).update(attachment=kept)
            said.append(row.initiative.code)
        except Refused as refused:
            return "refused", f"{row.initiative.code}: {refused.sentence}"
    return "attached", ", ".join(said)[:500]


def _end(package: FilePackage) -> None:
    with transaction.atomic():
        held = FilePackage.objects.select_for_update().get(pk=package.pk)
        if held.ended_at is not None or PackedFile.objects.filter(package=held, outcome="").exists():
            return
        held.ended_at = clock.now()
        held.save(update_fields=["ended_at"])
        attached = PackedFile.objects.filter(package=held, outcome="attached").count()
        acts.record("initiatives.filepackage.unpacked", held, by=package.given_by, after={"attached": attached})
        stored = held.stored
        transaction.on_commit(lambda: stored.storage.delete(str(stored.name)))


def take_up_left() -> None:
    """Packages whose worker has gone silent."""
    for pk in FilePackage.objects.filter(ended_at=None, beat_at__lt=Now() - SILENCE).values_list("pk", flat=True):
        send_to_worker(pk)


def packages_of(unit: Unit) -> QuerySet[FilePackage]:
    return FilePackage.objects.filter(unit=unit).select_related("given_by").order_by("-pk")


def left_over(package: FilePackage) -> QuerySet[PackedFile]:
    """What the person should look at: unknown and refused files."""
    return PackedFile.objects.filter(Q(outcome="unknown") | Q(outcome="refused"), package=package).order_by("pk")
