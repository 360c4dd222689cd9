"""Posts: given within one's own reach, ended by date, filled in for; and the reasons in words."""

from datetime import date

import pytest

from thidua.access import explanations, grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.appointments import queries, rules
from thidua.appointments.domain import posts, substitutes
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.people.models import Person, Post

TODAY = date(2022, 5, 20)


def fresh(person):
    """Rights are remembered for a request: another request asks again."""
    return Person.objects.get(pk=person.pk)


def test_a_right_comes_with_the_post_and_goes_with_its_last_day(cast):
    post = posts.grant(
        cast.dung,
        cast["TB-YT-01"],
        "grassroots_officer",
        by=cast.quy,
        since=TODAY,
        until=date(2022, 5, 31),
        title="Ủy viên",
    )
    assert grants.may(fresh(cast.dung), Permission.INITIATIVE_RECEIVE, cast["TB-YT-01"])
    with clock.at(date(2022, 5, 31)):
        assert grants.may(fresh(cast.dung), Permission.INITIATIVE_RECEIVE, cast["TB-YT-01"])
    with clock.at(date(2022, 6, 1)):
        assert not grants.may(fresh(cast.dung), Permission.INITIATIVE_RECEIVE, cast["TB-YT-01"])
    assert post.title == "Ủy viên"
    assert Notice.objects.get(person=cast.dung).headline.startswith("Bạn được giao «Ủy viên»")
    assert Act.objects.filter(kind="appointments.post.granted", unit_id=cast["TB-YT-01"].pk).count() == 1


@pytest.mark.parametrize(
    ("who", "where", "role"),
    [
        ("quy", "NT-KCN-01", "chair"),  # beside one's subtree
        ("quy", "TLD", "auditor"),  # above it
        ("chi", "TB-YT-01", "grassroots_officer"),  # a chair gives no posts
        ("quy", "TB", "chair"),  # at one's own unit nothing above one's own rights
        ("minh", "TB-YT", "auditor"),  # an auditor gives no posts
    ],
)
def test_nobody_gives_beyond_the_own_subtree_or_rights(cast, who, where, role):
    with pytest.raises(Forbidden):
        posts.grant(cast.dung, cast[where], role, by=cast.people[who], since=TODAY)
    assert not Post.objects.filter(person=cast.dung, role=role).exists()


def test_at_the_own_unit_one_gives_what_one_has(cast):
    assert rules.may_grant(cast.quy, ROLES["administrator"], cast["TB"])
    refusal = rules.may_grant(cast.quy, ROLES["chair"], cast["TB"])
    assert "mà bạn không có tại" in refusal.sentence
    assert rules.may_grant(cast.quy, ROLES["chair"], cast["TB-YT"])


def test_nobody_gives_or_ends_a_post_of_oneself(cast):
    with pytest.raises(Refused, match="không tự giao") as refused:
        posts.grant(cast.quy, cast["TB-YT"], "chair", by=cast.quy, since=TODAY)
    assert refused.value.field == "person"
    own = Post.objects.get(person=cast.quy)
    with pytest.raises(Refused, match="không tự kết thúc"):
        posts.end(own, by=cast.quy, on=TODAY, reason="Chuyển công tác")


@pytest.mark.parametrize(
    ("since", "until", "field", "says"),
    [
        (date(2022, 6, 1), date(2022, 5, 31), "until", "phải sau ngày bắt đầu"),
        (date(2022, 1, 1), date(2022, 2, 1), "until", "lùi về trước"),
    ],
)
def test_impossible_periods_name_the_field(cast, since, until, field, says):
    with pytest.raises(Refused, match=says) as refused:
        posts.grant(cast.dung, cast["TB-YT-01"], "chair", by=cast.quy, since=since, until=until)
    assert refused.value.field == field


def test_the_same_post_is_not_given_twice_in_one_period(cast):
    posts.grant(cast.dung, cast["TB-YT-02"], "chair", by=cast.quy, since=TODAY)
    with pytest.raises(Refused, match="đã giữ «Chủ tịch công đoàn"):
        posts.grant(cast.dung, cast["TB-YT-02"], "chair", by=cast.quy, since=date(2022, 6, 1))


def test_ending_takes_the_right_and_the_substitute_along(cast):
    chair = Post.objects.get(person=cast.chi)
    substitutes.send(chair, cast.dung, by=cast.quy, since=TODAY, until=date(2022, 7, 31), reason="Nghỉ thai sản")
    assert grants.may(fresh(cast.dung), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
    posts.end(chair, by=cast.quy, on=date(2022, 6, 15), reason="Nghỉ hưu")
    with clock.at(date(2022, 6, 16)):
        assert not grants.may(fresh(cast.chi), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
        assert not grants.may(fresh(cast.dung), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
    with pytest.raises(Refused, match="đã kết thúc trước ngày đó"):
        posts.end(chair, by=cast.quy, on=date(2022, 6, 20), reason="Nghỉ hưu")


def test_a_substitute_ends_by_itself_and_is_somebody_else(cast):
    chair = Post.objects.get(person=cast.chi)
    with pytest.raises(Refused, match="phải là người khác"):
        substitutes.send(chair, cast.chi, by=cast.quy, since=TODAY, until=TODAY, reason="Nghỉ phép năm")
    made = substitutes.send(chair, cast.dung, by=cast.quy, since=TODAY, until=TODAY, reason="Nghỉ phép năm")
    assert made.title == "Thay Phạm Thị Chi"
    with clock.at(date(2022, 5, 21)):
        assert not grants.may(fresh(cast.dung), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])


def test_the_holder_sends_somebody_of_the_own_unit_and_comes_back(cast):
    chair = Post.objects.get(person=cast.chi)
    days = {"since": TODAY, "until": date(2022, 5, 30), "reason": "Nghỉ phép năm"}
    with pytest.raises(Forbidden):
        substitutes.send(chair, cast.dung, by=cast.binh, **days)
    with pytest.raises(Refused, match="thuộc đơn vị"):
        substitutes.send(chair, cast.lan, by=cast.chi, **days)
    made = substitutes.send(chair, cast.dung, by=cast.chi, **days)
    assert grants.may(fresh(cast.dung), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
    with pytest.raises(Refused, match="đã giữ"):
        substitutes.send(chair, cast.dung, by=cast.chi, **days)
    with pytest.raises(Forbidden):  # a substitute sends nobody in turn
        substitutes.send(Post.objects.get(pk=made.pk), cast.binh, by=cast.dung, **days)
    substitutes.call_back(Post.objects.get(pk=made.pk), by=cast.chi)
    assert not grants.may(fresh(cast.dung), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
    assert grants.may(fresh(cast.chi), Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
    assert Act.objects.filter(kind="appointments.post.returned", unit_id=cast["TB-YT-01"].pk).count() == 1


def test_a_substitute_gets_no_more_than_the_sender_may_give(cast):
    days = {"since": TODAY, "until": TODAY, "reason": "Nghỉ phép năm"}
    with pytest.raises(Forbidden, match="mà bạn không có tại"):
        substitutes.send(Post.objects.get(person=cast.son, role="chair"), cast.phuc, by=cast.quy, **days)
    with pytest.raises(Refused, match="không tự giao"):
        substitutes.send(Post.objects.get(person=cast.chi), cast.quy, by=cast.quy, **days)


def test_the_reasons_are_told_post_by_post(cast):
    told = explanations.explain(cast.giang, Permission.TARGET_ALLOCATE, cast["TB-YT-01"])
    assert not told.verdict
    assert "chỉ cho quyền này ở chính" in told.grounds[0][1]
    assert cast.chi in told.holders
    told = explanations.explain(cast.giang, Permission.TARGET_ALLOCATE, cast["TB-YT"])
    assert (bool(told.verdict), told.grounds[0][0]) == (True, True)
    with clock.at(date(2022, 6, 1)):
        posts.grant(cast.dung, cast["TB-YT-02"], "chair", by=cast.quy, since=date(2022, 7, 1))
        told = explanations.explain(fresh(cast.dung), Permission.PLAN_ISSUE, cast["TB-YT-02"])
    assert any("chỉ bắt đầu từ 01/07/2022" in sentence for _gives, sentence in told.grounds)


def test_lists_of_posts_cost_the_same_however_many(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = list(queries.posts_below(cast["TB"]))
        assert {p.unit.code for p in found} >= {"TB", "TB-YT", "TB-YT-01"}
    posts.end(Post.objects.get(person=cast.chi), by=cast.quy, on=TODAY, reason="Nghỉ hưu")
    with clock.at(date(2022, 5, 21)):
        assert [p.person for p in queries.posts_below(cast["TB"], former=True)] == [cast.chi]


def test_the_screens(cast, sign_in):
    quy = sign_in(cast.quy)
    page = quy.get("/van-phong/don-vi/TB-YT-01/chuc-danh/").content.decode()
    assert "Phạm Thị Chi" in page
    typed = {"person": cast.dung.code, "role": "auditor", "since": "2022-05-20", "until": ""}
    assert quy.post("/van-phong/don-vi/TB-YT-01/chuc-danh/giao/", typed).status_code == 302
    assert Post.objects.filter(person=cast.dung, role="auditor").exists()
    wrong = quy.post(
        "/van-phong/don-vi/TB-YT-01/chuc-danh/giao/", {**typed, "person": "KHONG-CO", "title": "Trưởng ban"}
    )
    assert (wrong.status_code, "Trưởng ban" in wrong.content.decode()) == (422, True)
    why = quy.get(
        "/van-phong/quyen/vi-sao/", {"person": cast.giang.code, "permission": "target.allocate", "unit": "TB-YT-01"}
    )
    assert "chỉ cho quyền này ở chính" in why.content.decode()
    assert (
        "Không thuộc phạm vi"
        in quy.get(
            "/van-phong/quyen/vi-sao/", {"person": cast.khoa.code, "permission": "plan.view", "unit": "TB"}
        ).content.decode()
    )
    assert "Thành viên hội đồng" in quy.get("/van-phong/quyen/").content.decode()
    post = Post.objects.get(person=cast.khoa)
    assert quy.get(f"/van-phong/chuc-danh/{post.pk}/ket-thuc/").status_code == 404
    assert sign_in(cast.chi).get("/van-phong/don-vi/TB-YT-01/chuc-danh/giao/").status_code == 403
