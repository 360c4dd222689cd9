"""The list of the office: composed once or asked anew, whoever asks sees what the rights give, in one order."""

from itertools import product

import pytest

from tests.initiatives.test_dossiers import filed, recognised
from tests.initiatives.test_reception import passed_up, received
from tests.sites.office.test_desk_above import LATER
from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries
from thidua.initiatives.choices import State
from thidua.initiatives.models import Initiative
from thidua.initiatives.queries import desks, lists
from thidua.initiatives.queries.lists import Narrowing, Order, Turn
from thidua.kernel import clock
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit


@pytest.fixture
def dossiers(cast):
    return [filed(cast), received(cast), passed_up(cast), recognised(cast)]


def _seen(person, home):
    here = queries.visible_to(person).filter(unit__lft__gte=home.lft, unit__lft__lte=home.rgt)
    return {i.pk for i in here.filter(filed_on__isnull=False)}


def test_the_first_page_is_what_the_rights_give_at_every_unit(cast, dossiers):
    for person, home in product(cast.people.values(), Unit.objects.all()):
        page = lists.page(person, home, Narrowing(), Order.NEWEST, "", lists.SIZE)
        assert {i.pk for i in page.rows} == _seen(person, home), (person, home)


def test_a_home_cuts_the_reach_and_adds_nothing(cast):
    for person, home, permission in product(cast.people.values(), Unit.objects.all(), Permission):
        reach = grants.reach(person, permission, home)
        within = {u.pk for u in Unit.objects.all() if home.covers(u) and grants.may(person, permission, u)}
        assert {u.pk for u in Unit.objects.filter(reach.condition(""))} == within


def test_composed_once_or_asked_anew_the_page_is_the_same(cast, dossiers):
    narrowings = [Narrowing(), Narrowing(kind="technical"), Narrowing(channel="own"), Narrowing(kind="no such kind")]
    narrowings += [Narrowing(state=state) for state in State.values]
    with clock.at(LATER):
        for person, home in ((cast.binh, cast["TB-YT-01"]), (cast.giang, cast["TB-YT"]), (cast.phuc, cast["TB"])):
            chosen = [*narrowings, Narrowing(state="received", below=(home.lft, home.rgt))]
            chosen += [Narrowing().at(turn, home) for turn in Turn]
            for narrowing, order in product(chosen, Order):
                composed = lists.page(person, home, narrowing, order, "", lists.SIZE)
                anew = lists.page(person, home, narrowing, order, "", 50)
                assert [i.pk for i in composed.rows] == [i.pk for i in anew.rows], (narrowing, order)
                numbers = [i.pk for i in Initiative.objects.all()]
                named = lists.numbered(person, home, narrowing, numbers)
                assert {i.pk for i in named} == {i.pk for i in anew.rows}


def test_units_joined_or_noted_the_page_is_the_same(cast, dossiers, monkeypatch):
    narrowings = [Narrowing(), Narrowing(kind="technical"), *(Narrowing(state=state) for state in State.values)]
    asked = list(product(cast.people.values(), Unit.objects.all(), narrowings))
    joined = [lists.page(*one, Order.NEWEST, "", lists.SIZE).rows for one in asked]
    monkeypatch.setattr(org_queries, "is_noted", lambda lft, rgt: True)
    noted = [lists.page(*one, Order.NEWEST, "", lists.SIZE).rows for one in asked]
    assert joined == noted
    assert any(joined)


def test_a_unit_chosen_below_adds_no_right(cast, dossiers):
    """Neither on the first page nor on the others: what one sees there without choosing it, and no more."""
    for person, unit in product(cast.people.values(), Unit.objects.all()):
        narrowing = Narrowing(below=(unit.lft, unit.rgt))
        for size in (lists.SIZE, 50):
            page = lists.page(person, cast["TLD"], narrowing, Order.NEWEST, "", size)
            assert {i.pk for i in page.rows} == _seen(person, unit), (person, unit)


def test_a_line_needs_nothing_more_of_the_database(cast, dossiers, django_assert_num_queries):
    lists.page(cast.giang, cast["TB-YT"], Narrowing(), Order.NEWEST, "", lists.SIZE)
    with django_assert_num_queries(2):
        page = lists.page(cast.giang, cast["TB-YT"], Narrowing(), Order.NEWEST, "", lists.SIZE)
        found = [(i.title, i.author_names, i.unit.short_name, i.handler.short_name, i.decider) for i in page.rows]
    authors = {i.pk: [a.name for a in i.authorships.order_by("position")] for i in Initiative.objects.all()}
    assert [names for _title, names, *_ in found] == [authors[i.pk] for i in page.rows]
    assert all(authors.values())


def test_the_nearest_deadlines_are_those_of_ones_own_work_and_of_what_was_passed_up(cast, dossiers, monkeypatch):
    dossiers += [received(cast), passed_up(cast), filed(cast)]
    for day, one in enumerate(reversed(dossiers), 1):
        due = None if day == 4 else clock.today().replace(day=day)
        Initiative.objects.filter(pk=one.pk).update(due_on=due)
    seen = set()
    for nearest in (6, 2):
        monkeypatch.setattr(desks, "NEAREST", nearest)
        for person, home in product(cast.people.values(), Unit.objects.all()):
            mine = queries.visible_to(person).filter(desks.at_desk(home) & desks.turn_of(home))
            wanted = list(mine.order_by("due_on", "pk"))[:nearest]
            assert desks.nearest_due(person, home) == wanted, (person, home)
            seen |= {(i.state, len(wanted)) for i in wanted}
    assert {state for state, _n in seen} == {State.SUBMITTED, State.RECEIVED, State.PASSED_UP}
    assert max(n for _state, n in seen) > 2
