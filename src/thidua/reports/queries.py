"""The door for reading reports and difficulties."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.reports.choices import DifficultyState, ReportState
from thidua.reports.models import Difficulty, Report, ReportRequest


def requests_for(unit: Unit) -> QuerySet[ReportRequest]:
    """Asked by the unit itself or by the unit directly above it."""
    askers = [unit.pk, *([unit.parent_id] if unit.parent_id else [])]
    return ReportRequest.objects.filter(unit__in=askers).select_related("unit", "programme", "phase")


def request_for(unit: Unit, code: str) -> ReportRequest | None:
    return requests_for(unit).filter(code=code).first()


def reports() -> QuerySet[Report]:
    return Report.objects.select_related("request__unit", "request__programme", "request__phase", "unit", "paper")


def visible_to(person: Person) -> QuerySet[Report]:
    """Submitted ones of the subtree; what is still being written stays with its unit."""
    seen = grants.visible(person, Permission.REPORT_VIEW, reports())
    writers = grants.visible(person, Permission.REPORT_WRITE, reports())
    return reports().filter(
        Q(pk__in=seen.exclude(state=ReportState.DRAFT).values("pk")) | Q(pk__in=writers.values("pk"))
    )


def report_for(person: Person, code: str) -> Report | None:
    return visible_to(person).filter(code=code).first()


def latest(request: ReportRequest, unit: Unit) -> Report | None:
    return reports().filter(request=request, unit=unit).order_by("-version").first()


@dataclass(frozen=True)
class Owing:
    """Where a unit stands with a request. `state`: none | draft | submitted | returned."""

    unit: Unit
    report: Report | None
    is_late: bool

    @property
    def state(self) -> str:
        return self.report.state if self.report else "none"


def standing(request: ReportRequest) -> list[Owing]:
    """Every unit directly below the one that asked (two queries)."""
    units = list(org_queries.children(request.unit))
    newest: dict[int, Report] = {}
    for report in reports().filter(request=request, unit__in=units).order_by("version"):
        newest[report.unit_id] = report
    late = clock.today() > request.due_on
    return [
        Owing(u, newest.get(u.pk), late and (u.pk not in newest or newest[u.pk].state != ReportState.SUBMITTED))
        for u in units
    ]


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
    asked = requests_for(unit).exclude(unit=unit)
    done = Report.objects.filter(unit=unit, state=ReportState.SUBMITTED).values("request")
    return list(asked.exclude(pk__in=done).order_by("due_on"))
