"""Requests that are still open and difficulties that wait for an answer go to the successor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from thidua.reorganisations.succession import Heirloom, Passing
from thidua.reorganisations.succession import register as enrol
from thidua.reports.choices import DifficultyState
from thidua.reports.models import Difficulty, ReportRequest


def _requests(passing: Passing) -> int:
    return passing.rows(ReportRequest.objects.filter(unit=passing.old, due_on__gte=passing.day), "unit")


def _difficulties(passing: Passing) -> int:
    waiting = Difficulty.objects.filter(state=DifficultyState.OPEN)
    return passing.rows(waiting.filter(addressee=passing.old), "addressee") + passing.rows(
        waiting.filter(unit=passing.old), "unit"
    )


def register() -> None:
    enrol(
        Heirloom("requests", gettext_lazy("Yêu cầu báo cáo chưa đến hạn"), ended=_requests),
        Heirloom("difficulties", gettext_lazy("Khó khăn, vướng mắc chờ trả lời"), ended=_difficulties),
    )
