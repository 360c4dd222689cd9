"""What an author keeps is read nowhere by those who do not examine it: every list, page, search, export and paper."""

import io

import openpyxl
import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import recognised
from tests.initiatives.test_papers import pdf_words, words_of
from thidua.initiatives.choices import Sealable
from thidua.initiatives.domain import library
from thidua.ledger import readers

WORD = "hopkimnamcham"  # in every part that can be kept, and nowhere else


@pytest.fixture
def kept(cast):
    """Recognised and public, with everything sealed that can be."""
    texts = [name for name in Sealable.values if name != Sealable.FILES]
    parts = {name: f"Phần giữ kín {WORD} của {name}." for name in texts}
    item = recognised(cast, **parts, sealed=list(Sealable.values), confidential=f"Bí quyết {WORD}.")
    library.set_disclosure(item, "public", by=cast.an)
    readers.drain_all()
    return item


def sheet_words(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line if cell)


def body_of(answer) -> str:
    content = answer.getvalue() if answer.streaming else answer.content
    if content.startswith(b"PK"):
        return sheet_words(content) if b"xl/workbook" in content else words_of(content)
    return pdf_words(content) if content.startswith(b"%PDF") else content.decode()


def public_pages(code):
    yield reverse("portal:library")
    yield reverse("portal:library") + "?q=xe+day"
    yield reverse("portal:library-suggest") + "?q=xe"
    yield reverse("portal:initiative", args=[code])


def office_pages(code):
    yield reverse("office:initiatives") + "?state=recognised"
    yield reverse("office:initiatives") + "?q=xe+day"
    yield reverse("office:initiatives-export") + "?state=recognised"
    yield reverse("portal:library-export") + "?q=xe+day"
    yield reverse("office:dossier", args=[code])
    yield reverse("office:dossier-versions", args=[code])
    for kind in ("docx", "pdf"):
        yield reverse("office:dossier-application", args=[code, kind])


def test_a_visitor_reads_nothing_of_it(client, kept):
    for address in public_pages(kept.code):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert WORD not in body_of(answer), address
    assert kept.title in body_of(client.get(reverse("portal:initiative", args=[kept.code])))
    alike = client.post(reverse("portal:alike"), {"title": kept.title, "problem_before": f"Phần giữ kín {WORD}."})
    assert WORD not in body_of(alike)


@pytest.mark.parametrize("who", ["hanh", "giang", "phuc", "minh"])
def test_those_above_see_that_there_is_something_and_not_what(cast, kept, sign_in, who):
    client = sign_in(getattr(cast, who))
    for address in (*public_pages(kept.code), *office_pages(kept.code)):
        answer = client.get(address)
        if answer.status_code == 200:  # what their post opens to them
            assert WORD not in body_of(answer), address
    assert kept.effect in body_of(client.get(reverse("office:dossier", args=[kept.code])))


@pytest.mark.parametrize("who", ["hanh", "phuc"])
def test_nor_do_its_words_find_it_for_them(cast, kept, sign_in, who):
    client = sign_in(getattr(cast, who))
    for name in ("office:initiatives", "portal:library"):
        assert kept.code not in body_of(client.get(reverse(name) + f"?q={WORD}")), name
    assert kept.code in body_of(sign_in(cast.binh).get(reverse("office:initiatives") + f"?q={WORD}"))


def test_the_office_in_charge_reads_all_of_it(cast, kept, sign_in):
    page = body_of(sign_in(cast.binh).get(reverse("office:dossier", args=[kept.code])))
    assert page.count(WORD) >= len(Sealable.values) - 1
