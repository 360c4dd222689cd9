"""Every kind of target has its result; a percentage says what it is taken of."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from tests.tallies.test_sums import make_initiative, make_programme
from thidua.orgs.domain import clusters
from thidua.programmes.models import Indicator, Programme
from thidua.tallies import queries
from thidua.tallies.domain import declarations, sums, verdicts
from thidua.tallies.domain.declarations import Said
from thidua.targets.choices import IndicatorKind, Keeping
from thidua.targets.domain import comparisons, progress, results, surveys
from thidua.targets.domain.progress import Books
from thidua.targets.models import Target


@pytest.fixture
def programme(cast) -> Programme:
    made = make_programme(cast, "TB-YT")
    for code, author in (("TB-YT-01", cast.an), ("TB-YT-01", cast.dung), ("TB-YT-02", cast.lan)):
        verdicts.evaluate(make_initiative(cast, code, author).pk)
    return made


def target(cast, programme, indicator: str, value, unit="TB-YT", **fields) -> Target:
    measured = Indicator.objects.get(pk=indicator)
    defaults = {"state": "own", "value": Decimal(value), "amount": measured.amount}
    return Target.objects.create(programme=programme, indicator=measured, unit=cast[unit], **{**defaults, **fields})


def result(programme, cast, of: Target) -> results.Result:
    return next(r for r in results.of_node(programme, cast["TB-YT"]) if r.target == of)


@pytest.mark.parametrize(
    ("indicator", "value", "fields", "kind", "number", "actual", "standing"),
    [
        ("initiatives", 3, {}, "counted", 3, 3, "reached"),
        ("initiatives", 5, {"comparator": "at_most"}, "counted", 3, 3, "reached"),
        ("initiatives", 2, {"comparator": "at_most"}, "counted", 3, 3, "over"),
        ("initiatives", 3, {"comparator": "more_than"}, "counted", 3, 3, "behind"),
        ("initiatives", 1, {"comparator": "between", "value_to": 4}, "counted", 3, 3, "reached"),
        ("initiatives", 1, {"comparator": "between", "value_to": 2}, "counted", 3, 3, "over"),
        ("initiatives", 4, {"year": 2022}, "counted", 3, 3, "behind"),
        ("initiatives", 4, {"year": 2023}, "counted", 0, 0, "behind"),
        ("initiatives_technical", 2, {}, "counted", 3, 3, "exceeded"),
        ("benefit", 2_000_000, {}, "counted", 3_000_000, 3_000_000, "exceeded"),
        ("participation_rate", 1, {}, "counted", 3, "0.7", "behind"),
        ("participation_rate", 1, {"base": "members", "base_value": 300, "base_on": date(2022, 1, 1)}, "counted", 3, 1, "reached"),
        ("units_responding", 100, {}, "share", 2, "66.7", "behind"),
        ("units_reaching", 30, {"threshold": 2}, "share", 1, "33.3", "exceeded"),
        ("launch_held", 1, {}, "yes_no", 0, 0, "behind"),
        ("dialogues_held", 4, {}, "reported", 0, 0, "behind"),
    ],
)  # fmt: skip
def test_each_kind_reads_its_sum(cast, programme, indicator, value, fields, kind, number, actual, standing):
    found = result(programme, cast, target(cast, programme, indicator, value, **fields))
    assert found.kind == IndicatorKind(kind)
    assert (found.number, found.actual, found.standing) == (number, Decimal(str(actual)), standing)


def test_a_percentage_says_its_base_and_the_number_needed(cast, programme):
    found = result(programme, cast, target(cast, programme, "participation_rate", "10"))
    assert (found.base, found.base_on, found.base_words, found.needed) == (450, date(2022, 5, 20), "đoàn viên", 45)
    unknown = result(programme, cast, target(cast, programme, "women_rate", "10"))
    assert (unknown.base, unknown.actual, unknown.needed, unknown.standing) == (None, None, None, "none")


def test_what_was_reported_and_what_waits(cast, programme):
    wanted = target(cast, programme, "dialogues_held", 4, year=2022)
    indicator = wanted.indicator
    for code, by, number in (("TB-YT-01", cast.binh, 3), ("TB-YT-02", cast.lan, 2)):
        said = Said(number, date(2022, 3, 4), "Đối thoại", f"{number}/BB")
        item = declarations.declare(programme, indicator, cast[code], said, by=by)
        if number == 3:
            declarations.confirm(item, by=cast.giang)
    found = result(programme, cast, wanted)
    assert (found.number, found.waiting, found.standing) == (3, 2, "behind")
    by_unit = results.of_units(programme, wanted, [cast["TB-YT-01"], cast["TB-YT-02"]])
    assert by_unit == {cast["TB-YT-01"].pk: 3, cast["TB-YT-02"].pk: 0}


def test_the_results_of_a_node_cost_the_same_for_many_targets(cast, programme, django_assert_num_queries):
    programme = Programme.objects.get(pk=programme.pk)
    target(cast, programme, "dialogues_held", 4)
    with django_assert_num_queries(3):
        results.of_node(programme, cast["TB-YT"])
    for number, label in enumerate(("Tủ sách", "Bữa ăn ca", "Mái ấm"), 1):
        target(cast, programme, "other", number, label=label)
    with django_assert_num_queries(3):
        assert len(results.of_node(programme, cast["TB-YT"])) == 4


def test_the_survey_names_who_has_nothing_who_has_not_begun_and_who_is_behind(
    cast, programme, django_assert_num_queries
):
    first = programme.phases.get(position=1)
    for code, value in (("TB-YT-01", 40), ("TB-YT-02", 1)):
        target(cast, programme, "initiatives", value, unit=code, phase=first)
    found = surveys.survey(Books(programme, cast["TB-YT"]), first)
    assert {k: n for k, n in found.counts.items() if n} == {"no_target": 1, "behind": 1, "done": 1}
    behind = surveys.survey(Books(programme, cast["TB-YT"]), first, keeping="behind")
    assert [line.unit.code for line in behind.lines] == ["TB-YT-01"]
    line = behind.lines[0]
    assert line.even_on(date(2022, 5, 31)) == 40
    assert line.even_on(date(2022, 1, 11)) == 0
    target(cast, programme, "initiatives", 5, unit="TB-YT-03", phase=first)
    idle = surveys.survey(Books(programme, cast["TB-YT"]), first, keeping="not_started")
    assert [x.unit.code for x in idle.lines] == ["TB-YT-03"]
    assert idle.lines[0].keeping == Keeping.NOT_STARTED
    with django_assert_num_queries(4):
        surveys.survey(Books(programme, cast["TB-YT"]), first)


@pytest.mark.parametrize("sort", ["counted", "percent", "per_thousand", "behind", "name"])
def test_the_survey_orders_units_by_what_its_lines_say_pending_or_folded(cast, programme, sort):
    first = programme.phases.get(position=1)
    target(cast, programme, "initiatives", 8, unit="TB-YT-01", phase=first)
    target(cast, programme, "initiatives", 2, unit="TB-YT-02", phase=first)
    for phase in (first, None):
        found = surveys.survey(Books(programme, cast["TB-YT"]), phase, sort=sort).lines
        whole = progress.below(programme, surveys.units_below(cast["TB-YT"]), phase)
        assert {line.unit.pk: line for line in whole} == {line.unit.pk: line for line in found}
        assert {line.unit.code: line.counted for line in found} == {"TB-YT-01": 2, "TB-YT-02": 1, "TB-YT-03": 0}
        leading = {"counted": "TB-YT-01", "percent": "TB-YT-02", "behind": "TB-YT-01", "name": "TB-YT-01"}
        assert found[0].unit.code == leading.get(sort, found[0].unit.code)
        sums.fold()
        again = surveys.survey(Books(programme, cast["TB-YT"]), phase, sort=sort).lines
        assert again == found


def test_who_stands_over_a_place_is_found_among_nested_units():
    units = [Node(1, 1, 100), Node(2, 10, 40), Node(3, 12, 15), Node(4, 50, 60), Node(2, 10, 40)]
    nested = queries.Nested(units)
    over = {place: [unit.pk for unit in nested.over(place)] for place in (0, 1, 13, 20, 45, 60, 99, 101)}
    assert over == {0: [], 1: [1], 13: [3, 2, 1], 20: [2, 1], 45: [1], 60: [4, 1], 99: [1], 101: []}


class Node(NamedTuple):
    pk: int
    lft: int
    rgt: int


def test_the_trend_adds_up_week_by_week_to_the_number_of_the_phase(cast, programme):
    first = programme.phases.get(position=1)
    target(cast, programme, "initiatives", 140, phase=first)
    line = progress.node(programme, cast["TB-YT"])[1]
    weeks = surveys.trend(Books(programme, cast["TB-YT"]), line)
    assert weeks[0].monday == date(2022, 1, 10)
    assert (weeks[-1].filed, weeks[-1].counted) == (line.filed, line.counted) == (3, 3)
    assert [w.counted for w in weeks] == sorted(w.counted for w in weeks)
    assert next(w for w in weeks if w.counted).monday == date(2022, 2, 28)
    assert weeks[-1].even == line.even_on(date(2022, 5, 20))
    assert surveys.trend(Books(programme, cast["TB-YT-03"]), line) == []


def test_groups_are_compared_by_their_members_before_and_after_folding(cast, programme, django_assert_num_queries):
    for code, employer in (("TB-YT-01", "public_service"), ("TB-YT-02", "public_service"), ("TB-YT-03", "agency")):
        type(cast[code]).objects.filter(pk=cast[code].pk).update(employer=employer)
    cluster = clusters.set_up(cast["TB-YT"], "Cụm số 1", by=cast.hanh)
    clusters.seat(cluster, 2022, [cast["TB-YT-01"], cast["TB-YT-03"]], by=cast.hanh)

    def shown() -> dict:
        tables = comparisons.compare(programme, cast["TB-YT"], None)
        return {g.name: (g.units, g.active, g.members, g.counted, g.per_thousand) for _t, gs in tables for g in gs}

    before = shown()
    assert before["Đơn vị sự nghiệp"] == (2, 2, 400, 3, Decimal("7.5"))
    assert before["Cơ quan hành chính"] == (1, 0, 50, 0, Decimal(0))
    assert before["200 – 499 đoàn viên"] == (1, 1, 300, 2, Decimal("6.7"))
    assert before["50 – 199 đoàn viên"] == (2, 1, 150, 1, Decimal("6.7"))
    assert before["Cụm số 1"] == (2, 1, 350, 2, Decimal("5.7"))
    sums.fold()
    assert shown() == before
    with django_assert_num_queries(4):
        comparisons.compare(programme, cast["TB-YT"], None)


def test_the_table_under_the_trend_has_the_last_week_of_each_month_and_the_newest():
    from thidua.sites.office import trends

    mondays = [date(2022, 1, 3) + timedelta(days=7 * n) for n in range(11)]  # to the week that ends on 20 March
    chart = trends.drawn([surveys.Week(m, 1000 + n, n, None) for n, m in enumerate(mondays)], None)
    days = re.findall(r'<th scope="row">(.*?)</th>', chart.rows)
    assert days == ["30/01/2022", "27/02/2022", "20/03/2022"]
    assert "1.003" in chart.rows
