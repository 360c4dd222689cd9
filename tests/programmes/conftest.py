"""Plans every test of this package starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.programmes.domain import plans
from thidua.programmes.models import Plan
from thidua.programmes.reader import read_file

PAPERS = Path(__file__).parent / "reader" / "plans"


def drafted(cast, unit: str, stem: str, by) -> Plan:
    path = next(PAPERS.glob(f"{stem}*"))
    plan = plans.draft_from_reading(cast[unit], read_file(path.read_bytes(), path.name).to_json(), by=by)
    plans.confirm(plan, by=by)
    return plan


@pytest.fixture
def issued(cast) -> Plan:
    """17/KH-CĐYT in force: two phases, 100 and 150 initiatives, seven duties without a last day."""
    return plans.issue(drafted(cast, "TB-YT", "17", cast.hanh), by=cast.hanh)
