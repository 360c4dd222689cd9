"""Movements: the catalogue, registration and pledge, which unit responds to which; supports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.cast import SYSTEM
from tests.programmes.conftest import drafted
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.notify import outbox
from thidua.programmes import queries
from thidua.programmes.domain import movements, plans, supports
from thidua.programmes.models import Programme
from thidua.programmes.queries import movements as catalogue


@pytest.fixture
def movement(issued) -> Programme:
    return issued.programmes.get(short_name="Lao động giỏi, Lao động sáng tạo")


def test_the_catalogue_lists_each_movement_once_for_those_it_calls(cast, issued):
    plans.issue(plans.cascade(issued, cast["TB-YT-01"], by=cast.binh), by=cast.chi, issued_on=date(2022, 2, 1))
    for person in (cast.binh, cast.giang, cast.phuc):
        assert catalogue.catalogue(person).count() == 8, person
    assert not catalogue.catalogue(cast.khoa).exists()
    drives = catalogue.narrowed(catalogue.catalogue(cast.binh), "drive", "agencies", "open", "tiêu cực")
    assert [m.kind for m in drives] == ["drive"]


def test_a_unit_and_its_collectives_pledge_once_each(cast, movement):
    with pytest.raises(Refused, match="giao ước") as refused:
        movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge=" ")
    assert refused.value.field == "pledge"
    whole = movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge="Mỗi tổ một sáng kiến.")
    movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge="5 sáng kiến", collective="Khoa  Nội")
    with pytest.raises(Refused, match="Khoa Nội đã đăng ký rồi"):
        movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge="6", collective="Khoa Nội")
    assert outbox.inbox(cast.giang).filter(kind="programmes.registered").count() == 2
    with pytest.raises(Forbidden):
        movements.register(movement, cast["TB-YT-01"], by=cast.lan, pledge="Thử")
    with pytest.raises(Forbidden):
        movements.accept(whole, by=cast.binh)
    movements.accept(whole, by=cast.giang)
    movements.withdraw(whole, by=cast.binh)
    movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge="Hai sáng kiến mỗi tổ.")
    assert catalogue.registrations(movement).count() == 2


def test_rounds_can_be_chosen_until_they_end(cast):
    plan = drafted(cast, "NT", "KH-LDLD", SYSTEM)
    plans.issue(plan, by=SYSTEM, issued_on=date(2022, 1, 20))
    year = plan.programmes.get(phases__name="Đợt thi đua đặc biệt")
    assert [r.name for r in catalogue.open_rounds(year)] == ["Đợt thi đua thứ hai", "Đợt thi đua thứ ba"]
    other = plan.programmes.get(short_name__startswith="Giỏi việc nước")
    assert len(catalogue.rounds_of(other)) == 3, "the rounds of the year carry every movement of the plan"
    over = year.phases.first()
    with pytest.raises(Refused, match="đã kết thúc: hãy chọn đợt khác"):
        movements.register(year, cast["NT-KCN-01"], by=cast.khoa, pledge="Thi đua", round_=over)
    movements.register(year, cast["NT-KCN-01"], by=cast.khoa, pledge="Thi đua", round_=catalogue.open_rounds(year)[0])
    plans.close(plan, by=SYSTEM)
    Programme.objects.filter(pk=year.pk).update(is_open=False)
    year.refresh_from_db()
    with pytest.raises(Refused, match="không còn nhận đăng ký"):
        movements.register(year, cast["NT-KCN-01"], by=cast.khoa, pledge="Thi đua", collective="Tổ may 1")


def test_which_unit_responds_to_which_in_two_queries(cast, issued, movement, django_assert_num_queries):
    plans.issue(plans.cascade(issued, cast["TB-YT-02"], by=cast.lan), by=cast.lan, issued_on=date(2022, 2, 1))
    movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge="Thi đua", collective="Khoa Nội")
    columns = list(catalogue.movements_of(issued))
    with django_assert_num_queries(2):
        found = catalogue.answers(columns, [cast["TB-YT-01"], cast["TB-YT-02"], cast["TB-YT-03"]])
    cell = {code: found[cast[code].pk][movement.pk] for code in ("TB-YT-01", "TB-YT-02", "TB-YT-03")}
    assert [(c.registered, c.in_plan) for c in cell.values()] == [(1, False), (0, True), (0, False)]
    with django_assert_num_queries(1):
        assert catalogue.responding(movement) == {"all": 3, "pledged": 1, "planned": 1, "any": 2}


def test_supports_of_employers_and_authorities_are_recorded_where_given(cast, issued):
    given = {"party": "employer", "kind": "funds", "giver": "Bệnh viện Đa khoa tỉnh", "text": "Thưởng sáng kiến"}
    with pytest.raises(Refused, match="sau hôm nay") as refused:
        supports.record(issued, cast["TB-YT-01"], by=cast.binh, **given, given_on=date(2022, 5, 21))
    assert refused.value.field == "given_on"
    value = Decimal(20_000_000)
    one = supports.record(issued, cast["TB-YT-01"], by=cast.binh, **given, given_on=date(2022, 5, 1), value=value)
    with pytest.raises(Refused, match="không áp dụng"):
        supports.record(issued, cast["NT-KCN-01"], by=cast.khoa, **given, given_on=date(2022, 5, 1))
    assert list(queries.supports_visible_to(cast.giang, issued)) == [one]
    assert not queries.supports_visible_to(cast.lan, issued).exists()
    with pytest.raises(Forbidden):
        supports.drop(one, by=cast.giang)
    supports.drop(one, by=cast.binh)
    assert not queries.supports_visible_to(cast.giang, issued).exists()
