"""Every value of every sample carries the line it came from, and no number or date that is not in the paper."""

import re
from datetime import date
from pathlib import Path

import pytest

from thidua.kernel import text
from thidua.programmes.reader import read_file

HERE = Path(__file__).parent
SAMPLES = sorted([*(HERE / "plans").iterdir(), *(HERE / "unions").iterdir()])
LISTS = ("basis", "implements", "amends", "phases", "targets", "movements", "duties", "recipients")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_every_item_names_its_line(path):
    plan = read_file(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    items = [item["source"] for name in LISTS for item in getattr(plan, name)]
    items += [source for source in plan.sources.values() if source]
    for source in items:
        line = text.tidy(lines[source["line"] - 1].replace("*", ""))
        assert text.tidy(source["text"].replace("|", " ")).strip() == text.tidy(line.replace("|", " ")).strip()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_no_number_is_invented(path):
    plan = read_file(path)
    content = path.read_text(encoding="utf-8")
    figures = {re.sub(r"\D", "", f).lstrip("0") for f in re.findall(r"\d[\d.,]*", content)}
    for target in plan.targets:
        for value in target["value"] if isinstance(target["value"], list) else [target["value"]]:
            digits = re.sub(r"\D", "", f"{value:g}" if value < 10**6 else str(value)).rstrip("0") or "0"
            assert any(f.rstrip("0") == digits for f in figures), target
    for phase in plan.phases:
        for name in ("starts_on", "ends_on", "eligible_from", "eligible_to"):
            if phase[name]:
                assert 1990 <= date.fromisoformat(phase[name]).year <= 2060
