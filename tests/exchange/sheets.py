"""Files as officers make them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from thidua.exchange.domain import uploads, work
from thidua.exchange.models import Upload
from thidua.kernel.sheets import importers


def xlsx(*rows: Sequence[Any], merged: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def cells(content: bytes, sheet: str | int = 0) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    return [list(row) for row in found.iter_rows(values_only=True)]


def give(importer: str, content: bytes, *, unit, by, name: str = "danh-sach.xlsx") -> Upload:
    """Upload and let the worker check it."""
    kind = importers.named(importer)
    assert kind is not None
    upload = uploads.receive(kind, content, name, unit=unit, by=by)
    work.run(upload.pk)
    upload.refresh_from_db()
    return upload


def apply(upload: Upload, *, by) -> Upload:
    uploads.apply(upload, by=by)
    work.run(upload.pk)
    upload.refresh_from_db()
    return upload


def faults(upload: Upload) -> dict[int, list[list[str]]]:
    return {line.number: line.faults for line in upload.lines.filter(outcome="bad")}


def tally(upload: Upload) -> tuple[int, int, int, int]:
    return upload.new, upload.changed, upload.same, upload.bad
