"""How far a long transaction is, told to the outside while it lasts.

Nothing a transaction writes is seen before it ends, so the worker names its database session instead:
other sessions see the name at once, and it is gone with the transaction.
"""

from __future__ import annotations

from django.db import connection

from thidua.exchange.choices import UploadState
from thidua.exchange.models import Upload

_NAME = "thidua upload"


def tell(upload: Upload, done: int) -> None:
    """Called inside the transaction of applying or undoing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"{_NAME} {upload.pk} {done}"])


def progress(upload: Upload) -> tuple[int, int]:
    """(lines worked through, lines in all) of the work under way."""
    if upload.state == UploadState.CHECKING:
        return upload.done, upload.total
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity "
            "WHERE datname = current_database() AND starts_with(application_name, %s) LIMIT 1",
            [f"{_NAME} {upload.pk} "],
        )
        row = cursor.fetchone()
    done = int(row[0].rpartition(" ")[2]) if row else 0
    return min(done, upload.good), upload.good
