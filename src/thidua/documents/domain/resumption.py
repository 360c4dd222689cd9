"""Uploads in pieces that survive a cut line, a closed tab and a restart of the server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.documents.choices import Purpose
from thidua.documents.domain import files, inspection
from thidua.documents.models import StoredFile, Upload, UploadPiece
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.orgs.models import Unit
from thidua.people.models import Person

PIECE_BYTES = 256 * 1024  # seconds on a slow line; what is lost at worst when it is cut
MOST_A_FORM = 20
KEPT_FOR = timedelta(hours=48)
PHOTO_PURPOSES = (Purpose.PHOTO_BEFORE, Purpose.PHOTO_AFTER)


def begin(
    holder: str, form_key: str, name: str, size: int, mark: str, purpose: str, *, unit: Unit | None, most: int
) -> Upload:
    """A new upload, or the one this file was cut off from. Says the limits before a byte travels."""
    if purpose not in Purpose.values or not form_key:
        raise Refused(_("Mẫu gửi không hợp lệ: hãy tải lại trang rồi gửi lại."), field="file")
    shown = text.tidy(name)[-150:] or "tep"
    if size <= 0:
        raise Refused(_("Tệp «%(name)s» rỗng: hãy chọn lại tệp.") % {"name": shown}, field="file")
    files.refuse_size(size, shown)
    fingerprint = hashlib.sha256(f"{name}\0{size}\0{mark}\0{purpose}".encode()).hexdigest()
    mine = Upload.objects.filter(holder=holder, form_key=form_key)
    if known := mine.filter(fingerprint=fingerprint).first():
        return known
    if mine.count() >= min(most, MOST_A_FORM):
        raise Refused(_("Mỗi lần gửi nhận tối đa %(n)d tệp.") % {"n": min(most, MOST_A_FORM)}, field="file")
    try:
        with transaction.atomic():
            return Upload.objects.create(
                holder=holder,
                form_key=form_key,
                fingerprint=fingerprint,
                name=shown,
                size=size,
                purpose=purpose,
                unit=unit,
                touched_at=clock.now(),
            )
    except IntegrityError:  # two tabs began the same file at once
        return mine.get(fingerprint=fingerprint)


def add(upload: Upload, start: int, content: bytes) -> Upload:
    """Append a piece. One sent twice, or at the wrong place, changes nothing: the answer says where to go on."""
    if start == 0 and content and not inspection.may_become(content):
        _refuse_kind(upload)
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if start == locked.received and content and start + len(content) <= locked.size:
            UploadPiece.objects.create(upload=locked, start=start, content=content)
            locked.received += len(content)
            locked.touched_at = clock.now()
            locked.save(update_fields=["received", "touched_at"])
    return locked


def _refuse_kind(upload: Upload) -> None:
    kinds = ", ".join(sorted({files.EXTENSIONS[k] for k in allowed_for(upload.purpose)}))
    forget(upload)
    raise Refused(
        _("Tệp «%(name)s» không thuộc loại được nhận (%(kinds)s).") % {"name": upload.name, "kinds": kinds},
        field="file",
    )


def allowed_for(purpose: str) -> frozenset[str]:
    return files.PHOTOS if purpose in PHOTO_PURPOSES else files.EVIDENCE


def finish(upload: Upload, *, by: Person | None) -> Upload:
    """Once all of it is here: check it whole and keep it. Refused, it is forgotten."""
    fault: Refused | None = None
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.file_id is None and locked.received == locked.size:
            content = b"".join(bytes(piece) for piece in locked.pieces.values_list("content", flat=True))
            try:
                locked.file = files.store(
                    content, locked.name, purpose=locked.purpose, allowed=allowed_for(locked.purpose),
                    unit=locked.unit, by=by,
                )  # fmt: skip
            except Refused as refused:
                fault = refused
                locked.delete()
            else:
                locked.pieces.all().delete()
                locked.save(update_fields=["file"])
    if fault:
        raise fault
    return locked


def forget(upload: Upload) -> None:
    """The person takes it off the form again. The stored file goes with the next clean-up."""
    upload.delete()


def finished(holder: str, form_key: str) -> list[Upload]:
    """What has arrived whole for a form and is not handed over yet."""
    found = Upload.objects.filter(holder=holder, form_key=form_key, file__isnull=False)
    return list(found.select_related("file").order_by("touched_at"))


def hand_over(holder: str, form_key: str, take: Callable[[StoredFile], Any]) -> None:
    """Give each whole file to the record its form has become, once."""
    with transaction.atomic():
        for upload in Upload.objects.select_for_update().filter(holder=holder, form_key=form_key, file__isnull=False):
            if upload.file:
                take(upload.file)
            upload.delete()
