"""Programmes that still run go on at the successor; what was filed before counts where it was filed."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from thidua.orgs.models import Unit
from thidua.programmes.choices import AssignmentState, PlanState
from thidua.programmes.models import Assignment, Plan, Programme
from thidua.reorganisations.succession import Heirloom, Passing
from thidua.reorganisations.succession import register as enrol


def _running(unit: Unit, day: date) -> QuerySet[Programme]:
    last = Programme.objects.filter(unit=unit, is_open=True).annotate(last=Max("phases__ends_on"))
    return last.filter(Q(last__isnull=True) | Q(last__gte=day))


def _programmes(passing: Passing) -> int:
    return passing.rows(_running(passing.old, passing.day), "unit")


def _drafts(passing: Passing) -> int:
    return passing.rows(Plan.objects.filter(unit=passing.old, state=PlanState.DRAFT), "unit")


def _duties(passing: Passing) -> int:
    """What the ended unit still had to do; what the successor has to do anyway is not doubled."""
    own = Assignment.objects.filter(unit=passing.new)
    same = own.filter(duty=OuterRef("duty"), occurrence=OuterRef("occurrence"))
    waiting = Assignment.objects.filter(unit=passing.old, state=AssignmentState.OPEN)
    return passing.rows(waiting.filter(~Exists(same)), "unit")


def register() -> None:
    enrol(
        Heirloom(
            "programmes",
            gettext_lazy("Chương trình đang thực hiện"),
            ended=_programmes,
            left_behind=lambda unit, day: _running(unit, day).count(),
        ),
        Heirloom("plans", gettext_lazy("Kế hoạch đang soạn"), ended=_drafts),
        Heirloom("duties", gettext_lazy("Nhiệm vụ chưa xong"), ended=_duties),
    )
