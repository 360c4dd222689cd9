"""Phases (giai đoạn) and rounds (đợt): name, theme, days, and the window of what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from thidua.programmes.reader.dates import Span, points, spans
from thidua.programmes.reader.lines import QUOTED, Paragraph

_ORDINAL = r"(?:thứ\s+)?(?:\d{1,2}(?![\d/])|[IVX]{1,4}\b|nhất|nhì|hai|ba|tư|bốn|năm(?!\s+\d)|một|đầu|cuối)"
_HEAD = re.compile(
    rf"(?P<name>(?:Giai đoạn|Đợt(?:\s+thi đua)?|Phase)\s+(?:đặc biệt|cao điểm|cuối năm|{_ORDINAL}))(?P<after>[\s:(\-–|,.])",
    re.IGNORECASE,
)
_ELIGIBLE = re.compile(
    r"sáng kiến[^.;()|]{0,60}?(?:từ|kể từ)\s+(?:ngày\s+)?(?P<from>\d{1,2}/\d{1,2}/\d{4})"
    r"(?:\s*(?:đến|–|-|tới)\s*(?:hết\s+)?(?:ngày\s+)?(?P<to>\d{1,2}/\d{1,2}/\d{4}))?",
    re.IGNORECASE,
)
_GOAL = re.compile(r",?\s*(?:với\s+)?(?:mục tiêu|chỉ tiêu|phấn đấu)", re.IGNORECASE)


@dataclass
class Segment:
    """The stretch of a paragraph that speaks of one phase."""

    paragraph: Paragraph
    start: int
    end: int
    phase: dict[str, Any]
    faults: list[tuple[dict[str, Any], str]] = field(default_factory=list)


def read(paragraphs: list[Paragraph], year: int | None, issued_on: date | None) -> list[Segment]:
    found: list[Segment] = []
    for paragraph in paragraphs:
        heads = [m for m in _HEAD.finditer(paragraph.text) if _opens(paragraph.text, m)]
        for index, head in enumerate(heads):
            end = heads[index + 1].start() if index + 1 < len(heads) else len(paragraph.text)
            segment = _segment(paragraph, head, end, year, issued_on)
            if segment and not any(_same(s.phase, segment.phase) for s in found):
                found.append(segment)
    return found


def _opens(content: str, head: re.Match[str]) -> bool:
    """At the start of a paragraph or cell, or followed by its days; not a mere mention."""
    before = content[: head.start()].rstrip()
    is_first = not re.search(r"\w{2,}", before) or before.endswith(("|", ";", ":", "-", "–", "+", "."))
    return is_first or head["after"] in "(:" or bool(re.match(r"\s*(?:từ|tính)\b", content[head.end() - 1 :], re.I))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one["name"].lower() == other["name"].lower() and one["kind"] == other["kind"]


def _segment(
    paragraph: Paragraph, head: re.Match[str], end: int, year: int | None, issued_on: date | None
) -> Segment | None:
    content = paragraph.text[head.start() : end]
    window = _ELIGIBLE.search(content)
    rest = content[: window.start()] + " " * len(window.group()) + content[window.end() :] if window else content
    # A slogan in quotation marks may name anniversaries: its dates are not the phase's.
    dated = QUOTED.sub(lambda m: " " * len(m.group()), rest)
    span = _first(spans(dated, year, issued_on))
    if span is None:
        return None
    kind = "round" if head["name"].lower().startswith("đợt") else "phase"
    name = head["name"][0].upper() + head["name"][1:]
    phase = {
        "name": name,
        "theme": _theme(content, span),
        "kind": kind,
        "starts_on": span.starts_on.isoformat() if span.starts_on else None,
        "ends_on": span.ends_on.isoformat() if span.ends_on else None,
        "eligible_from": _iso(window["from"]) if window else None,
        "eligible_to": _iso(window["to"]) if window else None,
        "source": paragraph.source_at(head.start()),
    }
    segment = Segment(paragraph, head.start(), end, phase)
    source = paragraph.source_at(head.start())
    segment.faults = [(source, fault) for fault in span.faults]
    return segment


def _first(found: list[Span]) -> Span | None:
    """The span with both ends first; else the first one that says anything."""
    return next((s for s in found[:2] if s.starts_on and s.ends_on), found[0] if found else None)


def _iso(written: str | None) -> str | None:
    marks = points(written or "", None, None)
    return marks[0].first.isoformat() if marks and marks[0].first else None


def _theme(content: str, span: Span) -> str | None:
    """What the phase is for: the quoted chủ đề, or the words between its days and its number."""
    if match := re.search(r"chủ đề\s*:?\s*[“\"«]([^“”\"«»]+)[”\"»]", content, re.IGNORECASE):
        return match.group(1).strip()
    after = content[span.end :].lstrip(" ):,;.–-*|")
    if re.match(r"với mục tiêu\s+(?:thi đua\s+)?phấn đấu hoàn thành", after, re.IGNORECASE) or re.match(
        r"với mục tiêu\s+thi đua", after, re.IGNORECASE
    ):
        return re.sub(r"^với mục tiêu\s+", "", after, flags=re.IGNORECASE).strip(" .;/") or None
    words = _GOAL.split(after, maxsplit=1)[0].strip(" .;:,()/|")
    words = re.sub(r"\(\s*$", "", words).strip()
    return words if len(words) > 8 and not re.match(r"^\d", words) else None
