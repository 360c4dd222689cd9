"""Made-up records in bulk pass what live records pass, are the same for a seed, and every page shows them."""

from __future__ import annotations

import hashlib
import io
from argparse import Namespace
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pyroaring import BitMap

from tests.cast import SYSTEM
from thidua.demo.scale import loader, sizes
from thidua.demo.scale.loader import NotEmpty
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers, reception, recognitions
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, codes, text
from thidua.ledger import readers, seals
from thidua.ledger.models import Unread
from thidua.orgs import queries as org_queries
from thidua.orgs.domain import changes, nodesums
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.models import Account, Person, Post
from thidua.programmes.models import Programme
from thidua.search.domain import indexing, reading
from thidua.search.models import Document, Posting
from thidua.similarity.domain import sketches
from thidua.similarity.models import Sketch
from thidua.sites.cli import records
from thidua.tallies import queries
from thidua.tallies.domain import sums, verdicts
from thidua.tallies.models import Delta, Tally
from thidua.targets.models import Target

SMALL = replace(sizes.SCALES["grassroots"], people=420, initiatives=320, texts=320, reports=1)
COPIED = replace(SMALL, initiatives=200, texts=80, reports=0, is_detailed=False, searchable=150)


def quiet(_line: str) -> None:
    pass


def test_every_scale_has_more_of_everything_than_the_one_below():
    found = list(sizes.SCALES.values())
    for smaller, larger in zip(found, found[1:], strict=False):
        for name in ("units", "people", "initiatives", "members", "texts", "goal"):
            assert getattr(smaller, name) < getattr(larger, name)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [SMALL, COPIED], ids=["detailed", "copied"])
def test_bulk_records_are_what_the_verbs_would_have_written(size, capsys):
    loader.load(size, quiet)
    assert Unit.objects.count() == size.units
    assert Person.objects.count() == size.people
    assert Initiative.objects.count() == size.initiatives
    nation = Unit.objects.get(parent=None)
    assert org_queries.members_of([nation])[nation.pk] == size.members
    assert not Unread.objects.exists()
    assert seals.verify() == []
    for programme in queries.counting():
        assert sums.faults(programme) == []
    assert records.verify(Namespace()) == 0
    _verdicts_stand()
    _finding_stands(size)
    _people_stand()
    _targets_stand()
    if size is SMALL:
        assert set(Initiative.objects.values_list("state", flat=True)) == set(State.values)
        _pages_answer()
        _faults_are_named(capsys)
    with pytest.raises(NotEmpty):
        loader.load(size, quiet)
    assert "is not empty" in _refused(size)
    Document.objects.filter(pk__in=Document.objects.order_by("pk").values("pk")[:5]).delete()
    assert "search rebuild" in _refused(size), "what a load that was broken off leaves to be done"


def _refused(size) -> str:
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("demo_scale", scale=size.name, stderr=said)
    assert ended.value.code == 1
    return said.getvalue()


@pytest.mark.django_db
def test_work_goes_on_where_the_load_ended():
    """Every usual act on records that no verb has written; afterwards everything still agrees."""
    loader.load(SMALL, quiet)
    assert not Post.objects.filter(unit__kind__in=("section", "group"), role="chair").exists()
    received, submitted, returned, held = (
        Initiative.objects.filter(state=state).order_by("pk")[0]
        for state in (State.RECEIVED, State.SUBMITTED, State.RETURNED, State.RECOGNISED)
    )
    today = clock.today()
    recognitions.recognise(received, by=_in_office(received, "chair"), decision_number="99/QĐ", decided_on=today)
    reception.send_back(submitted, by=_in_office(submitted, "grassroots_officer"), reason="Đề nghị bổ sung ảnh.")
    author = returned.authorships.get(position=0).person
    dossiers.write(returned, by=author, revision=returned.revision, effect="Đã đo lại.", first_applied_on=today)
    dossiers.submit(Initiative.objects.get(pk=returned.pk), by=author)
    recognitions.revoke(
        held.recognitions.filter(revoked_on=None)[0], by=_in_office(held, "chair"), reason="Trùng với quy trình đã có."
    )
    moved, ended, heir = Unit.objects.filter(kind="grassroots").order_by("pk")[:3]
    other = Unit.objects.filter(kind="communal").exclude(pk=moved.parent_id)[0]
    changes.move(moved, other, decision=Decision(today), by=SYSTEM)
    changes.merge(ended, heir, decision=Decision(today), by=SYSTEM)
    readers.drain_all()
    for job in ProcrastinateJob.objects.filter(task_name="search.reindex_below"):
        reading.reindex_below(**job.args)
    for programme in queries.counting():
        assert sums.faults(programme) == []
    assert nodesums.faults() == []
    assert records.verify(Namespace()) == 0
    seals.seal()
    assert seals.verify() == []


def _in_office(initiative: Initiative, role: str) -> Person:
    return Post.objects.get(unit=initiative.handler, role=role).person


def _verdicts_stand() -> None:
    """Evaluating anew changes nothing."""
    before = Delta.objects.count()
    for pk in Initiative.objects.order_by("code").values_list("pk", flat=True)[:60]:
        verdicts.evaluate(pk)
    assert Delta.objects.count() == before


def _found_by() -> tuple[list, dict]:
    documents = list(Document.objects.order_by("pk").values_list("pk", "slot", "words", "places"))
    slots: dict[str, set[int]] = {}
    for term, packed in Posting.objects.values_list("term", "slots"):
        slots.setdefault(term, set()).update(BitMap.deserialize(bytes(packed)))
    return documents, {term: found for term, found in slots.items() if found}


def _finding_stands(size) -> None:
    """Indexing anew gives the same index, and the texts that are no copies the same sketches."""
    before = _found_by()
    keys = sorted((row[0] for row in before[0]), key={row[0]: row[1] for row in before[0]}.__getitem__)
    assert len(keys) > min(size.searchable, size.initiatives) * 0.8
    indexing.index(keys)
    assert _found_by() == before
    Document.objects.all().delete()
    Posting.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE search_slot RESTART")
    for start in range(0, len(keys), 150):  # in the order of filing, as they would have come
        indexing.index(keys[start : start + 150])
    assert _found_by() == before
    originals = size.initiatives == size.texts
    for initiative in Initiative.objects.order_by("code")[:60]:
        kept = dict(Sketch.objects.filter(initiative=initiative).values_list("place", "keys"))
        if initiative.state in (State.DRAFT, State.WITHDRAWN):
            assert kept == {}
        elif originals:
            assert kept == sketches.sketches_of(initiative)
        elif initiative.pk > size.initiatives - size.searchable:
            assert kept.keys() == sketches.sketches_of(initiative).keys()


def _people_stand() -> None:
    for person in Person.objects.order_by("code")[:80]:
        assert person.sort_key == text.name_sort_key(person.full_name)
        assert person.name_key == people_queries.name_key(person.full_name)
        assert person.search == people_queries.search_text(person.full_name, person.code, person.phone)
        assert person.is_demonstration
    assert all(codes.is_plausible(code) for code in Initiative.objects.values_list("code", flat=True))


def _targets_stand() -> None:
    """What a unit was given, it gave on without a rest."""
    programme = Programme.objects.order_by("pk")[0]
    for phase in programme.phases.all():
        rows = list(Target.objects.filter(programme=programme, phase=phase, indicator="initiatives"))
        given = {t.unit_id: t.value for t in rows}
        below: dict[int, int] = {}
        for target in rows:
            if target.given_by_id:
                below[target.given_by_id] = below.get(target.given_by_id, 0) + target.value
        assert below
        assert all(given[unit] == total for unit, total in below.items())


def _pages_answer() -> None:
    programme = Programme.objects.order_by("pk")[0]
    for code in ("TLD-CANBO", "TINH-CHUTICH", "COSO-CANBO"):
        account = Account.objects.select_related("person__unit").get(login=code)
        client = Client()
        client.force_login(account)
        unit = account.person.unit
        pages = [
            reverse("office:todo"),
            reverse("office:progress", args=[programme.code, unit.code]),
            reverse("office:initiatives"),
            reverse("office:reports"),
            reverse("office:unit", args=[unit.code]),
        ]
        if code.startswith("COSO"):
            own = Initiative.objects.filter(handler=unit, state=State.RECOGNISED)[0]
            pages += [reverse("office:dossier", args=[own.code]), reverse("office:people", args=[unit.code])]
        for page in pages:
            assert client.get(page).status_code == 200, page
    shown = Initiative.objects.filter(disclosure="public", state=State.RECOGNISED)[0]
    word = shown.title.split()[2]
    for page in ("/thu-vien/", f"/thu-vien/?q={word}", f"/thu-vien/{shown.code}/"):
        assert Client().get(page).status_code == 200, page


def _faults_are_named(capsys) -> None:
    """What was written past the verbs is found, and said in words."""
    one = Initiative.objects.filter(state=State.RECOGNISED)[0]
    Initiative.objects.filter(pk=one.pk).update(state=State.REFUSED)
    one.authorships.update(share=1)
    Unit.objects.filter(kind="section").update(depth=1)
    Tally.objects.filter(measure="counted", bucket="").update(amount=F("amount") + 1)
    capsys.readouterr()
    assert records.verify(Namespace()) == 1
    said = capsys.readouterr().out
    for words in (
        "state is not that of its last act",
        "not 100 % together",
        "outside the interval",
        "without a decision",
    ):
        assert words in said
    assert all("counted" in fault for fault in sums.faults(Programme.objects.order_by("pk")[0]))
    assert sums.faults(Programme.objects.order_by("pk")[0])


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_records():
    tiny = replace(COPIED, initiatives=60, texts=30)
    assert _digest(replace(tiny, seed=5)) == _digest(replace(tiny, seed=5))


def _digest(size) -> str:
    """Of everything that does not name a moment of the load itself."""
    with transaction.atomic():
        loader.load(size, quiet)
        rows = [
            list(Unit.objects.order_by("pk").values_list("pk", "code", "name", "lft", "rgt")),
            list(Person.objects.order_by("pk").values_list("pk", "full_name", "unit_id", "phone")),
            list(Initiative.objects.order_by("pk").values_list("code", "unit_id", "title", "state", "filed_on")),
            list(
                Target.objects.order_by("unit_id", "phase__position", "value", "state").values_list(
                    "unit_id", "value", "state"
                )
            ),
        ]
        transaction.set_rollback(True)
    return hashlib.sha256(repr(rows).encode()).hexdigest()
