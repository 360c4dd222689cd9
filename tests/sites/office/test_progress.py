"""The pages of progress: lists, trend, comparison, the board on the wall, Word and Excel."""

from __future__ import annotations

import io
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.urls import reverse

from tests.tallies.test_sums import make_initiative
from thidua.kernel import installation
from thidua.programmes.models import Indicator
from thidua.tallies.domain import verdicts
from thidua.targets.models import Target

PAGE, BOARD, COMPARE = 14, 12, 9  # queries, for any number of units


@pytest.fixture(autouse=True)
def _remembered(monkeypatch):
    monkeypatch.setattr(installation, "REMEMBERED_FOR", 10**6)


@pytest.fixture
def place(programme):
    return lambda name="progress", unit="TB-YT": reverse(f"office:{name}", args=[programme.code, unit])


@pytest.fixture
def given(cast, programme):
    first = programme.phases.get(position=1)
    for code, value in (("TB-YT", 100), ("TB-YT-01", 60), ("TB-YT-02", 1)):
        Target.objects.create(
            programme=programme,
            phase=first,
            indicator=Indicator.objects.get(pk="initiatives"),
            unit=cast[code],
            state="own",
            value=Decimal(value),
        )
    for code, author in (("TB-YT-01", cast.an), ("TB-YT-02", cast.lan)):
        verdicts.evaluate(make_initiative(cast, code, author).pk)


def test_the_page_says_the_pace_the_lists_and_the_weeks(cast, sign_in, programme, place, given):
    page = sign_in(cast.giang).get(place() + "?phase=1").content.decode()
    assert "Còn thiếu 98 sáng kiến trong 12 ngày: cần 58 sáng kiến mỗi tuần đến 31/05/2022." in page
    for words in ("Chậm tiến độ (1)", "Chưa có chỉ tiêu (1)", "Đạt, vượt (1)", "Diễn biến theo tuần", "27/02/2022"):
        assert words in page, words
    behind = sign_in(cast.giang).get(place() + "?phase=1&keeping=behind").content.decode()
    table = behind[behind.index("<tbody>", behind.index("Cần mỗi tuần")) :]
    assert cast["TB-YT-01"].short_name in table
    assert cast["TB-YT-02"].short_name not in table[: table.index("</tbody>")]
    none = sign_in(cast.giang).get(place() + "?phase=1&keeping=on_track&page=99").content.decode()
    assert "Không có đơn vị nào ở tình trạng này." in none


def test_the_board_shows_numbers_and_nobody(cast, sign_in, programme, place, given):
    page = sign_in(cast.giang).get(place("progress-board")).content.decode()
    assert 'data-renew="60"' in page
    assert "cần 58 mỗi tuần đến 31/05/2022" in page
    assert cast["TB-YT-01"].short_name in page
    for person in cast.people.values():
        assert person.full_name not in page


def test_word_and_excel_say_what_the_page_says(cast, sign_in, programme, place, given):
    client = sign_in(cast.giang)
    written = docx.Document(io.BytesIO(client.get(place("progress-paper") + "?phase=1").content))
    text = "\n".join(p.text for p in written.paragraphs)
    assert "Đã có 2 sáng kiến được tính, 2 đoàn viên có sáng kiến, bằng 2 % chỉ tiêu (100 sáng kiến)" in text
    assert "cần 58 sáng kiến mỗi tuần đến 31/05/2022" in text
    rows = [[c.text for c in row.cells] for row in written.tables[-1].rows]
    assert rows[1][1:5] == ["CĐCS Bệnh viện Nhi", "1", "1", "1"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(place("progress-export")).content))
    assert "Mọi chỉ tiêu" in book.sheetnames
    values = [cell.value for row in book["Giai đoạn 1"].iter_rows() for cell in row]
    assert "Chậm tiến độ" in values


def test_who_may_look(cast, sign_in, place, given):
    for name in ("progress", "progress-board", "progress-compare", "progress-paper", "progress-export"):
        assert sign_in(cast.phuc).get(place(name)).status_code == 200, name
        assert sign_in(cast.khoa).get(place(name)).status_code == 404, name


@pytest.mark.parametrize(
    ("name", "queries"), [("progress", PAGE), ("progress-board", BOARD), ("progress-compare", COMPARE)]
)
def test_each_page_has_its_number_of_queries(cast, sign_in, place, given, name, queries, django_assert_num_queries):
    client = sign_in(cast.giang)
    client.get(place(name))
    with django_assert_num_queries(queries):
        client.get(place(name))
