"""The sums hold whatever happens to them one after the other; all at once: `test_many_hands`."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import SYSTEM
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.sites.cli.__main__ import main
from thidua.tallies import queries
from thidua.tallies.choices import Measure
from thidua.tallies.domain import recounts, sums, verdicts
from thidua.tallies.models import Daily, Delta, Entry, Tally

FIRST_CHANGE = date(2016, 1, 1)
STATES = ["recognised", "received", "returned", "refused", "withdrawn"]


@pytest.fixture
def programme(cast):
    return make_programme(cast, "TLD")


@pytest.fixture
def changes_made():
    return []


def by_hand(programme) -> dict[int, int]:
    """Counted at every unit, found by climbing from each entry: slow and plain."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    found = dict.fromkeys(parents, 0)
    for unit in Entry.objects.filter(programme=programme, is_counted=True).values_list("unit_id", flat=True):
        above = unit
        while above is not None:
            found[above] += 1
            above = parents[above]
    return found


def kept(programme) -> dict[int, int]:
    units = list(Unit.objects.all())
    figures = queries.figures(programme, units)
    return {unit.pk: figures[unit.pk, None, str(Measure.COUNTED), ""] for unit in units}


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["change", "change", "change many", "file", "move", "merge", "found", "fold", "rebuild"]),
        st.integers(0, 10**9),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OPERATIONS)
def test_sums_are_those_of_a_recount_in_any_tree_after_any_history(cast, programme, changes_made, operations):
    for name, seed in operations:
        changes_made.append(name)
        try:
            play(name, random.Random(seed), cast, programme, len(changes_made))
        except Refused:
            continue  # not every change is possible in every tree
    assert kept(programme) == by_hand(programme)
    assert sums.faults(programme) == []


def play(name, chance, cast, programme, number):
    open_units = list(Unit.objects.filter(ended_on=None).exclude(code="TLD").order_by("pk"))
    leaves = [u for u in open_units if u.kind_id == "grassroots"]
    uppers = [u for u in open_units if u.kind_id in ("provincial", "sectoral")]
    decision = Decision(FIRST_CHANGE + timedelta(days=number))
    match name:
        case "file":
            item = make_initiative(cast, "TB-YT-01", chance.choice([cast.an, cast.lan, cast.khoa]))
            Initiative.objects.filter(pk=item.pk).update(unit=chance.choice(leaves))
            verdicts.evaluate(item.pk)
        case "change":
            if items := list(Initiative.objects.order_by("pk")):
                item = chance.choice(items)
                filed = date(2022, 3, 1) + timedelta(days=chance.randint(-200, 700))
                Initiative.objects.filter(pk=item.pk).update(state=chance.choice(STATES), filed_on=filed)
                verdicts.evaluate(item.pk)
        case "change many":
            items = chance.sample(all_items := list(Initiative.objects.order_by("pk")), min(4, len(all_items)))
            for item in items:
                Initiative.objects.filter(pk=item.pk).update(state=chance.choice(STATES))
            verdicts.evaluate_many([item.pk for item in items])
        case "move":
            changes.move(chance.choice(open_units), chance.choice(uppers), decision=decision, by=SYSTEM)
        case "merge":
            changes.merge(chance.choice(leaves), chance.choice(leaves), decision=decision, by=SYSTEM)
        case "found":
            kind, parent = UnitKind.objects.get(pk="grassroots"), chance.choice(uppers)
            changes.establish(
                code=f"N{number}-{chance.random()}",
                name="CĐCS mới",
                kind=kind,
                parent=parent,
                decision=decision,
                by=SYSTEM,
            )
        case "fold":
            sums.fold()
        case "rebuild":
            sums.rebuild(programme)


def test_many_are_evaluated_in_as_many_statements_as_few(cast, programme, django_assert_max_num_queries):
    people = [cast.an, cast.lan, cast.khoa]
    leaves = ["TB-YT-01", "TB-YT-02", "TB-YT-03", "NT-KCN-01"]
    few = [make_initiative(cast, leaves[n], people[n % 3]).pk for n in range(2)]
    many = [make_initiative(cast, leaves[n % 4], people[n % 3]).pk for n in range(30)]
    with CaptureQueriesContext(connection) as for_few:
        verdicts.evaluate_many(few)
    with django_assert_max_num_queries(len(for_few)):
        verdicts.evaluate_many(many)
    assert queries.figures(programme, [cast["TLD"]])[cast["TLD"].pk, None, str(Measure.COUNTED), ""] == 32
    assert queries.figures(programme, [cast["TLD"]])[cast["TLD"].pk, None, str(Measure.PEOPLE), ""] == 3
    assert sums.faults(programme) == []


def test_a_rebuild_mends_what_was_spoilt_and_leaves_the_rest(cast, programme):
    for unit in ("TB-YT-01", "TB-YT-02", "NT-KCN-01"):
        verdicts.evaluate(make_initiative(cast, unit, cast.an).pk)
    sums.fold()
    Tally.objects.filter(programme=programme, unit=cast["TB"], measure=Measure.COUNTED, bucket="").update(amount=40)
    Tally.objects.filter(programme=programme, unit=cast["TB-YT-02"]).delete()
    Daily.objects.filter(programme=programme, unit=cast["NT-KCN-01"], measure=Measure.COUNTED).update(amount=7)
    verdicts.evaluate(make_initiative(cast, "TB-YT-03", cast.lan).pk)  # waits to be folded, and is no fault
    assert sums.faults(programme) != []
    sums.rebuild(programme)
    assert sums.faults(programme) == []
    assert kept(programme) == by_hand(programme)
    rows = Tally.objects.filter(programme=programme).count()
    sums.rebuild(programme)
    assert (Tally.objects.filter(programme=programme).count(), Delta.objects.count()) == (rows, 0)


def test_verify_and_rebuild_go_through_some_units_at_a_time_and_on_from_where_they_were(
    cast, programme, monkeypatch, capsys
):
    monkeypatch.setattr(recounts, "UNITS", 2)
    monkeypatch.setattr("thidua.config.database.ensure_running", lambda: None)
    for unit in ("TB-YT-01", "TB-YT-02", "NT-KCN-01"):
        verdicts.evaluate(make_initiative(cast, unit, cast.an).pk)
    sums.fold()
    parts = [part for part, _found in sums.faults_by_part(programme)]
    assert len(parts) > 5
    for pk in Unit.objects.values_list("pk", flat=True):
        assert sum(part.first <= pk <= part.last for part in parts) == 1
    wrong = cast["TB-YT-02"]
    Tally.objects.filter(programme=programme, unit=wrong, measure=Measure.COUNTED, bucket="", phase=None).update(
        amount=9
    )
    found = sums.faults(programme)
    assert {fault.partition(",")[0] for fault in found} == {f"unit {wrong.pk}", f"unit {wrong.parent_id}"}

    assert main(["tally", "verify"]) == 1
    told = capsys.readouterr()
    assert f"unit {wrong.pk}, phase None, counted : 9 kept of its own, 1 counted" in told.out
    assert f"{programme.code}:{parts[0].last}" in told.err
    assert main(["tally", "verify", "--after", f"{programme.code}:{parts[-1].last}"]) == 0
    assert main(["tally", "rebuild", "--after", f"{programme.code}:{parts[-1].last}"]) == 0
    assert sums.faults(programme) == found
    assert main(["tally", "rebuild"]) == 0
    assert sums.faults(programme) == []


@pytest.mark.parametrize("wrong", ["CT-KHONGCO", "CT-KHONGCO:5", "{code}:abc", ":7"])
def test_going_on_from_a_place_that_is_not_there_is_refused_not_taken_for_the_end(
    cast, programme, monkeypatch, capsys, wrong
):
    monkeypatch.setattr("thidua.config.database.ensure_running", lambda: None)
    for verb in ("verify", "rebuild"):
        with pytest.raises(SystemExit) as ended:
            main(["tally", verb, "--after", wrong.format(code=programme.code)])
        assert ended.value.code == 2
        assert "no such programme" in capsys.readouterr().err


def test_the_first_rebuild_writes_what_was_never_kept(cast, programme):
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.an).pk)
    Delta.objects.all().delete()
    sums.rebuild(programme)
    assert sums.faults(programme) == []
    assert kept(programme) == by_hand(programme)
