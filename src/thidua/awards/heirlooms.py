"""Nominations that are not decided go to the successor, at both ends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from thidua.awards.choices import NominationState
from thidua.awards.models import Nomination
from thidua.reorganisations.succession import Heirloom, Passing
from thidua.reorganisations.succession import register as enrol


def _nominations(passing: Passing) -> int:
    waiting = Nomination.objects.exclude(state=NominationState.DECIDED)
    return passing.rows(waiting.filter(decider=passing.old), "decider") + passing.rows(
        waiting.filter(unit=passing.old), "unit"
    )


def register() -> None:
    enrol(Heirloom("nominations", gettext_lazy("Hồ sơ đề nghị khen chưa quyết định"), ended=_nominations))
