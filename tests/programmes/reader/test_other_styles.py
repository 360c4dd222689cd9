"""Plans of other unions: other numbering, other words, tables, typing errors, hostile files."""

import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.programmes.reader import ReadPlan, Unreadable, read_file, read_text
from thidua.programmes.reader.dates import spans

HEAD = "Số: 51/KH-TLĐ\n\nHà Nội, ngày 05 tháng 01 năm 2026\n\nKẾ HOẠCH\n\nTổ chức phong trào thi đua năm 2026\n\n"
TAIL = "\n\nNơi nhận:\n- Các đơn vị;\n- Lưu: VT.\n\nTM. BAN THƯỜNG VỤ\nPHÓ CHỦ TỊCH\n\nNguyễn Văn Mẫu\n"


def plan(body: str) -> ReadPlan:
    return read_text(HEAD + body + TAIL)


@pytest.mark.parametrize(
    ("phrase", "start", "end"),
    [
        ("từ 1/1–30/6/2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("từ ngày 01/7 đến 31/12/2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("(01.01.2026 - 30.06.2026)", date(2026, 1, 1), date(2026, 6, 30)),
        ("từ nay đến hết tháng 5/2026", date(2026, 1, 5), date(2026, 5, 31)),
        ("từ tháng 6/2026 đến tháng 9/2027", date(2026, 6, 1), date(2027, 9, 30)),
        ("từ đầu năm đến ngày 16/4/2026", date(2026, 1, 1), date(2026, 4, 16)),
        ("từ 01/7/2026 đến hết năm 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("từ ngày 02 tháng 3 năm 2026 đến ngày 15 tháng 8 năm 2026", date(2026, 3, 2), date(2026, 8, 15)),
        ("từ quý I/2026 đến hết quý III/2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("từ tháng 2 đến tháng 4/2026", date(2026, 2, 1), date(2026, 4, 30)),
        ("từ 15/11/2025 đến 28/02/2026", date(2025, 11, 15), date(2026, 2, 28)),
    ],
)
def test_spans_in_many_words(phrase, start, end):
    found = spans(phrase, 2026, date(2026, 1, 5))[0]
    assert (found.starts_on, found.ends_on) == (start, end)


def test_rounds_of_2026():
    found = plan("- Đợt 1: Từ 1/1–30/6/2026.\n\n- Đợt 2: Từ 1/7–31/12/2026.").phases
    assert [(p["name"], p["kind"], p["starts_on"], p["ends_on"]) for p in found] == [
        ("Đợt 1", "round", "2026-01-01", "2026-06-30"),
        ("Đợt 2", "round", "2026-07-01", "2026-12-31"),
    ]


@pytest.mark.parametrize(
    ("phrase", "indicator", "comparator", "value", "unit"),
    [
        ("Phấn đấu tối thiểu 60.000 sáng kiến", "initiatives", "at_least", 60000, "count"),
        ("Mỗi CĐCS có ít nhất 02 sáng kiến", "initiatives", "at_least", 2, "count"),
        ("Phấn đấu đạt trên 1,5 triệu sáng kiến", "initiatives", "more_than", 1500000, "count"),
        ("Mục tiêu 30% trở lên đoàn viên có sáng kiến", "participation_rate", "at_least", 30, "percent"),
        ("Phấn đấu kết nạp 5.000 đoàn viên", "members_organised", "exactly", 5000, "count"),
        ("Phấn đấu thành lập mới ít nhất 12 CĐCS", "grassroots_unions_founded", "at_least", 12, "count"),
        ("100% công đoàn cơ sở hưởng ứng chương trình", "units_responding", "exactly", 100, "percent"),
    ],
)
def test_targets_in_many_words(phrase, indicator, comparator, value, unit):
    found = plan(f"- {phrase}.").targets
    assert [(t["indicator"], t["comparator"], t["value"], t["unit"]) for t in found] == [
        (indicator, comparator, value, unit)
    ]


@pytest.mark.parametrize(
    "phrase",
    [
        "Chào mừng 75 năm ngày Bác Hồ ra Lời kêu gọi thi đua ái quốc (11/6/1948 - 11/6/2023).",
        "Hưởng ứng chương trình “01 triệu sáng kiến”.",
        "Thực hiện Nghị quyết số 02-NQ/TW ngày 12/6/2021.",
        "Trong 02 năm 2022 và 2023 tiếp tục đẩy mạnh phong trào.",
    ],
)
def test_numbers_that_are_no_targets(phrase):
    assert plan(f"- {phrase}").targets == []


def test_typing_errors_are_flagged_not_mended():
    found = plan("- Giai đoạn 1: từ 01/3/2026 đến 28/7/2929.\n\n- Giai đoạn 2: từ 31/2/2026 đến 30/9/2026.")
    sentences = " ".join(w["sentence"] for w in found.warnings)
    assert "28/7/2929" in sentences
    assert "31/2/2026" in sentences
    assert found.phases[0]["ends_on"] is None
    assert found.phases[1]["starts_on"] is None


def test_totals_that_do_not_add_up_are_flagged():
    found = plan(
        "Phấn đấu ít nhất 3.000 sáng kiến.\n\n- Giai đoạn 1 (từ 01/1/2026 đến 31/5/2026): mục tiêu 1.000 sáng kiến.\n\n"
        "- Giai đoạn 2 (từ 01/5/2026 đến 30/9/2026): mục tiêu 1.900 sáng kiến."
    )
    sentences = [w["sentence"] for w in found.warnings]
    assert "Tổng 3000 khác tổng các giai đoạn 2900 (chênh 100)." in sentences
    assert "Giai đoạn 1 và Giai đoạn 2 chồng ngày lên nhau." in sentences


def test_lines_broken_by_a_page_are_joined():
    body = (
        "Giai đoạn 1 (từ nay đến hết tháng 5/2026): Thiết thực hưởng ứng Tháng Công nhân với\n"
        "mục tiêu phấn đấu đạt 100 sáng kiến trong toàn ngành và các đơn vị trực thuộc."
    )
    found = plan(body)
    assert [(t["value"], t["phase"], t["source"]["line"]) for t in found.targets] == [(100, "Giai đoạn 1", 10)]


def word_file(rows) -> bytes:
    import docx

    document = docx.Document()
    frame = document.add_table(1, 2)
    frame.cell(0, 0).text = "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM\nLIÊN ĐOÀN LAO ĐỘNG TỈNH MẪU\nSố: 12/KH-LĐLĐ"
    frame.cell(
        0, 1
    ).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nMẫu, ngày 03 tháng 02 năm 2022"
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Triển khai chương trình sáng kiến năm 2022")
    document.add_paragraph("Giai đoạn 1 (từ 03/02/2022 đến 31/5/2022): mục tiêu 300 sáng kiến.")
    table = document.add_table(0, 3)
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    document.add_paragraph("Nơi nhận:")
    document.add_paragraph("- Các đơn vị;")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_file_with_a_table_of_allocations():
    rows = [
        ("TT", "Đơn vị", "Chỉ tiêu giai đoạn 1"),
        ("1", "LĐLĐ huyện A", "120"),
        ("2", "CĐ ngành B", "180"),
        ("", "Tổng cộng", "310"),
    ]
    found = read_file(word_file(rows), "ke-hoach.docx")
    assert (found.number, found.symbol, found.issued_on, found.issuer) == (
        12,
        "KH-LĐLĐ",
        "2022-02-03",
        "LIÊN ĐOÀN LAO ĐỘNG TỈNH MẪU",
    )
    given_ = [(t["unit_name"], t["value"], t["phase"]) for t in found.targets if t.get("unit_name")]
    assert given_ == [("LĐLĐ huyện A", 120, "Giai đoạn 1"), ("CĐ ngành B", 180, "Giai đoạn 1")]
    assert any("310 ≠ 300" in w["sentence"] for w in found.warnings)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.txt", "rỗng"),
        (b"\x00\x01\x02\x03", "a.bin", "không đọc được"),
        (b"PK\x03\x04 not a zip", "a.docx", "hỏng"),
        (b"%PDF-1.4 broken", "a.pdf", "hỏng"),
        ("Kính gửi anh chị, mai họp lúc 8 giờ.".encode(), "a.txt", "không giống một kế hoạch"),
        ("K\u1ebf ho\u1ea1ch".encode("cp1258", "ignore") + b"\xe9\xff", "a.txt", "Unicode"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(content, name, words):
    with pytest.raises(Unreadable, match=words) as refused:
        read_file(content, name)
    assert "\n" not in refused.value.sentence


def test_json_goes_out_and_comes_back():
    found = plan("- Giai đoạn 1: từ 01/3/2026 đến 28/7/2026, mục tiêu 10 sáng kiến.")
    content = json.loads(json.dumps(found.to_json()))
    assert ReadPlan.from_json(content).to_json() == found.to_json()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="Giaiđoạn từ đến hết tháng năm 0123456789/.-–:;(“”)\n%| sángkiếnCĐ", max_size=400))
def test_nothing_makes_it_raise(noise):
    plan(noise).to_json()


def test_a_megabyte_is_read_to_its_end():
    body = "- Vận động đoàn viên tham gia phong trào “Lao động giỏi” từ 01/3/2022 đến 30/6/2022, 5% trở lên.\n" * 9000
    assert plan(body).signer == "Nguyễn Văn Mẫu"
