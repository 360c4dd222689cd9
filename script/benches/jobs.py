"""Work that is done now and then, at full size; everything it writes is taken back."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benches import framework
from thidua.access.grants import Grant
from thidua.access.roles import ROLES
from thidua.awards.domain import certificates
from thidua.initiatives.models import Recognition
from thidua.kernel import clock
from thidua.ledger import acts
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.reports.domain import reports
from thidua.reports.models import Report, ReportFigure, Section

SHEETS, CHILDREN = 1_000, 10_000


def run(out: Path | None) -> None:
    extra: dict[str, Any] = {}
    for name, job in (
        (f"{SHEETS:,} certificates, seconds", _certificates),
        (f"report over {CHILDREN:,} reports, seconds", _report),
        ("moving a subtree, seconds", _move),
    ):
        try:
            with _taken_back():
                extra[name] = job()
        except LookupError as lacking:
            extra[name] = f"left out: {lacking}"
        print(f"{name}: {extra[name]}", flush=True)
    extra["peak memory of this process, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    framework.report("jobs", [], extra, out)


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def _certificates() -> float:
    """The certificate of one recognition, drawn as often as a large decision has authors."""
    recognition = Recognition.objects.filter(revoked_on=None, initiative__authorships__person__isnull=False).first()
    if recognition is None:
        raise LookupError("nothing recognised in this database")
    made = certificates.issue_for_recognition(recognition, by=acts.System("script/bench"))
    return _timed(lambda: certificates.pdf(made[:1] * SHEETS, "https://thidua.example"))


def _officer(unit: Unit) -> Person:
    person = Person.objects.exclude(unit=None).order_by("pk").first()
    if person is None:
        raise LookupError("nobody in this database")
    grants = tuple(Grant(ROLES[name], unit) for name in ("upper_officer", "chair", "administrator"))
    person._grants = (clock.today(), grants)  # type: ignore[attr-defined]
    return person


def _report() -> str:
    """One submitted report is copied to as many units as are wanted, then all are added up."""
    sample = Report.objects.filter(state="submitted").exclude(unit__in=Unit.objects.filter(parent=None)).first()
    if sample is None:
        raise LookupError("no submitted report in this database")
    request = sample.request
    with connection.cursor() as cursor:
        for model, key in ((Report, "id"), (Section, "report_id"), (ReportFigure, "report_id")):
            _copies(cursor, model, key, sample.pk, request)
    officer = _officer(request.unit)
    upper = reports.start(request, request.unit, by=officer)
    merged = [0]

    def merge() -> None:
        merged[0] = reports.merge(upper, by=officer)

    return f"{_timed(merge)} ({merged[0]:,} reports)"


def _copies(cursor: Any, model: type, key: str, sample: int, request: Any) -> None:
    """Rows of the sample once more for every unit that has no report on the request yet."""
    names, values = [], []
    given = {"code": "'BENCH-' || u.id", "unit_id": "u.id"}
    for field in model._meta.concrete_fields:  # type: ignore[attr-defined]
        if field.column == "id" and key != "id":
            continue
        names.append(f'"{field.column}"')
        if field.column == key:
            values.append("1000000000 + u.id")
        else:
            values.append(given.get(field.column, f'r."{field.column}"') if model is Report else f'r."{field.column}"')
    table = model._meta.db_table  # type: ignore[attr-defined]
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} r, "
        "(SELECT id FROM orgs_unit WHERE lft > %s AND lft <= %s AND ended_on IS NULL AND id NOT IN "
        f"(SELECT unit_id FROM reports_report WHERE request_id = %s AND id < 1000000000) ORDER BY id LIMIT {CHILDREN}) u "
        f"WHERE r.{key} = %s",
        [request.unit.lft, request.unit.rgt, request.pk, sample],
    )


def _move() -> str:
    """The widest unit two levels down goes to another unit one level down, and all that follows the tree with it."""
    unit = max(Unit.objects.filter(depth=2, ended_on=None), key=lambda u: u.rgt - u.lft, default=None)
    target = Unit.objects.filter(depth=1, ended_on=None).exclude(pk=unit.parent_id if unit else None).first()
    if unit is None or target is None:
        raise LookupError("the tree has too few levels")
    how_many = Unit.objects.filter(lft__gte=unit.lft, lft__lte=unit.rgt).count()
    decision, clerk = Decision(clock.today()), acts.System("script/bench")
    return f"{_timed(lambda: changes.move(unit, target, decision=decision, by=clerk))} ({how_many:,} units)"
