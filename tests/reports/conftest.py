"""What every test of reports starts from: a sector asks its three grassroots unions."""

from datetime import date

import pytest

from tests.tallies.test_sums import make_initiative, make_programme
from thidua.reports.domain import reports
from thidua.reports.models import ReportRequest
from thidua.tallies.domain import verdicts
from thidua.targets.models import Target


@pytest.fixture
def request_(cast) -> ReportRequest:
    programme = make_programme(cast, "TB-YT")
    phase = programme.phases.get(position=1)
    for code, value in (("TB-YT", 100), ("TB-YT-01", 60), ("TB-YT-02", 40)):
        Target.objects.create(
            programme=programme,
            phase=phase,
            indicator_id="initiatives",
            unit=cast[code],
            state="own" if code == "TB-YT" else "accepted",
            given_by=None if code == "TB-YT" else cast["TB-YT"],
            value=value,
        )
    for unit, people in (("TB-YT-01", [cast.an, cast.dung]), ("TB-YT-01-N", [cast.an]), ("TB-YT-02", [cast.lan])):
        verdicts.evaluate(make_initiative(cast, unit, *people).pk)
    return reports.ask(
        cast["TB-YT"],
        programme=programme,
        phase=phase,
        title="Sơ kết giai đoạn 1",
        due_on=date(2022, 6, 10),
        by=cast.giang,
    )
