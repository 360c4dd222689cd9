"""Work that is done now and then, at full size; everything it writes is taken back."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import django
from django.db import transaction

from benches import framework, report_jobs
from thidua.access.grants import Grant
from thidua.access.roles import ROLES
from thidua.awards.domain import certificates
from thidua.exchange.domain import outgoing
from thidua.initiatives.models import Recognition
from thidua.kernel import clock
from thidua.kernel.sheets.importers import Scope
from thidua.ledger import acts
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.people.imports import PeopleImporter
from thidua.people.models import Person
from thidua.programmes.domain import assignments
from thidua.programmes.models import Assignment, Duty, Plan
from thidua.reorganisations.domain import drafting, orders
from thidua.search.domain import rebuilding
from thidua.search.models import Document

SHEETS, ROWS = 1_000, 100_000


def run(out: Path | None, only: str = "") -> None:
    """Each in a process of its own, so that its memory is its own too."""
    extra: dict[str, Any] = {}
    for name in JOBS:
        if only in name:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=django.setup) as alone:
                extra[name] = alone.submit(_alone, name).result()
            print(f"{name}: {extra[name]}", flush=True)
    framework.report("jobs", [], extra, out)


def _alone(name: str) -> str:
    """Seconds and what was done, with the most memory this process has ever needed."""
    try:
        with _taken_back():
            found = JOBS[name]()
    except LookupError as lacking:
        return f"left out: {lacking}"
    return f"{found}; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def _certificates() -> str:
    """The certificate of one recognition, drawn as often as a large decision has authors."""
    recognition = Recognition.objects.filter(revoked_on=None, initiative__authorships__person__isnull=False).first()
    if recognition is None:
        raise LookupError("nothing recognised in this database")
    made = certificates.issue_for_recognition(recognition, by=acts.System("script/bench"))
    one = _timed(lambda: certificates.pdf(made[:1] * SHEETS, "https://thidua.example"))
    with tempfile.TemporaryFile() as target:
        packed = _timed(lambda: certificates.pack(made[:1] * SHEETS, "https://thidua.example", target))
    return f"one PDF {one} s, ZIP of PDFs of a hundred {packed} s"


def _officer(unit: Unit) -> Person:
    person = Person.objects.exclude(unit=None).order_by("pk").first()
    if person is None:
        raise LookupError("nobody in this database")
    grants = tuple(Grant(ROLES[name], unit) for name in ("upper_officer", "chair", "administrator"))
    person._grants = (clock.today(), grants)  # type: ignore[attr-defined]
    return person


def _move() -> str:
    """The widest unit two levels down goes to another unit one level down, and all that follows the tree with it."""
    unit = max(Unit.objects.filter(depth=2, ended_on=None), key=lambda u: u.rgt - u.lft, default=None)
    target = Unit.objects.filter(depth=1, ended_on=None).exclude(pk=unit.parent_id if unit else None).first()
    if unit is None or target is None:
        raise LookupError("the tree has too few levels")
    how_many = Unit.objects.filter(lft__gte=unit.lft, lft__lte=unit.rgt).count()
    decision, clerk = Decision(clock.today()), acts.System("script/bench")
    return f"{_timed(lambda: changes.move(unit, target, decision=decision, by=clerk))} s ({how_many:,} units)"


def _merge_order() -> str:
    """The largest province goes up in the next one, with all below it; and is taken back."""
    tops = sorted(Unit.objects.filter(depth=1, ended_on=None), key=lambda u: u.rgt - u.lft)
    if len(tops) < 2:
        raise LookupError("the tree has too few provinces")
    root = Unit.objects.get(parent=None)
    officer = _officer(root)
    order = drafting.draw_up(
        root, "Sáp nhập", clock.today(), by=officer, decision_number="1/QĐ", decided_on=clock.today()
    )
    drafting.add_line(order, "merge", tops[-1].code, by=officer, to_code=tops[-2].code)
    below = Unit.objects.filter(lft__gt=tops[-1].lft, lft__lte=tops[-1].rgt).count()
    there = _timed(lambda: orders.confirm(order, by=officer))
    back = _timed(lambda: orders.undo(order, by=officer, reason="Quyết định bị thu hồi để làm lại."))
    return f"{there} s, undone {back} s ({below:,} units)"


def _issue_to_many() -> str:
    """A plan of the confederation asks every grassroots union for something: to-dos and notices of all of them."""
    plan = Plan.objects.filter(unit__parent=None, programmes__counts_initiatives=True).first()
    if plan is None or not plan.is_in_force:
        raise LookupError("no plan of the confederation in force")
    grassroots = list(UnitKind.objects.filter(is_grassroots=True).values_list("pk", flat=True))
    due = clock.today() + timedelta(days=10)
    duty = Duty.objects.create(plan=plan, who="CĐCS", addressed=grassroots, text="Báo cáo", due_on=due, position=999)
    given = [0]

    def give() -> None:
        given[0] = assignments.give(plan, by=_officer(plan.unit))

    took = _timed(give)
    Assignment.objects.filter(duty=duty).update(due_on=clock.today() + timedelta(days=3))
    reminded = _timed(lambda: assignments.remind(by=acts.System("script/bench")))
    withdrawn = _timed(lambda: assignments.withdraw_open(duty.assignments.all()))
    return f"{took} s, reminded {reminded} s, withdrawn {withdrawn} s ({given[0]:,} units)"


def _people_list() -> str:
    """The roster of the confederation as a spreadsheet, in the very form of its template."""
    rows, importer, root = [0], PeopleImporter(), Unit.objects.get(parent=None)
    with tempfile.TemporaryFile() as target:

        def write() -> None:
            found = importer.rows(root, Scope(((root.lft, root.rgt),)))
            rows[0] = outgoing.write_template(target, importer, islice(found, ROWS))

        took = _timed(write)
    return f"{took} s ({rows[0]:,} rows)"


def _catch_up() -> str:
    """A stretch of the search index written again."""
    newest = Document.objects.order_by("-slot").values_list("pk", flat=True)[: rebuilding.STRETCH]
    gone = Document.objects.filter(pk__in=list(newest)).delete()[0]
    done = [0]

    def work() -> None:
        done[0] = rebuilding.catch_up(seconds=0)

    return f"{_timed(work)} s ({min(done[0], gone):,} records)"


JOBS: dict[str, Callable[[], str]] = {
    f"{SHEETS:,} certificates": _certificates,
    f"report over {report_jobs.CHILDREN:,} reports": report_jobs.merged_report,
    "moving a subtree": _move,
    "merging a province by an order": _merge_order,
    "asking every grassroots union": _issue_to_many,
    f"list of {ROWS:,} people": _people_list,
    "search, catching up": _catch_up,
}
