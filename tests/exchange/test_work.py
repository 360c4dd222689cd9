"""The worker may die anywhere; a file of many lines is checked in batches and written at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.exchange.sheets import tally, xlsx
from thidua.exchange import tasks
from thidua.exchange.domain import keeping, signs, uploads, work
from thidua.exchange.models import Upload, UploadedLine
from thidua.kernel.sheets import importers
from thidua.people.models import Person

HEAD = ["Họ và tên", "Số điện thoại"]


def _given(cast, rows):
    return uploads.receive(importers.named("people"), xlsx(HEAD, *rows), "a.xlsx", unit=cast["TB-YT-01"], by=cast.binh)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(work, "BATCH", 10)


def test_a_killed_check_goes_on_where_it_stopped(cast, small_batches, monkeypatch):
    upload = _given(cast, [[f"Người Số {'ABCDEFGHIJ'[n % 10]}{'abc'[n // 10]}", f"09000011{n:02d}"] for n in range(30)])
    looked, real = [], work._look

    def dying(batch, *rest):
        if len(looked) == 2:
            raise KeyboardInterrupt
        looked.append(len(batch))
        return real(batch, *rest)

    monkeypatch.setattr(work, "_look", dying)
    with pytest.raises(KeyboardInterrupt):
        work.run(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.done, upload.total) == ("checking", 20, 30)
    monkeypatch.setattr(work, "_look", real)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, tally(upload)) == ("checked", (30, 0, 0, 0))


def test_a_killed_apply_has_written_nothing_and_is_done_again(cast, small_batches, monkeypatch):
    upload = _given(cast, [[f"Người Số {'ABCDEFGHIJ'[n % 10]}{'abc'[n // 10]}", ""] for n in range(25)])
    work.run(upload.pk)
    before = Person.objects.count()
    upload.refresh_from_db()
    uploads.apply(upload, by=cast.binh)
    kind, real = upload.kind, type(upload.kind).apply
    calls = []

    def dying(self, lines, run):
        calls.append(len(lines))
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(self, lines, run)

    monkeypatch.setattr(type(kind), "apply", dying)
    with pytest.raises(KeyboardInterrupt):
        work.run(upload.pk)
    assert Person.objects.count() == before
    monkeypatch.setattr(type(kind), "apply", real)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, Person.objects.count()) == ("applied", before + 25)


def test_what_a_dead_worker_left_is_taken_up(cast):
    upload = _given(cast, [["Lê Một", ""]])
    jobs = ProcrastinateJob.objects.filter(task_name="exchange.work", args__pk=upload.pk)
    tasks.sweep(0)
    assert jobs.count() == 0
    Upload.objects.filter(pk=upload.pk).update(beat_at=Now() - timedelta(minutes=5))
    tasks.sweep(0)
    tasks.sweep(0)
    assert jobs.count() == 1


def test_what_became_bad_since_the_preview_is_not_written(cast):
    upload = _given(cast, [["Lê Một", "0911111111"], ["Lê Hai", "0922222222"]])
    work.run(upload.pk)
    Person.objects.filter(pk=cast.an.pk).update(phone="0911111111")
    upload.refresh_from_db()
    uploads.apply(upload, by=cast.binh)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, tally(upload)) == ("applied", (1, 0, 0, 1))
    assert not Person.objects.filter(full_name="Lê Một").exists()


def test_an_unreadable_file_says_why(cast):
    upload = uploads.receive(importers.named("people"), b"a;b\n1;2\n", "a.csv", unit=cast["TB-YT-01"], by=cast.binh)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "unreadable"
    assert "Không thấy dòng tiêu đề" in upload.fault


def test_a_thousand_lines_take_a_fixed_number_of_statements(cast):
    def statements(n: int, offset: int) -> int:
        rows = [[f"Người {chr(97 + i % 26)} {chr(97 + i // 26)}", f"09{offset + i:08d}"] for i in range(n)]
        upload = _given(cast, rows)
        with _counting() as counted:
            work.run(upload.pk)
            upload.refresh_from_db()
            uploads.apply(upload, by=cast.binh)
            work.run(upload.pk)
        upload.refresh_from_db()
        assert tally(upload)[0] == n
        return len(counted)

    few = statements(20, 1_000_000)
    assert statements(600, 2_000_000) <= few + 6


def _counting():
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_how_far_applying_is_can_be_seen_while_it_lasts(cast, small_batches, sign_in, monkeypatch):
    upload = _given(cast, [[f"Người Số {'ABCDEFGHIJ'[n % 10]}{'abc'[n // 10]}", ""] for n in range(25)])
    work.run(upload.pk)
    upload.refresh_from_db()
    uploads.apply(upload, by=cast.binh)
    upload.refresh_from_db()
    page = sign_in(cast.binh).get(f"/van-phong/nhap-du-lieu/{upload.code}/").content.decode()
    assert "0/25 dòng" in page
    told = []
    monkeypatch.setattr(signs, "tell", lambda upload, done: told.append(done))
    work.run(upload.pk)
    assert told == [10, 20, 25]


def test_the_sign_of_a_worker_is_read_from_its_session(cast):
    upload = _given(cast, [["Lê Một", ""], ["Lê Hai", ""]])
    work.run(upload.pk)
    upload.refresh_from_db()
    uploads.apply(upload, by=cast.binh)
    upload.refresh_from_db()
    signs.tell(upload, 1)
    assert signs.progress(upload) == (1, 2)


def test_old_files_are_forgotten_but_not_that_they_were(cast):
    upload = _given(cast, [["Lê Một", ""]])
    work.run(upload.pk)
    Upload.objects.filter(pk=upload.pk).update(given_at=timezone.now() - timedelta(days=4000))
    assert keeping.forget_old() == 1
    upload.refresh_from_db()
    assert (upload.total, upload.stored.name) == (1, "")
    assert not UploadedLine.objects.filter(upload=upload).exists()
