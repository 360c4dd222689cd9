"""A list taken away as a spreadsheet: read a few hundred at a time, and what was left out is said."""

import io

import openpyxl
from django.db.models import QuerySet
from django.urls import reverse

from tests.initiatives.test_dossiers import filed
from thidua.sites.office import inbox


def _rows(client) -> list[str]:
    answer = client.get(reverse("office:initiatives-export"))
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [str(row[0]) for row in sheet.iter_rows(values_only=True)]


def test_a_list_longer_than_a_file_says_so(cast, sign_in, monkeypatch):
    for title in ("Xe đẩy thuốc ba tầng", "Giá treo bình oxy cạnh giường bệnh", "Bàn xoay bốc thuốc"):
        filed(cast, title=title)
    client = sign_in(cast.binh)
    monkeypatch.setattr(inbox, "EXPORTED", 2)
    found = _rows(client)
    assert sum(cell.startswith("SK-") for cell in found) == 2
    assert any("Chỉ xuất 2 hồ sơ đầu của danh sách" in cell for cell in found)
    monkeypatch.setattr(inbox, "EXPORTED", 3)
    found = _rows(client)
    assert sum(cell.startswith("SK-") for cell in found) == 3
    assert not any("Chỉ xuất" in cell for cell in found)


def test_dossiers_are_not_all_held_at_once(cast, sign_in, monkeypatch):
    filed(cast)
    asked = []
    read = QuerySet.iterator
    monkeypatch.setattr(
        QuerySet, "iterator", lambda self, chunk_size=None: asked.append(chunk_size) or read(self, chunk_size)
    )
    assert sum(cell.startswith("SK-") for cell in _rows(sign_in(cast.binh))) == 1
    assert asked == [500]


def test_nobody_elses_dossiers_are_in_it(cast, sign_in):
    filed(cast)
    assert not any(cell.startswith("SK-") for cell in _rows(sign_in(cast.lan)))
