"""Mergers, splits, changes of kind: the tree of every day stays right, and what was done can be undone."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import SYSTEM
from tests.orgs.test_tree import walk_below
from thidua.kernel.verdicts import Refused
from thidua.orgs import history, queries
from thidua.orgs.domain import changes, tree, undoing
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitEvent, UnitKind

DAY = Decision(date(2025, 7, 1), "1234/QĐ-TLĐ", date(2025, 6, 20))


def found(code, parent, kind="grassroots", day=date(2016, 1, 1)):
    return changes.establish(
        code=code,
        name=f"Đơn vị {code}",
        kind=UnitKind.objects.get(pk=kind),
        parent=parent,
        decision=Decision(day),
        by=SYSTEM,
    )


def intervals_hold():
    for unit in Unit.objects.all():
        assert {u.code for u in queries.below(unit)} == walk_below(unit)


def test_a_merged_unit_ends_and_its_past_hangs_below_the_successor(cast):
    changes.merge(cast["TB"], cast["NT"], decision=DAY, by=SYSTEM)
    ended = Unit.objects.get(code="TB")
    assert (ended.ended_on, ended.parent.code) == (date(2025, 7, 1), "NT")
    assert history.successor_of(ended).code == "NT"
    assert [e.unit.code for e in history.predecessors(cast["NT"])] == ["TB"]
    assert Unit.objects.get(code="TB-YT").parent.code == "NT"
    intervals_hold()
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    assert [u.code for u in history.children_on(cast["TLD"], before)] == ["NT", "TB"]
    assert [u.code for u in history.children_on(cast["TLD"], after)] == ["NT"]
    assert [u.code for u in history.path_on(cast["TB-YT-01"], before)] == ["TLD", "TB", "TB-YT", "TB-YT-01"]
    assert [u.code for u in history.path_on(cast["TB-YT-01"], after)] == ["TLD", "NT", "TB-YT", "TB-YT-01"]


def test_members_are_counted_where_they_went(cast):
    before = queries.members_of([cast["TLD"]])[cast["TLD"].pk]
    changes.merge(cast["TB"], cast["NT"], decision=Decision(date(2022, 5, 1)), by=SYSTEM)
    top = Unit.objects.get(code="TLD")
    assert queries.members_of([top])[top.pk] == before


def test_names_of_a_day(cast):
    changes.rename(cast["NT"], "Liên đoàn Lao động tỉnh Khánh Hòa", decision=DAY, by=SYSTEM)
    assert history.name_on(cast["NT"], date(2025, 6, 30)) == "Liên đoàn Lao động tỉnh Ninh Thuận"
    assert history.names_on([cast["NT"]], date(2025, 7, 2))[cast["NT"].pk] == "Liên đoàn Lao động tỉnh Khánh Hòa"


def everything():
    return list(
        Unit.objects.order_by("code").values_list("code", "name", "short_name", "parent__code", "kind", "ended_on")
    )


def test_every_change_can_be_taken_back_the_last_first(cast):
    before = everything()
    section = UnitKind.objects.get(pk="section")
    new = found("XA-1", cast["TB"], day=DAY.effective_on)
    changes.move(cast["TB-YT-02"], new, decision=DAY, by=SYSTEM)
    changes.rename(cast["TB-YT"], "Công đoàn Y tế Hưng Yên", decision=DAY, by=SYSTEM)
    changes.reclassify(cast["TB-YT-03"], section, decision=DAY, by=SYSTEM)
    changes.merge(cast["TB-YT-01"], cast["TB-YT-02"], decision=DAY, by=SYSTEM)
    changes.dissolve(cast["TB-YT-03"], decision=Decision(date(2025, 9, 1)), by=SYSTEM)
    events = list(UnitEvent.objects.filter(effective_on__gte=DAY.effective_on).order_by("-id"))
    with pytest.raises(Refused, match="hãy hoàn tác biến động sau trước"):
        undoing.take_back(next(e for e in events if e.kind == "reclassify"), by=SYSTEM)
    for event in events:
        undoing.take_back(event, by=SYSTEM)
    assert everything() == before
    intervals_hold()
    assert [u.code for u in history.children_on(cast["TB-YT"], date(2026, 1, 1))] == [
        "TB-YT-01",
        "TB-YT-02",
        "TB-YT-03",
    ]


def test_a_new_unit_with_people_cannot_be_unfounded(cast):
    from thidua.people.domain import rosters

    new = found("XA-1", cast["TB"], day=DAY.effective_on)
    rosters.enter("Người Mới", new, by=SYSTEM)
    with pytest.raises(Refused, match="đã có dữ liệu gắn với nó"):
        undoing.take_back(UnitEvent.objects.get(unit=new), by=SYSTEM)


@pytest.mark.parametrize("act", ["into_child", "into_ended", "before_start", "to_same_parent"])
def test_impossible_changes_are_refused_with_the_mend(cast, act):
    if act == "into_child":
        with pytest.raises(Refused, match="hãy chuyển nó ra trước"):
            changes.merge(cast["TB"], cast["TB-YT"], decision=DAY, by=SYSTEM)
    elif act == "into_ended":
        changes.dissolve(cast["TB-YT-03"], decision=DAY, by=SYSTEM)
        with pytest.raises(Refused, match="đã kết thúc từ ngày 01/07/2025"):
            changes.merge(cast["TB-YT-02"], cast["TB-YT-03"], decision=Decision(date(2025, 8, 1)), by=SYSTEM)
    elif act == "before_start":
        with pytest.raises(Refused, match="thành lập ngày 01/01/2015") as refused:
            changes.move(cast["TB-YT-02"], cast["TB"], decision=Decision(date(2014, 1, 1)), by=SYSTEM)
        assert refused.value.field == "effective_on"
    else:
        with pytest.raises(Refused, match="đã trực thuộc"):
            changes.move(cast["TB-YT-02"], cast["TB-YT"], decision=DAY, by=SYSTEM)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["found", "move", "merge", "undo"]), st.integers(0, 30), st.integers(0, 30)),
        max_size=16,
    )
)
def test_intervals_follow_any_sequence_of_changes(cast, steps):
    from django.db import transaction

    with transaction.atomic():
        for number, (act, one, other) in enumerate(steps):
            units = list(Unit.objects.filter(ended_on__isnull=True).order_by("pk"))
            unit, target = units[one % len(units)], units[other % len(units)]
            day = date(2025, 1, 1).replace(month=1 + number // 28, day=1 + number % 28)
            try:
                if act == "found":
                    found(f"X{number}", target, day=day)
                elif act == "move":
                    changes.move(unit, target, decision=Decision(day), by=SYSTEM)
                elif act == "merge":
                    changes.merge(unit, target, decision=Decision(day), by=SYSTEM)
                elif (
                    event := UnitEvent.objects.filter(effective_on__year=2025, taken_back_on=None)
                    .order_by("-id")
                    .first()
                ):
                    undoing.take_back(event, by=SYSTEM)
            except Refused:
                continue
        intervals_hold()
        for unit in Unit.objects.all():
            assert unit.parent is None or unit.parent.lft < unit.lft <= unit.rgt <= unit.parent.rgt
        transaction.set_rollback(True)


def test_founding_and_moving_write_only_what_moves(cast, django_assert_max_num_queries):
    tree.renumber()
    before = dict(Unit.objects.values_list("code", "lft"))
    found("Y1", cast["TB-YT"])
    changes.move(cast["NT-KCN-01"], cast["TB-YT"], decision=DAY, by=SYSTEM)
    after = dict(Unit.objects.values_list("code", "lft"))
    assert {code for code in before if before[code] != after[code]} == {"NT-KCN-01"}
