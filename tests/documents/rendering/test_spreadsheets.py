"""Excel and CSV: totals that calculate, dates and numbers that are such, and no formula from a user."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from thidua.documents.rendering.spreadsheets import Column, Sheet, to_csv, to_xlsx
from thidua.documents.rendering.text import PaperError

MADE_ON = date(2022, 6, 1)
COLUMNS = [
    Column("Đơn vị", width=40),
    Column("Chỉ tiêu", "integer"),
    Column("Đạt", "integer"),
    Column("Tỷ lệ", "percent", ratio=(2, 1)),
    Column("Tiền làm lợi (đồng)", "money", width=20),
    Column("Hạn", "date"),
]
ROWS = [
    ["CĐCS Bệnh viện A", 10, 12, 1.2, Decimal("1500000000"), date(2022, 5, 31)],
    ["CĐCS Bệnh viện B", 20, 3, 0.15, None, None],
    ["Trạm y tế", 0, 0, None, 250000, date(2022, 5, 1)],
]
SHEET = Sheet("Tiến độ theo đơn vị", COLUMNS, ROWS, totals="Tổng cộng", notes=["Số liệu đến 31/5/2022"])
HOSTILE = [
    "=1+1",
    "+84 912",
    "-2+3",
    "@SUM(A1)",
    "\t=cmd",
    '=HYPERLINK("http://x")',
    "{=1}",
    "＝1+1",
    "|calc",
]


def opened(content: bytes, values: bool = False) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values).worksheets[0]


def cells(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def head_of(sheet: Worksheet) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == "Đơn vị")


def test_heading_rows_totals_and_notes() -> None:
    content = to_xlsx([SHEET], "Chương trình 01 triệu sáng kiến", MADE_ON, filters="Giai đoạn 1; tỉnh Thái Bình")
    sheet = opened(content)
    said = [row[0] for row in cells(sheet)]
    assert said[:4] == [
        "Chương trình 01 triệu sáng kiến",
        "Tiến độ theo đơn vị",
        "Điều kiện lọc: Giai đoạn 1; tỉnh Thái Bình",
        "Lập ngày 01/6/2022",
    ]
    head = head_of(sheet)
    first, last, total = head + 1, head + 3, head + 4
    assert sheet.cell(total, 1).value == "Tổng cộng"
    assert sheet.cell(total, 2).value == f"=SUM(B{first}:B{last})"
    assert sheet.cell(total, 4).value == f'=IF(B{total}=0,"",C{total}/B{total})'
    assert sheet.cell(total, 5).value == f"=SUM(E{first}:E{last})"
    assert said[-1] == "Số liệu đến 31/5/2022"
    assert sheet.freeze_panes == f"A{first}"
    assert sheet.auto_filter.ref == f"A{head}:F{last}"
    assert sheet.print_title_rows == f"${head}:${head}"


def test_totals_carry_their_value_for_readers_that_do_not_calculate() -> None:
    sheet = opened(to_xlsx([SHEET], "Báo cáo", MADE_ON), values=True)
    total = cells(sheet)[head_of(sheet) + 3]
    assert total[:5] == ["Tổng cộng", 30, 15, 0.5, 1500250000]
    quick = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx([SHEET], "Báo cáo", MADE_ON))).get_sheet_by_index(0)
    assert any(row[0] == "Tổng cộng" and row[1] == 30 for row in quick.to_python())


def test_types_and_formats() -> None:
    sheet = opened(to_xlsx([SHEET], "Báo cáo", MADE_ON))
    row = head_of(sheet) + 1
    assert sheet.cell(row, 6).value.isoformat() == "2022-05-31T00:00:00"
    assert sheet.cell(row, 6).number_format == "dd/mm/yyyy"
    assert sheet.cell(row, 2).number_format == "#,##0"
    assert sheet.cell(row, 4).number_format == "0.0%"
    assert sheet.cell(row, 5).value == 1500000000
    assert sheet.cell(row, 1).font.name == "Times New Roman"


@pytest.mark.parametrize("said", HOSTILE)
def test_user_text_never_becomes_a_formula(said: str) -> None:
    columns = [Column(said), Column("Ghi chú")]
    sheet = Sheet(said, columns, [[said, said]], totals=said, notes=[said])
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([sheet], said, MADE_ON, filters=said)))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            assert cell.data_type in {"s", "n"}
            assert cell.hyperlink is None
    kept = [row[0] for row in cells(book.worksheets[0])]
    assert said.strip() in kept
    written = list(csv.reader(io.StringIO(to_csv(sheet).decode("utf-8-sig"))))
    for row in written:
        for cell in row[:1]:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "＝", "|"))


def test_sheet_names_are_made_acceptable_and_different() -> None:
    titles = ["Kết quả [a]: b*c?d/e\\f", "x" * 50, "x" * 50, "", "'nháy'", "History", "X" * 31]
    book = openpyxl.load_workbook(
        io.BytesIO(to_xlsx([Sheet(title, [Column("A")], [["1"]]) for title in titles], "T", MADE_ON))
    )
    assert book.sheetnames == [
        "Kết quả a b c d e f",
        "x" * 31,
        "x" * 27 + " (2)",
        "Bảng",
        "nháy",
        "Bảng History",
        "X" * 27 + " (3)",
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["A", "mười", 1, None, None, None], "dòng 2, cột “Chỉ tiêu”: cần một số, nhận được “mười”"),
        (["A", True, 1, None, None, None], "cột “Chỉ tiêu”: cần một số"),
        (["A", 1, 1, float("nan"), None, None], "cột “Tỷ lệ”: “nan” không phải một số"),
        (["A", 1, 1, None, None, "31/5"], "cột “Hạn”: cần một ngày"),
        (["A", 1], "dòng 2: có 2 ô nhưng bảng có 6 cột"),
    ],
)
def test_a_wrong_value_names_sheet_row_and_column(row: list[object], sentence: str) -> None:
    for write in (lambda sheet: to_xlsx([sheet], "T", MADE_ON), to_csv):
        with pytest.raises(PaperError, match=sentence) as refused:
            write(replace(SHEET, rows=[ROWS[0], row]))
        assert "Tiến độ theo đơn vị" in str(refused.value)


def test_rows_may_stream_and_long_texts_are_marked() -> None:
    def rows() -> Iterator[list[object]]:
        for index in range(20_000):
            yield [f"Đơn vị {index}" if index else "dài" * 20_000, index]

    sheet = opened(to_xlsx([Sheet("Lớn", [Column("Đơn vị"), Column("Số", "integer")], rows(), "Cộng")], "L", MADE_ON))
    head = head_of(sheet)
    assert sheet.cell(head + 20_001, 2).value == f"=SUM(B{head + 1}:B{head + 20_000})"
    longest = sheet.cell(head + 1, 1).value
    assert len(longest) == 32_767
    assert longest.endswith("…")


def test_an_empty_sheet_opens_and_sums_to_nothing() -> None:
    sheet = opened(to_xlsx([replace(SHEET, rows=[])], "T", MADE_ON), values=True)
    assert cells(sheet)[head_of(sheet)][:3] == ["Tổng cộng", 0, 0]
    with pytest.raises(PaperError, match="Chưa có bảng nào"):
        to_xlsx([], "T", MADE_ON)


def test_same_rows_same_bytes() -> None:
    assert to_xlsx([SHEET], "T", MADE_ON) == to_xlsx([SHEET], "T", MADE_ON)


def test_csv_is_for_machines_and_for_excel() -> None:
    content = to_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [column.label for column in COLUMNS]
    assert rows[1] == ["CĐCS Bệnh viện A", "10", "12", "1.2", "1500000000", "2022-05-31"]
    assert len(rows) == 4


def test_control_characters_and_old_dates() -> None:
    columns = [Column("Đơn vị"), Column("Ngày", "date")]
    sheet = opened(to_xlsx([Sheet("T", columns, [["a\x00b\x1fc", date(1890, 5, 19)]])], "Tiêu đề", MADE_ON))
    row = cells(sheet)[head_of(sheet)]
    assert row == ["abc", "19/5/1890"]
