"""Files as people make them are understood; files made to harm are refused with one line."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from datetime import date

import pytest

from tests.exchange.sheets import xlsx
from thidua.exchange.reading import delimited, guards, headings, legacy, tables
from thidua.kernel.sheets import columns
from thidua.kernel.sheets.columns import Choice, Column, Wrong
from thidua.kernel.verdicts import Refused

COLUMNS = (
    Column("code", "Mã đoàn viên"),
    Column("full_name", "Họ và tên", required=True, synonyms=("Họ tên",)),
    Column("phone", "Số điện thoại", synonyms=("SĐT",)),
    Column("since", "Ngày vào đơn vị", kind="date"),
)


def read(tmp_path, content: bytes) -> list[tuple[int, dict[str, str]]]:
    path = tmp_path / "tep"
    path.write_bytes(content)
    table = tables.read(path, COLUMNS)
    return [
        (number, {name: cells[place] for name, place in table.found.places.items() if cells[place]})
        for number, cells in table.lines
    ]


def refusal(tmp_path, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(tmp_path, content)
    return refused.value.sentence


def test_titles_above_group_headings_numbering_and_repeated_headings(tmp_path):
    found = read(
        tmp_path,
        xlsx(
            ["DANH SÁCH ĐOÀN VIÊN"],
            [],
            ["TT", "SĐT", "HỌ TÊN (*)", "Lương"],
            ["(1)", "(2)", "(3)", "(4)"],
            [1, "0912345678", "An", 5],
            ["TT", "SĐT", "HỌ TÊN (*)", "Lương"],
            [2, "", "Bình", 6],
            merged=["A1:D1"],
        ),
    )
    assert found == [(5, {"phone": "0912345678", "full_name": "An"}), (7, {"full_name": "Bình"})]


def test_headings_decomposed_misspelt_or_with_a_stray_space(tmp_path):
    head = [unicodedata.normalize("NFD", "Họ  và tên"), "Số điện thọai", " mã ĐOÀN viên "]
    assert read(tmp_path, xlsx(head, ["An", "09", "X1"])) == [(2, {"full_name": "An", "phone": "09", "code": "X1"})]


def test_a_cell_merged_downwards_holds_for_each_of_its_lines(tmp_path):
    content = xlsx(["Mã đoàn viên", "Họ tên"], ["K1", "An"], [None, "Bình"], ["K2", "Chi"], merged=["A2:A3"])
    assert [row["code"] for _n, row in read(tmp_path, content)] == ["K1", "K1", "K2"]


def test_the_sheet_with_the_table_is_found(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Bìa", "Trang này không có bảng"])
    sheet = book.create_sheet("Danh sách")
    sheet["C4"], sheet["D4"], sheet["C5"], sheet["D5"] = "Họ tên", "SĐT", "An", 912345678
    made = io.BytesIO()
    book.save(made)
    assert read(tmp_path, made.getvalue()) == [(5, {"full_name": "An", "phone": "912345678"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_any_encoding_with_any_separator(tmp_path, encoding, separator):
    lines = [separator.join(["Họ và tên", "SĐT"]), separator.join(["Nguyễn Văn Bường", "0912"])]
    text = unicodedata.normalize("NFD", "\r\n".join(lines)) if encoding == "cp1258" else "\r\n".join(lines)
    if encoding == "cp1258":
        text = "".join(_cp1258(text))
    found = read(tmp_path, text.encode(encoding))
    name = unicodedata.normalize("NFC", found[0][1]["full_name"])
    assert (name, found[0][1]["phone"]) == ("Nguyễn Văn Bường", "0912")


def _cp1258(text: str):
    """That code page has vowels with their shape, and tones as marks after them."""
    for cluster in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", cluster)
        tones = [c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323"]
        yield unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + "".join(tones)


def test_the_fonts_of_before_unicode_are_converted(tmp_path):
    content = xlsx(["Hä vµ tªn", "Sè ®iÖn tho¹i"], ["NguyÔn V¨n B×nh", "0912"])
    assert read(tmp_path, content)[0][1]["full_name"] == "Nguyễn Văn Bình"
    assert not legacy.is_tcvn3("Nguyễn Văn Bình, thôn Đoài – Hưng Yên")


def test_an_old_xls_is_read(tmp_path):
    from pathlib import Path

    content = (Path(__file__).parent / "files" / "danh-sach.xls").read_bytes()
    assert read(tmp_path, content) == [(2, {"full_name": "Nguyễn Thị An", "phone": "0912345678"})]


def test_what_a_formula_gives_is_read_never_the_formula(tmp_path):
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Họ tên", "SĐT"])
        sheet.write_formula(1, 0, '="A"&"n"', None, "An")
        sheet.write(1, 1, "0912")
    assert read(tmp_path, made.getvalue()) == [(2, {"full_name": "An", "phone": "0912"})]


def _zip(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp rỗng"),
        (b"%PDF-1.7", "tệp PDF"),
        (b"<html><table>", "trang web"),
        (b"\x00\x01\x02\x03" * 50, "không đọc được"),
        (guards._OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (guards._OLE + "_VBA_PROJECT".encode("utf-16-le") + "Workbook".encode("utf-16-le"), "macro"),
        (_zip(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"), "macro"),
        (_zip(xl__workbook_xml=b"0" * (60 * 2**20)), "nén bất thường"),
        (_zip(word__document_xml=b"<x/>"), "không phải bảng tính"),
        (_zip(xl__workbook_bin=b"x"), ".xlsb"),
        (b"PK\x03\x04broken", "bị hỏng"),
        (_zip(xl__workbook_xml=b"<nonsense"), "bị hỏng"),
        (xlsx(["Tên đề tài", "Lĩnh vực"], ["a", "b"]), "Không thấy dòng tiêu đề"),
        (xlsx(["Mã đoàn viên", "SĐT"], ["a", "b"]), "Thiếu cột bắt buộc: «Họ và tên»"),
        (xlsx(), "không có dòng nào"),
        (b"a,b\n" * 5, "Không thấy dòng tiêu đề"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, content, sentence):
    assert sentence in refusal(tmp_path, content)


def test_a_sheet_that_claims_milliards_of_cells_costs_nothing(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Họ tên", "x"
    made = io.BytesIO()
    book.save(made)
    assert "quá lớn" in refusal(tmp_path, made.getvalue()) or "hơn" in refusal(tmp_path, made.getvalue())


def test_too_many_lines_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    many = "Họ tên\n" + "An\n" * 5
    assert "hơn 3 dòng" in refusal(tmp_path, many.encode())


@pytest.fixture
def usual_fields():
    """The limit of the reader belongs to the whole process."""
    limit = csv.field_size_limit()
    yield
    csv.field_size_limit(limit)


def test_a_broken_csv_is_refused(monkeypatch, usual_fields):
    monkeypatch.setattr(delimited, "_LONGEST_FIELD", 10)
    with pytest.raises(Refused, match="dòng hỏng"):
        list(delimited.rows(b'a,"' + b"x" * 50 + b'"\n'))


@pytest.mark.parametrize(
    "written",
    [
        "05/03/2022",
        "5/3/2022",
        "05-03-2022",
        "5.3.2022",
        "2022-03-05",
        "44625",
        "44625.0",
        "ngày 05 tháng 3 năm 2022",
        "05/03/2022 00:00",
    ],
)
def test_a_date_however_it_is_written(written):
    assert columns.read_date(written) == date(2022, 3, 5)


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("03/25/2022", "25/03/2022"),
        ("31/02/2022", "ngày và tháng"),
        ("5/3/22", "bốn chữ số"),
        ("2022", "bốn chữ số"),
        ("mai", "ví dụ"),
    ],
)
def test_a_date_that_is_none_says_how_to_mend_it(written, mend):
    with pytest.raises(Wrong) as wrong:
        columns.read_date(written)
    assert mend in wrong.value.mend


@pytest.mark.parametrize(
    ("written", "number"), [("1.234", 1234), ("1,234", 1234), ("12 000", 12000), ("7.0", 7), ("0", 0)]
)
def test_a_number_however_it_is_written(written, number):
    assert columns.read_integer(written) == number


def test_choices_are_known_by_any_of_their_names():
    allowed = (Choice("a", "Doanh nghiệp", ("DN",)), Choice("b", "Cơ quan"))
    assert [columns.read_choice(said, allowed) for said in ("doanh NGHIEP", "dn", "a", "Cơ  quan")] == [
        "a",
        "a",
        "a",
        "b",
    ]
    with pytest.raises(Wrong, match="không có trong"):
        columns.read_choice("khác", allowed)


def test_dates_in_cells_come_as_days(tmp_path):
    content = xlsx(["Họ tên", "Ngày vào đơn vị"], ["An", date(2022, 3, 5)], ["Bình", 44625])
    assert [columns.read_date(row["since"]) for _n, row in read(tmp_path, content)] == [date(2022, 3, 5)] * 2


def test_numbering_is_not_taken_for_data():
    assert headings.is_numbering(["(1)", "(2)", "", "(3)"])
    assert not headings.is_numbering(["1", "An"])
