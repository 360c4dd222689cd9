"""The small things: cleaning, dates, widths, balanced lines, previews, threads."""

import io
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.documents.rendering.reading import squeezed, text
from tests.documents.rendering.samples import PLAN
from thidua.documents.rendering import glyphs
from thidua.documents.rendering.official import Paragraph, to_docx, to_pdf
from thidua.documents.rendering.pages import page_count, pdf_to_png
from thidua.documents.rendering.tables import written
from thidua.documents.rendering.text import PaperError, long_date, plain, short_date


def test_dates_have_a_zero_where_papers_write_one() -> None:
    assert long_date(date(2022, 1, 5)) == "ngày 05 tháng 01 năm 2022"
    assert long_date(date(2022, 3, 12)) == "ngày 12 tháng 3 năm 2022"
    assert short_date(date(2022, 2, 9)) == "09/02/2022"
    assert short_date(date(2021, 9, 14)) == "14/9/2021"


def test_values_in_tables() -> None:
    given_values = [None, True, 1234567, 12.345, Decimal("1234.5"), date(2022, 5, 1), " a  b "]
    assert [written(value) for value in given_values] == [
        "",
        "Có",
        "1.234.567",
        "12,3",
        "1.234,5",
        "01/5/2022",
        "a b",
    ]


def test_plain_keeps_lines_and_drops_what_cannot_be_printed() -> None:
    assert plain("a\r\nb\x0bc\u2028d\t e\u00ad\u200b\x07") == "a\nb\nc\nd e"
    assert plain("e\u0302\u0301") == "ế"


@pytest.mark.parametrize("file", ["Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"])
def test_the_four_faces_cover_the_same_vietnamese(file: str) -> None:
    said = "ẮẰẲẴẶắằẳẵặĐđƯỨỪỬỮỰơớờởỡợỲỶỸỴ“”–…₫"
    assert glyphs.printable(said, file) == said


def test_balanced_lines_fit_and_keep_every_word() -> None:
    said = "Thực hiện Chương trình sáng kiến, nỗ lực vượt khó, quyết tâm chiến thắng đại dịch trong tỉnh"
    made = glyphs.balance(said, 90, 14, bold=True)
    widths = [glyphs.width_mm(line, 14, bold=True) for line in made]
    assert " ".join(made) == said
    assert max(widths) <= 90
    assert min(widths) > max(widths) * 0.6


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_a_paper(said: str) -> None:
    paper = replace(PLAN, subject=said, signer=said, issuer=said, blocks=[Paragraph(said), Paragraph("xong")])
    assert "xong./." in text(to_pdf(paper))
    assert to_docx(paper).startswith(b"PK")


def test_threads_share_the_typesetter_without_mixing_papers() -> None:
    made: dict[int, bytes] = {}

    def render(number: int) -> None:
        made[number] = to_pdf(replace(PLAN, number=number, blocks=[Paragraph(f"Đây là văn bản {number}")]))

    threads = [threading.Thread(target=render, args=(100 + index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    for number, content in made.items():
        assert squeezed(f"Đây là văn bản {number}./.") in squeezed(text(content))


def test_previews() -> None:
    content = to_pdf(PLAN)
    picture = Image.open(io.BytesIO(pdf_to_png(content, width=420)))
    assert abs(picture.width - 420) <= 1
    assert abs(picture.height - 594) <= 2
    assert picture.convert("L").getextrema() == (0, 255)
    assert page_count(content) >= 4
    with pytest.raises(PaperError, match="không có trang 100"):
        pdf_to_png(content, page=99)
    with pytest.raises(PaperError, match="không phải PDF"):
        pdf_to_png(b"xin chao")


def test_every_character_the_face_claims_can_be_set() -> None:
    known = sorted(glyphs._characters("Tinos-Regular.ttf"))
    said = plain("".join(chr(code) for code in known if not 0xD800 <= code <= 0xDFFF))
    assert text(to_pdf(replace(PLAN, blocks=[Paragraph(said), Paragraph("xong")])))
