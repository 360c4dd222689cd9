"""The office's verbs: passing up, undoing, deadlines, canned reasons, wider scope."""

from datetime import date, timedelta

import pytest

from tests.initiatives.test_dossiers import REASON, filed, recognised
from thidua.awards.domain import certificates
from thidua.documents.models import Paper, Register
from thidua.initiatives import rules
from thidua.initiatives.choices import ScopeState, State
from thidua.initiatives.domain import (
    adoptions,
    batches,
    canned,
    deadlines,
    decrees,
    dossiers,
    reception,
    recognitions,
    scopes,
    undoing,
)
from thidua.initiatives.domain.decrees import Decree
from thidua.initiatives.models import DueNotice, Initiative, Recognition
from thidua.initiatives.workflow import SCOPE
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.workflow.engine import totality_faults

GROUNDS = "Đã áp dụng tại 12 bệnh viện trong tỉnh, giảm 30 % thời gian phát thuốc."
TODAY = date(2022, 5, 20)


def received(cast, **fields):
    item = filed(cast, **fields)
    reception.receive(item, by=cast.binh)
    return item


def passed_up(cast):
    item = received(cast)
    reception.pass_up(item, by=cast.binh, reason=REASON)
    return item


def headlines(person):
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("headline", flat=True))


def test_the_unit_above_decides_what_was_passed_up(cast):
    item = passed_up(cast)
    assert (item.state, item.decider, rules.office_of(item)) == (State.PASSED_UP, cast["TB-YT"], cast["TB-YT"])
    told = f"Chuyển lên {cast['TB-YT'].short_name} quyết định"
    assert any(told in h for h in headlines(cast.hanh))
    assert any(told in h for h in headlines(cast.an))
    with pytest.raises(Forbidden):
        recognitions.recognise(item, by=cast.chi, decision_number="1/QĐ", decided_on=TODAY)
    recognition = recognitions.recognise(item, by=cast.hanh, decision_number="1/QĐ", decided_on=TODAY)
    assert recognition.unit == cast["TB-YT"]


def test_what_the_unit_above_returns_comes_back_to_it(cast):
    item = passed_up(cast)
    reception.send_back(item, by=cast.giang, reason=REASON)
    dossiers.submit(item, by=cast.an)
    assert (item.state, item.decider) == (State.PASSED_UP, cast["TB-YT"])


def test_a_dossier_is_handed_down_or_called_back(cast):
    item = passed_up(cast)
    reception.hand_down(item, by=cast.hanh, reason=REASON)
    assert (item.state, item.decider) == (State.RECEIVED, None)
    reception.pass_up(item, by=cast.chi, reason=REASON)
    with pytest.raises(Forbidden):
        reception.call_back(item, by=cast.lan)
    reception.call_back(item, by=cast.binh)
    assert item.state == State.RECEIVED


def test_a_head_who_is_the_author_passes_it_up(cast):
    item = dossiers.start(cast.chi, cast["TB-YT-01"], by=cast.chi, **_whole())
    dossiers.submit(item, by=cast.chi)
    reception.receive(item, by=cast.binh)
    with pytest.raises(Refused, match="Bạn là tác giả"):
        recognitions.recognise(item, by=cast.chi, decision_number="1/QĐ", decided_on=TODAY)
    reception.pass_up(item, by=cast.binh, reason=REASON)
    recognitions.recognise(item, by=cast.hanh, decision_number="1/QĐ", decided_on=TODAY)
    assert item.state == State.RECOGNISED


def _whole():
    from tests.initiatives.test_dossiers import IDEA, WHOLE

    return {**IDEA, **WHOLE}


UNDONE = [
    (filed, lambda i, c: reception.receive(i, by=c.binh), "binh", State.SUBMITTED),
    (filed, lambda i, c: reception.send_back(i, by=c.binh, reason=REASON), "binh", State.SUBMITTED),
    (received, lambda i, c: reception.send_back(i, by=c.binh, reason=REASON), "chi", State.RECEIVED),
    (received, lambda i, c: recognitions.refuse(i, by=c.chi, reason=REASON), "chi", State.RECEIVED),
    (
        received,
        lambda i, c: recognitions.recognise(i, by=c.chi, decision_number="1/QĐ", decided_on=TODAY),
        "chi",
        State.RECEIVED,
    ),
    (passed_up, lambda i, c: reception.send_back(i, by=c.giang, reason=REASON), "hanh", State.PASSED_UP),
    (passed_up, lambda i, c: recognitions.refuse(i, by=c.hanh, reason=REASON), "hanh", State.PASSED_UP),
]


@pytest.mark.parametrize(("prepare", "act", "who", "back_to"), UNDONE)
def test_a_step_nothing_rests_on_is_taken_back(cast, prepare, act, who, back_to):
    item = prepare(cast)
    before = Initiative.objects.get(pk=item.pk)
    act(item, cast)
    undoing.undo(item, by=getattr(cast, who))
    after = Initiative.objects.get(pk=item.pk)
    assert after.state == back_to == before.state
    assert (after.due_on, after.received_on, after.concluded_on) == (before.due_on, before.received_on, None)
    assert not Recognition.objects.exists()
    assert Act.objects.filter(kind="initiatives.initiative.undone", subject_id=item.pk).count() == 1
    assert "hoàn tác" in headlines(cast.an)[-1]


def test_what_something_rests_on_is_not_undone(cast):
    item = recognised(cast)
    adoptions.register(item, cast["TB-YT-02"], by=cast.lan)
    with pytest.raises(Refused, match="đơn vị đăng ký áp dụng"):
        undoing.undo(item, by=cast.chi)
    other = recognised(cast)
    certificates.issue_for_recognition(other.recognitions.get(), by=cast.chi)
    with pytest.raises(Refused, match="Đã cấp giấy chứng nhận"):
        undoing.undo(other, by=cast.chi)


def test_undo_ends_with_the_hours_of_the_rule_pack_or_with_the_next_act(cast):
    item = received(cast)
    with clock.at(TODAY + timedelta(days=2)), pytest.raises(Refused, match="24 giờ"):
        undoing.undo(item, by=cast.binh)
    dossiers.confirm_benefit(item, 5_000_000, by=cast.binh)
    with pytest.raises(Refused, match="thay đổi khác"):
        undoing.undo(item, by=cast.binh)
    with pytest.raises(Refused):
        undoing.undo(item, by=cast.lan)


def test_each_of_a_batch_stands_or_falls_alone(cast):
    good, bad = filed(cast), received(cast)
    outcomes = batches.each([good, bad], lambda i: str(reception.receive(i, by=cast.binh)))
    assert [o.is_done for o in outcomes] == [True, False]
    assert "Không thể «Tiếp nhận»" in outcomes[1].sentence


def test_one_decision_recognises_many_and_writes_its_paper(cast):
    one, two, lacking = received(cast), received(cast), received(cast, kind="")
    outcomes = decrees.recognise_together([one, two, lacking], Decree(TODAY), by=cast.chi)
    assert [o.is_done for o in outcomes] == [True, True, False]
    assert outcomes[2].sentence == "Chưa chọn loại giải pháp."
    paper = Paper.objects.get()
    numbers = set(Recognition.objects.values_list("decision_number", "paper"))
    assert numbers == {(paper.full_number, paper.pk)}
    assert paper.full_number == "01/QĐ-CĐCS"
    assert paper.pdf.content_type == "application/pdf"
    with pytest.raises(Refused, match="Quyết định đã ban hành"):
        undoing.undo(one, by=cast.chi)


def test_a_decision_that_recognises_nothing_takes_no_number(cast):
    item = received(cast, kind="")
    outcomes = decrees.recognise_together([item], Decree(TODAY), by=cast.chi)
    assert not outcomes[0].is_done
    assert not Register.objects.filter(last__gt=0).exists()
    assert not Paper.objects.exists()
    with pytest.raises(Refused, match="Chưa chọn loại"):
        decrees.recognise_one(item, Decree(TODAY), by=cast.chi)


def test_a_wider_scope_is_a_record_of_its_own(cast):
    item = recognised(cast)
    proposal = scopes.propose(item, cast["TB"], by=cast.chi, grounds=GROUNDS)
    with pytest.raises(Refused, match="đang chờ kết quả"):
        scopes.propose(item, cast["TB-YT"], by=cast.chi, grounds=GROUNDS)
    with pytest.raises(Forbidden):
        scopes.recognise(proposal, by=cast.hanh, decided_on=TODAY)
    scopes.send_back(proposal, by=cast.son, reason=REASON)
    scopes.ask_again(proposal, by=cast.chi, grounds=GROUNDS + " Có số liệu kèm theo.")
    wide = scopes.recognise(proposal, by=cast.son, decided_on=TODAY)
    assert (wide.scope, wide.unit, wide.paper is not None) == ("province", cast["TB"], True)
    assert [r.scope for r in item.recognitions.all()] == ["grassroots", "province"]
    assert proposal.state == ScopeState.RECOGNISED
    assert any("phạm vi" in h for h in headlines(cast.an))
    nation = scopes.propose(item, cast["TLD"], by=cast.chi, grounds=GROUNDS)
    assert nation.scope == "nation"
    scopes.withdraw(nation, by=cast.chi)


def test_revoking_a_wider_scope_leaves_the_grassroots_one(cast):
    item = recognised(cast)
    wide = scopes.recognise(
        scopes.propose(item, cast["TB"], by=cast.chi, grounds=GROUNDS), by=cast.son, decided_on=TODAY
    )
    issued = certificates.issue_for_recognition(wide, by=cast.son)
    with pytest.raises(Forbidden):
        recognitions.revoke(wide, by=cast.chi, reason=REASON)
    recognitions.revoke(wide, by=cast.son, reason=REASON)
    readers.drain_all()
    item.refresh_from_db()
    issued[0].refresh_from_db()
    assert (item.state, issued[0].state) == (State.RECOGNISED, "revoked")
    with pytest.raises(Refused, match="từ trước"):
        recognitions.revoke(wide, by=cast.son, reason=REASON)


def test_revoking_the_grassroots_recognition_takes_all_along(cast):
    item = recognised(cast)
    scopes.recognise(scopes.propose(item, cast["TB"], by=cast.chi, grounds=GROUNDS), by=cast.son, decided_on=TODAY)
    recognitions.revoke(item.recognitions.order_by("pk").first(), by=cast.chi, reason=REASON)
    assert not item.recognitions.filter(revoked_on__isnull=True).exists()


def test_only_a_unit_above_is_asked_for_a_wider_scope(cast):
    item = recognised(cast)
    for unit in ("TB-YT-02", "NT", "TB-YT-01"):
        with pytest.raises(Refused, match="đơn vị cấp trên"):
            scopes.propose(item, cast[unit], by=cast.chi, grounds=GROUNDS)
    with pytest.raises(Refused, match="ít nhất 20 ký tự"):
        scopes.propose(item, cast["TB"], by=cast.chi, grounds="Tốt")


def test_the_table_of_scopes_is_total():
    assert totality_faults(SCOPE, ScopeState.values) == []


def test_canned_reasons_come_from_the_nearest_unit_that_has_any(cast):
    assert "ngày áp dụng" in canned.reasons_for(cast["TB-YT-01"])["send_back"][0]
    canned.write(cast["TB-YT"], "send_back", ["Đề nghị gửi kèm bảng số liệu ba tháng."], by=cast.giang)
    assert canned.reasons_for(cast["TB-YT-01"])["send_back"] == ["Đề nghị gửi kèm bảng số liệu ba tháng."]
    canned.write(cast["TB-YT-01"], "send_back", ["  Ghi rõ khoa phòng áp dụng đầu tiên. ", ""], by=cast.binh)
    assert canned.reasons_for(cast["TB-YT-01"])["send_back"] == ["Ghi rõ khoa phòng áp dụng đầu tiên."]
    canned.write(cast["TB-YT-01"], "send_back", [], by=cast.binh)
    assert canned.reasons_for(cast["TB-YT-01"])["send_back"] == ["Đề nghị gửi kèm bảng số liệu ba tháng."]
    with pytest.raises(Refused, match="từ 20 đến 500"):
        canned.write(cast["TB-YT-01"], "refuse", ["Chưa đạt"], by=cast.binh)
    with pytest.raises(Forbidden):
        canned.write(cast["TB-YT-02"], "refuse", [], by=cast.binh)


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (date(2022, 5, 25), None),
        (date(2022, 5, 26), 0),
        (date(2022, 5, 27), 0),
        (date(2022, 5, 28), 1),
        (date(2022, 6, 1), 1),
        (date(2022, 6, 2), 2),
    ],
)
def test_deadlines_are_told_by_working_days(cast, day, level):
    filed(cast)  # due on Friday 27 May
    with clock.at(day):
        deadlines.remind_all()
        assert deadlines.remind_all() == 0
    assert [n.level for n in DueNotice.objects.all()] == ([] if level is None else [level])


def test_past_the_limit_the_level_above_and_the_authors_are_told(cast):
    filed(cast)
    with clock.at(date(2022, 6, 10)):
        assert deadlines.remind_all() == 1
    assert any("Quá hạn từ 27/05/2022" in h for h in headlines(cast.binh))
    assert any("đã báo cấp trên" in h for h in headlines(cast.giang))
    assert any("đã báo cấp trên" in h for h in headlines(cast.an))
    assert Act.objects.filter(kind="initiatives.deadline.told").count() == 1


def test_authors_are_reminded_of_what_they_owe(cast):
    item = received(cast)
    reception.send_back(item, by=cast.binh, reason=REASON)
    with clock.at(item.due_on + timedelta(days=1)):
        deadlines.remind_all()
    assert "Quá hạn" in headlines(cast.an)[-1]


def test_two_officers_at_once_one_wins_the_other_is_told(cast):
    item = filed(cast)
    mine, yours = Initiative.objects.get(pk=item.pk), Initiative.objects.get(pk=item.pk)
    reception.receive(mine, by=cast.binh)
    with pytest.raises(Stale, match="người khác xử lý"):
        reception.send_back(yours, by=cast.chi, reason=REASON)
    assert Initiative.objects.get(pk=item.pk).state == State.RECEIVED
