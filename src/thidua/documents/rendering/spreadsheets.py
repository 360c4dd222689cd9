"""Tables for Excel and CSV: streamed, with real totals, and never a formula that came from a user."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from thidua.documents.rendering.text import PaperError, one_line, plain, short_date

Kind = Literal["text", "integer", "money", "percent", "date"]

_NUMBERS: Mapping[str, str] = {
    "integer": "#,##0",
    "money": "#,##0",
    "percent": "0.0%",
    "date": "dd/mm/yyyy",
}
_FONT = "Times New Roman"
_LONGEST_CELL = 32_767  # Excel's limit; a longer text would be dropped without a word
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_576
_FIRST_DATE = date(1900, 1, 1)
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# What a spreadsheet takes for the start of a formula when it opens a CSV file, full-width forms included.
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠|")


@dataclass(frozen=True)
class Column:
    """A column. `summed` false leaves it out of the total; `ratio` gives a percentage its two columns.

    `ratio=(2, 1)` makes the total row divide the total of column 2 by that of column 1, counted from 0.
    """

    label: str
    kind: Kind = "text"
    width: float = 14
    summed: bool = True
    ratio: tuple[int, int] | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet; `totals` is the label of the total row, empty for none. Rows may be a generator."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    totals: str = ""
    notes: Sequence[str] = ()


@dataclass
class _Formats:
    heading: Format
    remark: Format
    head: Format
    cells: dict[str, Format] = field(default_factory=dict)
    totals: dict[str, Format] = field(default_factory=dict)


def to_xlsx(sheets: Sequence[Sheet], title: str, made_on: date, filters: str = "") -> bytes:
    """The workbook's bytes: heading lines, frozen header with filters, rows, totals, notes."""
    if not sheets:
        raise PaperError("Chưa có bảng nào để xuất.")
    made = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": _NUMBERS["date"],
    }
    with xlsxwriter.Workbook(made, options) as workbook:
        moment = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 — a file property without a zone
        workbook.set_properties({"title": one_line(title)[:255], "created": moment})
        formats = _formats(workbook)
        taken: set[str] = set()
        for sheet in sheets:
            worksheet = workbook.add_worksheet(_sheet_name(sheet.title, taken))
            remarks = _remarks(filters, made_on)
            _write(worksheet, sheet, one_line(title), remarks, formats)
    return made.getvalue()


def to_csv(sheet: Sheet, delimiter: str = ",") -> bytes:
    """The sheet as CSV in UTF-8 with the mark that makes Excel read Vietnamese; values stay machine-readable.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([_harmless(one_line(column.label)) for column in sheet.columns])
    for index, row in enumerate(sheet.rows, 1):
        writer.writerow([_csv_cell(value) for value in _checked(row, sheet, index)])
    return made.getvalue().encode("utf-8-sig")


def _remarks(filters: str, made_on: date) -> list[str]:
    said = [f"Lập ngày {short_date(made_on)}"]
    if filters:
        said.insert(0, f"Điều kiện lọc: {one_line(filters)}")
    return said


def _formats(workbook: Workbook) -> _Formats:
    base: dict[str, Any] = {"font_name": _FONT, "font_size": 12, "valign": "vcenter"}
    ruled = {**base, "border": 1, "border_color": "#9AA5B1"}
    formats = _Formats(
        heading=workbook.add_format({**base, "bold": True, "font_size": 14}),
        remark=workbook.add_format({**base, "italic": True, "font_color": "#555555"}),
        head=workbook.add_format({**ruled, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DCE6F2"}),
    )
    for kind in ("text", *_NUMBERS):
        look = {**ruled, "num_format": _NUMBERS.get(kind, "@")}
        if kind == "text":
            look |= {"text_wrap": True, "align": "left"}
        elif kind == "date":
            look |= {"align": "center"}
        formats.cells[kind] = workbook.add_format(look)
        formats.totals[kind] = workbook.add_format({**look, "bold": True, "bg_color": "#F1F5FA"})
    return formats


def _write(worksheet: Worksheet, sheet: Sheet, title: str, remarks: Sequence[str], formats: _Formats) -> None:
    # Rows are written strictly downwards: in constant memory a row cannot be visited twice.
    if not sheet.columns:
        raise PaperError(f"Bảng “{one_line(sheet.title)}” chưa có cột nào.")
    for index, column in enumerate(sheet.columns):
        worksheet.set_column(index, index, column.width)
    worksheet.write_string(0, 0, title[:_LONGEST_CELL], formats.heading)
    at = 1
    for line in (one_line(sheet.title), *remarks):
        if line and line != title:
            worksheet.write_string(at, 0, line[:_LONGEST_CELL], formats.remark)
            at += 1
    head = at + 1
    for index, column in enumerate(sheet.columns):
        worksheet.write_string(head, index, one_line(column.label), formats.head)
    worksheet.freeze_panes(head + 1, 0)
    worksheet.repeat_rows(head)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    sums: list[Decimal] = [Decimal(0)] * len(sheet.columns)
    last = head
    for count, row in enumerate(sheet.rows, 1):
        last = head + count
        _write_row(worksheet, last, _checked(row, sheet, count), sheet, formats, sums)
    worksheet.autofilter(head, 0, max(last, head + 1), len(sheet.columns) - 1)
    after = last + 1
    if sheet.totals:
        _write_totals(worksheet, sheet, (head + 1, last), sums, formats)
        after += 1
    for index, note in enumerate(sheet.notes, after + 1):
        worksheet.write_string(index, 0, plain(note)[:_LONGEST_CELL], formats.remark)


def _write_row(
    worksheet: Worksheet,
    at: int,
    row: Sequence[object],
    sheet: Sheet,
    formats: _Formats,
    sums: list[Decimal],
) -> None:
    if at >= _MOST_ROWS - 10:
        raise PaperError(f"Bảng “{one_line(sheet.title)}” vượt số dòng Excel chứa được; hãy lọc bớt.")
    for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
        look = formats.cells[column.kind]
        match value:
            case None | "":
                worksheet.write_blank(at, index, None, look)
            case int() | Decimal():
                worksheet.write_number(at, index, float(value), look)
                sums[index] += value
            case date():
                worksheet.write_datetime(at, index, value, look)
            case _:
                worksheet.write_string(at, index, str(value), look)


def _write_totals(
    worksheet: Worksheet, sheet: Sheet, span: tuple[int, int], sums: Sequence[Decimal], formats: _Formats
) -> None:
    first, last = span
    at = last + 1
    labelled = False
    for index, column in enumerate(sheet.columns):
        look = formats.totals[column.kind]
        if column.kind in {"integer", "money"} and column.summed:
            name = xl_col_to_name(index)
            formula = f"=SUM({name}{first + 1}:{name}{last + 1})" if last >= first else "=0"
            worksheet.write_formula(at, index, formula, look, float(sums[index]))
        elif column.ratio:
            above, below = column.ratio
            formula = f'=IF({xl_rowcol_to_cell(at, below)}=0,"",{_share(at, above, below)})'
            share = float(sums[above] / sums[below]) if sums[below] else ""
            worksheet.write_formula(at, index, formula, look, share)
        elif column.kind == "text" and not labelled:
            worksheet.write_string(at, index, one_line(sheet.totals), look)
            labelled = True
        else:
            worksheet.write_blank(at, index, None, look)


def _share(at: int, above: int, below: int) -> str:
    return f"{xl_rowcol_to_cell(at, above)}/{xl_rowcol_to_cell(at, below)}"


def _checked(row: Sequence[object], sheet: Sheet, index: int) -> list[object]:
    where = f"Bảng “{one_line(sheet.title)}”, dòng {index}"
    if len(row) != len(sheet.columns):
        raise PaperError(f"{where}: có {len(row)} ô nhưng bảng có {len(sheet.columns)} cột; hãy thêm hoặc bớt ô.")
    return [
        _typed(value, column, f"{where}, cột “{one_line(column.label)}”")
        for value, column in zip(row, sheet.columns, strict=True)
    ]


def _typed(value: object, column: Column, where: str) -> object:
    if value is None or value == "":
        return None
    if column.kind == "text":
        said = "Có" if value is True else "Không" if value is False else plain(value)
        return said if len(said) <= _LONGEST_CELL else f"{said[: _LONGEST_CELL - 1]}…"
    if column.kind == "date":
        if isinstance(value, datetime):
            value = value.date()
        if not isinstance(value, date):
            raise PaperError(f"{where}: cần một ngày, nhận được “{plain(value)[:40]}”.")
        # Excel counts days from 1900; an older date is shown as text rather than as a wrong day.
        return value if value >= _FIRST_DATE else short_date(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PaperError(f"{where}: cần một số, nhận được “{plain(value)[:40]}”.")
    number = value if isinstance(value, int) else Decimal(str(value))
    if isinstance(number, Decimal) and not number.is_finite():
        raise PaperError(f"{where}: “{value}” không phải một số hữu hạn.")
    return number


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at an end, unique."""
    name = _FORBIDDEN_IN_NAMES.sub(" ", one_line(title))
    name = " ".join(name.split()).strip("'").strip()[:_LONGEST_NAME].rstrip("' ") or "Bảng"
    if name.lower() == "history":
        name = "Bảng History"
    chosen, number = name, 2
    while chosen.lower() in taken:
        tail = f" ({number})"
        chosen = name[: _LONGEST_NAME - len(tail)].rstrip() + tail
        number += 1
    taken.add(chosen.lower())
    return chosen


def _csv_cell(value: object) -> str:
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case int() | Decimal():
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
