"""A dossier from the first word to the decision, through the real verbs."""

from datetime import date
from decimal import Decimal

import pytest

from thidua.documents.choices import Purpose
from thidua.initiatives import queries
from thidua.initiatives.choices import Channel, Disclosure, State
from thidua.initiatives.domain import adoptions, attachments, dossiers, library, reception, recognitions
from thidua.initiatives.models import Initiative, Revision
from thidua.initiatives.workflow import WORKFLOW
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.workflow.engine import totality_faults

IDEA = {
    "title": "Xe đẩy thuốc ba tầng có khay phân liều",
    "problem_before": "Điều dưỡng phải đi lại nhiều lần giữa tủ thuốc và buồng bệnh.",
    "solution": "Hàn lại khung xe cũ, chia khay theo số giường, dán nhãn màu.",
}
WHOLE = {
    "kind": "technical",
    "first_applied_on": date(2022, 2, 1),
    "effect": "Bớt đi lại, không còn nhầm giường.",
    "benefit": "money",
    "benefit_stated": 24_000_000,
}
REASON = "Đề nghị bổ sung ngày áp dụng và ảnh minh chứng."


def filed(cast, **fields) -> Initiative:
    initiative = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **WHOLE, **fields})
    dossiers.submit(initiative, by=cast.an)
    return initiative


def recognised(cast, **fields) -> Initiative:
    initiative = filed(cast, **fields)
    reception.receive(initiative, by=cast.binh)
    recognitions.recognise(initiative, by=cast.chi, decision_number="12/QĐ-BV", decided_on=date(2022, 5, 18))
    return initiative


def test_what_the_form_saved_itself_a_moment_ago_is_no_conflict(cast):
    item = filed(cast)
    reception.send_back(item, by=cast.binh, reason=REASON)
    seen, typed = Initiative.objects.get(pk=item.pk), {"effect": "Bớt đi lại một nửa."}
    dossiers.write(item, by=cast.an, revision=seen.revision, **typed)  # its own draft, while it was being sent
    assert dossiers.write(seen, by=cast.an, revision=seen.revision, **typed).effect == typed["effect"]
    late = Initiative.objects.get(pk=item.pk)
    assert dossiers.write(late, by=cast.an, revision=late.revision - 1, **typed).revision == late.revision
    with pytest.raises(Stale):
        dossiers.write(late, by=cast.an, revision=late.revision - 1, effect="Chữ khác của tab cũ.")


def test_the_whole_way_leaves_an_exact_trail(cast):
    initiative = recognised(cast)
    kinds = Act.objects.filter(subject_type="initiatives.initiative", subject_id=initiative.pk).order_by("pk")
    assert [a.kind.rpartition(".")[2] for a in kinds] == ["started", "submitted", "received", "recognised"]
    assert [a.actor_name for a in kinds] == [
        "Nguyễn Thị An",
        "Nguyễn Thị An",
        "Lê Thanh Bình",
        "Phạm Thị Chi",
    ]


def test_a_section_files_to_its_grassroots_union(cast):
    assert filed(cast).handler == cast["TB-YT-01"]


def test_due_days_come_from_the_rule_pack(cast):
    initiative = filed(cast)
    assert initiative.due_on == date(2022, 5, 27)  # five working days after Friday 20 May
    reception.receive(initiative, by=cast.binh)
    assert initiative.due_on == date(2022, 8, 20)


def test_an_empty_form_is_refused_with_what_is_missing(cast):
    initiative = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, title="Xe đẩy")
    with pytest.raises(Refused, match="ít nhất 8 ký tự"):
        dossiers.submit(initiative, by=cast.an)


def test_the_same_form_sent_twice_makes_one_dossier(cast):
    one = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, submission_key="k1", **IDEA)
    two = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, submission_key="k1", **IDEA)
    assert one.pk == two.pk


def test_a_double_submit_sends_once(cast):
    initiative = filed(cast)
    again = Initiative.objects.get(pk=initiative.pk)
    again.state = State.DRAFT  # as read before the first click landed
    with pytest.raises(Stale):
        dossiers.submit(again, by=cast.an)
    assert Act.objects.filter(kind="initiatives.initiative.submitted").count() == 1


def test_returned_keeps_its_first_filing_day_and_tells_the_author(cast):
    initiative = filed(cast)
    reception.send_back(initiative, by=cast.binh, reason=REASON)
    notice = Notice.objects.get(person=cast.an)
    assert (notice.needs_action, notice.body) == (True, REASON)
    first = initiative.filed_on
    dossiers.submit(initiative, by=cast.an)
    assert initiative.filed_on == first
    assert [r.number for r in Revision.objects.filter(initiative=initiative)] == [1, 2]


def test_a_return_needs_a_reason_the_author_can_use(cast):
    with pytest.raises(Refused, match="ít nhất 20 ký tự"):
        reception.send_back(filed(cast), by=cast.binh, reason="thiếu")


def test_recognition_names_everything_that_is_missing(cast):
    initiative = filed(cast, kind="", first_applied_on=None)
    reception.receive(initiative, by=cast.binh)
    with pytest.raises(Refused) as refused:
        recognitions.recognise(initiative, by=cast.chi, decision_number="1/QĐ", decided_on=date(2022, 5, 18))
    assert refused.value.sentence == "Chưa chọn loại giải pháp. Chưa ghi ngày áp dụng lần đầu."


def test_an_officer_cannot_sign_for_the_chair(cast):
    initiative = filed(cast)
    reception.receive(initiative, by=cast.binh)
    with pytest.raises(Forbidden, match="Công nhận hoặc không công nhận sáng kiến"):
        recognitions.recognise(initiative, by=cast.binh, decision_number="1/QĐ", decided_on=date(2022, 5, 18))


def test_nobody_recognises_their_own(cast):
    initiative = dossiers.start(cast.chi, cast["TB-YT-01"], by=cast.chi, **IDEA, **WHOLE)
    dossiers.submit(initiative, by=cast.chi)
    reception.receive(initiative, by=cast.binh)
    with pytest.raises(Forbidden, match="Bạn là tác giả"):
        recognitions.recognise(initiative, by=cast.chi, decision_number="1/QĐ", decided_on=date(2022, 5, 18))


def test_two_tabs_do_not_overwrite_each_other(cast):
    initiative = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **IDEA)
    dossiers.write(initiative, by=cast.an, revision=1, steps="Một")
    stale = Initiative.objects.get(pk=initiative.pk)
    with pytest.raises(Stale, match="được sửa ở nơi khác"):
        dossiers.write(stale, by=cast.an, revision=1, steps="Hai")
    assert Initiative.objects.get(pk=initiative.pk).steps == "Một"


def test_shares_must_add_up_to_one_hundred(cast):
    initiative = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **IDEA)
    with pytest.raises(Refused, match="Tổng tỷ lệ đóng góp là 99,5 %"):
        dossiers.share_out(initiative, [(cast.an, Decimal("60")), (cast.dung, Decimal("39.5"))], by=cast.an)
    dossiers.share_out(initiative, [(cast.an, Decimal("60")), (cast.dung, Decimal("40"))], by=cast.an)
    assert [(a.name, a.share) for a in initiative.authorships.all()] == [
        ("Nguyễn Thị An", Decimal("60")),
        ("Trần Văn Dũng", Decimal("40")),
    ]


def test_filing_without_an_account_is_held_and_claimed_once(cast):
    unit = cast["TB-YT-01"]
    with pytest.raises(Refused, match="đã đăng nhập"):
        dossiers.start_open("Lý Mới", "0900 000 099", unit, None, submission_key="q1", **IDEA)
    unit.accepts_open_filing = True
    unit.save()
    initiative, code = dossiers.start_open("Lý Mới", "0900 000 099", unit, None, submission_key="q1", **IDEA)
    assert (initiative.state, initiative.channel) == (State.SUBMITTED, Channel.OPEN)
    assert dossiers.start_open("Lý Mới", "0900000099", unit, None, submission_key="q1", **IDEA) == (initiative, "")
    dossiers.claim(code, by=cast.dung)
    assert queries.own(cast.dung).get() == initiative
    with pytest.raises(Refused, match="không đúng hoặc đã được dùng"):
        dossiers.claim(code, by=cast.lan)


def test_on_behalf_needs_the_workers_consent_and_belongs_to_the_worker(cast):
    with pytest.raises(Refused, match="đồng ý"):
        dossiers.start(cast.dung, cast["TB-YT-01"], by=cast.binh, channel=Channel.ON_BEHALF, **IDEA)
    initiative = dossiers.start(
        cast.dung, cast["TB-YT-01"], by=cast.binh, channel=Channel.ON_BEHALF, consent_noted=True, **IDEA
    )
    assert [a.person for a in initiative.authorships.all()] == [cast.dung]
    assert not queries.own(cast.binh).exists()


def test_outsiders_see_nothing_and_drafts_are_private(cast):
    initiative = filed(cast)
    draft = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **IDEA)
    assert queries.dossier_for(cast.giang, initiative.code) == initiative
    assert queries.dossier_for(cast.lan, initiative.code) is None
    assert queries.dossier_for(cast.khoa, initiative.code) is None
    assert queries.dossier_for(cast.binh, draft.code) is None


def test_a_page_in_disguise_is_not_a_picture(cast):
    initiative = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **IDEA)
    with pytest.raises(Refused, match="không thuộc loại được nhận"):
        attachments.attach(initiative, b"<html><script>", "anh.jpg", Purpose.PHOTO_BEFORE, by=cast.an)


def test_only_an_author_makes_it_public(cast):
    initiative = recognised(cast)
    with pytest.raises(Forbidden, match="Chỉ tác giả"):
        library.set_disclosure(initiative, Disclosure.PUBLIC, by=cast.binh)
    library.set_disclosure(initiative, Disclosure.PUBLIC, by=cast.an)
    assert list(queries.public()) == [initiative]


def test_revocation_takes_it_out_of_the_library(cast):
    initiative = recognised(cast)
    library.set_disclosure(initiative, Disclosure.PUBLIC, by=cast.an)
    recognitions.revoke(initiative.recognitions.get(), by=cast.chi, reason="Xác minh lại: không đúng tác giả.")
    assert not queries.public().exists()


def test_adopting_tells_the_author_and_happens_once(cast):
    initiative = recognised(cast)
    adoption = adoptions.register(initiative, cast["TB-YT-02"], by=cast.lan, intention="Làm thử một tháng")
    with pytest.raises(Refused, match="đã đăng ký"):
        adoptions.register(initiative, cast["TB-YT-02"], by=cast.lan)
    with pytest.raises(Refused, match="chính đơn vị bạn"):
        adoptions.register(initiative, cast["TB-YT-01"], by=cast.chi)
    adoptions.report_effect(adoption, by=cast.lan, applied_on=date(2022, 5, 19), effect="Giảm một phần ba thời gian.")
    assert adoption.state == "applied"


def test_the_table_is_total():
    assert totality_faults(WORKFLOW, State.values) == []


def test_one_dossier_is_judged_as_the_lists_are_whoever_looks(cast):
    from_afar = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.binh, title="Nhập hộ")
    sent = filed(cast)
    for initiative in (from_afar, sent):
        for person in cast.people.values():
            listed = queries.visible_to(person).filter(pk=initiative.pk).exists()
            assert (queries.dossier_for(person, initiative.code) is not None) == listed
    assert queries.dossier_for(cast.giang, sent.code) is not None
    assert queries.dossier_for(cast.an, sent.code) is None


def test_units_are_laid_on_rows_as_if_they_had_been_joined(cast, django_assert_num_queries):
    filed(cast)
    dossiers.start(cast.binh, cast["TB-YT-01"], by=cast.binh, title="Xe đẩy")
    passed = recognised(cast)
    passed.decider = cast["TB-YT"]
    passed.save()
    joined = list(queries.dossiers().order_by("pk"))
    rows = list(queries.dossiers().select_related(None).order_by("pk"))
    with django_assert_num_queries(1):
        queries.lay_units(rows)
    with django_assert_num_queries(0):
        told = [(i.unit.code, i.handler.code, i.handler.parent.code, i.decider and i.decider.code) for i in rows]
    assert told == [(i.unit.code, i.handler.code, i.handler.parent.code, i.decider and i.decider.code) for i in joined]
    queries.lay_units([])
