"""The door for reading reports and difficulties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from thidua.access import grants
from thidua.access.grants import Reach
from thidua.access.permissions import Permission
from thidua.kernel import clock, paging
from thidua.kernel.prepared import composed_once
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.reports.choices import DifficultyState, ReportState
from thidua.reports.models import Difficulty, Report, ReportRequest


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
class Asked:
    """A request as one unit meets it: its own report, and where the units below stand when it asked."""

    request: ReportRequest
    own: Report | None
    standing: list[Owing]

    @property
    def sent(self) -> int:
        return sum(o.state == ReportState.SUBMITTED for o in self.standing)


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
    """Requests with the reports that answer them: two queries whatever their number."""
    units = list(org_queries.children(unit)) if any(r.unit_id == unit.pk for r in requests) else []
    found = list(Report.objects.filter(request__in=requests, unit__in=[unit, *units]).order_by("version"))
    asked, known = {r.pk: r for r in requests}, {u.pk: u for u in (unit, *units)}
    for report in found:
        report.request, report.unit = asked[report.request_id], known[report.unit_id]
    newest = {(r.request_id, r.unit_id): r for r in found if r.unit_id == unit.pk}
    standing: dict[tuple[int, int], Report] = {}
    for report in found:
        if not _is_in_the_making(report):
            standing[report.request_id, report.unit_id] = report
    return [
        Asked(r, newest.get((r.pk, unit.pk)), _owing(r, units, standing) if r.unit_id == unit.pk else [])
        for r in requests
    ]


def _is_in_the_making(report: Report) -> bool:
    """A correction being drafted does not undo what was sent before it."""
    return report.state == ReportState.DRAFT and report.version > 1


def _owing(request: ReportRequest, units: list[Unit], standing: dict[tuple[int, int], Report]) -> list[Owing]:
    is_over = clock.today() > request.due_on
    rows = [(u, standing.get((request.pk, u.pk))) for u in units]
    return [Owing(u, r, is_over and (r is None or r.state != ReportState.SUBMITTED)) for u, r in rows]


def standing(request: ReportRequest) -> list[Owing]:
    """Every unit directly below the one that asked."""
    (asked,) = asked_of(request.unit, [request])
    return asked.standing


def mergeable(request: ReportRequest) -> list[Report]:
    """The latest submitted report of each unit below."""
    return [o.report for o in standing(request) if o.report and o.report.state == ReportState.SUBMITTED]


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
