"""Proposed upward, decided, certified, verified, revoked."""

from datetime import date

import pytest
from django.test import Client

from tests.initiatives.test_dossiers import recognised
from tests.tallies.test_sums import make_programme
from thidua.awards import queries
from thidua.awards.domain import certificates, decisions, nominations
from thidua.awards.models import Certificate, Nomination
from thidua.initiatives.domain import recognitions
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import readers

CITATION = "Có sáng kiến được công nhận và áp dụng hiệu quả trong đợt thi đua."


@pytest.fixture
def nomination(cast) -> Nomination:
    programme = make_programme(cast, "TB-YT")
    found = nominations.open_list(
        cast["TB-YT-01"],
        cast["TB-YT"],
        programme=programme,
        phase=programme.phases.first(),
        award_form="giay-khen",
        by=cast.binh,
    )
    nominations.put_forward(found, by=cast.binh, person=cast.an, citation=CITATION)
    nominations.put_forward(found, by=cast.binh, collective=cast["TB-YT-01"], citation=CITATION)
    return found


def outcomes(nomination, **refused):
    return {n.pk: (str(n) not in refused, refused.get(str(n), "")) for n in nomination.nominees.all()}


def decided(cast, nomination):
    nominations.submit(nomination, by=cast.binh)
    return decisions.decide([nomination], outcomes(nomination), by=cast.hanh, decided_on=date(2022, 5, 19))


def test_a_decision_makes_its_paper_and_a_certificate_for_each(cast, nomination):
    decision = decided(cast, nomination)
    assert decision.paper.full_number == "01/QĐ-CĐYT"
    assert decision.paper.docx.size > 5000
    assert {c.holder for c in Certificate.objects.all()} == {"Nguyễn Thị An", "CĐCS Bệnh viện Đa khoa tỉnh"}
    assert [c.register_number for c in Certificate.objects.order_by("pk")] == [1, 2]


def test_only_the_deciding_chair_decides(cast, nomination):
    nominations.submit(nomination, by=cast.binh)
    for person in (cast.giang, cast.chi, cast.lan):
        with pytest.raises(Forbidden, match="Quyết định khen thưởng"):
            decisions.decide([nomination], outcomes(nomination), by=person, decided_on=date(2022, 5, 19))


def test_every_nominee_needs_an_outcome_and_a_refusal_its_reason(cast, nomination):
    nominations.submit(nomination, by=cast.binh)
    with pytest.raises(Refused, match="Chưa có kết quả cho Nguyễn Thị An"):
        decisions.decide([nomination], {}, by=cast.hanh, decided_on=date(2022, 5, 19))
    refused = {n.pk: (n.person is None, "") for n in nomination.nominees.all()}
    with pytest.raises(Refused, match="Hãy ghi lý do không khen Nguyễn Thị An"):
        decisions.decide([nomination], refused, by=cast.hanh, decided_on=date(2022, 5, 19))


def test_a_list_holds_only_the_units_own_and_nobody_twice(cast, nomination):
    with pytest.raises(Refused, match="của đơn vị mình"):
        nominations.put_forward(nomination, by=cast.binh, person=cast.lan, citation=CITATION)
    with pytest.raises(Refused, match="đã có trong danh sách"):
        nominations.put_forward(nomination, by=cast.binh, person=cast.an, citation=CITATION)


def test_a_level_gives_only_what_the_catalogue_allows_it(cast):
    programme = make_programme(cast, "TB-YT")
    with pytest.raises(Refused, match="không có thẩm quyền"):
        nominations.open_list(
            cast["TB-YT-01"], cast["TB-YT"], programme=programme, phase=None, award_form="bang-khen-tinh", by=cast.binh
        )


def test_another_units_draft_list_is_not_seen(cast, nomination):
    assert queries.nomination_for(cast.giang, nomination.code) is None
    nominations.submit(nomination, by=cast.binh)
    assert queries.nomination_for(cast.giang, nomination.code) == nomination
    assert queries.nomination_for(cast.lan, nomination.code) is None


def test_anybody_verifies_and_sees_no_more_than_is_printed(cast, nomination):
    decided(cast, nomination)
    certificate = Certificate.objects.get(person=cast.an)
    page = Client().get(f"/xac-minh/{certificate.code}/").content.decode()
    assert "Giấy này có hiệu lực." in page
    assert cast.an.phone not in page
    certificates.revoke(certificate, by=cast.hanh, reason="In sai tên đơn vị, cấp lại sau khi xác minh.")
    assert "Giấy này đã bị thu hồi." in Client().get(f"/xac-minh/{certificate.code}/").content.decode()
    assert Client().get("/xac-minh/GK-22222222/").status_code == 404


def test_the_printed_sheet_carries_name_and_code(cast, nomination):
    import io

    import pypdf

    decided(cast, nomination)
    certificate = Certificate.objects.get(person=cast.an)
    text = pypdf.PdfReader(io.BytesIO(certificates.pdf([certificate], "http://testserver"))).pages[0].extract_text()
    assert certificate.code in text
    assert "Nguyễn Thị An" in text or "NGUYỄN THỊ AN" in text


def test_revoking_the_recognition_revokes_its_certificates(cast):
    initiative = recognised(cast)
    (certificate,) = certificates.issue_for_recognition(initiative.recognitions.get(), by=cast.chi)
    assert certificates.issue_for_recognition(initiative.recognitions.get(), by=cast.chi) == [certificate]
    recognitions.revoke(initiative.recognitions.get(), by=cast.chi, reason="Xác minh lại: không đúng tác giả.")
    readers.drain("awards")
    certificate.refresh_from_db()
    assert certificate.state == "revoked"


def test_the_chair_prints_the_certificates_of_a_recognised_initiative(cast, sign_in):
    initiative = recognised(cast)
    url = f"/van-phong/sang-kien/{initiative.code}/giay-chung-nhan/"
    answer = sign_in(cast.chi).post(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert sign_in(cast.binh).post(url).status_code == 403
    assert sign_in(cast.lan).post(url).status_code == 404
    sign_in(cast.chi).post(url)
    assert Certificate.objects.count() == 1
