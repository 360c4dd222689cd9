"""The organisation through time."""

from datetime import date

import pytest

from tests.cast import SYSTEM
from thidua.kernel.verdicts import Refused
from thidua.ledger.models import Act
from thidua.orgs import history, queries
from thidua.orgs.domain import changes, headcounts
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitName


def walk_below(unit: Unit) -> set[str]:
    """The slow truth, by parents."""
    found = {unit.code}
    for child in Unit.objects.filter(parent=unit):
        found |= walk_below(child)
    return found


def test_intervals_cover_exactly_what_the_parents_say(cast):
    for unit in Unit.objects.all():
        assert {u.code for u in queries.below(unit)} == walk_below(unit)


def test_ancestors_run_from_the_nation_down(cast):
    assert [u.code for u in queries.ancestors(cast["TB-YT-01-N"])] == ["TLD", "TB", "TB-YT", "TB-YT-01"]


def test_a_section_is_handled_by_its_grassroots_union(cast):
    assert queries.grassroots_of(cast["TB-YT-01-N"]) == cast["TB-YT-01"]
    assert queries.grassroots_of(cast["TB-YT"]) is None


def test_moving_a_unit_moves_all_below_and_keeps_the_old_tree(cast):
    changes.move(cast["TB-YT"], cast["NT"], decision=Decision(date(2022, 3, 1)), by=SYSTEM)
    for unit in Unit.objects.all():
        assert {u.code for u in queries.below(unit)} == walk_below(unit)
    assert history.parent_on(cast["TB-YT"], date(2022, 2, 28)) == cast["TB"]
    assert history.parent_on(cast["TB-YT"], date(2022, 3, 1)) == cast["NT"]
    assert Act.objects.filter(kind="orgs.unit.move").count() == 1


def test_a_unit_cannot_stand_under_itself(cast):
    with pytest.raises(Refused, match="xuống dưới chính nó"):
        changes.move(cast["TB"], cast["TB-YT"], decision=Decision(date(2022, 3, 1)), by=SYSTEM)


def test_renaming_keeps_the_old_name_for_its_days(cast):
    changes.rename(cast["TB-YT-02"], "CĐCS Bệnh viện Nhi Thái Bình", decision=Decision(date(2022, 4, 1)), by=SYSTEM)
    old = UnitName.objects.get(unit=cast["TB-YT-02"], valid__contains=date(2022, 3, 31))
    assert old.name == "CĐCS Bệnh viện Nhi"


def test_a_unit_with_units_below_cannot_end(cast):
    with pytest.raises(Refused, match="Còn đơn vị trực thuộc"):
        changes.dissolve(cast["TB-YT"], decision=Decision(date(2022, 5, 1)), by=SYSTEM)


def test_members_are_summed_from_the_units_that_declare(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        members = queries.members_of([cast["TLD"], cast["TB-YT"], cast["TB-YT-01"], cast["TB-YT-01-N"]])
    assert members == {
        cast["TLD"].pk: 1250,
        cast["TB-YT"].pk: 450,
        cast["TB-YT-01"].pk: 300,
        cast["TB-YT-01-N"].pk: 0,
    }


def test_the_headcount_of_a_day_is_the_last_declared(cast):
    headcounts.declare(cast["TB-YT-01"], on=date(2022, 6, 1), members=310, by=SYSTEM)
    assert queries.members_of([cast["TB-YT"]])[cast["TB-YT"].pk] == 450
    assert queries.members_of([cast["TB-YT"]], on=date(2022, 6, 1))[cast["TB-YT"].pk] == 460


def test_search_forgives_missing_accents(cast):
    assert [u.code for u in queries.search(queries.units(), "benh vien nhi")] == ["TB-YT-02"]
