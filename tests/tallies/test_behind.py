"""The initiatives behind a number: as many as the number says, however the list is asked for."""

from itertools import product

import pytest

from tests.tallies.test_sums import make_initiative, make_programme
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.tallies import queries
from thidua.tallies.choices import Measure, Reason
from thidua.tallies.domain import sums, verdicts
from thidua.tallies.queries import Behind

WANTED = [
    Behind(phase, is_counted, is_recognised, why)
    for phase, is_counted, is_recognised, why in product(
        (None, 1, 2), (None, True, False), (None, True), (None, str(Reason.NO_APPLIED_DATE), str(Reason.REFUSED))
    )
]


@pytest.fixture
def programme(cast):
    found = make_programme(cast, "TB")
    for place, (unit, person) in enumerate((("TB-YT-01", cast.an), ("TB-YT-01", cast.binh), ("TB-YT-02", cast.an))):
        mended = {"first_applied_on": None} if place == 1 else {}
        verdicts.evaluate(make_initiative(cast, unit, person, **mended).pk)
    sums.fold()
    return found


def _wanted(programme):
    phases = [phase.pk for phase in programme.phases.all()]
    for one in WANTED:
        if one.phase is None or one.phase <= len(phases):
            yield one._replace(phase=None if one.phase is None else phases[one.phase - 1])


@pytest.mark.parametrize("is_noted", [False, True])
def test_a_page_has_what_was_asked_for_and_nothing_else(programme, monkeypatch, is_noted):
    monkeypatch.setattr(org_queries, "is_noted", lambda lft, rgt: is_noted)
    some = 0
    for unit, wanted in product(Unit.objects.all(), _wanted(programme)):
        page = queries.behind(programme, unit, wanted, "")
        plain = queries.all_behind(programme, unit, wanted).order_by(*queries.BEHIND_ORDER)
        assert list(page.rows) == list(plain), (unit, wanted)
        some += len(page.rows)
    assert some > 20


def test_there_are_as_many_rows_as_the_number_says(programme):
    for unit in Unit.objects.all():
        for measure, wanted in (
            (Measure.FILED, Behind()),
            (Measure.COUNTED, Behind(is_counted=True)),
            (Measure.RECOGNISED, Behind(is_recognised=True)),
        ):
            assert queries.figure(programme, unit, measure) == len(queries.behind(programme, unit, wanted, "").rows)
