"""A council from its decision to its signed minutes; conflicts of interest; how votes are counted."""

from datetime import date
from fractions import Fraction

import pytest

from tests.initiatives.test_dossiers import REASON, filed
from tests.initiatives.test_reception import headlines, received
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers, hearings, reception, recognitions
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.review import queries, rules
from thidua.review.choices import Chair, Outcome, SessionState, Vote
from thidua.review.domain import ballots, councils, sessions
from thidua.review.models import Ballot, Case, Presence, Recusal
from thidua.review.rules import RuleSet, outcome_of
from thidua.review.workflow import WORKFLOW
from thidua.workflow.engine import totality_faults

DAY = date(2022, 5, 25)
FULL = {"novelty": 25, "effect": 30, "spread": 15, "record": 8}


def council_of(cast, ruleset="majority", **more):
    """Chi chairs, Binh is secretary, Dung and Lan (an expert of another union) are members."""
    made = councils.set_up(
        cast["TB-YT-01"],
        by=cast.chi,
        name="Hội đồng sáng kiến Bệnh viện Đa khoa tỉnh",
        decision_number="45/QĐ-BVĐK",
        decided_on=date(2022, 1, 5),
        term_from=date(2022, 1, 5),
        term_to=date(2024, 12, 31),
        ruleset=ruleset,
        **more,
    )
    for person, role in ((cast.chi, Chair.CHAIR), (cast.binh, Chair.SECRETARY), (cast.dung, ""), (cast.lan, "")):
        councils.seat(made, person, by=cast.chi, role=role or Chair.MEMBER)
    return made


def session_of(cast, *items, **more):
    session = sessions.plan(council_of(cast, **more), held_on=DAY, by=cast.binh)
    for item in items:
        hearings.put_before(item, session, by=cast.binh)
    return session


def opened(cast, *items, **more):
    session = session_of(cast, *items, **more)
    sessions.open_(session, by=cast.binh)
    return session


def case_at(session, position=1):
    return queries.cases_for(session.called_by).get(session=session, position=position)


def cast_all(cast, session, votes, position=1):
    for name, vote in votes.items():
        comment = "" if vote == Vote.YES else "Cần thêm số liệu đối chứng."
        ballots.cast(case_at(session, position), by=getattr(cast, name), vote=vote, comment=comment)


def test_the_whole_way_to_signed_minutes_and_the_decision(cast):
    item = received(cast)
    session = opened(cast, item)
    assert any("1 hồ sơ cần chấm" in h for h in headlines(cast.lan))
    ballots.cast(case_at(session), by=cast.lan, vote=Vote.YES, scores=FULL)
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "dung": Vote.NO})
    with pytest.raises(Refused, match="Hồ sơ đang ở hội đồng"):
        recognitions.recognise(item, by=cast.chi, decision_number="1/QĐ", decided_on=date(2022, 5, 20))
    sessions.close(session, by=cast.binh)
    case = case_at(session)
    assert (case.yes, case.no, case.base, case.outcome, case.average) == (3, 1, 4, Outcome.PASSED, 78)
    with pytest.raises(Forbidden, match="ký biên bản"):
        sessions.sign(session, by=cast.binh)
    sessions.sign(session, by=cast.chi)
    assert session.minutes.full_number == "01/BB-CĐCS"
    assert session.minutes.docx
    assert session.minutes.pdf
    readers.drain_all()
    assert any("Hội đồng đề nghị công nhận (3/4)" in h for h in headlines(cast.chi))
    assert any("Hội đồng đề nghị công nhận" in h for h in headlines(cast.an))
    kinds = set(
        Act.objects.filter(subject_id=item.pk, kind__startswith="initiatives.hearing").values_list("kind", flat=True)
    )
    assert kinds == {"initiatives.hearing.put", "initiatives.hearing.judged"}
    recognitions.recognise(item, by=cast.chi, decision_number="1/QĐ", decided_on=date(2022, 5, 20), body="council")
    assert item.state == State.RECOGNISED


def test_minutes_say_who_was_there_how_they_voted_and_who_stood_aside(cast):
    from thidua.documents.rendering.official import Bullet, Paragraph, Table

    item = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **_whole())
    dossiers.share_out(item, [(cast.an, 60), (cast.dung, 40)], by=cast.an)
    dossiers.submit(item, by=cast.an)
    reception.receive(item, by=cast.binh)
    session = opened(cast, item)
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "lan": Vote.MORE})
    sessions.write(session, by=cast.binh, discussion="Hội đồng nghe thư ký trình bày.")
    sessions.close(session, by=cast.binh)
    paper = sessions.draft_minutes(session)
    words = " ".join(
        [*(b.text for b in paper.blocks if isinstance(b, Bullet | Paragraph)), *paper.opening]
        + [" ".join(map(str, row)) for b in paper.blocks if isinstance(b, Table) for row in b.rows]
    )
    assert "Có mặt 3/4 thành viên" in words
    assert "Trần Văn Dũng: hồ sơ" in words
    assert "là tác giả" in words
    assert "Hội đồng nghe thư ký trình bày." in words
    assert "Đề nghị công nhận (2/3)" in words
    assert (paper.left_signer, paper.left_position) == ("Lê Thanh Bình", "THƯ KÝ")


def _whole():
    from tests.initiatives.test_dossiers import IDEA, WHOLE

    return {**IDEA, **WHOLE}


def test_an_author_never_votes_on_the_own_case(cast):
    item = dossiers.start(cast.dung, cast["TB-YT-01"], by=cast.dung, **_whole())
    dossiers.submit(item, by=cast.dung)
    reception.receive(item, by=cast.binh)
    session = opened(cast, item)
    case = case_at(session)
    assert Recusal.objects.get(case=case).reason == "là tác giả"
    with pytest.raises(Forbidden, match="Bạn là tác giả"):
        ballots.cast(case, by=cast.dung, vote=Vote.YES)
    assert not queries.to_judge(cast.dung).exists()
    assert queries.to_judge(cast.lan).count() == 1


def test_a_declared_conflict_takes_the_ballot_out_and_the_base_down(cast):
    session = opened(cast, received(cast))
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "lan": Vote.NO, "dung": Vote.NO})
    ballots.recuse(case_at(session), by=cast.lan, reason="Em ruột của tác giả")
    with pytest.raises(Forbidden, match="xung đột lợi ích"):
        ballots.cast(case_at(session), by=cast.lan, vote=Vote.YES)
    sessions.close(session, by=cast.binh)
    case = case_at(session)
    assert (case.yes, case.no, case.base, case.outcome) == (2, 1, 3, Outcome.PASSED)


def test_nobody_outside_judges_or_sees(cast):
    session = opened(cast, received(cast))
    for who in (cast.an, cast.giang, cast.khoa):
        assert not queries.cases_for(who).filter(session=session).exists() or who == cast.giang
        with pytest.raises(Forbidden, match="không phải là thành viên"):
            ballots.cast(case_at(session), by=who, vote=Vote.YES)
    with pytest.raises(Forbidden):
        councils.seat(session.council, cast.an, by=cast.lan)
    with pytest.raises(Forbidden):
        sessions.plan(session.council, held_on=DAY, by=cast.dung)


def test_a_seat_gives_no_right_but_its_cases(cast):
    from thidua.access import grants
    from thidua.access.permissions import Permission
    from thidua.initiatives import queries as initiative_queries

    item = received(cast)
    opened(cast, item)
    assert not grants.may(cast.lan, Permission.INITIATIVE_VIEW, cast["TB-YT-01"])
    assert initiative_queries.dossier_for(cast.lan, item.code) is None
    assert queries.cases_for(cast.lan).count() == 1


def test_no_quorum_no_count(cast):
    session = opened(cast, received(cast))
    with pytest.raises(Refused, match="cần 3 trên 4, mới có 0"):
        sessions.close(session, by=cast.binh)
    cast_all(cast, session, {"chi": Vote.YES, "lan": Vote.YES})
    with pytest.raises(Refused, match="mới có 2"):
        sessions.close(session, by=cast.binh)
    sessions.mark_present(
        session, [s for s in session.council.seats.all() if s.person_id == cast.dung.pk], by=cast.binh
    )
    assert Presence.objects.count() == 3  # who voted stays present
    sessions.close(session, by=cast.binh)
    assert case_at(session).outcome == Outcome.FAILED  # two of four is not more than half


def test_a_case_without_a_ballot_holds_the_count(cast):
    session = opened(cast, received(cast), received(cast))
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "lan": Vote.YES})
    with pytest.raises(Refused, match="Còn 1 hồ sơ chưa có phiếu"):
        sessions.close(session, by=cast.binh)
    sessions.drop(case_at(session, 2), by=cast.binh)
    sessions.close(session, by=cast.binh)


@pytest.mark.parametrize(
    ("lack", "sentence"),
    [
        (lambda c: sessions.open_(sessions.plan(council_of(c), held_on=DAY, by=c.chi), by=c.chi), "chưa có hồ sơ nào"),
        (lambda c: sessions.plan(council_of(c), held_on=date(2025, 1, 1), by=c.chi), "ngoài nhiệm kỳ"),
        (lambda c: hearings.put_before(filed(c), session_of(c), by=c.binh), "đã tiếp nhận và chưa quyết định"),
        (lambda c: hearings.put_before(received(c, kind=""), session_of(c), by=c.binh), "Chưa chọn loại giải pháp"),
        (lambda c: councils.seat(council_of(c), c.dung, by=c.chi), "đã ở trong hội đồng"),
        (lambda c: councils.seat(council_of(c), c.an, by=c.chi, role=Chair.CHAIR), "đã có người giữ vai"),
    ],
)
def test_what_is_missing_is_said(cast, lack, sentence):
    with pytest.raises(Refused, match=sentence):
        lack(cast)


def test_one_dossier_is_before_one_session_at_a_time(cast):
    item = received(cast)
    session = session_of(cast, item)
    other = sessions.plan(session.council, held_on=DAY, by=cast.binh)
    with pytest.raises(Refused, match="phiên họp khác"):
        hearings.put_before(item, other, by=cast.binh)
    sessions.cancel(session, by=cast.chi)
    hearings.put_before(item, other, by=cast.binh)
    reception_blocked = pytest.raises(Refused, match="Hồ sơ đang ở hội đồng")
    with reception_blocked:
        reception.send_back(item, by=cast.binh, reason=REASON)


@pytest.mark.parametrize(
    ("vote", "scores", "comment", "field"),
    [
        ("", {}, "", "vote"),
        (Vote.NO, {}, "", "comment"),
        (Vote.YES, {"novelty": 31, "effect": 1, "spread": 1, "record": 1}, "", "novelty"),
        (Vote.YES, {"novelty": 30}, "", "effect"),
    ],
)
def test_an_incomplete_ballot_names_the_field(cast, vote, scores, comment, field):
    session = opened(cast, received(cast))
    with pytest.raises(Refused) as refused:
        ballots.cast(case_at(session), by=cast.lan, vote=vote, scores=scores, comment=comment)
    assert refused.value.field == field
    assert not Ballot.objects.exists()


def test_a_ballot_can_be_changed_until_the_count_and_no_longer(cast):
    session = opened(cast, received(cast))
    cast_all(cast, session, {"chi": Vote.NO, "binh": Vote.YES, "lan": Vote.YES})
    ballots.cast(case_at(session), by=cast.chi, vote=Vote.YES)
    assert Ballot.objects.count() == 3
    sessions.close(session, by=cast.binh)
    with pytest.raises(Forbidden, match="đã kiểm phiếu"):
        ballots.cast(case_at(session), by=cast.chi, vote=Vote.NO, comment="Đổi ý kiến")
    sessions.reopen(session, by=cast.binh)
    assert (case_at(session).outcome, session.state) == (Outcome.PENDING, SessionState.OPEN)


def test_the_ledger_says_that_one_voted_not_how(cast):
    session = opened(cast, received(cast))
    cast_all(cast, session, {"lan": Vote.NO})
    act = Act.objects.get(kind="review.session.voted")
    assert "no" not in str(act.after.values())


@pytest.mark.parametrize(
    ("rule", "yes", "more", "no", "base", "outcome"),
    [
        (("1/2", True), 3, 0, 3, 6, Outcome.FAILED),
        (("1/2", True), 4, 0, 2, 6, Outcome.PASSED),
        (("7/10", False), 7, 0, 3, 10, Outcome.PASSED),
        (("7/10", False), 6, 0, 4, 10, Outcome.FAILED),
        (("1/2", True), 2, 2, 1, 5, Outcome.MORE),
        (("1/2", True), 0, 0, 0, 0, Outcome.FAILED),
    ],
)
def test_votes_are_counted_by_the_rules_of_the_council(rule, yes, more, no, base, outcome):
    bound, strict = rule
    ruleset = RuleSet("x", "x", Fraction(2, 3), Fraction(bound), strict, "members")
    assert outcome_of(ruleset, yes=yes, more=more, against=no, base=base) == outcome


@pytest.mark.parametrize(("seats", "needed"), [(3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6)])
def test_two_thirds_are_rounded_up(today, seats, needed):
    assert rules.rulesets(clock.today())["majority"].needed(seats) == needed


def test_the_table_of_a_session_is_total():
    assert totality_faults(WORKFLOW, SessionState.values) == []


def test_progress_leaves_out_what_one_does_not_judge(cast, django_assert_num_queries):
    item = dossiers.start(cast.dung, cast["TB-YT-01"], by=cast.dung, **_whole())
    dossiers.submit(item, by=cast.dung)
    reception.receive(item, by=cast.binh)
    session = opened(cast, item, received(cast))
    session = queries.sessions_for(cast.binh).get(pk=session.pk)
    with django_assert_num_queries(4):
        found = {p.seat.person_id: (p.done, p.owed) for p in queries.progress_of(session)}
    assert found[cast.dung.pk] == (0, 1)
    assert found[cast.lan.pk] == (0, 2)
    assert Case.objects.count() == 2
