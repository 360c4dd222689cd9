"""Records are found where their unit stands today, whatever became of it."""

from datetime import date

from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import SYSTEM
from tests.initiatives.test_dossiers import recognised
from thidua.initiatives.models import Initiative
from thidua.ledger import readers
from thidua.orgs.domain import changes, undoing
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import UnitEvent
from thidua.search.domain import checking, indexing, reading
from thidua.search.models import Document

MERGED = date(2022, 5, 1)


def test_a_merger_and_its_undoing_change_where_records_are_found(cast):
    item = recognised(cast)
    readers.drain_all()
    Initiative.objects.update(unit=cast["TB-YT-01"])  # of the merged unit itself: nothing below it moves with an act
    indexing.index([item.pk])
    assert list(checking.faults(200)) == []
    before = Document.objects.get().places
    changes.merge(cast["TB-YT-01"], cast["NT-KCN-01"], decision=Decision(MERGED), by=SYSTEM)
    _catch_up()
    assert f"u:{cast['NT-KCN'].pk}" in Document.objects.get().places
    assert list(checking.faults(200)) == []
    undoing.take_back_many(UnitEvent.objects.filter(effective_on=MERGED), by=SYSTEM)  # what stood below it moved too
    _catch_up()
    assert f"u:{cast['NT-KCN'].pk}" not in Document.objects.get().places
    assert list(checking.faults(200)) == []
    assert Document.objects.get().places == before


def _catch_up() -> None:
    """What the worker does."""
    readers.drain_all()
    for job in ProcrastinateJob.objects.filter(task_name="search.reindex_below"):
        reading.reindex_below(**job.args)
