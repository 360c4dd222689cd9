"""The sums hold whatever happens to them: moving trees, mergers, many hands at once, kills, a rebuild by day."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import SYSTEM, assemble
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.sites.cli.__main__ import main
from thidua.tallies import queries
from thidua.tallies.choices import Measure
from thidua.tallies.domain import recounts, sums, verdicts
from thidua.tallies.models import Daily, Delta, Entry, Tally

TODAY = date(2022, 5, 20)
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


def test_the_first_rebuild_writes_what_was_never_kept(cast, programme):
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.an).pk)
    Delta.objects.all().delete()
    sums.rebuild(programme)
    assert sums.faults(programme) == []
    assert kept(programme) == by_hand(programme)


WRITERS, ROUNDS = 4, 12


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_and_kills_leave_no_wrong_number():
    """Writers, a folder, a mover of the tree, a rebuild by day and somebody who cuts connections."""
    with clock.at(TODAY):
        cast = assemble()
        programme = make_programme(cast, "TLD")
        items = [
            make_initiative(cast, code, cast.an) for code in ("TB-YT-01", "TB-YT-02", "NT-KCN-01") for _n in range(3)
        ]
        stop, faults = threading.Event(), []
        hands = [threading.Thread(target=_write, args=(seed, [i.pk for i in items], faults)) for seed in range(WRITERS)]
        others = [
            threading.Thread(target=_repeat, args=(stop, faults, job))
            for job in (sums.fold, lambda: sums.rebuild(programme), _cut, _mover(cast))
        ]
        for thread in (*hands, *others):
            thread.start()
        for thread in hands:
            thread.join(120)
        stop.set()
        for thread in others:
            thread.join(120)
        assert faults == []
        for item in items:  # what a cut connection left undone is swept, as the worker does
            verdicts.evaluate(item.pk)
        sums.fold()
        assert kept(programme) == by_hand(programme)
        assert sums.faults(programme) == []
        assert sums.faults(programme) == []


def _write(seed, pks, faults):
    chance = random.Random(seed)
    with clock.at(TODAY):
        for _n in range(ROUNDS):
            _bravely(faults, lambda: _judge(chance, pks))
    connections.close_all()


def _judge(chance, pks):
    pk = chance.choice(pks)
    Initiative.objects.filter(pk=pk).update(
        state=chance.choice(STATES), benefit_stated=chance.randint(0, 9) * 1_000_000
    )
    verdicts.evaluate(pk)


def _repeat(stop, faults, job):
    with clock.at(TODAY):
        while not stop.wait(0.05):
            _bravely(faults, job)
    connections.close_all()


def _bravely(faults, job):
    """A cut connection is the test's own doing; anything else is a fault."""
    try:
        job()
    except DatabaseError as error:
        if not connection.is_usable():
            connection.close()
        elif "deadlock" in str(error) or "serialize" in str(error):
            faults.append(str(error))
    except Refused:
        pass
    except Exception as error:  # noqa: BLE001 - a thread's errors are the test's
        faults.append(repr(error))


def _cut():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend' "
            "ORDER BY random() LIMIT 1"
        )


def _mover(cast):
    days = iter(range(1, 10_000))
    places = [cast["TB"], cast["NT"]]

    def move():
        day = next(days)
        unit = Unit.objects.get(pk=cast["TB-YT"].pk)
        changes.move(unit, places[day % 2], decision=Decision(FIRST_CHANGE + timedelta(days=day)), by=SYSTEM)

    return move
