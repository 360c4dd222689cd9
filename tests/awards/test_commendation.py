"""Proposed upward, decided, certified, verified, revoked."""

import io
import zipfile
from datetime import date

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.initiatives.test_dossiers import recognised
from tests.initiatives.test_reception import received
from tests.tallies.test_sums import make_programme
from thidua.awards import exports, queries
from thidua.awards.domain import certificates, decisions, nominations
from thidua.awards.models import Certificate, Nomination
from thidua.documents.rendering import certificates as rendering
from thidua.exchange.domain import exports as outgoing
from thidua.exchange.models import OutgoingFile
from thidua.initiatives.domain import decrees, recognitions
from thidua.initiatives.domain.decrees import Decree
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.sites.shell.destinations import url_of

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


def test_a_list_changes_only_while_it_is_open(cast, nomination):
    nominee = nomination.nominees.get(person=cast.an)
    nominations.amend(nominee, by=cast.binh, citation=f"{CITATION} Cứu được hai ca.", is_direct_worker=True)
    nominations.summarise(nomination, by=cast.binh, summary="Cả khoa tham gia.")
    held = Nomination.objects.get(pk=nomination.pk)
    nominations.submit(nomination, by=cast.binh)
    for change in (
        lambda: nominations.amend(nominee, by=cast.binh, citation=CITATION),
        lambda: nominations.drop(nominee, by=cast.binh),
        lambda: nominations.summarise(held, by=cast.binh, summary="Sửa trong một tab cũ."),
        lambda: nominations.put_forward(held, by=cast.binh, person=cast.dung, citation=CITATION),
    ):
        with pytest.raises(Refused, match="đã trình"):
            change()
    nominee.refresh_from_db()
    assert (nominee.is_direct_worker, nominee.citation[-14:]) == (True, "cứu được hai ca."[-14:])


def test_only_the_nominees_own_recognised_initiative_is_attached(cast, nomination):
    theirs = recognised(cast)
    with pytest.raises(Refused, match="của chính người") as refused:
        nominations.put_forward(nomination, by=cast.binh, person=cast.dung, citation=CITATION, initiative=theirs)
    assert refused.value.field == "initiative"
    nominations.drop(nomination.nominees.get(person=cast.an), by=cast.binh)
    again = nominations.put_forward(nomination, by=cast.binh, person=cast.an, citation=CITATION, initiative=theirs)
    assert again.initiative == theirs
    assert [n.position for n in nomination.nominees.all()] == [2, 3]


def test_an_occasion_outside_the_unit_is_refused(cast):
    elsewhere = make_programme(cast, "NT-KCN")
    with pytest.raises(Refused, match="không thuộc phạm vi"):
        nominations.open_list(
            cast["TB-YT-01"], cast["TB-YT"], programme=elsewhere, phase=None, award_form="giay-khen", by=cast.binh
        )


def test_papers_stay_vietnamese_when_the_screen_speaks_english(cast, nomination):
    with translation.override("en"):
        decision = decided(cast, nomination)
        recognition = recognised(cast).recognitions.get()
        (certificate,) = certificates.issue_for_recognition(recognition, by=cast.chi)
    assert "tặng Giấy khen cho 1 tập thể, 1 cá nhân" in decision.paper.title
    assert {c.title for c in decision.unit.certificates.all()} == {"Giấy khen"}
    assert certificate.citation.startswith("Là tác giả của sáng kiến")


def test_nobody_commended_is_no_decision_and_an_unknown_day_has_no_catalogue(cast, nomination):
    nominations.submit(nomination, by=cast.binh)
    none = {n.pk: (False, "Thành tích chưa rõ.") for n in nomination.nominees.all()}
    with pytest.raises(Refused, match="hãy trả lại danh sách"):
        decisions.decide([nomination], none, by=cast.hanh, decided_on=date(2022, 5, 19))
    with pytest.raises(Refused, match="ngày quyết định") as refused:
        decisions.decide([nomination], outcomes(nomination), by=cast.hanh, decided_on=date(2010, 5, 19))
    assert refused.value.field == "decided_on"
    nomination.refresh_from_db()
    assert (nomination.state, Certificate.objects.count()) == ("submitted", 0)


def test_the_unit_hears_of_the_decision_and_the_nominee_of_the_award(cast, nomination):
    decided(cast, nomination)
    assert Notice.objects.filter(person=cast.binh, kind="awards.decided", subject_code=nomination.code).count() == 1
    assert Notice.objects.filter(person=cast.an, kind="awards.certificate_issued").count() == 1


def test_a_corrected_certificate_points_to_no_other_and_is_not_printed(cast, nomination):
    decided(cast, nomination)
    certificate = Certificate.objects.get(person=cast.an)
    with pytest.raises(Forbidden):
        certificates.correct(certificate, by=cast.chi, reason="Sửa tên đơn vị cho đúng quyết định.", holder="X")
    renewed = certificates.correct(
        certificate, by=cast.hanh, reason="Sửa tên người được khen theo căn cước.", holder="Nguyễn Thị Ân"
    )
    assert (certificate.state, renewed.state, renewed.holder) == ("corrected", "valid", "Nguyễn Thị Ân")
    assert renewed.code != certificate.code
    page = Client().get(f"/xac-minh/{certificate.code}/").content.decode()
    assert "đã được thay bằng bản chỉnh sửa" in page
    assert renewed.code not in page
    with pytest.raises(Refused, match="không còn hiệu lực"):
        certificates.pdf([certificate], "http://testserver")
    with pytest.raises(Refused, match="không còn hiệu lực từ trước"):
        certificates.revoke(certificate, by=cast.hanh, reason="Thu hồi bản đã được thay thế rồi.")


def test_a_revoked_recognition_has_no_certificates_and_a_stranger_issues_none(cast):
    recognition = recognised(cast).recognitions.get()
    with pytest.raises(Forbidden):
        certificates.issue_for_recognition(recognition, by=cast.lan)
    recognitions.revoke(recognition, by=cast.chi, reason="Xác minh lại: không đúng tác giả.")
    with pytest.raises(Refused, match="đã bị huỷ bỏ"):
        certificates.issue_for_recognition(recognition, by=cast.chi)


def test_certificates_of_a_decision_are_prepared_once_it_stands(cast):
    first, second = received(cast), received(cast, title="Giá treo dịch truyền gập được")
    decrees.recognise_together([first, second], Decree(decided_on=clock.today()), by=cast.chi)
    readers.drain_all()
    jobs = ProcrastinateJob.objects.filter(task_name="awards.prepare")
    assert jobs.count() == 1  # a job for the decision, not one for each dossier
    assert jobs.get().scheduled_at > timezone.now()  # not while the decision can be undone
    assert not Certificate.objects.exists()
    assert certificates.prepare(**jobs.get().args) == 2
    assert certificates.prepare(**jobs.get().args) == 2
    assert Certificate.objects.count() == 2
    recognitions.revoke(first.recognitions.get(), by=cast.chi, reason="Xác minh lại: không đúng tác giả.")
    assert certificates.prepare(jobs.get().args["recognition_id"]) == 1


def lists_of_many(cast, how_many):
    items = [received(cast, title=f"Kệ thuốc đầu buồng bệnh số {n}") for n in range(how_many)]
    decrees.recognise_together(items, Decree(clock.today()), by=cast.chi)
    return items[0].recognitions.get()


def test_the_print_of_a_whole_decision_is_made_in_the_background_when_it_is_long(cast, sign_in, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    first = lists_of_many(cast, 2)
    chi = sign_in(cast.chi)
    address = reverse("office:decision-certify", args=[first.pk])
    for _click in range(2):
        answer = chi.post(address)
        assert answer.status_code == 302
    asked = OutgoingFile.objects.get()  # asked twice, made once
    assert answer.headers["Location"] == reverse("office:outgoing", args=[asked.code])
    assert "khi lập xong sẽ có thông báo" in chi.get(answer.headers["Location"]).content.decode()
    assert not Certificate.objects.exists()  # the request did not wait for them
    outgoing.make(asked.pk)
    outgoing.make(asked.pk)  # a job that comes twice
    told = Notice.objects.get(person=cast.chi, kind="exchange.file")
    assert url_of(told) == answer.headers["Location"]
    page = chi.get(answer.headers["Location"]).content.decode()
    assert "2 tờ" in page
    made = chi.get(reverse("office:outgoing-file", args=[asked.code]))
    assert made.content.startswith(b"%PDF")
    assert made.headers["Content-Type"] == "application/pdf"
    assert Certificate.objects.count() == 2
    for name in ("outgoing", "outgoing-file"):
        assert sign_in(cast.binh).get(reverse(f"office:{name}", args=[asked.code])).status_code == 404


def test_more_sheets_than_one_archived_pdf_holds_come_as_several_in_a_zip(cast, sign_in, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(rendering, "AT_ONCE", 2)
    first = lists_of_many(cast, 3)
    asked = exports.print_recognised(first, by=cast.chi, base_url="https://thidua.example")
    assert asked.name.endswith(".zip")
    outgoing.make(asked.pk)
    answer = sign_in(cast.chi).get(reverse("office:outgoing-file", args=[asked.code]))
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == ["to-0001-0002.pdf", "to-0003-0003.pdf"]
        assert [len(pypdf.PdfReader(packed.open(name)).pages) for name in packed.namelist()] == [2, 1]
    asked.refresh_from_db()
    assert asked.rows == 3


def test_a_print_whose_right_has_ended_says_so(cast, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    first = lists_of_many(cast, 2)
    asked = exports.print_recognised(first, by=cast.chi, base_url="https://thidua.example")
    cast.chi.posts.all().delete()
    outgoing.make(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, bool(asked.stored)) == ("failed", False)
    assert asked.fault
    assert Notice.objects.get(person=cast.chi, kind="exchange.file").body == asked.fault


def test_certificates_of_a_long_list_of_awards_go_the_same_way(cast, nomination, sign_in, monkeypatch):
    decision = decided(cast, nomination)
    hanh, address = sign_in(cast.hanh), reverse("office:award-sheets", args=[decision.code])
    assert hanh.get(address).content.startswith(b"%PDF")
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    assert hanh.get(address).status_code == 302
    asked = OutgoingFile.objects.get()
    outgoing.make(asked.pk)
    asked.refresh_from_db()
    assert (asked.rows, asked.name) == (2, f"giay-khen-{decision.code}.pdf")
    one = Certificate.objects.first()
    assert hanh.get(reverse("office:award-sheets", args=[one.code])).content.startswith(b"%PDF")  # one: at once
