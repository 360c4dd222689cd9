"""The office's papers of a dossier: the first user's word from paper, versions, the application, what is owed."""

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import filed, recognised
from thidua.initiatives.domain import dossiers
from thidua.initiatives.models import Initiative


@pytest.fixture
def binh(cast, sign_in):
    return sign_in(cast.binh)


def test_the_first_users_paper_is_written_down(cast, binh, sign_in):
    item = filed(cast)
    address = reverse("office:dossier-first-use", args=[item.code])
    assert "bản giấy đã ký" in binh.get(address).content.decode()
    said = {"name": "Khoa Ngoại", "benefit": "money", "opinion": "Đỡ đi lại nhiều lần."}
    answer = binh.post(address, said)
    assert answer.status_code == 422
    assert "Khoa Ngoại" in answer.content.decode()
    binh.post(address, {**said, "amount": "15.000.000"})
    page = binh.get(reverse("office:dossier", args=[item.code])).content.decode()
    assert "15.000.000" in page
    assert "cán bộ ghi theo bản giấy" in page
    assert sign_in(cast.lan).get(address).status_code == 404


def test_the_office_compares_versions(cast, binh):
    item = filed(cast)
    dossiers.write(item, by=cast.binh, revision=item.revision, field="Y tế")
    page = binh.get(reverse("office:dossier-versions", args=[item.code]), {"cu": "1", "moi": "2"}).content.decode()
    assert "<ins>Y tế</ins>" in page
    assert binh.get(reverse("office:dossier-versions", args=[item.code]), {"cu": "7"}).status_code == 404


def test_a_remuneration_sheet_is_offered_only_when_it_can_be_made(cast, sign_in, binh):
    item = recognised(cast)
    sheet = reverse("office:dossier-remuneration", args=[item.code, 1, "pdf"])
    page = binh.get(reverse("office:dossier", args=[item.code])).content.decode()
    assert sheet not in page
    assert "chưa được xác nhận bởi người khác tác giả" in page
    Initiative.objects.filter(pk=item.pk).update(benefit_confirmed=10**7, benefit_confirmed_by=cast.binh)
    assert sheet in binh.get(reverse("office:dossier", args=[item.code])).content.decode()


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_papers_are_downloaded_by_office_and_author_and_nobody_else(cast, sign_in, binh, kind, start):
    item = recognised(cast)
    Initiative.objects.filter(pk=item.pk).update(benefit_confirmed=10**7, benefit_confirmed_by=cast.binh)
    places = [("application", []), ("remuneration", [1])]
    for name, more in places:
        own, office = f"member:{name}", f"office:dossier-{name}"
        for client, address in ((sign_in(cast.an), own), (binh, office)):
            answer = client.get(reverse(address, args=[item.code, *more, kind]))
            assert answer.content.startswith(start)
            assert answer.headers["Content-Disposition"].startswith("attachment")
        assert sign_in(cast.dung).get(reverse(own, args=[item.code, *more, kind])).status_code == 404
        assert sign_in(cast.lan).get(reverse(office, args=[item.code, *more, kind])).status_code == 404
        assert binh.get(reverse(office, args=[item.code, *more, "exe"])).status_code == 404


def test_a_sheet_that_cannot_be_made_yet_says_why(cast, sign_in):
    item = recognised(cast)
    answer = sign_in(cast.an).get(reverse("member:remuneration", args=[item.code, 1, "pdf"]))
    assert answer.status_code == 422
    assert "chưa được xác nhận" in answer.content.decode()
    page = sign_in(cast.an).get(reverse("member:initiative", args=[item.code])).content.decode()
    assert "Bảng tính thù lao" in page
