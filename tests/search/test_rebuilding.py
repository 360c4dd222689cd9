"""Indexing very many records at once gives what indexing them one by one gives."""

import threading

import pytest
from django.db import connection, transaction

from tests.initiatives.test_dossiers import filed
from tests.search.test_search import found_by, published
from thidua.initiatives.models import Initiative
from thidua.ledger import readers
from thidua.search import queries
from thidua.search.domain import checking, indexing, postings, rebuilding
from thidua.search.models import Document, Posting
from thidua.search.queries import Wanted
from thidua.sites.cli.__main__ import main

TITLES = [
    "Xe đẩy thuốc cho khoa Nội",
    "Giá treo dịch truyền mới",
    "Xe dạy nghề mới",
    "Đẩy nhanh xét nghiệm",
    "Xe cũ dùng lại",
]


@pytest.fixture
def records(cast, monkeypatch) -> list[Initiative]:
    """Filed ones and a public one, indexed by their acts."""
    monkeypatch.setattr(rebuilding, "STRETCH", 2)
    monkeypatch.setattr(rebuilding, "CHUNK", 1)
    items = [filed(cast, title=title) for title in TITLES[:-1]] + [published(cast, title=TITLES[-1])]
    readers.drain("search")
    connection.check_constraints()  # a table is not emptied while rows wait to be checked, as here in one transaction
    return items


def words_found(cast) -> list[list[int]]:
    asked = ("xe", "xe đẩy", "truyền", "day", "")
    return [queries.office(Wanted(words=words), cast.binh, None).numbers() for words in asked] + [
        queries.library(Wanted(words="xe")).numbers()
    ]


def test_rebuilt_anew_it_finds_the_same_and_goes_on_being_written(cast, records):
    before, places = words_found(cast), dict(Document.objects.values_list("pk", "places"))
    rebuilding.forget()
    assert not Posting.objects.exists()
    told: list[int] = []
    assert rebuilding.catch_up(told=told.append) == len(records)
    assert told == [2, 4, 5]
    assert words_found(cast) == before
    assert dict(Document.objects.values_list("pk", "places")) == places
    in_order = Initiative.objects.order_by("filed_on", "pk").values_list("pk", flat=True)
    assert list(Document.objects.order_by("slot").values_list("pk", flat=True)) == list(in_order)
    postings.join()
    assert words_found(cast) == before
    later = filed(cast, title="Xe đẩy mới")
    assert later.pk in found_by(cast.binh, "xe đẩy")
    assert list(checking.faults(10)) == []


def test_broken_off_it_goes_on_with_what_is_missing(cast, records):
    before = words_found(cast)
    rebuilding.forget()

    def stop(_done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.catch_up(told=stop)
    assert Document.objects.count() == 2
    assert rebuilding.catch_up(seconds=0) == 2  # a job of the worker ends after the stretch in which its time is up
    assert rebuilding.catch_up() == 1
    assert words_found(cast) == before


def test_what_others_index_or_withdraw_while_a_stretch_is_read_is_left_to_them(cast, records, monkeypatch):
    rebuilding.forget()
    lock, indexed, gone = postings.lock, records[0].pk, records[1].pk

    def meanwhile():
        monkeypatch.setattr(postings, "lock", lock)
        Initiative.objects.filter(pk=gone).update(state="withdrawn")
        indexing.index([indexed, gone])

    monkeypatch.setattr(postings, "lock", meanwhile)
    rebuilding.catch_up()
    assert Document.objects.filter(pk=indexed).count() == 1
    assert not Document.objects.filter(pk=gone).exists()
    assert list(checking.faults(10)) == []


@pytest.mark.django_db(transaction=True)
def test_two_do_not_take_the_same_stretch_apart(db):
    held, done = threading.Event(), threading.Event()

    def other():
        with transaction.atomic():
            assert rebuilding._is_alone()
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    try:
        assert held.wait(20)
        with transaction.atomic():
            assert not rebuilding._is_alone()
        assert rebuilding.catch_up() == 0
    finally:
        done.set()
        thread.join()


def test_the_command_says_how_far_it_is(cast, records, capsys, monkeypatch):
    monkeypatch.setattr("thidua.config.database.ensure_running", lambda: None)
    before = words_found(cast)
    assert main(["search", "rebuild", "--anew"]) == 0
    told = capsys.readouterr().err
    assert "4 / 5 (" in told
    assert "5 hồ sơ đã lập chỉ mục" in told
    assert words_found(cast) == before
    assert main(["search", "rebuild"]) == 0
    assert "0 hồ sơ" in capsys.readouterr().err
