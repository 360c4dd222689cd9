"""The poster: one page, a code of at least eight centimetres, words that fit."""

import io
from datetime import date

import pdfplumber
import pytest

from tests.documents.rendering.reading import MM, edges_mm, squeezed, text, texts, words
from thidua.documents.rendering.posters import Poster, to_pdf
from thidua.documents.rendering.text import PaperError

POSTER = Poster(
    unit="Công đoàn cơ sở Bệnh viện Đa khoa tỉnh Thái Bình",
    programme="01 triệu sáng kiến – nỗ lực vượt khó, sáng tạo",
    url="https://thidua.example/g/bvdk/01-trieu",
    until=date(2023, 9, 30),
)


def test_words_and_sizes() -> None:
    content = to_pdf(POSTER)
    printed = text(content)
    for said in (
        POSTER.unit,
        POSTER.programme,
        POSTER.headline,
        "thidua.example/g/bvdk/01-trieu",
        *POSTER.steps,
    ):
        assert said in printed
    assert "Nhận đến hết ngày 30/9/2023" in printed
    sizes = {word["text"]: word["size"] for word in words(content)}
    assert sizes["Quét"] >= 40
    assert sizes["quét"] >= 16


def test_the_code_is_large() -> None:
    with pdfplumber.open(io.BytesIO(to_pdf(POSTER))) as document:
        page = document.pages[0]
        dark = [
            shape for shape in (*page.rects, *page.curves) if shape.get("non_stroking_color") in ((0,), (0, 0, 0), 0)
        ]
        width = max(shape["x1"] for shape in dark) - min(shape["x0"] for shape in dark)
    assert width / MM >= 65


def test_long_words_stay_on_one_page_and_on_the_sheet() -> None:
    content = to_pdf(
        Poster(
            unit="Công đoàn cơ sở " * 9,
            programme="Chương trình " * 18,
            url="https://thidua.example/" + "x" * 250,
            headline="Bạn có cách làm hay hơn, nhanh hơn, an toàn hơn? Kể ngay cho Công đoàn biết nhé!",
            steps=["bước rất dài " * 9] * 4,
            until=date(2023, 9, 30),
        )
    )
    assert len(texts(content)) == 1
    assert min(edges_mm(content)) > 3
    assert "thidua.example/…" in text(content)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(PaperError, match="nhiều nhất 160"):
        to_pdf(Poster(unit="x" * 161, programme="y", url="https://a.vn"))
    with pytest.raises(PaperError, match="chưa có địa chỉ"):
        to_pdf(Poster(unit="x", programme="y", url=""))
    with pytest.raises(PaperError, match="nhiều nhất 4"):
        to_pdf(Poster(unit="x", programme="y", url="https://a.vn", steps=["a"] * 5))


def test_hostile_words_are_literal() -> None:
    said = "#eval(1) $x$ *a* _b_ @c <d> \\ 😀"
    printed = squeezed(text(to_pdf(Poster(unit=said, programme=said, url="https://a.vn", demonstration=True))))
    assert printed.count(squeezed(said.replace("😀", "?"))) >= 1
    assert "BẢNTRÌNHDIỄN" in printed
