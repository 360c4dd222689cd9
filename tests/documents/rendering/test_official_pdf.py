"""An official paper as PDF: every letter, the measures of Nghị định 30/2020, and nothing read as markup."""

import io
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from tests.documents.rendering.reading import MM, edges_mm, squeezed, text, texts, words
from tests.documents.rendering.samples import BASE_LETTERS, DECISION, LETTER, LONG, PLAN, TARGETS, TONES
from thidua.documents.rendering import layouts
from thidua.documents.rendering.official import (
    Annex,
    Bullet,
    Heading,
    OfficialPaper,
    PageBreak,
    PaperError,
    Paragraph,
    Table,
    to_pdf,
)

HOSTILE = (
    "#eval(1)",
    "$x^2$ $",
    "*đậm* _nghiêng_",
    "@nguồn <nhãn>",
    "\\ \\u{41} \\n",
    "- gạch đầu",
    "= Tiêu đề",
    "+ số",
    "/ mục: nghĩa",
    "// ghi chú",
    "/* chú */",
    "`mã` ``` x ```",
    "[khối] ]",
    '#import "x.typ"',
    "~ --- ... 'nháy' \"kép\"",
    "https://example.vn/#a",
    "{{ 7*7 }} {% x %}",
)


@pytest.fixture(scope="module")
def plan() -> bytes:
    return to_pdf(PLAN)


def test_every_vietnamese_letter_in_every_tone_survives() -> None:
    letters = [unicodedata.normalize("NFC", base + tone) for base in BASE_LETTERS[:-1] for tone in TONES] + ["đ"]
    said = " ".join([*letters, *(letter.upper() for letter in letters)])
    for block in (Paragraph(said), Heading(1, said), Bullet("", runs=[])):
        printed = text(to_pdf(replace(PLAN, blocks=[block, Paragraph("Hết")])))
        if not isinstance(block, Bullet):
            assert squeezed(said) in squeezed(printed)
    decomposed = unicodedata.normalize("NFD", said)
    assert squeezed(said) in squeezed(text(to_pdf(replace(PLAN, blocks=[Paragraph(decomposed)]))))


def test_margins_are_those_of_the_decree(plan: bytes) -> None:
    left, top, right, bottom = edges_mm(plan, 0)
    assert 29.5 <= left <= 35
    assert 19.5 <= top <= 25.5
    assert 14.5 <= right <= 20
    assert bottom >= 20


def test_page_is_a4(plan: bytes) -> None:
    box = PdfReader(io.BytesIO(plan)).pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)


def test_page_number_is_hidden_on_page_one_and_centred_on_top_of_page_two(plan: bytes) -> None:
    above = [word for word in words(plan, 0) if word["top"] / MM < 19]
    assert above == []
    (number,) = [word for word in words(plan, 1) if word["top"] / MM < 19]
    assert number["text"] == "2"
    middle = (number["x0"] + number["x1"]) / 2 / MM
    assert abs(middle - (30 + 165 / 2)) < 1
    assert 13 <= number["size"] <= 14


def test_each_annex_counts_its_own_pages(plan: bytes) -> None:
    pages = texts(plan)
    first = next(index for index, page in enumerate(pages) if "Phụ lục I " in page)
    second = next(index for index, page in enumerate(pages) if "Phụ lục II " in page)
    assert [word["text"] for word in words(plan, first) if word["top"] / MM < 18] == []
    assert [word["text"] for word in words(plan, first + 1) if word["top"] / MM < 18] == ["2"]
    assert [word["text"] for word in words(plan, second) if word["top"] / MM < 18] == []


def test_sizes_follow_the_table(plan: bytes) -> None:
    sizes = {word["text"]: round(word["size"], 1) for word in words(plan, 0)}
    assert 12 <= sizes["CỘNG"] <= 13
    assert 13 <= sizes["phúc"] <= 14
    assert sizes["17/KH-CĐYT"] == 13
    assert sizes["MỤC"] == 14
    last = {word["text"]: round(word["size"], 1) for word in words(plan, 1)}
    assert last["nhận:"] == 12
    assert last["LĐLĐ"] == 11


def test_heading_stands_left_and_right(plan: bytes) -> None:
    found = {word["text"]: word for word in words(plan, 0)[:40]}
    assert found["LIÊN"]["x0"] / MM < 96 < found["CỘNG"]["x0"] / MM
    assert abs(found["LIÊN"]["top"] - found["CỘNG"]["top"]) < 2


def test_table_header_repeats_and_the_annex_lies_across() -> None:
    content = to_pdf(PLAN)
    across = [page for page in PdfReader(io.BytesIO(content)).pages if page.mediabox.width > page.mediabox.height]
    assert len(across) >= 2
    assert all("Số đoàn viên" in " ".join(page.extract_text().split()) for page in across)
    assert "219.600" in text(content)


def test_signature_is_not_alone_on_its_page() -> None:
    for count in range(10, 26):
        pages = texts(to_pdf(replace(PLAN, blocks=[Paragraph(LONG)] * count)))
        signed = next(page for page in pages if "TM. BAN THƯỜNG VỤ" in page)
        assert "đất nước" in signed
        assert "Nguyễn Thị Thử Nghiệm" in signed


@pytest.mark.parametrize("said", HOSTILE)
def test_markup_comes_out_literally(said: str) -> None:
    paper = replace(
        PLAN,
        subject=f"Về {said}",
        issuer=f"Công đoàn {said}",
        signer=said,
        recipients=[f"Đơn vị {said} x"],
        blocks=[
            Paragraph(said),
            Paragraph(f"dòng một\n{said}"),
            Bullet(f"mục {said}"),
            Table(TARGETS.columns, [[1, said, 2, 3]]),
            Annex(said),
            Paragraph("x"),
        ],
    )
    printed = squeezed(text(to_pdf(paper)))
    assert printed.count(squeezed(said)) >= 6


def test_what_the_typeface_lacks_is_shown_as_a_box_and_control_characters_vanish() -> None:
    printed = text(to_pdf(replace(PLAN, blocks=[Paragraph("vui 😀 漢\x00\x08\u202e lắm \ud800 thay\ufeff")])))
    assert "vui □ □ lắm thay./." in printed


def test_the_text_ends_with_the_closing_mark_once() -> None:
    for given, ending in (
        ("xong.", "xong./."),
        ("xong", "xong./."),
        ("xong;", "xong./."),
        ("xong./.", "xong./."),
        ("xong ./. ", "xong ./."),
    ):
        printed = text(to_pdf(replace(PLAN, blocks=[Paragraph(given)])))
        assert ending in printed
        assert printed.count("./.") == 1
    assert "./." not in text(to_pdf(replace(PLAN, kind="BIÊN BẢN", blocks=[Paragraph("xong.")])))


def test_a_draft_leaves_number_and_day_open() -> None:
    printed = text(to_pdf(DECISION))
    assert "Ninh Thuận, ngày … tháng … năm 2022" in printed
    assert "Số: /QĐ-LĐLĐ" in printed
    assert "DỰ THẢO" in printed
    assert "DỰ THẢO" not in text(to_pdf(replace(DECISION, draft=False)))


def test_a_decision_has_its_authority_grounds_and_articles() -> None:
    printed = text(to_pdf(DECISION))
    order = [
        "QUYẾT ĐỊNH Về việc khen thưởng",
        "BAN THƯỜNG VỤ LIÊN ĐOÀN LAO ĐỘNG TỈNH NINH THUẬN",
        "Căn cứ Điều lệ",
        "QUYẾT ĐỊNH:",
        "Điều 1. Tặng Giấy khen",
        "Điều 2. Hiệu lực",
        "kể từ ngày ký./.",
        "KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
    ]
    places = [printed.index(said) for said in order]
    assert places == sorted(places)
    grounds = [word for word in words(to_pdf(DECISION), 0) if word["text"] == "Căn"]
    assert "Italic" in grounds[0]["fontname"]


def test_a_letter_has_its_subject_under_the_number() -> None:
    content = to_pdf(LETTER)
    printed = text(content)
    assert "CÔNG VĂN" not in printed
    assert "Số: 05/CĐYT-CSPL" in printed
    assert "V/v đôn đốc báo cáo sơ kết" in printed
    assert "Kính gửi: - CĐCS Bệnh viện A; - CĐCS Bệnh viện B." in printed
    subject = next(word for word in words(content, 0) if word["text"] == "V/v")
    assert subject["x1"] / MM < 96


def test_minutes_carry_two_signatures() -> None:
    paper = replace(PLAN, kind="BIÊN BẢN", left_position="THƯ KÝ", left_signer="Lê Thị Ghi", position="CHỦ TỌA")
    found = {word["text"]: word for word in words(to_pdf(replace(paper, blocks=[Paragraph("xong")])), 0)}
    assert found["THƯ"]["x0"] < found["TỌA"]["x0"]
    assert abs(found["Ghi"]["top"] - found["Nghiệm"]["top"]) < 2


def test_demonstration_papers_say_so_on_every_page() -> None:
    assert all("BẢN TRÌNH DIỄN" in page for page in texts(to_pdf(replace(PLAN, demonstration=True))))
    assert "TRÌNH DIỄN" not in text(to_pdf(PLAN))


def test_the_file_is_for_the_archive_tagged_titled_and_reproducible(plan: bytes) -> None:
    reader = PdfReader(io.BytesIO(plan))
    assert b"pdfaid:part>2<" in plan.replace(b"<pdfaid:part>", b"pdfaid:part>")
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Kế hoạch 17/KH-CĐYT Thực hiện Chương trình")
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2022, 1, 12)
    assert [item["/Title"] for item in reader.outline if isinstance(item, dict)][:2] == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "II. MỤC TIÊU",
    ]
    assert plan == to_pdf(PLAN)


def test_page_breaks_and_empty_parts() -> None:
    pages = texts(to_pdf(replace(PLAN, blocks=[Paragraph("một"), PageBreak(), Paragraph("hai")])))
    assert len(pages) == 2
    bare = OfficialPaper(
        superior="", issuer="CĐCS A", symbol="BC-CĐCS", place="", kind="BÁO CÁO", subject="Sơ kết", year=2022
    )
    assert "ngày … tháng … năm 2022" in text(to_pdf(bare))


def test_a_row_of_the_wrong_length_is_named() -> None:
    with pytest.raises(PaperError, match="dòng 2: có 3 ô nhưng bảng có 4 cột"):
        to_pdf(replace(PLAN, blocks=[Table(TARGETS.columns, [[1, "a", 2, 3], [1, "b", 2]])]))


def test_a_unit_may_change_numbers_only_inside_the_decree() -> None:
    wide = layouts.load({"page.margin_left_mm": 35, "styles.paragraph.size_pt": 13})
    left, *_ = edges_mm(to_pdf(PLAN, wide), 0)
    assert 34.5 <= left <= 36
    with pytest.raises(PaperError, match="phải từ 30 đến 35"):
        layouts.load({"page.margin_left_mm": 20})
    with pytest.raises(PaperError, match="không có mục"):
        layouts.load({"page.colour": 1})
