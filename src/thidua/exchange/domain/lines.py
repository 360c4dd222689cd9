"""Write what was found about many lines in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from thidua.exchange.models import Upload, UploadedLine
from thidua.kernel.sheets.importers import Line, Outcome


def save_findings(stored: Sequence[UploadedLine], lines: Sequence[Line]) -> None:
    rows = [
        {
            "id": row.pk,
            "outcome": line.outcome or Outcome.SAME,
            "faults": [[f.column, f.reason, f.mend] for f in line.faults],
            "remarks": line.remarks,
            "changes": line.changes,
            "target": line.target,
            "undo": line.undo,
        }
        for row, line in zip(stored, lines, strict=True)
    ]
    _update(
        """
        UPDATE exchange_uploadedline l
           SET outcome = x.outcome, faults = x.faults, remarks = x.remarks, changes = x.changes,
               target = x.target, undo = x.undo
          FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, outcome text, faults jsonb, remarks jsonb,
               changes jsonb, target bigint, undo jsonb)
         WHERE l.id = x.id
        """,
        rows,
    )


def save_remarks(stored: Sequence[UploadedLine], lines: Sequence[Line]) -> None:
    """Of those lines on which there is something new to remark."""
    changed = []
    for row, line in zip(stored, lines, strict=True):
        if row.remarks != line.remarks:
            row.remarks = line.remarks
            changed.append(row)
    UploadedLine.objects.bulk_update(changed, ["remarks"], batch_size=500)


def save_levels(upload: Upload, levels: dict[int, int]) -> None:
    rows = [{"number": number, "level": level} for number, level in levels.items() if level]
    _update(
        """
        UPDATE exchange_uploadedline l SET level = x.level
          FROM jsonb_to_recordset(%s::jsonb) AS x(number int, level int)
         WHERE l.upload_id = %s AND l.number = x.number
        """,
        rows,
        upload.pk,
    )


def mark_clashes(upload: Upload) -> None:
    """A key that a line before already has: the first keeps it, the later ones are told which line.

    Nothing is joined to itself: lines just written have no statistics yet, and a plan for few would compare all with all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH k AS (
                SELECT id, number, key, min(number) OVER (PARTITION BY key) AS first
                  FROM exchange_uploadedline, unnest(keys) AS key WHERE upload_id = %s
            ), told AS (
                SELECT id, jsonb_agg(jsonb_build_array(split_part(key, ':', 1), first)) AS clashes
                  FROM k WHERE number <> first GROUP BY id
            )
            UPDATE exchange_uploadedline l SET clashes = told.clashes FROM told WHERE told.id = l.id
            """,
            [upload.pk],
        )


def counts(upload: Upload) -> dict[str, int]:
    """How many lines of each outcome there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, count(*) FROM exchange_uploadedline WHERE upload_id = %s GROUP BY outcome", [upload.pk]
        )
        found = dict(cursor.fetchall())
    return {str(outcome): found.get(str(outcome), 0) for outcome in Outcome.values}


def _update(statement: str, rows: Iterable[dict[str, Any]], *more: Any) -> None:
    packed = json.dumps(list(rows), cls=DjangoJSONEncoder, ensure_ascii=False).replace("\\u0000", "")
    with connection.cursor() as cursor:
        cursor.execute(statement, [packed, *more])
