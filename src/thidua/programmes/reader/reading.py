"""From text to a ReadPlan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader import (
    checks,
    closing,
    duties,
    frame,
    lines,
    movements,
    phases,
    references,
    spelling,
    tables,
    targets,
)
from thidua.programmes.reader.lines import Line

Item = dict[str, Any]
_SCALARS = ("number", "symbol", "issued_on", "place", "issuer", "title", "year", "signer", "signed_for")
_LISTS = ("basis", "implements", "amends", "phases", "targets", "movements", "duties", "recipients", "warnings")

# Where a reference is kept, by its relation.
_HOMES = {"implements": "implements", "amends": "amends", "replaces": "amends"}


@dataclass
class ReadPlan:
    """What was understood; every item carries `source` {line, text}, scalars in `sources`."""

    number: int | None = None
    symbol: str | None = None
    issued_on: str | None = None
    place: str | None = None
    issuer: str | None = None
    title: str | None = None
    year: int | None = None
    signer: str | None = None
    signed_for: str | None = None
    basis: list[Item] = field(default_factory=list)
    implements: list[Item] = field(default_factory=list)
    amends: list[Item] = field(default_factory=list)  # papers it changes or replaces
    phases: list[Item] = field(default_factory=list)
    targets: list[Item] = field(default_factory=list)
    movements: list[Item] = field(default_factory=list)
    duties: list[Item] = field(default_factory=list)
    recipients: list[Item] = field(default_factory=list)
    warnings: list[Item] = field(default_factory=list)
    aims: list[str] = field(default_factory=list)  # lines of "MỤC ĐÍCH, YÊU CẦU", for the paper
    sources: dict[str, Item] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, dates as ISO."""
        return {name: getattr(self, name) for name in (*_SCALARS, *_LISTS, "aims", "sources")}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> ReadPlan:
        return cls(**{name: content[name] for name in (*_SCALARS, *_LISTS, "aims", "sources") if name in content})


_SIGNS = ("ke hoach", "giai doan", "thi dua", "sang kien", "noi nhan", "chi tieu", "kinh gui")


def looks_like_a_plan(found: list[Line]) -> bool:
    """It names its kind, or speaks of phases and initiatives or movements."""
    if frame.title_line(found) is not None:
        return True
    content = text.fold(" ".join(line.text for line in found[:400]))
    return sum(sign in content for sign in _SIGNS) >= 3 and ("thi dua" in content or "sang kien" in content)


def understood(words: str, kind: str = "target") -> list[Item]:
    """How one sentence reads inside a plan: its targets, phases, duties, or the order it gives a body it names."""
    paragraphs = lines.join(lines.split(words))
    if kind == "phase":
        return [segment.phase for segment in phases.read(paragraphs, None, None)[0]]
    if kind == "duty":
        return duties.of_sentences(paragraphs, who="Các đơn vị")
    if kind == "order":
        return duties.of_sentences(paragraphs)
    return targets.read(paragraphs, [], None)[0]


def _own_number(found: list[Line], head: dict[str, Any]) -> str:
    """The paper's number as it stands in it ('05/KH-LĐLĐ'), which its annexes repeat."""
    source = head["sources"].get("number")
    line = next((line for line in found if source and line.number == source["line"]), None)
    match = frame.NUMBER.search(line.text) if line else None
    return references.key_of(match.group().split(":")[-1].removeprefix("Số")).strip(". ") if match else ""


def read_text(content: str, rows: list[tables.Row] | None = None) -> ReadPlan:
    """Read a paper. `rows`: cells of its tables with their sources, when the file had any."""
    found = lines.split(content)
    paragraphs = lines.join(found)
    head = frame.read(found, paragraphs)
    issued_on = head["issued_on"]
    year = checks.plan_year(head["year"], issued_on, head["title"])
    segments, twice = phases.read(paragraphs, year, issued_on)
    ending = closing.read(found)
    named = references.read(paragraphs, _own_number(found, head))
    tabled, faults, taken = tables.read(rows or tables.of_lines(found), found, head["title"] or "")
    spoken, unread = targets.read([p for p in paragraphs if p.number not in taken], segments, head["title"])
    ordered = sorted([*spoken, *tabled], key=lambda t: t["source"]["line"])
    plan = ReadPlan(
        number=head["number"],
        symbol=head["symbol"],
        issued_on=issued_on.isoformat() if issued_on else None,
        place=head["place"],
        issuer=head["issuer"],
        title=head["title"],
        year=year,
        signer=ending["signer"],
        signed_for=ending["signed_for"],
        phases=[s.phase for s in segments],
        targets=ordered,
        movements=movements.read(paragraphs),
        duties=duties.read(paragraphs, segments, year, issued_on),
        recipients=ending["recipients"],
        aims=frame.aims(paragraphs),
        sources={**head["sources"], **ending["sources"]},
    )
    for reference in named:
        getattr(plan, _HOMES.get(reference["relation"], "basis")).append(reference)
    plan.warnings = [
        *checks.of_frame(head),
        *checks.of_text(content, found),
        *checks.of_dates(found, year),
        *checks.of_months(found),
        *checks.of_phases(segments, twice, issued_on),
        *checks.of_targets(ordered, [s.phase for s in segments]),
        *checks.of_tables(faults, found),
        *checks.of_numbers(unread, found),
        *checks.of_order(plan, issued_on),
        *checks.of_closing(ending),
    ]
    return _without_marks(plan) if spelling.is_bare(content) else plan


def _without_marks(plan: ReadPlan) -> ReadPlan:
    """A paper without dấu gives its values as they stand in it; warnings and sources are not touched."""
    kept = ("warnings", "sources")
    values = {name: value if name in kept else spelling.unaccented(value) for name, value in plan.to_json().items()}
    for name in _LISTS:
        for old, new in zip(getattr(plan, name), values[name], strict=True):
            if "source" in old:
                new["source"] = old["source"]
    return ReadPlan.from_json(values)
