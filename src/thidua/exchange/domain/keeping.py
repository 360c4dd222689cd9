"""Uploaded files and their lines hold personal data: they are kept as long as they may be needed, no longer."""

from __future__ import annotations

from datetime import timedelta

from thidua.exchange.choices import BUSY
from thidua.exchange.domain import uploads
from thidua.exchange.models import OutgoingFile, Upload, UploadedLine
from thidua.kernel import clock

# Long enough to correct the bad lines and to undo within the quarter that is reported on.
KEPT_UPLOADS = timedelta(days=90)
KEPT_FILES = timedelta(days=7)


def forget_old() -> int:
    """Empty old uploads (their counts stay) and delete old files that were made; gives how many."""
    now, done = clock.now(), 0
    with_lines = UploadedLine.objects.order_by().values("upload").distinct()
    old = Upload.objects.filter(given_at__lt=now - KEPT_UPLOADS, pk__in=with_lines).exclude(state__in=BUSY)
    for upload in old[:50]:
        uploads.empty(upload)
        done += 1
    for made in OutgoingFile.objects.filter(asked_at__lt=now - KEPT_FILES)[:50]:
        stored = made.stored
        made.delete()
        if stored:
            stored.storage.delete(str(stored.name))
        done += 1
    return done
