"""The ledger: with its change or not at all, append-only, and a changed line shows."""

import threading
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction
from django.db.utils import DataError, InternalError, ProgrammingError
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import SYSTEM
from thidua.kernel import clock
from thidua.ledger import acts, readers, seals, tasks
from thidua.ledger.models import Act, Unread, Unsealed


@pytest.fixture
def line(cast) -> Act:
    with clock.at(date(2022, 3, 1)):
        return acts.record("people.person.entered", cast.an, by=cast.chi, after={"unit": "TB"})


def test_an_act_names_who_what_and_where(line, cast):
    assert (line.actor_name, line.subject_type, line.subject_label) == (
        "Phạm Thị Chi",
        "people.person",
        "Nguyễn Thị An",
    )
    assert line.unit_id == cast["TB-YT-01-N"].pk


@pytest.mark.parametrize("statement", ["UPDATE ledger_act SET reason = 'x'", "DELETE FROM ledger_act"])
def test_the_database_itself_refuses_changes(line, statement):
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_sealed_lines_verify_and_a_changed_line_shows(line):
    assert seals.seal() is not None
    assert seals.seal() is None
    assert seals.verify() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_act DISABLE TRIGGER ledger_act_guard")
        cursor.execute("UPDATE ledger_act SET reason = 'đã sửa' WHERE id = %s", [line.pk])
        cursor.execute("ALTER TABLE ledger_act ENABLE TRIGGER ledger_act_guard")
    assert seals.verify() == [f"line {line.pk}: content was changed"]


def test_a_removed_line_shows(line):
    seals.seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_act DISABLE TRIGGER ledger_act_guard")
        cursor.execute("DELETE FROM ledger_act WHERE id = %s", [line.pk])
        cursor.execute("ALTER TABLE ledger_act ENABLE TRIGGER ledger_act_guard")
    assert any("missing" in fault for fault in seals.verify())


def test_a_reader_gets_each_act_once(cast, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(readers, "_readers", {})
    readers.register("probe", ("people.",), lambda found: seen.extend(a.kind for a in found))
    acts.record("people.person.entered", cast.an, by=SYSTEM)
    acts.record("orgs.unit.rename", cast["TB"], by=SYSTEM)
    assert readers.drain("probe") == 1
    assert readers.drain("probe") == 0
    assert seen == ["people.person.entered"]


@pytest.fixture
def probe(monkeypatch):
    """Gives what registers the only reader there is; it appends the kinds it reads to the list."""
    monkeypatch.setattr(readers, "_readers", {})

    def register(**more) -> list[list[str]]:
        seen: list[list[str]] = []
        readers.register("probe", ("people.",), lambda found: seen.append([a.kind for a in found]), **more)
        return seen

    return register


def test_a_commit_is_read_at_once_and_by_itself(cast, probe, django_capture_on_commit_callbacks):
    seen = probe()
    acts.record("people.person.left", cast.binh, by=SYSTEM)  # somebody else's, committed and not yet read
    readers._awaited.acts.clear()
    with django_capture_on_commit_callbacks(execute=True):
        acts.record("people.person.entered", cast.an, by=SYSTEM)
        acts.record("people.person.changed", cast.an, by=SYSTEM)
    assert seen == [["people.person.entered", "people.person.changed"]]
    assert Unread.objects.get(reader="probe").act.kind == "people.person.left"
    readers.drain("probe")
    assert not Unread.objects.filter(reader="probe").exists()


def test_a_large_commit_is_read_in_batches(cast, probe, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(readers, "BATCH", 2)
    seen = probe()
    with django_capture_on_commit_callbacks(execute=True):
        acts.record_many("people.person.entered", [acts.Told(cast.an)] * 5, by=SYSTEM)
    assert [len(kinds) for kinds in seen] == [2, 2, 1]
    assert not Unread.objects.filter(reader="probe").exists()


def test_a_patient_reader_leaves_it_to_the_worker_once(cast, probe, settings, django_capture_on_commit_callbacks):
    settings.READERS_WAIT = True
    seen = probe(patient=("people.person.entered",))
    with django_capture_on_commit_callbacks(execute=True):
        for _n in range(3):
            acts.record("people.person.entered", cast.an, by=SYSTEM)
    assert not seen
    job = ProcrastinateJob.objects.get(task_name="ledger.read")
    assert (job.args, job.queueing_lock) == ({}, "ledger.read")
    assert readers.is_behind("probe", cast.an)
    tasks.read()
    assert [len(kinds) for kinds in seen] == [3]
    assert not readers.is_behind("probe", cast.an)
    with django_capture_on_commit_callbacks(execute=True):
        acts.record("people.person.left", cast.an, by=SYSTEM)
    assert seen[1:] == [["people.person.left"]]  # what is not named as patient is read at once


def test_a_burst_asks_the_worker_once_until_the_job_asked_for_may_have_read(
    cast, probe, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.READERS_WAIT = True
    probe(patient=("people.person.entered",))
    moments = iter((10.0, 10.4, 10.6))
    monkeypatch.setattr(readers, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    asked, probe_job = [], SimpleNamespace(defer=lambda: None)
    monkeypatch.setattr(readers.app, "configure_task", lambda name, **more: asked.append(name) or probe_job)
    for expected in (1, 1, 2):  # the job begins by waiting half a second, and reads what was committed meanwhile
        with django_capture_on_commit_callbacks(execute=True):
            acts.record("people.person.entered", cast.an, by=SYSTEM)
        assert len(asked) == expected


def test_a_job_reads_a_stretch_and_asks_for_the_next(
    cast, probe, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.READERS_WAIT = True
    monkeypatch.setattr(readers, "SHORT_BATCH", 2)
    monkeypatch.setattr(tasks, "time", SimpleNamespace(sleep=lambda _seconds: None))
    moments = iter((0.0, readers.STRETCH_SECONDS - 1, readers.STRETCH_SECONDS, 20.0, 20.1))
    monkeypatch.setattr(readers, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    seen = probe(patient=("people.person.entered",))
    acts.record_many("people.person.entered", [acts.Told(cast.an)] * 5, by=SYSTEM)
    tasks.read()
    assert len(seen) == 2
    ProcrastinateJob.objects.get(task_name="ledger.read", queueing_lock="ledger.read")
    tasks.read()
    assert len(seen) == 3
    assert not readers.is_behind("probe", cast.an)


@pytest.fixture
def in_turn(monkeypatch):
    """Registers readers who note their names, in the order in which they read."""
    monkeypatch.setattr(readers, "_readers", {})
    monkeypatch.setattr(readers, "SHORT_BATCH", 2)
    monkeypatch.setattr(readers, "DEAR_BATCH", 2)
    seen: list[str] = []
    kinds = ("people.person.entered",)
    for name, more in (("dear", {"unhurried": True}), ("soon", {}), ("dearer", {"unhurried": True})):
        readers.register(name, kinds, lambda _found, name=name: seen.append(name), patient=kinds, **more)
    return seen


def test_what_somebody_waits_for_is_read_before_each_batch_of_what_is_dear(cast, in_turn):
    acts.record_many("people.person.entered", [acts.Told(cast.an)] * 3, by=SYSTEM)
    late = iter([lambda: acts.record("people.person.entered", cast.an, by=SYSTEM)])
    dear = readers._readers["dear"].work
    filing = replace(readers._readers["dear"], work=lambda found: (dear(found), next(late, int)()))
    readers._readers["dear"] = filing  # somebody files while the first dear batch is read
    assert readers.drain_patient() is False
    assert in_turn == ["soon", "soon", "dear", "soon", "dearer", "dear", "dearer"]
    assert not Unread.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_dear_is_read_by_one_job_at_a_time(cast, in_turn, settings):
    """The next job is free for what somebody waits for."""
    settings.READERS_WAIT = True
    with transaction.atomic():
        acts.record("people.person.entered", cast.an, by=SYSTEM)

    def other_job() -> None:
        readers.drain_patient()
        connection.close()

    with transaction.atomic():
        assert readers._is_alone(readers._readers["dear"])
        other = threading.Thread(target=other_job)
        other.start()
        other.join(30)
        assert in_turn == ["soon", "dearer"]
    readers.drain_patient()
    assert in_turn == ["soon", "dearer", "dear"]


def test_the_sweep_asks_for_a_job_for_what_is_dear(cast, in_turn):
    acts.record("people.person.entered", cast.an, by=SYSTEM)
    assert readers.sweep() == 1
    assert in_turn == ["soon"]
    ProcrastinateJob.objects.get(task_name="ledger.read", queueing_lock="ledger.read")
    assert readers.drain_patient() is False
    assert readers.sweep() == 0
    assert in_turn == ["soon", "dear", "dearer"]


def test_acts_are_appended_with_their_queues_in_one_statement(cast, probe, django_assert_num_queries):
    probe()
    with django_assert_num_queries(1):
        acts.record_many("people.person.entered", [acts.Told(cast.an), acts.Told(cast.binh)], by=SYSTEM, reason="Đợt 1")
    first, second = Act.objects.order_by("-pk")[:2][::-1]
    assert (first.subject_id, second.subject_id) == (cast.an.pk, cast.binh.pk)
    assert (first.reason, acts.digest_of(first)) == ("Đợt 1", first.digest)
    assert Unsealed.objects.filter(act__in=[first, second]).count() == 2
    assert set(Unread.objects.filter(reader="probe").values_list("act", flat=True)) == {first.pk, second.pk}


def test_a_text_that_is_too_long_is_refused_not_cut(cast):
    with pytest.raises(DataError), transaction.atomic():
        acts.record("x" * 81, cast.an, by=SYSTEM)


def test_a_reader_that_fails_loses_nothing(cast, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(readers, "_readers", {})

    def fail(_found):
        raise ValueError("no")

    readers.register("probe", ("people.",), fail)
    with django_capture_on_commit_callbacks(execute=True):
        acts.record("people.person.entered", cast.an, by=SYSTEM)
    assert Unread.objects.filter(reader="probe").count() == 1


def test_a_patient_reader_that_fails_stops_no_other_and_is_tried_again(cast, monkeypatch):
    """One act is too much for `broken`: the acts around it are read, and so are those of the next reader."""
    monkeypatch.setattr(readers, "_readers", {})
    read: dict[str, list[str]] = {"broken": [], "well": []}
    heavy = {"people.person.left"}

    def work(name):
        def reading(found):
            if name == "broken" and heavy & {act.kind for act in found}:
                raise ValueError("too much")
            read[name] += [act.kind for act in found]

        return reading

    for name in read:
        readers.register(name, ("people.",), work(name), patient=("people.",))
    for kind in ("entered", "left", "changed"):
        acts.record(f"people.person.{kind}", cast.an, by=SYSTEM)
    assert readers.drain_patient() is False
    all_three = ["people.person.entered", "people.person.left", "people.person.changed"]
    assert read == {"broken": ["people.person.entered", "people.person.changed"], "well": all_three}
    put_off = Unread.objects.get()
    assert (put_off.reader, put_off.act.kind, put_off.tries) == ("broken", "people.person.left", 1)
    assert readers.are_failing()

    heavy.clear()
    assert readers.sweep() == 0  # its turn has not come
    with clock.running_at(put_off.not_before):
        assert readers.sweep() == 1
    assert read["broken"][-1] == "people.person.left"
    assert not readers.are_failing()


def test_a_reader_that_cannot_even_be_asked_stops_no_other(cast, probe, monkeypatch):
    seen = probe(patient=("people.",))
    well = readers._readers["probe"]
    broken = readers.Reader("broken", ("people.",), lambda _found: None, ("people.",))
    monkeypatch.setattr(readers, "_readers", {"broken": broken, "probe": well})
    acts.record("people.person.entered", cast.an, by=SYSTEM)
    whole = readers._work_on

    def cut(reader):
        if reader is broken:
            raise OperationalError("connection lost")
        return whole(reader)

    monkeypatch.setattr(readers, "_work_on", cut)
    readers.sweep()
    assert seen == [["people.person.entered"]]
    assert Unread.objects.get().reader == "broken"


def test_what_fails_altogether_is_not_tried_act_by_act_to_the_end(cast, monkeypatch):
    """A whole batch fails singly too: the fault is elsewhere, and the next batch waits for the next turn."""
    monkeypatch.setattr(readers, "BATCH", 2)
    tried: list[int] = []

    def fail(found):
        tried.append(len(found))
        raise ValueError("no")

    monkeypatch.setattr(readers, "_readers", {})
    readers.register("probe", ("people.",), fail)
    acts.record_many("people.person.entered", [acts.Told(cast.an)] * 6, by=SYSTEM)
    assert readers.sweep() == 0
    assert tried == [2, 1, 1]
    assert Unread.objects.filter(tries=1).count() == 2
