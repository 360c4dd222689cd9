"""Files that go out: the empty template, the records in its very form, and what became of an upload.

Rows are written strictly downwards in constant memory. No text of a user can become a formula:
every cell is written as text, a number or a date, never parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from thidua.exchange import queries
from thidua.exchange.choices import UploadState
from thidua.exchange.models import Upload, UploadedLine
from thidua.kernel.sheets.columns import Column
from thidua.kernel.sheets.importers import Importer, Outcome

_LISTED_ROWS = 5_000  # how far down the lists of allowed values reach
_LONGEST_CELL = 32_767
_LONGEST_INLINE_LIST = 250


def write_template(target: Path | BinaryIO, importer: Importer, rows: Iterable[dict[str, Any]] = ()) -> int:
    """The template, filled with records if there are any; gives how many."""
    with _workbook(target) as book:
        sheet = book.add_worksheet(_("Dữ liệu"))
        looks = _Looks(book)
        _headings(sheet, importer.columns, looks)
        _limits(book, sheet, importer.columns)
        allowed = {c.name: c.allowed for c in importer.columns}
        at = 0
        for at, values in enumerate(rows, 1):
            for place, column in enumerate(importer.columns):
                _write(sheet, at, place, column, values.get(column.name), allowed[column.name], looks)
        _guide(book, importer, looks)
    return at


def write_report(target: Path | BinaryIO, upload: Upload, *, only_bad: bool = False) -> int:
    """The lines of an upload as they were written, with what became of each; or the bad ones, to mend."""
    lines = queries.lines_of(upload, Outcome.BAD if only_bad else "").order_by("number")
    columns = {c.name: c for c in upload.kind.columns}
    labels = {place: str(columns[name].label) for name, place in upload.places.items() if name in columns}
    extra = [_("Lý do và cách sửa")] if only_bad else [_("Dòng"), _("Kết quả"), _("Lý do và cách sửa")]
    at = 0
    with _workbook(target) as book:
        sheet = book.add_worksheet(_("Dữ liệu") if only_bad else _("Kết quả"))
        looks = _Looks(book)
        headings = [labels.get(place, said) for place, said in enumerate(upload.headings)]
        sheet.set_column(0, len(headings) - 1, 18)
        sheet.set_column(len(headings), len(headings) + len(extra) - 1, 16)
        sheet.set_column(len(headings) + len(extra) - 1, len(headings) + len(extra) - 1, 70)
        for place, said in enumerate([*headings, *extra]):
            sheet.write_string(0, place, said[:_LONGEST_CELL], looks.head)
        sheet.freeze_panes(1, 0)
        for at, line in enumerate(lines.iterator(chunk_size=2000), 1):
            wrong = {upload.places.get(fault[0]) for fault in line.faults}
            for place, cell in enumerate(line.cells[: len(headings)]):
                look = looks.wrong if place in wrong else looks.cell
                sheet.write_string(at, place, cell[:_LONGEST_CELL], look)
            told = [told_of(line, columns)]
            if not only_bad:
                told = [str(line.number), result_of(line, upload), *told]
            for place, said in enumerate(told, len(headings)):
                sheet.write_string(at, place, said[:_LONGEST_CELL], looks.note)
    return at


def told_of(line: UploadedLine, columns: dict[str, Column]) -> str:
    """Every fault with its column, reason and mend; remarks after them."""
    said = []
    for name, reason, mend in line.faults:
        label = str(columns[name].label) if name in columns else ""
        said.append(f"{label}: {reason} {mend}".strip(": ").strip() if label else f"{reason} {mend}".strip())
    return "\n".join([*said, *line.remarks])


def result_of(line: UploadedLine, upload: Upload) -> str:
    """What the line would do, or has done once the file is applied."""
    if upload.state != UploadState.APPLIED:
        return str(Outcome(line.outcome).label) if line.outcome else ""
    done = {Outcome.NEW: _("Đã thêm"), Outcome.CHANGED: _("Đã cập nhật"), Outcome.BAD: _("Chưa nhận")}
    return done.get(Outcome(line.outcome), str(Outcome(line.outcome).label))


def _workbook(target: Path | BinaryIO) -> Workbook:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)


class _Looks:
    """The few formats of these files."""

    def __init__(self, book: Workbook) -> None:
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        ruled = {**base, "border": 1, "border_color": "#9AA5B1"}
        self.head: Format = book.add_format({**ruled, "bold": True, "text_wrap": True, "bg_color": "#DCE6F2"})
        self.must: Format = book.add_format({**ruled, "bold": True, "text_wrap": True, "bg_color": "#FCE8B2"})
        # Text format: Excel leaves codes and phone numbers as they are typed.
        self.cell: Format = book.add_format({**ruled, "num_format": "@"})
        self.day: Format = book.add_format({**ruled, "num_format": "dd/mm/yyyy"})
        self.wrong: Format = book.add_format({**ruled, "num_format": "@", "bg_color": "#FBD9D7"})
        self.note: Format = book.add_format({**ruled, "text_wrap": True})
        self.title: Format = book.add_format({**base, "bold": True, "font_size": 14})


def _headings(sheet: Worksheet, columns: Sequence[Column], looks: _Looks) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, looks.day if column.kind == "date" else looks.cell)
        label = f"{column.label} *" if column.required else str(column.label)
        sheet.write_string(0, place, label, looks.must if column.required else looks.head)
        if column.note:
            sheet.write_comment(0, place, str(column.note), {"x_scale": 2, "author": ""})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 34)


def _limits(book: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Lists of allowed values; a long one stands on a hidden sheet."""
    for place, column in enumerate(columns):
        values = _listed(column)
        if not values:
            continue
        source: list[str] | str = values
        if len(",".join(values)) > _LONGEST_INLINE_LIST:
            name = f"L{place}"
            lists = book.add_worksheet(name)
            for at, value in enumerate(values):
                lists.write_string(at, 0, value)
            lists.hide()
            source = f"={name}!$A$1:$A${len(values)}"
        told = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
        told["error_message"] = _("Hãy chọn một giá trị trong danh sách.")
        sheet.data_validation(1, place, _LISTED_ROWS, place, told)


def _listed(column: Column) -> list[str]:
    if column.kind == "yes_no":
        return [_("Có"), _("Không")]
    return [str(choice.label) for choice in column.allowed] if column.kind == "choice" else []


def _write(
    sheet: Worksheet, at: int, place: int, column: Column, value: Any, allowed: Sequence[Any], looks: _Looks
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(at, place, value, looks.day)  # type: ignore[arg-type]
    elif isinstance(value, int) and not isinstance(value, bool) and column.kind == "integer":
        sheet.write_number(at, place, value, looks.cell)
    else:
        sheet.write_string(at, place, column.shown(value, allowed)[:_LONGEST_CELL], looks.cell)


def _guide(book: Workbook, importer: Importer, looks: _Looks) -> None:
    sheet = book.add_worksheet(_("Hướng dẫn"))
    for place, width in enumerate((30, 12, 60, 30, 60)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, _("Cách điền: %(what)s") % {"what": importer.label}, looks.title)
    advice = (
        _("Điền vào trang «Dữ liệu», mỗi dòng một bản ghi. Cột có dấu * phải điền; thứ tự cột không quan trọng."),
        _("Ô để trống nghĩa là giữ nguyên giá trị đang có. Ngày ghi dạng ngày/tháng/năm, ví dụ 05/03/2022."),
        _("Tải lên để xem trước: hệ thống chỉ ghi khi bạn đồng ý, và chỉ ghi những dòng không có lỗi."),
    )
    for at, said in enumerate(advice, 1):
        sheet.write_string(at, 0, said)
    heads = (_("Cột"), _("Bắt buộc"), _("Cách ghi"), _("Ví dụ"), _("Giá trị được nhận"))
    for place, said in enumerate(heads):
        sheet.write_string(5, place, said, looks.head)
    for at, column in enumerate(importer.columns, 6):
        some = _listed(column)
        listed = ", ".join(some[:40]) + (" …" if len(some) > 40 else "")
        must = _("Có") if column.required else ""
        for place, cell in enumerate((column.label, must, column.note, column.example, listed)):
            sheet.write_string(at, place, str(cell), looks.note)
