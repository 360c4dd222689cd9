"""Everything at once: writers, movers and mergers of the tree, folders, rebuilds, checks, cut connections, kills."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import count

import pytest
from django.db import DatabaseError, connection, connections

from tests.cast import assemble
from tests.config.test_serving import environment
from tests.tallies.test_engine import STATES, by_hand, kept, play
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.config import database
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import readers
from thidua.orgs.domain import nodesums
from thidua.orgs.models import NodeChange, NodeSum, Unit, UnitEvent
from thidua.programmes.models import Registration
from thidua.sites.cli.__main__ import main
from thidua.tallies.choices import Measure
from thidua.tallies.domain import sums, verdicts
from thidua.tallies.models import Delta, Tally

TODAY = date(2022, 5, 20)
WRITERS, ROUNDS = 4, 20
ADMIN_SHUTDOWN = "57P01"
LEAVES = ("TB-YT-01", "TB-YT-02", "NT-KCN-01")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_many_hands_at_once_and_kills_leave_no_wrong_number(seed):
    with clock.at(TODAY):
        cast = assemble()
        programme = make_programme(cast, "TLD")
        chance, number = random.Random(seed), count(1)
        for _n in range(6):  # another tree for each seed
            play("found", chance, cast, programme, next(number))
        items = [make_initiative(cast, code, cast.an).pk for code in LEAVES for _n in range(3)]
        verdicts.evaluate_many(items)
        sums.rebuild(programme)

        def change_tree() -> None:
            play(chance.choice(["move", "merge", "found"]), chance, cast, programme, next(number))

        def check() -> None:
            """Readers are never wrong, not even for a moment."""
            assert sums.faults(programme) == []

        stop, faults, grown = threading.Event(), [], UnitEvent.objects.count()
        writers = [partial(_judge, random.Random(f"{seed} {n}"), items) for n in range(WRITERS)]
        writers += [partial(_pledge, random.Random(seed), programme), change_tree]
        hands = [threading.Thread(target=_some_times, args=(faults, job)) for job in writers]
        jobs = (sums.fold, nodesums.fold, partial(sums.rebuild, programme), nodesums.rebuild, _cut, check)
        others = [threading.Thread(target=_until, args=(stop, faults, job)) for job in jobs]
        for thread in (*hands, *others):
            thread.start()
        for thread in hands:
            thread.join(240)
        stop.set()
        for thread in others:
            thread.join(240)
        assert faults == [], "\n".join(faults)
        assert UnitEvent.objects.count() > grown, "the tree was changed meanwhile"

        verdicts.evaluate_many(items)  # what a cut connection left undone is swept, as the worker does
        readers.drain_all()
        assert sums.faults(programme) == []
        assert nodesums.faults() == []
        sums.fold()
        nodesums.fold()
        assert kept(programme) == by_hand(programme)
        _equals_a_rebuild_from_nothing(programme)


def _equals_a_rebuild_from_nothing(programme) -> None:
    tallies, nodes = _rows(Tally, "phase_id", "measure", "bucket"), _rows(NodeSum, "subject", "key", "part")
    assert len(tallies) > 50
    assert {row[2] for row in nodes} >= {"kind", "movement"}
    for table in (Tally, Delta, NodeSum, NodeChange):
        table.objects.all().delete()
    sums.rebuild(programme)
    nodesums.rebuild()
    assert _rows(Tally, "phase_id", "measure", "bucket") == tallies
    assert _rows(NodeSum, "subject", "key", "part") == nodes


def _rows(table, *key: str) -> set[tuple]:
    return set(table.objects.exclude(amount=0).values_list("unit_id", "amount", *key))


def _judge(chance, pks) -> None:
    pk = chance.choice(pks)
    Initiative.objects.filter(pk=pk).update(
        state=chance.choice(STATES), benefit_stated=chance.randint(0, 9) * 1_000_000
    )
    verdicts.evaluate(pk)


def _pledge(chance, programme) -> None:
    """What the database posts by itself."""
    here = chance.choice(list(Unit.objects.order_by("pk")))
    Registration.objects.create(
        programme=programme, unit=here, collective=f"Tổ {chance.random()}", registered_on=date(2022, 2, 1)
    )
    if chance.random() < 0.3:
        Registration.objects.filter(unit=here).update(state="withdrawn")


def _cut() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend' "
            "ORDER BY random() LIMIT 1"
        )


def _some_times(faults: list[str], job: Callable[[], None]) -> None:
    with clock.at(TODAY):
        for _n in range(ROUNDS):
            _bravely(faults, job)
    connections.close_all()


def _until(stop: threading.Event, faults: list[str], job: Callable[[], None]) -> None:
    with clock.at(TODAY):
        while not stop.wait(0.05):
            _bravely(faults, job)
    connections.close_all()


def _bravely(faults: list[str], job: Callable[[], None]) -> None:
    """A cut connection is the test's own doing, a refusal the tree's; anything else is a fault."""
    try:
        job()
    except Refused:
        pass
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "?") not in (None, ADMIN_SHUTDOWN):  # None: gone without a word
            faults.append(repr(error))
        connection.close()
    except Exception as error:  # noqa: BLE001 - a thread's errors are the test's
        faults.append(repr(error))


SLOW_REBUILD = """
import sys, time
import django
django.setup()
from thidua.sites.cli import __main__, tallies
from thidua.tallies.domain import recounts
recounts.UNITS = 2
tell = tallies._tell
tallies._tell = lambda *told: (tell(*told), sys.stderr.flush(), time.sleep(0.2))
sys.exit(__main__.main(["tally", "rebuild"]))
"""


@pytest.fixture
def spoilt(transactional_db) -> Iterator[tuple]:
    """Wrong sums everywhere, of initiatives and of what is counted by rows."""
    with clock.at(TODAY):
        cast = assemble()
        programme = make_programme(cast, "TLD")
        items = [make_initiative(cast, code, cast.an).pk for code in LEAVES for _n in range(3)]
        verdicts.evaluate_many(items)
        for unit in Unit.objects.all():
            Registration.objects.create(
                programme=programme, unit=unit, pledge="Thi đua", registered_on=date(2022, 2, 1)
            )
        readers.drain_all()
        sums.fold()
        nodesums.fold()
        Tally.objects.filter(measure=Measure.COUNTED, bucket="").update(amount=40)
        NodeSum.objects.filter(subject="movement").update(amount=7)
        yield programme, items


def test_a_rebuild_killed_in_the_middle_goes_on_where_it_was_while_others_write(spoilt, tmp_path, monkeypatch, capsys):
    programme, items = spoilt
    monkeypatch.setattr("thidua.config.database.ensure_running", lambda: None)
    ran = subprocess.Popen(
        [sys.executable, "-c", SLOW_REBUILD],
        env=environment(tmp_path),
        cwd=database.ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    chance, said = random.Random(3), []
    for line in ran.stderr:  # a writer between the parts
        said.append(line.split()[0])
        _judge(chance, items)
        if len(said) == 4:
            ran.send_signal(signal.SIGKILL)
    assert ran.wait(30) == -signal.SIGKILL
    assert [word.partition(":")[0] for word in said] == [programme.code] * 4
    assert sums.faults(programme), "the parts that follow are still wrong"

    _judge(chance, items)
    assert main(["tally", "rebuild", "--after", said[-1]]) == 0
    capsys.readouterr()
    assert main(["tally", "verify"]) == 0
    sums.fold()
    assert kept(programme) == by_hand(programme)
