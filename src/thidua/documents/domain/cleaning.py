"""Clear away what forms left behind: uploads never finished, files no record has."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import Exists, ForeignKey, ManyToOneRel, OuterRef, QuerySet

from thidua.documents.domain.resumption import KEPT_FOR
from thidua.documents.models import StoredFile, Upload
from thidua.kernel import clock

BATCH = 500


def sweep() -> int:
    """Forget stale uploads and delete orphaned files, a batch at a time; gives how many files went."""
    before = clock.now() - KEPT_FOR
    stale = Upload.objects.filter(touched_at__lt=before).order_by("touched_at").values("pk")[:BATCH]
    Upload.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).delete()
    gone = 0
    for stored in orphans(KEPT_FOR).order_by("given_at")[:BATCH]:
        names = [n for n in (stored.stored.name, stored.preview.name) if n]
        stored.delete()  # the row first: a row without its bytes would be a broken link
        for name in names:
            default_storage.delete(name)
        gone += 1
    return gone


def orphans(age: timedelta) -> QuerySet[StoredFile]:
    """Files older than `age` that no row of any package points at."""
    found = StoredFile.objects.filter(given_at__lt=clock.now() - age)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and isinstance(relation.field, ForeignKey):
            holder = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            found = found.exclude(Exists(holder))
    return found


def sweep_storage(folder: str) -> int:
    """Bytes without a row, left by a kill between writing and recording, in one folder (00 … ff)."""
    gone, before = 0, clock.now() - KEPT_FOR
    try:
        subfolders = default_storage.listdir(folder)[0]
    except FileNotFoundError:
        return 0
    for subfolder in subfolders:
        path = f"{folder}/{subfolder}"
        names = [f"{path}/{n}" for n in default_storage.listdir(path)[1] if not n.endswith("-nho.jpg")]
        known = set(StoredFile.objects.filter(stored__in=names).values_list("stored", flat=True))
        for name in set(names) - known:
            if default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                gone += 1
    return gone
