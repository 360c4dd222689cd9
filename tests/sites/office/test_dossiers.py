"""The office: what waits, who may do what at each step, how refusals read, and who sees nothing."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.initiatives.test_dossiers import IDEA, REASON, WHOLE, filed, recognised
from tests.sites.member.test_pages import page_of, photo
from thidua.documents.choices import Purpose
from thidua.documents.domain import previews
from thidua.documents.rendering import statements
from thidua.documents.rendering.statements import Paragraph, Statement
from thidua.initiatives.choices import Channel, Disclosure, State
from thidua.initiatives.domain import attachments, dossiers, library, reception, recognitions
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.ledger import readers
from thidua.people.models import Person

DECISION = {"decision_number": "125/QĐ-BVĐK", "decided_on": "2022-05-19", "body": "head", "scope": "grassroots"}
PEOPLE = ("an", "dung", "binh", "chi", "giang", "phuc", "minh", "quy", "lan", "khoa")
SEE = {"dung", "binh", "chi", "giang", "phuc", "minh"}  # council member, officers, chair, those above, the auditor


def at(cast, state):
    """An's initiative brought to a state through the real verbs."""
    if state == State.DRAFT:
        return dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **IDEA, **WHOLE)
    if state in (State.RECOGNISED, State.REVOKED):
        item = recognised(cast)
        if state == State.REVOKED:
            recognitions.revoke(item.recognitions.get(), by=cast.chi, reason=REASON)
        return item
    item = filed(cast)
    if state == State.SUBMITTED:
        return item
    if state == State.RETURNED:
        reception.send_back(item, by=cast.binh, reason=REASON)
    elif state == State.WITHDRAWN:
        dossiers.withdraw(item, by=cast.an)
    else:
        reception.receive(item, by=cast.binh)
        if state == State.PASSED_UP:
            reception.pass_up(item, by=cast.binh, reason=REASON)
        if state == State.REFUSED:
            recognitions.refuse(item, by=cast.chi, reason=REASON)
    return item


# What each step does from each state, and who may: everything not named here must change nothing.
MOVES = {
    ("receive", State.SUBMITTED): (State.RECEIVED, {"binh", "chi"}),
    ("send_back", State.SUBMITTED): (State.RETURNED, {"binh", "chi"}),
    ("send_back", State.RECEIVED): (State.RETURNED, {"binh", "chi"}),
    ("pass_up", State.RECEIVED): (State.PASSED_UP, {"binh", "chi"}),
    ("send_back", State.PASSED_UP): (State.RETURNED, {"giang"}),
    ("hand_down", State.PASSED_UP): (State.RECEIVED, {"giang"}),
    ("call_back", State.PASSED_UP): (State.RECEIVED, {"binh", "chi"}),
    ("refuse", State.RECEIVED): (State.REFUSED, {"chi"}),
    ("revoke", State.RECOGNISED): (State.REVOKED, {"chi"}),
}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("who", PEOPLE)
def test_state_by_person_by_step(cast, sign_in, state, who):
    item = at(cast, state)
    client = sign_in(getattr(cast, who))
    is_seen = who in SEE and item.filed_on is not None
    assert (client.get(reverse("office:dossier", args=[item.code])).status_code == 200) is is_seen
    for step in {name for name, _state in MOVES} | {"submit", "resume", "resume_up", "withdraw"}:
        target, allowed = MOVES.get((step, state), (None, set()))
        if who in allowed:
            continue
        client.post(reverse("office:dossier-step", args=[item.code]), {"step": step, "reason": REASON})
        assert Initiative.objects.get().state == state, (step, who)
    for (step, source), (target, allowed) in MOVES.items():
        if source == state and who in allowed:
            client.post(reverse("office:dossier-step", args=[item.code]), {"step": step, "reason": REASON})
            assert Initiative.objects.get().state == target
            break


@pytest.mark.parametrize("who", ["lan", "khoa", "quy", "an"])
def test_outsiders_learn_nothing(cast, sign_in, who):
    item = filed(cast)
    client = sign_in(getattr(cast, who))
    for name, more in [
        ("dossier", []),
        ("dossier-recognise", []),
        ("dossier-authors", []),
        ("dossier-edit", ["y-tuong"]),
    ]:
        assert client.get(reverse(f"office:{name}", args=[item.code, *more])).status_code in (403, 404), name
    for name in ("dossier-step", "dossier-benefit", "dossier-flags", "dossier-attach"):
        assert client.post(reverse(f"office:{name}", args=[item.code])).status_code in (403, 404), name
    shown = client.get(reverse("office:initiatives"))
    assert item.title not in shown.content.decode()


def test_what_was_never_filed_stays_with_its_author(cast, sign_in):
    item = at(cast, State.DRAFT)
    dossiers.withdraw(item, by=cast.an)
    assert sign_in(cast.binh).get(reverse("office:dossier", args=[item.code])).status_code == 404


def test_the_inbox_filters(cast, sign_in):
    item = filed(cast)
    readers.drain("search")
    binh = sign_in(cast.binh)
    for query in (
        {},
        {"q": "xe day thuoc"},
        {"q": "XE ĐẨY"},
        {"q": item.code},
        {"state": "submitted"},
        {"unit": "TB-YT-01-N"},
    ):
        assert item.title in page_of(binh, "office:initiatives", **query), query
    for query in ({"q": "máy bay"}, {"state": "received"}, {"state": "qua-han"}):
        assert item.title not in page_of(binh, "office:initiatives", **query), query
    with clock.at(date(2022, 6, 30)):
        assert item.title in page_of(binh, "office:initiatives", state="qua-han")


def test_the_inbox_costs_the_same_for_one_and_for_five(cast, sign_in, django_assert_max_num_queries):
    filed(cast)
    binh = sign_in(cast.binh)
    page_of(binh, "office:initiatives")
    with django_assert_max_num_queries(16) as one:
        page_of(binh, "office:initiatives")
    for _n in range(4):
        filed(cast)
    with django_assert_max_num_queries(16) as five:
        page_of(binh, "office:initiatives")
    assert len(one) == len(five)


def test_pages_of_the_inbox_meet_without_gap_or_overlap(cast, sign_in):
    codes = {filed(cast).code for _n in range(23)}
    binh, seen, cursor = sign_in(cast.binh), set(), ""
    for _n in range(2):
        answer = binh.get(reverse("office:initiatives"), {"cursor": cursor})
        rows = {item.code for item, _standing in answer.context["rows"]}
        assert not rows & seen
        seen |= rows
        cursor = answer.context["page"].next
    assert (seen, cursor) == (codes, "")


def test_many_are_received_at_once_and_the_rest_is_named(cast, sign_in):
    items = [filed(cast), filed(cast)]
    reception.receive(items[1], by=cast.binh)
    answer = sign_in(cast.binh).post(
        reverse("office:dossiers-bulk"), {"step": "receive", "code": [i.code for i in items]}, follow=True
    )
    words = answer.content.decode()
    assert "Đã tiếp nhận 1 hồ sơ." in words
    assert items[1].code in words
    assert "Không thể «Tiếp nhận»" in words


def test_bulk_never_reaches_beyond_ones_own_unit(cast, sign_in):
    item = filed(cast)
    sign_in(cast.lan).post(reverse("office:dossiers-bulk"), {"step": "receive", "code": [item.code]})
    assert Initiative.objects.get().state == State.SUBMITTED


def test_a_short_reason_is_refused_and_said(cast, sign_in):
    item = filed(cast)
    answer = sign_in(cast.binh).post(
        reverse("office:dossier-step", args=[item.code]), {"step": "send_back", "reason": "thiếu"}, follow=True
    )
    assert "ít nhất 20 ký tự" in answer.content.decode()


def test_the_chair_recognises_by_number_date_and_file(cast, sign_in):
    item = at(cast, State.RECEIVED)
    chi = sign_in(cast.chi)
    assert "Số quyết định" in page_of(chi, "office:dossier-recognise", item.code)
    paper = SimpleUploadedFile("qd.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n", "application/pdf")
    chi.post(reverse("office:dossier-recognise", args=[item.code]), {**DECISION, "file": paper})
    recognition = item.recognitions.get()
    assert (recognition.decision_number, recognition.decided_on) == ("125/QĐ-BVĐK", date(2022, 5, 19))
    assert recognition.file.content_type == "application/pdf"
    assert chi.get(reverse("office:file", args=[recognition.file_id])).status_code == 200
    assert "125/QĐ-BVĐK" in page_of(sign_in(cast.an), "member:initiative", item.code)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"decided_on": ""}, "Hãy chọn ngày."),
        ({"decided_on": "2023-01-01"}, "Ngày quyết định nằm trong tương lai."),
        ({"decided_on": "2022-01-31"}, "trước ngày áp dụng lần đầu"),
        ({"decided_on": "hôm qua"}, "Ngày không đúng"),
    ],
)
def test_a_wrong_decision_names_what_to_mend(cast, sign_in, wrong, sentence):
    item = at(cast, State.RECEIVED)
    answer = sign_in(cast.chi).post(reverse("office:dossier-recognise", args=[item.code]), {**DECISION, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not item.recognitions.exists()


def test_the_disabled_button_says_what_is_missing(cast, sign_in):
    item = filed(cast, kind="", first_applied_on=None)
    reception.receive(item, by=cast.binh)
    words = page_of(sign_in(cast.chi), "office:dossier", item.code)
    assert "Chưa chọn loại giải pháp." in words
    assert "Chưa ghi ngày áp dụng lần đầu." in words


def test_an_officer_is_not_offered_the_signature(cast, sign_in):
    item = at(cast, State.RECEIVED)
    assert "cong-nhan" not in page_of(sign_in(cast.binh), "office:dossier", item.code).replace("sua/cong-nhan", "")
    answer = sign_in(cast.binh).get(reverse("office:dossier-recognise", args=[item.code]))
    assert answer.status_code == 403


def test_the_office_corrects_and_a_stale_form_is_told(cast, sign_in):
    item = at(cast, State.RECEIVED)
    address = reverse("office:dossier-edit", args=[item.code, "noi-dung"])
    binh = sign_in(cast.binh)
    typed = {"kind": "managerial", "first_applied_on": "2022-02-01", "revision": item.revision}
    assert binh.post(address, typed).status_code == 302
    answer = binh.post(address, {**typed, "kind": "technical"})
    assert answer.status_code == 409
    assert Initiative.objects.get().kind == "managerial"


def test_a_returned_dossier_resumes_where_it_was(cast):
    item = at(cast, State.RECEIVED)
    reception.send_back(item, by=cast.binh, reason=REASON)
    dossiers.submit(item, by=cast.an)
    assert (item.state, item.due_on) == (State.RECEIVED, date(2022, 8, 20))


def test_entering_for_a_worker_on_the_roster(cast, sign_in):
    binh = sign_in(cast.binh)
    found = binh.post(reverse("office:dossier-enter"), {"q": "nguyen an", "find": "1", "title": "Đang gõ"})
    assert "Nguyễn Thị An" in found.content.decode()
    assert "Đang gõ" in found.content.decode()
    binh.post(
        reverse("office:dossier-enter"),
        {**IDEA, "author": cast.an.pk, "consent_noted": "on", "submission_key": "k", "act": "send", "after": photo()},
    )
    item = Initiative.objects.get()
    assert (item.channel, item.state, item.entered_by) == (Channel.ON_BEHALF, State.SUBMITTED, cast.binh)
    assert [a.person for a in item.authorships.all()] == [cast.an]
    assert item.attachments.count() == 1


def test_entering_for_a_new_worker_puts_them_on_the_roster(cast, sign_in):
    new = {"full_name": "Tô Văn Mới", "phone": "0911 222 333", "is_direct_worker": "on", "consent_noted": "on"}
    sign_in(cast.binh).post(reverse("office:dossier-enter"), {**IDEA, **new, "submission_key": "k", "act": "draft"})
    person = Person.objects.get(full_name="Tô Văn Mới")
    assert (person.unit, person.phone, person.is_direct_worker) == (cast["TB-YT-01"], "0911222333", True)
    item = Initiative.objects.get()
    assert item.state == State.DRAFT
    assert item.code in page_of(sign_in(cast.binh), "office:initiatives", state="nhap-do")
    assert sign_in(cast.chi).get(reverse("office:dossier", args=[item.code])).status_code == 404


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"consent_noted": ""}, "đồng ý cho nhập hộ"),
        ({"full_name": ""}, "ghi họ tên người mới"),
        ({"phone": "0900000001"}, "đã có trong danh sách"),
        ({"title": "Xe"}, "ít nhất 8 ký tự"),
    ],
)
def test_an_incomplete_entry_keeps_words_and_files(cast, sign_in, missing, sentence):
    typed = {**IDEA, "full_name": "Tô Văn Mới", "consent_noted": "on", "submission_key": "k", "act": "send"}
    answer = sign_in(cast.binh).post(reverse("office:dossier-enter"), {**typed, **missing, "before": photo()})
    words = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words
    assert IDEA["solution"] in words
    assert "truoc.jpg" in words
    assert not Initiative.objects.exists()
    assert not Person.objects.filter(full_name="Tô Văn Mới").exists()


def test_a_name_from_the_qr_form_is_found_on_the_roster(cast, sign_in):
    unit = cast["TB-YT-01"]
    unit.accepts_open_filing = True
    unit.save()
    item, _claim = dossiers.start_open("Trần Văn Dũng", "0900000002", unit, None, submission_key="q", **IDEA, **WHOLE)
    reception.receive(item, by=cast.binh)
    assert "Chưa xác định tác giả" in page_of(sign_in(cast.chi), "office:dossier", item.code)
    authorship = item.authorships.get()
    address = reverse("office:dossier-author", args=[item.code, authorship.pk])
    binh = sign_in(cast.binh)
    assert "Đúng người này" in binh.get(address).content.decode()
    assert binh.post(address, {"person": cast.lan.pk}).status_code == 422
    binh.post(address, {"person": cast.dung.pk})
    assert item.authorships.get().person == cast.dung


def test_benefit_flags_and_copies(cast, sign_in):
    first, second = filed(cast), filed(cast, title="Xe đẩy thuốc ba tầng kiểu mới")
    readers.drain("similarity")
    binh = sign_in(cast.binh)
    assert first.code in page_of(binh, "office:dossier", second.code)  # shown as similar
    binh.post(reverse("office:dossier-benefit", args=[second.code]), {"amount": "12.000.000"})
    binh.post(
        reverse("office:dossier-flags", args=[second.code]),
        {"is_ip_protected": "on", "duplicate_of": first.code.lower()},
    )
    second.refresh_from_db()
    assert (second.benefit_confirmed, second.benefit_confirmed_by) == (12_000_000, cast.binh)
    assert (second.is_ip_protected, second.duplicate_of) == (True, first)
    answer = binh.post(reverse("office:dossier-flags", args=[second.code]), {"duplicate_of": "SK-KHONGCO"}, follow=True)
    assert "Không thấy hồ sơ SK-KHONGCO" in answer.content.decode()
    answer = binh.post(reverse("office:dossier-benefit", args=[second.code]), {"amount": "nhiều"}, follow=True)
    assert "Số tiền không đúng" in answer.content.decode()


def test_files_follow_the_permission_of_their_record(cast, sign_in, client):
    item = at(cast, State.DRAFT)
    kept = attachments.attach(item, photo().read(), "a.jpg", Purpose.PHOTO_AFTER, by=cast.an)
    paper = attachments.attach(item, b"%PDF-1.4\n1 0 obj<<>>endobj\n", "b.pdf", Purpose.EVIDENCE, by=cast.an)
    address = reverse("office:file", args=[kept.file_id])
    assert sign_in(cast.an).get(address).status_code == 200
    for who in ("binh", "lan", "dung"):
        assert sign_in(getattr(cast, who)).get(address).status_code == 404
    dossiers.submit(item, by=cast.an)
    assert sign_in(cast.binh).get(address).status_code == 200
    assert sign_in(cast.lan).get(address).status_code == 404
    assert client.get(address).status_code == 404
    reception.receive(item, by=cast.binh)
    recognitions.recognise(item, by=cast.chi, decision_number="1/QĐ", decided_on=date(2022, 5, 18))
    library.set_disclosure(item, Disclosure.PUBLIC, by=cast.an)
    shown = client.get(address)
    assert shown.status_code == 200
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client.get(reverse("office:file", args=[paper.file_id])).status_code == 404
    assert "attachment" in sign_in(cast.an).get(address, {"tai": "1"})["Content-Disposition"]


def test_a_pdf_of_somebody_is_downloaded_and_shown_only_as_a_picture(cast, sign_in):
    report = statements.to_pdf(Statement("BÁO CÁO GIẢI PHÁP", blocks=[Paragraph("Khung xe hàn lại ba tầng.")]))
    item = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **IDEA)
    attached = attachments.attach(item, report, "bao-cao.pdf", Purpose.EVIDENCE, by=cast.an)
    previews.make_some()
    an, address = sign_in(cast.an), reverse("office:file", args=[attached.file_id])
    whole, small = an.get(address), an.get(address, {"nho": ""})
    assert whole["Content-Disposition"].startswith("attachment")
    assert small["Content-Type"] == "image/jpeg"
    for sent in (whole, small):
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert sent["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_the_poster_is_a_pdf_for_those_who_see_the_unit(cast, sign_in, programme):
    address = reverse("office:poster", args=[programme.code, "TB-YT-01"])
    made = sign_in(cast.binh).get(address)
    assert made.content.startswith(b"%PDF-")
    assert sign_in(cast.lan).get(address).status_code == 404
    assert sign_in(cast.binh).get(reverse("office:poster", args=[programme.code, "NT-KCN-01"])).status_code == 404
