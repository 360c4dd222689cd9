"""The door for reading reports and difficulties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from thidua.access import grants
from thidua.access.grants import Reach
from thidua.access.permissions import Permission
from thidua.kernel import clock, paging, text
from thidua.kernel.prepared import composed_once
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.reports.choices import DifficultyState, ReportState
from thidua.reports.models import Difficulty, Report, ReportFigure, ReportRequest


def requests_for(unit: Unit) -> QuerySet[ReportRequest]:
    """Asked by the unit itself or by the unit directly above it."""
    return _requests(unit.pk, unit.parent_id)


def _requests(unit: int, above: int | None) -> QuerySet[ReportRequest]:
    askers = Q(unit=unit) if above is None else Q(unit__in=[unit, above])
    return ReportRequest.objects.filter(askers).select_related("unit", "programme", "phase")


NEWEST = 40


def newest_for(unit: Unit) -> list[Asked]:
    """The newest of them with the reports that answer."""
    return asked_of(unit, _newest(unit.pk, unit.parent_id))


@composed_once
def _newest(unit: int, above: int | None) -> QuerySet[ReportRequest]:
    return _requests(unit, above)[:NEWEST]


def request_for(unit: Unit, code: str) -> ReportRequest | None:
    return requests_for(unit).filter(code=code).first()


def reports() -> QuerySet[Report]:
    return Report.objects.select_related("request__unit", "request__programme", "request__phase", "unit", "paper")


def visible_to(person: Person) -> QuerySet[Report]:
    """Submitted ones of the subtree; what is still being written stays with its unit."""
    seen = grants.within(person, Permission.REPORT_VIEW)
    writers = grants.within(person, Permission.REPORT_WRITE)
    return reports().filter((~Q(state=ReportState.DRAFT) & seen) | writers)


def report_for(person: Person, code: str) -> Report | None:
    return visible_to(person).filter(code=code).first()


def latest(request: ReportRequest, unit: Unit) -> Report | None:
    return reports().filter(request=request, unit=unit).order_by("-version").first()


def earlier(report: Report) -> Report | None:
    """The version this one corrects."""
    found = reports().filter(request=report.request_id, unit=report.unit_id, version__lt=report.version)
    return found.order_by("-version").first()


def versions(person: Person, report: Report) -> QuerySet[Report]:
    """The other versions a person may see, the newest first."""
    found = visible_to(person).filter(request=report.request_id, unit=report.unit_id)
    return found.exclude(pk=report.pk).order_by("-version")


@dataclass(frozen=True)
class Owing:
    """Where a unit stands with a request. `state`: none | draft | submitted | returned."""

    unit: Unit
    report: Report | None
    is_late: bool

    @property
    def state(self) -> str:
        return self.report.state if self.report else "none"


@dataclass(frozen=True)
class Answers:
    """How many units right below the one that asked stand where."""

    units: int
    by_state: Mapping[str, int]

    @property
    def sent(self) -> int:
        return self.by_state.get(ReportState.SUBMITTED, 0)

    @property
    def owing(self) -> int:
        return self.units - self.sent


@dataclass(frozen=True)
class Asked:
    """A request as one unit meets it: its own report, and how the units below have answered when it asked."""

    request: ReportRequest
    own: Report | None
    answers: Answers | None


def received(person: Person, unit: Unit, cursor: str) -> paging.Page:
    """What was sent by other units than this one, the newest first: as a line of a list shows it."""
    seen = grants.reach(person, Permission.REPORT_VIEW)
    return _received(cursor, seen, grants.reach(person, Permission.REPORT_WRITE), unit.pk)


@paging.composed_once(("-id",))
def _received(seen: Reach, writers: Reach, unit: int) -> QuerySet[Report]:
    sent = Report.objects.filter(seen.condition() | writers.condition(), state=ReportState.SUBMITTED)
    shown = ("code", "state", "submitted_at", "unit__name", "request__title")
    return sent.exclude(unit=unit).select_related("unit", "request").only(*shown)


def asked_of(unit: Unit, requests: Sequence[ReportRequest]) -> list[Asked]:
    """Requests with what answers them: three queries whatever their number and that of the units below."""
    own: dict[int, Report] = {}
    for report in Report.objects.filter(request__in=requests, unit=unit).order_by("version"):
        own[report.request_id] = report
    answers = answers_to(unit, [r for r in requests if r.unit_id == unit.pk])
    return [Asked(r, own.get(r.pk), answers.get(r.pk)) for r in requests]


def answers_to(unit: Unit, requests: Sequence[ReportRequest]) -> dict[int, Answers]:
    """Request -> how the units right below have answered."""
    below = org_queries.children(unit).order_by()
    units = below.count() if requests else 0
    if not units:
        return {}
    found: dict[int, dict[str, int]] = {request.pk: {} for request in requests}
    counted = _standing(requests).filter(unit__in=below.values("pk")).values_list("request_id", "state")
    for request, state, how_many in counted.order_by().annotate(Count("pk")):
        found[request][state] = how_many
    return {request: Answers(units, by_state) for request, by_state in found.items()}


def _standing(requests: Iterable[ReportRequest]) -> QuerySet[Report]:
    """The report every unit stands with: a correction being drafted does not undo what was sent before it."""
    found = Report.objects.filter(request__in=requests).exclude(state=ReportState.DRAFT, version__gt=1)
    newest = found.order_by("request_id", "unit_id", "-version").distinct("request_id", "unit_id")
    return Report.objects.filter(pk__in=newest.values("pk"))


UNITS_ORDER = org_queries.CHILDREN_ORDER
UNITS_SHOWN = 50


def standing(request: ReportRequest, cursor: str = "", *, wanted: str = "", words: str = "") -> paging.Page:
    """A page of the units directly below the one that asked. `wanted`: a state, `none`, or `owing` (not sent)."""
    newest = Report.objects.filter(request=request, unit=OuterRef("pk"))
    newest = newest.exclude(state=ReportState.DRAFT, version__gt=1).order_by("-version")
    found = org_queries.children(request.unit).annotate(
        report_code=Subquery(newest.values("code")[:1]),
        report_state=Coalesce(Subquery(newest.values("state")[:1]), Value("none")),
    )
    if wanted == "owing":
        found = found.exclude(report_state=ReportState.SUBMITTED)
    elif wanted:
        found = found.filter(report_state=wanted)
    for word in text.words(words):
        found = found.filter(search__contains=word)
    page = paging.page(found, UNITS_ORDER, cursor, UNITS_SHOWN)
    is_over = clock.today() > request.due_on
    return replace(page, rows=[_owing(unit, is_over) for unit in page.rows])


def _owing(unit: Any, is_over: bool) -> Owing:
    report = Report(code=unit.report_code, state=unit.report_state) if unit.report_code else None
    return Owing(unit, report, is_over and unit.report_state != ReportState.SUBMITTED)


def mergeable(request: ReportRequest) -> QuerySet[Report]:
    """The latest submitted report of each unit below, in the order of the tree."""
    below = org_queries.children(request.unit).order_by().values("pk")
    return _standing([request]).filter(state=ReportState.SUBMITTED, unit__in=below).order_by("unit__lft")


def owing(request: ReportRequest) -> list[int]:
    """The units below that have not sent theirs."""
    sent = mergeable(request).order_by().values("unit")
    return list(org_queries.children(request.unit).exclude(pk__in=sent).values_list("pk", flat=True))


NAMED = 3


def of_other_days(report: Report) -> list[tuple[date, int, list[str]]]:
    """(day, how many, their units while they are few) of the reports added up that stand at another day."""
    merged = report.merges.annotate(day=Coalesce("as_of", TruncDate("refreshed_at"))).exclude(day=report.stands_for)
    days = list(merged.order_by("day").values_list("day").annotate(Count("pk")))
    few = [day for day, how_many in days if how_many <= NAMED]
    names: dict[date, list[str]] = {}
    for day, name in merged.filter(day__in=few).order_by("unit__lft").values_list("day", "unit__short_name"):
        names.setdefault(day, []).append(name)
    return [(day, how_many, names.get(day, [])) for day, how_many in days]


def keys_behind(figure: ReportFigure, rows: str) -> QuerySet:
    """The keys of the rows a figure counts, for a query: they stay in the database."""
    keys = Func(rows, function="unnest", output_field=BigIntegerField())
    return ReportFigure.objects.filter(pk=figure.pk).annotate(row=keys).values("row")


def rows_behind(figure: ReportFigure) -> int:
    """How many rows of its own a figure counts."""
    of = [Func(rows, function="cardinality", output_field=IntegerField()) for rows in ("initiative_ids", "person_ids")]
    return ReportFigure.objects.filter(pk=figure.pk).values_list(of[0] + of[1], flat=True).get()


def difficulties(person: Person, unit: Unit) -> QuerySet[Difficulty]:
    """Raised by the unit or addressed to it."""
    found = Difficulty.objects.filter(Q(unit=unit) | Q(addressee=unit)).select_related(
        "unit", "addressee", "programme", "asked_by", "answered_by"
    )
    own = grants.visible(person, Permission.DIFFICULTY_VIEW, found, "unit")
    received = grants.visible(person, Permission.DIFFICULTY_VIEW, found, "addressee")
    return found.filter(Q(pk__in=own.values("pk")) | Q(pk__in=received.values("pk"))).order_by("state", "due_on", "pk")


def difficulty_for(person: Person, unit: Unit, code: str) -> Difficulty | None:
    return difficulties(person, unit).filter(code=code).first()


def difficulties_waiting(unit: Unit) -> int:
    return Difficulty.objects.filter(addressee=unit, state=DifficultyState.OPEN).count()


def owed_by(unit: Unit) -> list[ReportRequest]:
    """Requests of the level above the unit has not answered."""
    return _asked_of(unit.pk, unit.parent_id) if unit.parent_id else []


@composed_once
def _asked_of(unit: int, asker: int) -> QuerySet[ReportRequest]:
    done = Report.objects.filter(unit=unit, state=ReportState.SUBMITTED).values("request")
    return ReportRequest.objects.filter(unit=asker).exclude(pk__in=done).order_by("due_on")
