"""Three questions, one grant model."""

from datetime import date
from itertools import product

from tests.cast import SYSTEM
from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.domain import rosters
from thidua.people.models import Person, Post


def test_rights_reach_down_but_not_up_or_beside(cast):
    assert grants.may(cast.giang, Permission.INITIATIVE_VIEW, cast["TB-YT-01-N"])
    assert not grants.may(cast.giang, Permission.INITIATIVE_VIEW, cast["TB"])
    assert not grants.may(cast.lan, Permission.INITIATIVE_VIEW, cast["TB-YT-01"])


def test_signing_is_for_ones_own_unit_only(cast):
    assert grants.may(cast.chi, Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])
    assert not grants.may(cast.hanh, Permission.INITIATIVE_RECOGNISE, cast["TB-YT-01"])


def test_a_refusal_names_the_right_and_the_place(cast):
    verdict = grants.may(cast.an, Permission.INITIATIVE_RECEIVE, cast["TB-YT-01"])
    assert verdict.sentence == (
        "Bạn không có quyền «Tiếp nhận, trả lại hồ sơ sáng kiến» tại CĐCS Bệnh viện Đa khoa tỉnh."
    )


def test_visible_shows_the_subtree_and_nothing_without_a_grant(cast):
    seen = grants.visible(cast.giang, Permission.UNIT_VIEW, Unit.objects.all(), path="")
    assert {u.code for u in seen} == {"TB-YT", "TB-YT-01", "TB-YT-01-N", "TB-YT-02", "TB-YT-03"}
    assert not grants.visible(cast.an, Permission.UNIT_VIEW, Unit.objects.all(), path="").exists()


def test_visible_agrees_with_may_for_everybody_everywhere(cast):
    units = list(Unit.objects.all())
    for person in cast.people.values():
        for permission in Permission:
            seen = set(grants.visible(person, permission, Unit.objects.all(), path=""))
            assert seen == {u for u in units if grants.may(person, permission, u)}


def test_a_post_below_another_adds_no_condition_and_takes_none_away(cast):
    giang = Person.objects.get(pk=cast.giang.pk)
    codes = ("TB-YT-01", "TB-YT", "TB-YT-01-N", "TB-YT-02")
    for code, role in product(codes, ("auditor", "upper_officer", "chair", "viewer", "grassroots_officer")):
        if role in ROLES and not Post.objects.filter(person=giang, unit=cast[code], role=role).exists():
            Post.objects.create(person=giang, unit=cast[code], role=role, valid=(date(2020, 1, 1), None))
    for permission in Permission:
        reach = grants.reach(giang, permission)
        for low, high in reach.spans:
            assert not any(a <= low and high <= b for a, b in reach.spans if (a, b) != (low, high))
        seen = set(grants.visible(giang, permission, Unit.objects.all(), path=""))
        assert seen == {u for u in Unit.objects.all() if grants.may(giang, permission, u)}


def test_within_places_says_the_same_as_within(cast):
    people = Person.objects.filter(pk__in=[person.pk for person in cast.people.values()])
    for person, permission in product(cast.people.values(), Permission):
        by_place = people.filter(grants.within_places(person, permission))
        assert set(by_place) == set(people.filter(grants.within(person, permission)))


def test_holders_agrees_with_may(cast):
    for unit in Unit.objects.all():
        for permission in Permission:
            expected = {p for p in Person.objects.all() if grants.may(p, permission, unit)}
            assert set(grants.holders(permission, unit)) == expected


def test_a_post_ends_by_its_date(cast):
    rosters.appoint(cast.dung, cast["TB-YT-02"], "chair", since=date(2022, 1, 1), until=date(2022, 6, 1), by=SYSTEM)
    with clock.at(date(2022, 5, 31)):
        assert grants.may(cast.dung, Permission.INITIATIVE_RECOGNISE, cast["TB-YT-02"])
    with clock.at(date(2022, 6, 1)):
        assert not grants.may(cast.dung, Permission.INITIATIVE_RECOGNISE, cast["TB-YT-02"])


def test_somebody_who_left_has_no_rights_of_a_member(cast):
    assert grants.may(cast.an, Permission.INITIATIVE_FILE, cast["TB-YT-01-N"])
    cast.an.left_on = date(2022, 5, 1)
    cast.an.save()
    fresh = Person.objects.get(pk=cast.an.pk)
    assert not grants.may(fresh, Permission.INITIATIVE_FILE, cast["TB-YT-01-N"])


def test_every_role_says_what_it_is(cast):
    for role in ROLES.values():
        assert str(role.label)
        assert str(role.description)
        assert role.permissions


def test_a_grassroots_union_keeps_the_rosters_of_its_sections_and_a_sector_those_of_nobody_below(cast):
    section, union = cast["TB-YT-01-N"], cast["TB-YT-01"]
    for officer in (cast.binh, cast.chi):
        assert grants.may(officer, Permission.PERSON_MANAGE, section)
        assert grants.may(officer, Permission.PERSON_MANAGE, union)
        assert not grants.may(officer, Permission.PERSON_MANAGE, cast["TB-YT-02"])
        assert not grants.may(officer, Permission.PERSON_MANAGE, cast["TB-YT"])
        # Everything else stays with the union itself.
        assert not grants.may(officer, Permission.INITIATIVE_RECEIVE, section)
    for above in (cast.hanh, cast.giang, cast.son):
        assert not grants.may(above, Permission.PERSON_MANAGE, union)
        assert not grants.may(above, Permission.PERSON_MANAGE, section)
    assert {cast.binh, cast.chi} <= set(grants.holders(Permission.PERSON_MANAGE, section))
    assert cast.giang not in grants.holders(Permission.PERSON_MANAGE, section)


def test_the_same_role_above_a_grassroots_union_reaches_no_roster_below(cast):
    rosters.appoint(cast.dung, cast["TB-YT"], "grassroots_officer", since=date(2022, 1, 1), by=SYSTEM)
    assert grants.may(cast.dung, Permission.PERSON_MANAGE, cast["TB-YT"])
    assert not grants.may(cast.dung, Permission.PERSON_MANAGE, cast["TB-YT-02"])
    assert cast.dung not in grants.holders(Permission.PERSON_MANAGE, cast["TB-YT-02"])
