"""Moving thousands of units costs the statements of moving a few, and the tree and the sums come out right."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from tests.cast import SYSTEM
from tests.tallies.test_sums import make_programme
from thidua.ledger.models import Act
from thidua.orgs.domain import changes, tree, undoing
from thidua.orgs.domain.alterations import Alteration, alter_many
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitKind, UnitName
from thidua.tallies.models import Tally

SINCE, DAY = date(2015, 1, 1), date(2022, 5, 1)


def _found(code: str, parent: Unit, how_many: int, prefix: str, kind: str = "grassroots") -> list[Unit]:
    made = [
        Unit(
            code=f"{prefix}-{n}", name=f"{code} {n:05d}", short_name=f"{code} {n}", sort_key=f"{code} {n:05d}",
            search=f"{code} {n}".lower(), kind=UnitKind.objects.get(pk=kind), parent=parent, established_on=SINCE,
        )
        for n in range(how_many)
    ]  # fmt: skip
    Unit.objects.bulk_create(made)
    valid = DateRange(SINCE, None)
    UnitName.objects.bulk_create([UnitName(unit=unit, name=unit.name, valid=valid) for unit in made])
    Affiliation.objects.bulk_create([Affiliation(unit=unit, parent=parent, valid=valid) for unit in made])
    return made


def _province(cast, code: str, districts: int, each: int) -> Unit:
    [top] = _found(f"Tỉnh {code}", cast["TLD"], 1, code, "provincial")
    for number, district in enumerate(_found(f"Huyện {code}", top, districts, f"{code}-H", "sectoral")):
        _found(f"CĐCS {code}{number}", district, each, f"{code}-H-{number}")
    return top


def _faults_of_the_tree() -> list[int]:
    """Units that do not lie within their parent one level deeper, or overlap a sister."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id FROM orgs_unit u JOIN orgs_unit p ON p.id = u.parent_id
             WHERE NOT (p.lft < u.lft AND u.rgt <= p.rgt AND u.depth = p.depth + 1)
            UNION
            SELECT u.id FROM (SELECT id, lft, max(rgt) OVER (PARTITION BY parent_id ORDER BY lft
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM orgs_unit) u
             WHERE u.before >= u.lft
            """
        )
        return [pk for (pk,) in cursor.fetchall()]


@pytest.fixture
def country(cast):
    """A province of 3,031 units and one of 13, beside the two of the cast."""
    big, small = _province(cast, "L", 30, 100), _province(cast, "S", 3, 3)
    tree.renumber()
    assert _faults_of_the_tree() == []
    return cast, Unit.objects.get(pk=big.pk), Unit.objects.get(pk=small.pk)


def _counted(programme, code: str) -> int:
    rows = Tally.objects.filter(programme=programme, unit__code=code, measure="counted", bucket="", phase=None)
    return sum(rows.values_list("amount", flat=True))


def test_moving_a_province_of_thousands_costs_what_moving_a_small_one_costs(country):
    cast, big, small = country
    counted = []
    for unit in (small, big):
        with CaptureQueriesContext(connection) as captured:
            changes.move(unit, cast["TB"], decision=Decision(DAY), by=SYSTEM)
        counted.append(len(captured))
        assert _faults_of_the_tree() == []
    # The tree may be numbered anew, which is two statements.
    assert counted[1] <= counted[0] + 2 <= 40, counted
    assert Unit.objects.filter(lft__gte=big.lft, lft__lte=big.rgt).count() == 3031


def _fill_directly(cast, big, small):
    """2,000 and 5 unions directly below, with sums of a programme at the unit and at one of them."""
    _found("CĐCS trực thuộc lớn", big, 2000, "LD")
    _found("CĐCS trực thuộc nhỏ", small, 5, "SD")
    tree.renumber()
    programme = make_programme(cast, "TLD")
    for unit, amount in ((small, 4), (big, 9)):
        for pk in (unit.pk, Unit.objects.get(code=f"{unit.code[0]}D-1").pk):
            Tally.objects.create(programme=programme, unit_id=pk, measure="counted", bucket="", amount=amount)
    return programme


def test_merging_a_province_of_thousands_of_direct_children_costs_as_much(country):
    cast, big, small = country
    programme = _fill_directly(cast, big, small)
    for unit, amount in ((small, 4), (big, 9)):
        counted = _counted(programme, "TB")
        with CaptureQueriesContext(connection) as captured:
            changes.merge(unit, cast["TB"], decision=Decision(DAY), by=SYSTEM)
        assert len(captured) <= 72, len(captured)
        assert _faults_of_the_tree() == []
        assert _counted(programme, "TB") == counted + amount
        assert _counted(programme, "TLD") == 0  # the ancestor they share neither loses nor gains
    moved = Unit.objects.get(code="LD-7")
    assert (moved.parent.code, moved.depth) == ("TB", cast["TB"].depth + 1)
    assert [a.parent.code for a in moved.affiliations.order_by("valid")] == ["L-0", "TB"]
    assert UnitEvent.objects.filter(kind="move", other=cast["TB"]).count() == 2000 + 30 + 5 + 3


def test_taking_a_merger_of_thousands_back_costs_as_much_as_a_small_one(country):
    cast, big, small = country
    programme = _fill_directly(cast, big, small)
    for unit, amount in ((small, 4), (big, 9)):
        changes.merge(unit, cast["TB"], decision=Decision(DAY), by=SYSTEM)
        made = UnitEvent.objects.filter(effective_on=DAY, taken_back_on=None)
        with CaptureQueriesContext(connection) as captured:
            undoing.take_back_many(list(made), by=SYSTEM)
        assert len(captured) <= 60, len(captured)
        assert _faults_of_the_tree() == []
        assert (_counted(programme, "TB"), _counted(programme, unit.code)) == (0, amount)
    back = Unit.objects.get(code="LD-7")
    assert back.parent == big
    assert [(a.parent.code, a.valid.upper) for a in back.affiliations.all()] == [("L-0", None)]
    assert Unit.objects.get(pk=big.pk).ended_on is None
    assert Act.objects.filter(kind="orgs.unit.taken_back").count() == 2000 + 30 + 5 + 3 + 2


def test_units_moved_together_though_one_stood_below_the_other_keep_their_sums(country):
    cast, _big, small = country
    programme = make_programme(cast, "TLD")
    outer, inner = Unit.objects.get(code="S-H-0"), Unit.objects.get(code="S-H-0-1")
    for unit, amount in ((small, 7), (outer, 5), (inner, 3)):
        Tally.objects.create(programme=programme, unit=unit, measure="counted", bucket="", amount=amount)
    into = Unit.objects.get(code="S-H-1")
    both = [Alteration(outer, Decision(DAY), parent=cast["TB"]), Alteration(inner, Decision(DAY), parent=into)]
    with transaction.atomic():
        alter_many(both, by=SYSTEM)
    assert [one.refusal for one in both] == [None, None]
    assert _faults_of_the_tree() == []
    found = {code: _counted(programme, code) for code in ("S-0", "S-H-0", "S-H-0-1", "S-H-1", "TB", "TLD")}
    assert found == {"S-0": 7 - 5 + 3, "S-H-0": 2, "S-H-0-1": 3, "S-H-1": 3, "TB": 2, "TLD": 0}
    undoing.take_back_many([event for one in both for event in one.events], by=SYSTEM)
    assert _faults_of_the_tree() == []
    found = {code: _counted(programme, code) for code in ("S-0", "S-H-0", "S-H-0-1", "S-H-1", "TB")}
    assert found == {"S-0": 7, "S-H-0": 5, "S-H-0-1": 3, "S-H-1": 0, "TB": 0}


def test_two_units_cannot_go_below_each_other_in_one_batch(country):
    _cast, _big, _small = country
    one, other = Unit.objects.get(code="S-H-0"), Unit.objects.get(code="S-H-1")
    both = [Alteration(one, Decision(DAY), parent=other), Alteration(other, Decision(DAY), parent=one, name="Tên mới")]
    alter_many(both, by=SYSTEM)
    assert both[0].refusal is None
    assert "xuống dưới chính nó" in both[1].refusal.sentence
    assert Unit.objects.get(pk=other.pk).name != "Tên mới"  # nothing of it
    assert _faults_of_the_tree() == []
