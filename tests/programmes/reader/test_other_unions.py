"""Plans in the styles of other unions, every value stated: `expected/<name>.json`, checked against the paper by hand."""

import json
from pathlib import Path

import pytest

from thidua.programmes.reader import read_file

HERE = Path(__file__).parent
PHASE = ("name", "starts_on", "ends_on", "eligible_from", "eligible_to")
TARGET = ("indicator", "comparator", "value", "unit", "phase", "period", "unit_name")
DUTY = ("who", "text", "due_on", "recurring")


def rows(items, names):
    return [[*(item.get(name) for name in names), item["source"]["line"]] for item in items]


def values(plan):
    papers = [*plan.basis, *plan.implements, *plan.amends]
    frame = (plan.number, plan.symbol, plan.issued_on, plan.place, plan.issuer, plan.year)
    return {
        "frame": [[*frame, plan.signed_for, plan.signer], [plan.title]],
        "papers": [[paper["relation"], paper["number"], paper["issued_on"]] for paper in papers],
        "phases": rows(plan.phases, PHASE),
        "targets": rows(plan.targets, TARGET),
        "movements": rows(plan.movements, ("kind", "audience", "name")),
        "duties": rows(plan.duties, DUTY),
        "recipients": [[recipient["text"]] for recipient in plan.recipients],
        "warnings": [[warning["line"], warning["sentence"]] for warning in plan.warnings],
    }


@pytest.mark.parametrize("path", sorted((HERE / "unions").iterdir()), ids=lambda p: p.stem)
def test_every_value_of_a_plan(path):
    expected = json.loads((HERE / "expected" / f"{path.stem}.json").read_text(encoding="utf-8"))
    assert values(read_file(path)) == expected
