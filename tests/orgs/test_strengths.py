"""The members kept in each unit's row are those declared in it and below, whatever happened."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import SYSTEM
from tests.orgs.test_reorganising import found
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import readers
from thidua.orgs import queries
from thidua.orgs.domain import batches, changes, headcounts, strengths, undoing
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitEvent

TODAY = Decision(date(2022, 6, 1))
CODES = ("TB", "NT", "TB-YT", "TB-YT-01", "TB-YT-02", "TB-YT-03", "XA-1", "XA-2")


def kept_and_counted():
    units = list(Unit.objects.all())
    return {u.code: u.members for u in units}, {u.code: queries.members_of([u])[u.pk] for u in units}


def one_change(verb, code, other, number):
    """Some verbs are refused, as they would be in life."""
    unit, target = Unit.objects.filter(code=code).first(), Unit.objects.filter(code=other).first()
    if unit is None or target is None:  # its founding was taken back
        return
    match verb:
        case "declare":
            headcounts.declare(unit, on=date(2022, 1, 1 + number % 28), members=number, by=SYSTEM)
        case "declare_for_later":
            headcounts.declare(unit, on=date(2023, 1, 1), members=number, by=SYSTEM)
        case "take_back":
            if event := UnitEvent.objects.filter(taken_back_on=None, unit=unit).order_by("-pk").first():
                undoing.take_back(event, by=SYSTEM)
        case "dissolve":
            changes.dissolve(unit, decision=TODAY, by=SYSTEM)
        case _:
            getattr(changes, verb)(unit, target, decision=TODAY, by=SYSTEM)


VERBS = ("declare", "declare", "declare_for_later", "move", "merge", "dissolve", "take_back")
STEP = st.tuples(st.sampled_from(VERBS), st.sampled_from(CODES), st.sampled_from(CODES), st.integers(0, 900))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=10))
def test_any_sequence_of_changes_keeps_the_members_right(cast, steps):
    from django.db import transaction

    with transaction.atomic():
        found("XA-1", cast["TB"])
        found("XA-2", Unit.objects.get(code="XA-1"))
        for step in steps:
            try:
                with transaction.atomic():
                    one_change(*step)
            except Refused:
                continue
        readers.drain_all()
        kept, counted = kept_and_counted()
        assert kept == counted
        assert strengths.recount_all() == 0
        transaction.set_rollback(True)


def test_a_declaration_reaches_only_the_line_above(cast, django_assert_max_num_queries):
    before = {u.code: u.members for u in Unit.objects.all()}
    more = queries.members_of([cast["TB-YT-01"]])[cast["TB-YT-01"].pk] + 7
    headcounts.declare(cast["TB-YT-01"], on=clock.today(), members=more, by=SYSTEM)
    with django_assert_max_num_queries(14):
        readers.drain("orgs.strengths")
    after = {u.code: u.members for u in Unit.objects.all()}
    changed = {code for code in after if after[code] != before[code]}
    assert changed == {"TLD", "TB", "TB-YT", "TB-YT-01"}
    assert all(after[code] == before[code] + 7 for code in changed)


def test_a_declaration_for_a_later_day_counts_from_that_day(cast, monkeypatch):
    headcounts.declare(cast["TB-YT-01"], on=date(2022, 9, 1), members=1, by=SYSTEM)
    readers.drain_all()
    assert Unit.objects.get(code="TB-YT-01").members > 1
    monkeypatch.setattr(clock, "today", lambda: date(2022, 9, 1))
    assert strengths.recount_all() == 4
    assert Unit.objects.get(code="TB-YT-01").members == 1


def test_an_order_by_the_batch_is_undone_with_its_members(cast):
    unit = cast["TB-YT-01"]
    before = Unit.objects.get(code="TLD").members
    said = batches.declare_many([batches.Declaration(unit, clock.today(), 999)], by=SYSTEM)
    readers.drain_all()
    assert Unit.objects.get(pk=unit.pk).members == 999
    batches.put_back_many([(unit, clock.today(), said[unit.pk])], by=SYSTEM)
    readers.drain_all()
    assert Unit.objects.get(code="TLD").members == before


@pytest.mark.django_db
def test_the_check_of_records_names_a_unit_that_is_wrong(cast, capsys):
    from thidua.sites.cli import records

    assert not [found for found in records._by_sets() if "members" in found]
    Unit.objects.filter(pk=cast["NT"].pk).update(members=123456)
    assert "NT" in " ".join(found for found in records._by_sets() if "members" in found)
