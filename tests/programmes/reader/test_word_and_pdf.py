"""What is peculiar to Word and PDF: automatic numbers, merged cells, corrections, columns side by side."""

import io
import time

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from thidua.programmes.reader import read_file, read_text

HEAD = "Số: 12/KH-LĐLĐ\nMẫu, ngày 03 tháng 02 năm 2022\nKẾ HOẠCH\nTriển khai chương trình sáng kiến năm 2022\n"


def document():
    made = docx.Document()
    for line in ("LIÊN ĐOÀN LAO ĐỘNG TỈNH MẪU", *HEAD.splitlines()):
        made.add_paragraph(line)
    return made


def read(made):
    made.add_paragraph("Nơi nhận:")
    made.add_paragraph("- Các đơn vị;")
    out = io.BytesIO()
    made.save(out)
    return read_file(out.getvalue(), "ke-hoach.docx")


def test_automatic_numbers_and_bullets_are_part_of_the_text():
    made = document()
    made.add_paragraph("IV. TỔ CHỨC THỰC HIỆN")
    made.add_paragraph("Công đoàn ngành:", style="List Number")
    made.add_paragraph("Xây dựng kế hoạch trước ngày 15/02/2022.", style="List Bullet")
    made.add_paragraph("Các công đoàn cơ sở:", style="List Number")
    made.add_paragraph("Báo cáo trước ngày 20 hằng tháng.", style="List Bullet")
    found = read(made)
    assert [(d["who"], d["due_on"], d["recurring"], d["source"]["text"][:2]) for d in found.duties] == [
        ("Công đoàn ngành", "2022-02-15", None, "- "),
        ("Các công đoàn cơ sở", None, "trước ngày 20 hằng tháng", "- "),
    ]


def test_insertions_are_read_and_deletions_are_not():
    made = document()
    paragraph = made.add_paragraph("Giai đoạn 1 (từ 03/02/2022 đến 31/5/2022): mục tiêu ")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>200</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>300</w:t></w:r></w:ins>"))
    paragraph.add_run(" sáng kiến.")
    assert [t["value"] for t in read(made).targets] == [300]


def table(made, rows):
    made.add_paragraph("PHÂN BỔ CHỈ TIÊU SÁNG KIẾN")
    grid = made.add_table(0, len(rows[0]))
    for row in rows:
        for cell, value in zip(grid.add_row().cells, row, strict=True):
            cell.text = value
    return grid


def test_a_header_of_two_lines_with_merged_cells():
    made = document()
    grid = table(
        made,
        [
            ("TT", "Đơn vị", "Chỉ tiêu sáng kiến", "", "Tổng"),
            ("", "", "Giai đoạn 1", "Giai đoạn 2", ""),
            ("1", "LĐLĐ huyện A", "120", "80", "200"),
            ("2", "CĐ ngành B", "180", "120", "300"),
            ("", "Tổng cộng", "300", "200", "500"),
        ],
    )
    grid.cell(0, 2).merge(grid.cell(0, 3))
    for column in (0, 1, 4):
        grid.cell(0, column).merge(grid.cell(1, column))
    found = read(made)
    assert [(t["unit_name"], t["phase"], t["value"], t["indicator"]) for t in found.targets] == [
        ("LĐLĐ huyện A", "Giai đoạn 1", 120, "initiatives"),
        ("LĐLĐ huyện A", "Giai đoạn 2", 80, "initiatives"),
        ("CĐ ngành B", "Giai đoạn 1", 180, "initiatives"),
        ("CĐ ngành B", "Giai đoạn 2", 120, "initiatives"),
    ]
    assert not [w for w in found.warnings if "Bảng" in w["sentence"]]


def test_a_number_over_two_columns_is_given_to_neither():
    made = document()
    grid = table(
        made,
        [
            ("TT", "Đơn vị", "Giai đoạn 1", "Giai đoạn 2"),
            ("1", "LĐLĐ huyện A", "200", ""),
            ("2", "CĐ ngành B", "30", "40"),
        ],
    )
    grid.cell(1, 2).merge(grid.cell(1, 3))
    assert [(t["unit_name"], t["value"]) for t in read(made).targets] == [("CĐ ngành B", 30), ("CĐ ngành B", 40)]


@pytest.mark.parametrize(
    "filler",
    [
        "Giai đoạn 1 (từ 01/3/2026 đến 30/6/2026): 100 sáng kiến; ",
        "- Phấn đấu 10% đoàn viên, kết nạp 12 345 đoàn viên.\n",
        "“", "(", "1/2/", "Kế hoạch số 12/KH-TLĐ ngày 01/02/2022 của ", "a | 1 | 2\n", "đề nghị các đơn vị ", " ",
    ],
)  # fmt: skip
def test_much_of_one_thing_is_read_in_time(filler):
    started = time.process_time()
    read_text(HEAD + filler * (100_000 // len(filler)) + "\nNơi nhận:\n- Các đơn vị.\n")
    assert time.process_time() - started < 20
