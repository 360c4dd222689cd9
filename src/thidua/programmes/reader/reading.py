"""From text to a ReadPlan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from thidua.programmes.reader import checks, duties, frame, lines, movements, phases, targets
from thidua.programmes.reader.lines import Line

Item = dict[str, Any]
_SCALARS = ("number", "symbol", "issued_on", "place", "issuer", "title", "year", "signer", "signed_for")
_LISTS = ("basis", "implements", "phases", "targets", "movements", "duties", "recipients", "warnings")


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
    phases: list[Item] = field(default_factory=list)
    targets: list[Item] = field(default_factory=list)
    movements: list[Item] = field(default_factory=list)
    duties: list[Item] = field(default_factory=list)
    recipients: list[Item] = field(default_factory=list)
    warnings: list[Item] = field(default_factory=list)
    sources: dict[str, Item] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, dates as ISO."""
        return {name: getattr(self, name) for name in (*_SCALARS, *_LISTS, "sources")}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> ReadPlan:
        return cls(**{name: content[name] for name in (*_SCALARS, *_LISTS, "sources") if name in content})


def looks_like_a_plan(found: list[Line]) -> bool:
    """It names its kind, or speaks of phases and initiatives or movements."""
    if frame.title_line(found) is not None:
        return True
    content = " ".join(line.text for line in found[:400]).lower()
    return sum(word in content for word in ("kế hoạch", "giai đoạn", "thi đua", "sáng kiến", "nơi nhận")) >= 3


def read_text(content: str, rows: list[tuple[list[str], Item]] | None = None) -> ReadPlan:
    """Read a paper. `rows`: cells of its tables with their sources, when the file had any."""
    found = lines.split(content)
    paragraphs = lines.join(found)
    head = frame.read(found, paragraphs)
    issued_on = head["issued_on"]
    year = checks.plan_year(head["year"], issued_on, head["title"])
    segments = phases.read(paragraphs, year, issued_on)
    closing = frame.closing(found)
    named = frame.references(paragraphs)
    allocated, faults = targets.allocations(rows or [])
    ordered = [*targets.read(paragraphs, segments, head["title"]), *allocated]
    sources = {**head["sources"]}
    for name in ("signed_for", "signer"):
        source = closing["signer_source" if name == "signer" else "signed_source"]
        if source:
            sources[name] = source
    return ReadPlan(
        number=head["number"],
        symbol=head["symbol"],
        issued_on=issued_on.isoformat() if issued_on else None,
        place=head["place"],
        issuer=head["issuer"],
        title=head["title"],
        year=year,
        signer=closing["signer"],
        signed_for=closing["signed_for"],
        basis=[r for r in named if r["relation"] != "implements"],
        implements=[r for r in named if r["relation"] == "implements"],
        phases=[s.phase for s in segments],
        targets=ordered,
        movements=movements.read(paragraphs),
        duties=duties.read(paragraphs, segments, year, issued_on),
        recipients=closing["recipients"],
        warnings=[
            *checks.of_frame(head),
            *checks.of_dates(found, year),
            *checks.of_months(found),
            *checks.of_phases(segments),
            *checks.of_targets(ordered),
            *[checks.warning(s, _("Bảng không khớp tổng: %(fault)s.") % {"fault": f}) for s, f in faults],
            *checks.of_closing(closing),
        ],
        sources=sources,
    )
