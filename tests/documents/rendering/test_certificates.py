"""Certificates: whole words inside the frame, a code to verify, a thousand in seconds."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.documents.rendering.reading import MM, edges_mm, squeezed, text, texts, words
from tests.documents.rendering.samples import CERTIFICATE
from thidua.documents.rendering import certificates, ornaments
from thidua.documents.rendering.certificates import to_pdf
from thidua.documents.rendering.text import PaperError

FRAME_MM = 19
LONG_NAME = ("Bà Công Tằng Tôn Nữ Nguyễn Thị Phương " * 6)[:200].strip()
LONG_CITATION = ("Là đồng tác giả của sáng kiến cải tiến quy trình phân loại, tiếp đón người bệnh " * 8).strip()


def test_what_stands_on_a_letter_of_commendation() -> None:
    content = to_pdf([CERTIFICATE])
    printed = text(content)
    order = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
        "BAN THƯỜNG VỤ LIÊN ĐOÀN LAO ĐỘNG TỈNH NINH THUẬN",
        "TẶNG",
        "GIẤY KHEN",
        "Ông Nguyễn Văn Thử Nghiệm",
        "CĐCS Công ty TNHH May Tháp Chàm",
        "Đã có thành tích xuất sắc",
    ]
    places = [printed.index(said) for said in order]
    assert places == sorted(places)
    for said in (
        "Ninh Thuận, ngày 10 tháng 4 năm 2022",
        "TM. BAN THƯỜNG VỤ CHỦ TỊCH",
        "Trần Văn Thử",
        "Quyết định số 45/QĐ-LĐLĐ ngày 10/4/2022",
        "Vào sổ khen thưởng số: 123",
        "Mã tra cứu: GK-7Q4M-22KX",
    ):
        assert said in printed
    assert "TRÌNH DIỄN" not in printed


def test_a_certificate_of_an_initiative_names_its_author_after_the_title() -> None:
    printed = text(to_pdf([replace(CERTIFICATE, award_title="Giấy chứng nhận sáng kiến")]))
    assert "GIẤY CHỨNG NHẬN SÁNG KIẾN Chứng nhận Ông Nguyễn Văn" in printed
    assert "Vào sổ sáng kiến số: 123" in printed
    assert "TẶNG" not in printed


def test_sheet_is_a4_landscape() -> None:
    box = PdfReader(io.BytesIO(to_pdf([CERTIFICATE]))).pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (297, 210)


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": LONG_NAME},
        {"recipient": "X" * 200},
        {"recipient": "Tập thể Công đoàn cơ sở Trung tâm Y tế huyện Thuận Bắc\nvà Tổ công đoàn Khoa Dược"},
        {"citation": LONG_CITATION},
        {"issuer": "Ban Chấp hành Công đoàn cơ sở " + "Công ty Cổ phần Đầu tư Xây dựng " * 4},
        {"signed_for": "TM. BAN CHẤP HÀNH\nKT. CHỦ TỊCH", "position": "PHÓ CHỦ TỊCH THƯỜNG TRỰC"},
        {"signer": LONG_NAME},
        {
            "recipient": LONG_NAME,
            "citation": LONG_CITATION,
            "recipient_note": LONG_NAME,
            "issuer": LONG_NAME,
            "issuer_superior": LONG_NAME[:120],
            "signed_for": "TM. BAN CHẤP HÀNH\nKT. CHỦ TỊCH",
            "position": "PHÓ CHỦ TỊCH",
            "award_title": "GIẤY CHỨNG NHẬN SÁNG KIẾN",
        },
    ],
)
def test_long_texts_shrink_and_wrap_inside_the_frame(change: dict[str, str]) -> None:
    content = to_pdf([replace(CERTIFICATE, **change)])
    assert len(texts(content)) == 1
    assert min(edges_mm(content)) >= FRAME_MM
    printed = squeezed(text(content)).lower()
    for said in change.values():
        assert squeezed(said).lower() in printed
    found = words(content)
    day = next(word for word in found if word["text"] == "Ninh" and "Italic" in word["fontname"])
    citation = [word for word in found if word["top"] < day["top"]]
    assert max(word["bottom"] for word in citation) <= day["top"] + 1.5


def test_what_cannot_fit_is_refused_by_name() -> None:
    with pytest.raises(PaperError, match=r"Tờ 2 \(Ông Nguyễn Văn Thử Nghiệm\): nội dung thành tích dài \d+ ký tự"):
        to_pdf([CERTIFICATE, replace(CERTIFICATE, citation="rất dài " * 500)])
    with pytest.raises(PaperError, match="Tờ 1: chưa có tên"):
        to_pdf([replace(CERTIFICATE, recipient=" ")])
    with pytest.raises(PaperError, match="Chưa có giấy nào"):
        to_pdf([])


def test_hostile_names_are_literal() -> None:
    said = "#eval(1) $x$ *a* _b_ @c <d> \\ [e"
    printed = text(to_pdf([replace(CERTIFICATE, recipient=said, code=said, signer=said)]))
    assert squeezed(printed).count(squeezed(said)) == 3


def test_a_thousand_one_page_each_and_the_frame_kept_once() -> None:
    many = [replace(CERTIFICATE, recipient=f"Ông Nguyễn Văn {i}", code=f"GK-{i:05}") for i in range(1000)]
    content = to_pdf(many)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1000
    assert "Ông Nguyễn Văn 999" in " ".join(reader.pages[999].extract_text().split())
    assert len(content) < 12_000_000


def test_same_certificate_same_bytes_and_demonstration_says_so() -> None:
    assert to_pdf([CERTIFICATE]) == to_pdf([CERTIFICATE])
    assert "BẢN TRÌNH DIỄN" in text(to_pdf([replace(CERTIFICATE, demonstration=True)]))


def test_the_kept_frame_is_the_drawn_one() -> None:
    kept = ornaments.FRAME_PICTURE.read_bytes()
    assert kept == ornaments.frame_picture()


def test_many_sheets_are_drawn_in_parts_and_come_in_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "AT_ONCE", 2)
    names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chi")
    made = texts(to_pdf([replace(CERTIFICATE, recipient=name) for name in names]))
    assert len(made) == len(names)
    for printed, name in zip(made, names, strict=True):
        assert name in printed


def test_each_part_of_many_is_for_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "AT_ONCE", 2)
    names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chi")
    parts = list(certificates.to_pdfs([replace(CERTIFICATE, recipient=name) for name in names]))
    assert [len(texts(part)) for part in parts] == [2, 1]
    assert all(b"<pdfaid:part>2<" in part and b"/StructTreeRoot" in part for part in parts)
