"""An official paper as Word: real styles, real tables, the measures of Nghị định 30/2020."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from tests.documents.rendering.samples import DECISION, LETTER, PLAN, TARGETS, UNIT_ROWS
from thidua.documents.rendering.official import Bullet, PageBreak, Paragraph, Table, to_docx


def opened(content: bytes) -> DocumentType:
    return Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def plan() -> DocumentType:
    return opened(to_docx(PLAN))


def everything(document: DocumentType) -> str:
    found = document.element.body.iter(qn("w:t"), qn("w:p"), qn("w:br"))
    said = [element.text or "" if element.tag == qn("w:t") else "\n" for element in found]
    return "".join(said)


def test_margins_and_paper(plan: DocumentType) -> None:
    section = plan.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20


def test_page_number_is_a_field_in_the_header_but_not_of_the_first_page(plan: DocumentType) -> None:
    section = plan.sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    number = plan.styles["Số trang"]
    assert 13 <= number.font.size.pt <= 14
    assert number.paragraph_format.alignment == 1


@pytest.mark.parametrize(
    ("style", "low", "high", "bold", "italic"),
    [
        ("Quốc hiệu", 12, 13, True, False),
        ("Tiêu ngữ", 13, 14, True, False),
        ("Cơ quan chủ quản", 12, 13, False, False),
        ("Cơ quan ban hành", 12, 13, True, False),
        ("Số ký hiệu", 13, 13, False, False),
        ("Địa danh ngày tháng", 13, 14, False, True),
        ("Tên loại văn bản", 13, 14, True, False),
        ("Trích yếu", 13, 14, True, False),
        ("Nội dung", 13, 14, False, False),
        ("Heading 1", 13, 14, True, False),
        ("Nơi nhận", 12, 12, True, True),
        ("Nơi nhận danh sách", 11, 11, False, False),
        ("Quyền hạn và chức vụ", 13, 14, True, False),
    ],
)
def test_styles(plan: DocumentType, style: str, low: float, high: float, bold: bool, italic: bool) -> None:
    font = plan.styles[style].font
    assert font.name == "Times New Roman"
    assert low <= font.size.pt <= high
    assert (bool(font.bold), bool(font.italic)) == (bold, italic)
    assert str(font.color.rgb) == "000000"


def test_body_is_justified_with_indent_and_spacing(plan: DocumentType) -> None:
    shape = plan.styles["Nội dung"].paragraph_format
    assert shape.alignment == 3
    assert 10 <= shape.first_line_indent.mm <= 12.71
    assert shape.space_before.pt >= 6
    assert 1 <= shape.line_spacing <= 1.5


def test_words_stand_in_their_styles(plan: DocumentType) -> None:
    found = [(paragraph.style.name, paragraph.text) for paragraph in plan.paragraphs]
    assert ("Tên loại văn bản", "KẾ HOẠCH") in found
    assert ("Heading 1", "I. MỤC ĐÍCH, YÊU CẦU") in found
    assert ("Heading 2", "1. Yêu cầu") in found
    left, right = plan.tables[0].rows[0].cells
    assert [p.text for p in left.paragraphs if p.text] == [
        "LIÊN ĐOÀN LAO ĐỘNG\nTỈNH THÁI BÌNH",
        "CÔNG ĐOÀN NGÀNH Y TẾ",
        "Số: 17/KH-CĐYT",
    ]
    assert [p.text for p in right.paragraphs if p.text] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thái Bình, ngày 12 tháng 01 năm 2022",
    ]


def test_italic_runs_keep_their_blanks(plan: DocumentType) -> None:
    paragraph = next(p for p in plan.paragraphs if p.text.startswith("Chủ đề"))
    assert paragraph.text == "Chủ đề “Học tập và làm theo”."
    assert [run.text for run in paragraph.runs if run.italic] == ["Học tập và làm theo"]


def test_no_run_carries_a_font_of_its_own(plan: DocumentType) -> None:
    assert all(run.font.name is None and run.font.size is None for p in plan.paragraphs for run in p.runs)


def test_heading_table_has_no_lines_and_signature_does_not_split(plan: DocumentType) -> None:
    frames = [table for table in plan.tables if len(table.columns) == 2]
    assert len(frames) == 2
    for table in frames:
        assert table._tbl.find(qn("w:tblPr")).find(qn("w:tblBorders")) is None
        assert table.style is None or table.style.name in {"Normal Table", "Table Normal"}
        assert "w:cantSplit" in table._tbl.xml
    last = next(p for p in plan.paragraphs if p.text.endswith("./."))
    assert last.paragraph_format.keep_with_next


def test_table_header_repeats_and_rows_are_there(plan: DocumentType) -> None:
    table = next(table for table in plan.tables if len(table.columns) == 4)
    assert table.style.name == "Table Grid"
    flags = [row._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for row in table.rows]
    assert flags[0]
    assert not any(flags[1:])
    assert len(table.rows) == len(UNIT_ROWS) + 2
    assert [cell.text for cell in table.rows[-1].cells] == ["", "Tổng cộng", "219.600", "1.830"]
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert abs(sum(widths) - Mm(297 - 45).twips) < 5


def test_annexes_are_sections_that_count_from_one(plan: DocumentType) -> None:
    assert [section.orientation for section in plan.sections] == [0, 1, 0]
    for section in list(plan.sections)[1:]:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.different_first_page_header_footer
    labels = [p.text for p in plan.paragraphs if p.style.name == "Phụ lục"]
    assert labels == ["Phụ lục I", "Phụ lục II"]
    reference = next(p.text for p in plan.paragraphs if p.style.name == "Chỉ dẫn phụ lục")
    assert reference == "(Kèm theo Kế hoạch số 17/KH-CĐYT ngày 12 tháng 01 năm 2022 của Công đoàn ngành Y tế)"


def test_recipients_and_signature(plan: DocumentType) -> None:
    left, right = [table for table in plan.tables if len(table.columns) == 2][1].rows[0].cells
    assert [p.text for p in left.paragraphs] == [
        "Nơi nhận:",
        "- LĐLĐ tỉnh;",
        "- LĐ Sở Y tế;",
        "- Lưu: VP CĐN.",
    ]
    assert [p.text for p in right.paragraphs if p.text] == [
        "TM. BAN THƯỜNG VỤ\nCHỦ TỊCH",
        "Nguyễn Thị Thử Nghiệm",
    ]


def test_draft_letter_and_demonstration() -> None:
    draft = everything(opened(to_docx(DECISION)))
    assert "ngày … tháng … năm 2022" in draft
    assert "Số:\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/QĐ-LĐLĐ" in draft
    assert "DỰ THẢO" in draft
    letter = everything(opened(to_docx(LETTER)))
    assert "V/v đôn đốc" in letter
    assert "CÔNG VĂN" not in letter
    shown = opened(to_docx(replace(PLAN, demonstration=True)))
    assert "BẢN TRÌNH DIỄN" in shown.sections[0].footer.paragraphs[0].text
    assert "BẢN TRÌNH DIỄN" in shown.sections[0].first_page_footer.paragraphs[0].text


def test_hostile_text_is_literal_and_xml_stays_well_formed() -> None:
    said = 'a < b & c > "d" ]]> {{ x }} \x00\x08\x1f\ufffe\ud800 &lt; <w:t>\u202e'
    paper = replace(
        PLAN,
        subject=said,
        signer=said,
        recipients=[said],
        blocks=[
            Paragraph(said),
            Bullet(said),
            Table(TARGETS.columns, [[1, said, 2, 3]]),
        ],
    )
    content = to_docx(paper)
    kept = 'a < b & c > "d" ]]> {{ x }} &lt; <w:t>'
    assert everything(opened(content)).count(kept) >= 4
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def test_page_break_stands_before_the_next_text() -> None:
    document = opened(to_docx(replace(PLAN, blocks=[Paragraph("một"), PageBreak(), Paragraph("hai")])))
    after = next(p for p in document.paragraphs if p.text == "hai./.")
    assert after.paragraph_format.page_break_before


def test_same_paper_same_bytes_and_properties(plan: DocumentType) -> None:
    assert to_docx(PLAN) == to_docx(PLAN)
    assert plan.core_properties.title.startswith("Kế hoạch 17/KH-CĐYT")
    assert plan.core_properties.created.date().isoformat() == "2022-01-12"
    assert plan.core_properties.comments == ""


def test_elements_of_styles_stand_in_the_order_of_the_schema(plan: DocumentType) -> None:
    order = [
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "widowControl",
        "pBdr",
        "spacing",
        "ind",
        "jc",
        "outlineLvl",
    ]
    for style in plan.styles.element.iter(qn("w:style")):
        properties = style.find(qn("w:pPr"))
        if properties is None:
            continue
        tags = [etree.QName(child).localname for child in properties]
        known = [order.index(tag) for tag in tags if tag in order]
        assert known == sorted(known), (style.get(qn("w:styleId")), tags)


def test_a_long_table_is_quick() -> None:
    rows = [[i, f"Đơn vị {i}", i, i] for i in range(3000)]
    document = opened(to_docx(replace(PLAN, blocks=[Table(TARGETS.columns, rows)])))
    assert len(document.tables[1]._tbl.tr_lst) == 3001
