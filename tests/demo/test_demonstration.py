"""The demonstration: one story, the same every time, adding up, and gone by one command."""

from datetime import date

import pytest

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.demo import cores, loader, places, texts, world
from thidua.initiatives.domain import scopes
from thidua.initiatives.models import Initiative
from thidua.kernel.models import Installation
from thidua.ledger import seals
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Plan, Programme
from thidua.review.models import Session
from thidua.tallies import queries
from thidua.tallies.domain import sums


def test_texts_are_the_same_for_a_seed_and_never_twice():
    from random import Random

    def fifty(seed):
        random, taken = Random(seed), set()
        return [texts.write(random, "health", taken).title for _ in range(50)]

    assert fifty(1) == fifty(1)
    assert len(set(fifty(1))) == 50


def test_benefits_follow_from_their_own_numbers():
    for core in (c for found in cores.CORES.values() for c in found if c.saving):
        assert core.saving.low * 12 * core.saving.price > 0
        assert core.saving.low < core.saving.high


def test_both_trees_have_some_sixty_grassroots_unions():
    found = places.all_places()
    codes = [p.code for p in found]
    assert len(set(codes)) == len(codes)
    assert 55 <= sum(p.kind == "grassroots" for p in found) <= 65


def _filed_by(programme: Programme, day: date) -> int:
    return queries.figures_on(programme, [programme.unit], day)[programme.unit_id, None, "filed", ""]


@pytest.mark.django_db
def test_the_whole_story_adds_up_and_leaves_by_one_command(settings):
    loader.load(lambda _line: None)
    assert Initiative.objects.count() == 400
    assert 1800 <= Person.objects.count() <= 2200
    assert Plan.objects.filter(number=17, symbol="KH-CĐYT", state="running").count() == 1
    assert set(Session.objects.values_list("state", flat=True)) == {"signed", "open"}
    for code, waits in (("TB-YT", 1), ("TB", 1), ("TLD", 1)):  # each chair above has something to decide
        unit = Unit.objects.get(code=code)
        assert scopes.waiting(unit) == waits
        (chair,) = (mark for _label, place, role, mark in world.ACCOUNTS if (place, role) == (code, "chair"))
        assert chair in {p.code for p in grants.holders(Permission.INITIATIVE_RECOGNISE, unit) if hasattr(p, "account")}
    assert Initiative.objects.filter(state="passed_up", decider__code="TB-YT").count() == 1
    for programme in queries.counting():
        assert sums.faults(programme) == []
    national = Programme.objects.get(plan__unit__code="TLD", counts_initiatives=True)
    grown = [
        _filed_by(national, day) for day in (date(2022, 1, 10), date(2022, 3, 1), date(2022, 5, 1), loader.CLOCK_ON)
    ]
    assert grown[0] == 0 < grown[1] < grown[2] < grown[3]
    assert grown[3] == queries.figure(national, national.unit, "filed")
    assert seals.verify() == []
    loader.remove()
    assert not Person.objects.exists()
    assert not Installation.objects.exists()
