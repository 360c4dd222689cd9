"""What waits for the officer: the home of the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards import queries as award_queries
from thidua.initiatives.domain import scopes
from thidua.initiatives.queries import desks
from thidua.kernel import clock
from thidua.programmes import queries as programme_queries
from thidua.programmes.queries import deliveries as sent_plans
from thidua.programmes.queries import duties as duty_queries
from thidua.reports import queries as report_queries
from thidua.review import queries as review
from thidua.sites.shell import desk
from thidua.sites.shell.access import fully_signed_in
from thidua.sites.shell.answers import answer
from thidua.targets import queries as target_queries
from thidua.targets.domain import progress


@fully_signed_in
def show(request: HttpRequest) -> HttpResponse:
    person, unit = desk.person_of(request), desk.unit_of(request)
    context: dict[str, Any] = {
        "unit": unit,
        "today": clock.today(),
        "waiting": desks.waiting(person, unit),
        "late": desks.nearest_due(person, unit),
        "escalated": 0 if unit.kind.is_grassroots else desks.escalated(person, unit),
        "scopes": scopes.waiting(unit) if grants.may(person, Permission.INITIATIVE_RECOGNISE, unit) else 0,
        "targets": target_queries.given_to(unit.pk),
        "disputed": target_queries.disputed_with(unit.pk),
        "owed": report_queries.owed_by(unit) if grants.may(person, Permission.REPORT_WRITE, unit) else [],
        "nominations": award_queries.waiting(unit) if grants.may(person, Permission.AWARD_NOMINATE, unit) else 0,
        "difficulties": report_queries.difficulties_waiting(unit)
        if grants.may(person, Permission.DIFFICULTY_ANSWER, unit)
        else 0,
        "received": sent_plans.first_waiting_at(unit.pk) if grants.may(person, Permission.PLAN_RECEIVE, unit) else [],
        "duties": duty_queries.first_todo(unit.pk, clock.today())
        if grants.may(person, Permission.DUTY_DO, unit)
        else [],
        "duty_counts": duty_queries.todo_counts(unit),
        "proposed": programme_queries.proposed_of(unit.pk) if grants.may(person, Permission.PLAN_ISSUE, unit) else [],
        "to_confirm": duty_queries.how_many_to_confirm(unit.pk)
        if grants.may(person, Permission.DUTY_CONFIRM, unit)
        else 0,
        "plans": programme_queries.first_implementable(unit.pk)[:3]
        if grants.may(person, Permission.PLAN_WRITE, unit)
        else [],
        "programmes": _programmes(person, unit),
        "shortcuts": {
            "difficulties": grants.holds(person, Permission.DIFFICULTY_VIEW),
            "adoptions": grants.holds(person, Permission.ADOPTION_REGISTER),
            "plans": grants.holds(person, Permission.PLAN_VIEW),
        },
        "may_receive": grants.may(person, Permission.INITIATIVE_RECEIVE, unit),
    }
    context["to_judge"] = review.how_many_to_judge(person.pk)
    context["is_quiet"] = not any(
        [
            context["to_judge"],
            context["waiting"].submitted,
            context["waiting"].received,
            context["escalated"],
            context["scopes"],
            context["targets"],
            context["disputed"],
            context["owed"],
            context["nominations"],
            context["difficulties"],
            context["plans"],
            context["received"],
            context["duties"],
            context["proposed"],
            context["to_confirm"],
        ]
    )
    return answer(request, "office/todo/show.html", context)


def _programmes(person, unit):  # type: ignore[no-untyped-def]
    """Each programme over the unit with its running phase: the bars at the top."""
    if not grants.may(person, Permission.PROGRESS_VIEW, unit):
        return []
    found = []
    for programme in programme_queries.first_counting(unit.pk):
        lines = progress.node(programme, unit)
        running = next((x for x in lines[1:] if x.phase and x.phase.is_running), lines[0])
        found.append((programme, running))
    return found


paths = [path("", show, name="todo")]
