"""From a filed dossier to the officer's word, through the real verbs and the ledger's reader."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from tests.cast import SINCE, SYSTEM
from tests.initiatives.test_dossiers import IDEA, WHOLE, filed
from tests.similarity.test_measures import OTHER, SOURCE, replaced
from thidua.documents.choices import Purpose
from thidua.documents.rendering import statements
from thidua.documents.rendering.statements import Paragraph, Statement
from thidua.initiatives.choices import Disclosure
from thidua.initiatives.domain import attachments, dossiers, library, lists, reception, recognitions
from thidua.initiatives.models import Adoption, Initiative
from thidua.kernel.verdicts import Refused
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.people.domain import rosters
from thidua.people.models import Person
from thidua.similarity import queries
from thidua.similarity.choices import Finding
from thidua.similarity.domain import comparisons, judgements, reading
from thidua.similarity.models import Comparison, FileText, Likeness, Sketch

TITLE = "Xe đẩy thuốc ba tầng có khay phân liều theo giường"
WHY = "Cách làm khác: dùng khay rời và mã vạch, không hàn lại khung xe."


def neighbours(cast, *, public: bool = True, **fields) -> Initiative:
    """Recognised at the other hospital; in the library when `public`."""
    nam = Person.objects.filter(code="DV777").first() or rosters.enter(
        "Đinh Văn Nam", cast["TB-YT-02"], phone="0900000777", code="DV777", since=SINCE, by=SYSTEM
    )
    made = dossiers.start(
        nam, cast["TB-YT-02"], by=nam, **{**IDEA, **WHOLE, "title": TITLE, "solution": SOURCE, **fields}
    )
    dossiers.submit(made, by=nam)
    reception.receive(made, by=cast.lan)
    recognitions.recognise(made, by=cast.lan, decision_number="2/QĐ", decided_on=made.filed_on)
    if public:
        library.set_disclosure(made, Disclosure.PUBLIC, by=nam)
    return made


@pytest.fixture
def copied(cast):
    """A dossier of An's that says what the neighbours have said."""
    original = neighbours(cast)
    copy = filed(cast, title="Cải tiến xe phát thuốc", problem_before=OTHER[:60], solution=replaced(SOURCE, 0.3, 3))
    readers.drain("similarity")
    return original, copy


def test_filing_compares_with_the_whole_library(cast, copied):
    original, copy = copied
    (row,) = queries.likenesses_of(copy, cast.binh).seen
    assert row.other == original
    assert row.share > 0.3
    assert not Likeness.objects.filter(initiative=original, other=copy).exists()


def test_a_list_that_was_taken_back_leaves_the_library_in_one_go(cast):
    def cost(how_many):
        titles = (f"Kệ thuốc đầu buồng bệnh số {n} trong {how_many}" for n in range(how_many))
        made = [filed(cast, title=title) for title in titles]
        readers.drain("similarity")
        assert Sketch.objects.filter(initiative__in=made).exists()
        lists.take_back([item.pk for item in made], by=cast.an)
        with CaptureQueriesContext(connection) as captured:
            readers.drain("similarity")
        assert not Sketch.objects.filter(initiative__in=made).exists()
        return len(captured)

    assert cost(8) == cost(2)


def test_many_dossiers_are_compared_by_the_statements_of_one(cast):
    queries.familiar_phrases()  # remembered for a while

    def cost(how_many):
        made = [filed(cast, title=f"Kệ thuốc đầu buồng bệnh số {n} trong {how_many}") for n in range(how_many)]
        with CaptureQueriesContext(connection) as captured:
            readers.drain("similarity")
        assert Comparison.objects.filter(initiative__in=made).count() == how_many
        return len(captured)

    assert cost(8) == cost(1) <= 30


def test_two_that_are_read_together_are_found_alike(cast):
    first = filed(cast, title="Phát thuốc bằng xe ba tầng", solution=SOURCE)
    second = filed(cast, title="Xe ba tầng đi phát thuốc", solution=replaced(SOURCE, 0.3, 3))
    readers.drain("similarity")
    found = set(Likeness.objects.values_list("initiative", "other"))
    assert found == {(first.pk, second.pk), (second.pk, first.pk)}


def test_what_one_may_not_see_is_a_bare_number_and_the_office_to_ask_for_who_decides(cast, copied, sign_in):
    original, copy = copied
    Initiative.objects.filter(pk=original.pk).update(disclosure=Disclosure.INTERNAL)
    ask = queries.Unseen(cast["TB-YT-02"], original.code, is_earlier=True)
    assert queries.likenesses_of(copy, cast.binh) == queries.Shown([], 1, [ask])
    assert queries.likenesses_of(copy, cast.dung) == queries.Shown([], 1)  # a council member decides nothing here
    assert [r.other for r in queries.likenesses_of(copy, cast.giang).seen] == [original]
    for page in ("office:dossier", "office:compare"):
        told = sign_in(cast.binh).get(reverse(page, args=[copy.code])).content.decode()
        assert f"{original.code} · CĐCS Bệnh viện Nhi" in told
        assert "Gửi trước" in told
        assert "Gửi sau" not in told
        assert original.title not in told
        assert original.solution[:40] not in told
        less = sign_in(cast.dung).get(reverse(page, args=[copy.code])).content.decode()
        assert "1 hồ sơ giống ở nơi bạn không xem được" in less
        assert original.code not in less


def test_the_later_one_of_two_is_told_apart(cast, copied):
    original, copy = copied
    Initiative.objects.filter(pk__in=[original.pk, copy.pk]).update(disclosure=Disclosure.INTERNAL)
    filed_on = original.filed_on - timedelta(days=3)
    Initiative.objects.filter(pk=copy.pk).update(filed_on=filed_on)
    (ask,) = queries.likenesses_of(Initiative.objects.get(pk=copy.pk), cast.binh).to_ask
    assert not ask.is_earlier


def test_drafts_and_withdrawn_ones_are_not_in_the_library(cast):
    draft = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **{**IDEA, "solution": SOURCE})
    sent = filed(cast, solution=SOURCE)
    readers.drain("similarity")
    assert set(Sketch.objects.values_list("initiative", flat=True)) == {sent.pk}
    dossiers.withdraw(sent, by=cast.an)
    readers.drain("similarity")
    assert not Sketch.objects.exists()
    assert not Likeness.objects.filter(other=draft).exists()


def test_words_of_attached_documents_are_compared(cast):
    report, made = Document(), io.BytesIO()
    report.add_paragraph(SOURCE)
    report.add_table(1, 1).rows[0].cells[0].text = OTHER
    report.save(made)
    with_file = filed(cast, solution="Xem báo cáo kèm theo về giải pháp này.")
    reception.send_back(with_file, by=cast.binh, reason="Đề nghị gửi kèm báo cáo giải pháp đầy đủ.")
    attachments.attach(with_file, made.getvalue(), "bao-cao.docx", Purpose.EVIDENCE, by=cast.an)
    reading.with_files(with_file.pk)
    assert OTHER in FileText.objects.get().content
    later = filed(cast, title="Phát thuốc bằng xe ba tầng", solution=SOURCE)
    readers.drain("similarity")
    assert [a.initiative_id for a in comparisons.find(later)] == [with_file.pk]


def test_words_of_a_pdf_are_compared(cast):
    earlier = filed(cast, title="Phát thuốc bằng xe ba tầng", solution=SOURCE)
    report = statements.to_pdf(Statement("BÁO CÁO GIẢI PHÁP", blocks=[Paragraph(SOURCE)]))
    readers.drain("similarity")
    later = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **{**IDEA, "solution": OTHER})
    attachments.attach(later, report, "bao-cao.pdf", Purpose.EVIDENCE, by=cast.an)
    dossiers.submit(later, by=cast.an)
    reading.with_files(later.pk)
    assert [row.other for row in Likeness.objects.filter(initiative=later)] == [earlier]


def test_settled_records_get_sketches_a_stretch_at_a_time(cast):
    old = [filed(cast, title=f"{TITLE} {n}", solution=SOURCE) for n in range(3)]
    report, made = Document(), io.BytesIO()
    report.add_paragraph(OTHER)
    report.save(made)
    reception.send_back(old[0], by=cast.binh, reason="Đề nghị gửi kèm báo cáo giải pháp đầy đủ.")
    attachments.attach(old[0], made.getvalue(), "bao-cao.docx", Purpose.EVIDENCE, by=cast.an)
    readers.drain("similarity")
    Sketch.objects.all().delete()
    reached = reading.sketch_behind(most=2)  # the worker stops here, and goes on from where it was
    assert set(Sketch.objects.values_list("initiative", flat=True)) == {old[2].pk, old[1].pk}
    reached = reading.sketch_behind(reached, most=2)
    assert OTHER in FileText.objects.get().content
    assert reading.sketch_behind(reached, most=2) is None
    assert set(Sketch.objects.values_list("initiative", flat=True)) == {i.pk for i in old}


def test_a_bare_title_is_met_as_it_is_typed(cast, copied):
    original, _copy = copied
    assert original.pk in [
        a.initiative_id for a in comparisons.resembling("Xe chở thuốc ba ngăn có khay chia liều từng giường", "")
    ]
    assert not comparisons.resembling("Giá treo dịch truyền gắn vào thành giường bệnh", "")


def test_a_broken_document_stops_nothing(cast):
    item = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **IDEA)
    attachments.attach(item, b"%PDF-1.4\nbroken", "hong.pdf", Purpose.EVIDENCE, by=cast.an)
    dossiers.submit(item, by=cast.an)
    readers.drain("similarity")
    assert Comparison.objects.get(initiative=item).waits_for_files
    reading.catch_up()
    assert FileText.objects.get().fault
    assert not Comparison.objects.get(initiative=item).waits_for_files


def test_the_officer_says_new_and_why(cast, copied):
    _original, copy = copied
    with pytest.raises(Refused, match="vì sao"):
        judgements.judge(copy, Finding.NEW, by=cast.binh, reason="mới")
    judgements.judge(copy, Finding.NEW, by=cast.binh, reason=WHY)
    act = Act.objects.get(kind="similarity.initiative.judged")
    assert (act.subject_id, act.reason) == (copy.pk, WHY)


def test_adopting_the_existing_one_makes_a_replication(cast, copied):
    original, copy = copied
    judgements.judge(copy, Finding.ADOPTION, by=cast.chi, other=original, reason="Đơn vị dùng lại xe này.")
    adoption = Adoption.objects.get()
    assert (adoption.initiative, adoption.unit) == (original, copy.handler)
    assert copy.code in adoption.intention
    copy.refresh_from_db()
    assert copy.duplicate_of == original
    with pytest.raises(Refused, match="đã chuyển thành đăng ký áp dụng"):
        judgements.judge(copy, Finding.NEW, by=cast.chi, reason=WHY)


def test_a_copy_does_not_count_and_an_improvement_does(cast, copied):
    original, copy = copied
    judgements.judge(copy, Finding.COPY, by=cast.binh, other=original)
    copy.refresh_from_db()
    assert copy.duplicate_of == original
    judgements.judge(copy, Finding.IMPROVEMENT, by=cast.binh, other=original)
    copy.refresh_from_db()
    assert copy.duplicate_of is None
    assert queries.judgement_of(copy).finding == Finding.IMPROVEMENT
    assert [j.initiative for j in queries.descendants_of(original)] == [copy, copy]


def test_the_word_and_the_step_that_follows_are_one_action(cast, copied, sign_in):
    original, copy = copied
    binh, address = sign_in(cast.binh), reverse("office:compare-judge", args=[copy.code])
    shown = binh.get(reverse("office:compare-pair", args=[copy.code, original.code])).content.decode()
    assert 'value="send_back"' in shown
    assert 'value="refuse"' not in shown  # only the head may
    asked = {"other": original.code, "finding": Finding.COPY, "reason": "Trùng ba đoạn.", "then": "send_back"}
    assert binh.post(address, {**asked, "then": "refuse"}).status_code == 422
    assert not judgements.queries.judgement_of(copy)
    assert binh.post(address, asked).status_code == 302
    copy.refresh_from_db()
    assert (copy.state, copy.duplicate_of) == ("returned", original)
    assert original.code in copy.reason
    assert "Trùng ba đoạn." in copy.reason


def test_one_of_ones_own_union_cannot_be_adopted(cast):
    first = filed(cast, solution=SOURCE)
    second = filed(cast, title="Phát thuốc bằng xe", solution=SOURCE)
    with pytest.raises(Refused, match="chưa được công nhận"):
        judgements.judge(second, Finding.ADOPTION, by=cast.chi, other=first)


def test_only_those_who_receive_may_judge(cast, copied):
    original, copy = copied
    for person in (cast.an, cast.lan, cast.minh):
        with pytest.raises(Refused):
            judgements.judge(copy, Finding.COPY, by=person, other=original)


def test_the_pair_is_shown_side_by_side_and_decided(cast, copied, sign_in):
    original, copy = copied
    officer = sign_in(cast.chi)
    assert "So sánh và kết luận" in officer.get(reverse("office:dossier", args=[copy.code])).content.decode()
    assert TITLE in officer.get(reverse("office:compare", args=[copy.code])).content.decode()
    pair = reverse("office:compare-pair", args=[copy.code, original.code])
    page = officer.get(pair).content.decode()
    assert "<mark" in page
    assert "Áp dụng lại sáng kiến đã có" in page
    address = reverse("office:compare-judge", args=[copy.code])
    refused = officer.post(address, {"other": original.code, "finding": "new", "reason": "ngắn"})
    assert refused.status_code == 422
    assert "ngắn</textarea>" in refused.content.decode()
    done = officer.post(address, {"other": original.code, "finding": "adoption"}, follow=True).content.decode()
    assert "Đã chuyển thành đăng ký áp dụng" in done
    assert "đã kết luận sau khi so sánh" in done


def test_the_pair_page_shows_of_a_public_one_only_what_is_public(cast, copied, sign_in):
    original, copy = copied
    Initiative.objects.filter(pk=original.pk).update(novelty=SOURCE.upper(), confidential="Bí mật khay thuốc")
    page = sign_in(cast.binh).get(reverse("office:compare-pair", args=[copy.code, original.code])).content.decode()
    assert "chỉ so với phần công khai" in page
    assert SOURCE.upper()[:40] not in page
    assert "Bí mật" not in page
    Initiative.objects.filter(pk=original.pk).update(disclosure=Disclosure.INTERNAL)
    hidden = sign_in(cast.binh).get(reverse("office:compare-pair", args=[copy.code, original.code]))
    assert hidden.status_code == 404


def test_while_typing_only_public_ones_and_ones_own_are_named(cast, copied, client, sign_in):
    original, copy = copied
    typed = {"title": "xe day thuoc ba tang co khay phan lieu"}
    address = reverse("portal:alike")
    assert TITLE in client.post(address, typed).content.decode()
    Initiative.objects.filter(pk=original.pk).update(disclosure=Disclosure.INTERNAL)
    assert client.post(address, typed).content.decode().strip() == ""
    words = {"title": copy.title, "solution": copy.solution}
    assert copy.title in sign_in(cast.an).post(address, words).content.decode()
    assert copy.title not in sign_in(cast.an).post(address, {**words, "own_code": copy.code}).content.decode()
    assert copy.title not in sign_in(cast.dung).post(address, words).content.decode()


def test_a_check_is_a_handful_of_queries(cast, copied, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        comparisons.find(copied[1])


def test_what_an_author_has_sealed_is_told_nobody_while_typing(cast, copied, client, sign_in):
    original, copy = copied
    Initiative.objects.filter(pk=original.pk).update(sealed=["solution"])
    words = {"title": "Một cách làm khác hẳn cho khoa", "solution": SOURCE.split(". ", 1)[1]}
    assert client.post(reverse("portal:alike"), words).content.decode().strip() == ""
    pair = sign_in(cast.binh).get(reverse("office:compare-pair", args=[copy.code, original.code]))
    assert "hàn lại khung xe" not in pair.content.decode().split("Sáng kiến đã có", 1)[1]
