"""Phases (giai đoạn) and rounds (đợt): name, theme, days, and the window of what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.dates import Span, points, spans, whole
from thidua.programmes.reader.lines import PLAIN, QUOTED, Paragraph, bare, masked, quoted

_ORDINAL = r"(?:thứ\s+)?(?:\d{1,2}(?![\d/.]\d|\d)|[IVX]{1,4}\b|(?:nhất|nhì|hai|ba|tư|bốn|một)\b|năm\b(?!\s+\d)|one\b|two\b|three\b)"
NAMED = re.compile(
    rf"(?P<name>(?:(?:Giai đoạn|Đợt(?:\s+thi đua)?|Phase|Round)\s+(?:đặc biệt|cao điểm|nước rút|cuối năm|đầu năm|{_ORDINAL}|(?:từ\s+)?(?:năm\s+)?20\d\d\s*(?:-|–|đến)\s*20\d\d(?!\d))))(?P<after>[\s:(\-–|,.;])",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(20\d\d)\s*(?:-|–|đến)\s*(20\d\d)$")
_DAY = r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{4}|(?:tháng\s+)?\d{1,2}/\d{4})"
_ELIGIBLE = re.compile(
    rf"sáng kiến[^.;()|]{{0,60}}?(?:từ|kể từ)\s+(?:ngày\s+)?(?P<from>{_DAY})"
    rf"(?:\s*(?:đến|–|-|tới)\s*(?:(?:hết|cuối)\s+)*(?:ngày\s+)?(?P<to>{_DAY}))?",
    re.IGNORECASE,
)
_ELIGIBLE_TO = re.compile(
    rf"sáng kiến[^.;()|]{{0,40}}?\s(?P<from>(?!))?đến\s+(?:hết\s+)?(?:ngày\s+)?(?P<to>{_DAY})\s+được\s+(?:tham gia|tính)",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"tham gia|tính|hợp lệ|áp dụng|công nhận|ứng dụng", re.IGNORECASE)
_GOAL = re.compile(
    r",?\s*(?:với\s+)?(?:mục tiêu|chỉ tiêu|phấn đấu|ít nhất|tối thiểu|có \d)|\s*\|\s*|;|\.\s", re.IGNORECASE
)
_NO_THEME = re.compile(
    r"sơ kết|tổng kết|báo cáo|phấn đấu|hoàn thành|mục tiêu|chỉ tiêu|\d|cập nhật|gửi|nộp|xét|tối thiểu|ít nhất|đạt|"
    r"thời gian|trong đó|toàn ngành|at least|target|đến\b|từ\b|với\b|bắt đầu|kết thúc",
    re.IGNORECASE,
)
_MATTER = re.compile(r"^\W*(?:thời gian|mục tiêu|chỉ tiêu|từ|chủ đề|nội dung)\b", re.IGNORECASE)
_MOST, _MOST_HEADS = 60, 600  # phases of one paper, and places that name one; more is noise


@dataclass
class Segment:
    """What speaks of one phase: stretches of paragraphs, from its name to the next one's."""

    phase: dict[str, Any]
    stretches: list[tuple[Paragraph, int, int]]
    is_guessed: bool = False  # no year is written with its days
    part: int = 0  # programmes of one paper are numbered; phases of two programmes may overlap


@dataclass
class _Head:
    match: re.Match[str]
    at: int
    stretches: list[tuple[Paragraph, int, int]]


def read(
    paragraphs: list[Paragraph], year: int | None, issued_on: date | None
) -> tuple[list[Segment], list[tuple[dict[str, Any], str]]]:
    """Segments in order, and names given to two different spans."""
    found: list[Segment] = []
    twice: list[tuple[dict[str, Any], str]] = []
    known: dict[tuple[str, str], Segment] = {}
    topic, part, read = "", 0, 0
    for at, paragraph in enumerate(paragraphs):
        heads = _heads(paragraphs, at)
        if paragraph.level <= 1 and not heads and (quote := QUOTED.search(paragraph.text)):
            topic, part = quoted(quote).strip(), part + 1
        for head in heads:
            read += 1
            segment = _segment(head, year, issued_on) if read <= _MOST_HEADS and len(found) < _MOST else None
            if segment is None:
                continue
            key = (key_of(segment.phase["name"]), segment.phase["kind"])
            if key in known:
                if not _differs(known[key].phase, segment.phase):
                    known[key].stretches += segment.stretches
                    continue
                twice.append((segment.phase["source"], segment.phase["name"]))
                segment.phase["name"] = f"{segment.phase['name']} – {topic[:80] or len(found) + 1}"
                key = (key_of(segment.phase["name"]), segment.phase["kind"])
                if key in known:
                    continue
            segment.part = part
            known[key] = segment
            found.append(segment)
    if not found:
        found = _duration(paragraphs, year, issued_on)
    _common_window(paragraphs, found)
    return found, twice


_DURATION = re.compile(
    r"^\W*(?:\d{1,2}(?:\.\d{1,2})*[.)]?\s*|[IVX]+[.)]?\s*|[a-zđ]\)\s*)?(?P<name>Thời gian(?:\s+(?:thực hiện|tổ chức|thi đua|triển khai|phát động))*)\b",
    re.I,
)


def _duration(paragraphs: list[Paragraph], year: int | None, issued_on: date | None) -> list[Segment]:
    """A programme without phases runs for the time it names: `Thời gian thực hiện: từ … đến …`."""
    for at, paragraph in enumerate(paragraphs):
        match = _DURATION.match(paragraph.text)
        if match is None or len(paragraph.text) > 300:
            continue
        for own in (paragraph, *paragraphs[at + 1 : at + 2]):
            pairs = [s for s in spans(masked(own.text), year, issued_on) if s.is_pair]
            if pairs:
                name = match["name"][0].upper() + match["name"][1:].lower()
                phase = _made(name, None, "phase", pairs[0], own.source_at(pairs[0].start))
                return [Segment(phase, [], is_guessed=pairs[0].is_guessed)]
    return []


def _made(name: str, theme: str | None, kind: str, span: Span, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "theme": theme,
        "kind": kind,
        "starts_on": _plain(span.starts_on),
        "ends_on": _plain(span.ends_on),
        "eligible_from": None,
        "eligible_to": None,
        "source": source,
    }


def key_of(name: str) -> str:
    """'Giai đoạn I' and 'giai đoạn thứ nhất' are the first."""
    words = text.fold(name).replace("thi dua ", "").replace("thu ", "")
    words = re.sub(r"^phase\b", "giai doan", re.sub(r"^round\b", "dot", words))
    last = words.split()[-1] if words.split() else ""
    order = ("1", "i", "nhat", "mot", "one"), ("2", "ii", "hai", "nhi", "two"), ("3", "iii", "ba", "three")
    number = next((forms[0] for forms in order if last.lstrip("0") in forms), {"iv": "4", "tu": "4"}.get(last, last))
    return " ".join([*words.split()[:-1], number.lstrip("0")])


def _differs(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(one[n] and other[n] and one[n] != other[n] for n in ("starts_on", "ends_on"))


def _heads(paragraphs: list[Paragraph], at: int) -> list[_Head]:
    paragraph = paragraphs[at]
    matches = [m for m in NAMED.finditer(paragraph.text + " ") if _opens(paragraph.text, m)]
    heads = []
    for index, match in enumerate(matches):
        is_last = index + 1 == len(matches)
        end = len(paragraph.text) if is_last else matches[index + 1].start()
        stretches = [(paragraph, match.start(), end)]
        is_first = not re.search(r"\w{2,}", bare(paragraph.text)[: max(0, match.start() - 6)])
        if is_last and is_first and not paragraph.lines[0].is_table:
            stretches += [(p, 0, len(p.text)) for p in _under(paragraphs, at)]
        heads.append(_Head(match, at, stretches))
    return heads


def _under(paragraphs: list[Paragraph], at: int) -> list[Paragraph]:
    """The paragraphs below a phase's own: deeper bullets, or lines that give its time and goal."""
    level = paragraphs[at].level
    is_open = paragraphs[at].text.endswith(":") or len(paragraphs[at].text) < 90
    found: list[Paragraph] = []
    for paragraph in paragraphs[at + 1 : at + 9]:
        match = NAMED.search(paragraph.text + " ")
        if match and _opens(paragraph.text, match):
            break
        is_deeper = level < paragraph.level < PLAIN or (level == PLAIN and is_open and 4 <= paragraph.level < PLAIN)
        if not is_deeper and not (is_open and paragraph.level == PLAIN and _MATTER.match(paragraph.text)):
            break
        found.append(paragraph)
    return found


def _opens(content: str, head: re.Match[str]) -> bool:
    """At the start of a paragraph or cell, or followed by its days; not a mere mention."""
    lead = content[max(0, head.start() - 40) : head.start()].rstrip()
    is_first = not re.search(r"\w{2,}", content[: head.start()][:60]) or lead.endswith(
        ("|", ";", ":", "-", "–", "+", ".")
    )
    after = content[head.end() - 1 : head.end() + 30]
    if _YEARS.search(head["name"]):  # "giai đoạn 2021 - 2025" names a period everywhere but at the head of its part
        return is_first and head.start() <= 12 and bool(re.match(r"\s*[:(.]", content[head.end() - 1 :]))
    return (
        is_first or bool(re.match(r"\s*[(:]", after)) or bool(re.match(r"\s*(?:từ|tính|from)\b", after, re.IGNORECASE))
    )


def _segment(head: _Head, year: int | None, issued_on: date | None) -> Segment | None:
    paragraph, start, end = head.stretches[0]
    content = " \n".join(p.text[a:b] for p, a, b in head.stretches)[:4000]
    own = paragraph.text[start:end]
    window = _ELIGIBLE.search(content) or _ELIGIBLE_TO.search(content)
    rest = content[: window.start()] + " " * len(window.group()) + content[window.end() :] if window else content
    # A slogan in quotation marks may name anniversaries: its dates are not the phase's.
    span = _first(spans(masked(rest), year, issued_on))
    if span is None:
        span = _of_years(head.match["name"]) or whole(masked(own)[len(head.match["name"]) :][:50], year, issued_on)
    if span is None:
        return None
    if re.search(r"(?<!đến )trước(?: ngày)?\s*$", rest[: span.start], re.IGNORECASE) and span.starts_on is None:
        return None  # "Đợt 2 trước ngày 25/7": when to report, not when it ends
    name = re.sub(r"\s+", " ", head.match["name"])
    kind = "round" if name.lower().startswith(("đợt", "round")) else "phase"
    phase = _made(
        name[0].upper() + name[1:],
        _theme(content, _without(own, window), span),
        kind,
        span,
        paragraph.source_at(start),
    )
    if window:
        phase["eligible_from"] = _end_of(window["from"], last=False)
        phase["eligible_to"] = _end_of(window["to"], last=True)
    return Segment(phase, head.stretches, is_guessed=span.is_guessed)


def _without(own: str, window: re.Match[str] | None) -> str:
    """The words without the parenthesis that says which initiatives count."""
    if window is None:
        return own
    return re.sub(rf"\([^()]*{re.escape(window.group())}[^()]*\)", "", own).replace(window.group(), "")


def _of_years(name: str) -> Span | None:
    match = _YEARS.search(name)
    return Span(date(int(match[1]), 1, 1), date(int(match[2]), 12, 31), 0, 0) if match else None


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _first(found: list[Span]) -> Span | None:
    """The first span, unless a pair follows what was only a single end."""
    if len(found) > 1 and not found[0].is_pair and found[1].is_pair and found[1].start - found[0].end < 60:
        return found[1]
    return found[0] if found else None


def _end_of(written: str | None, *, last: bool) -> str | None:
    marks = points(written or "", None, None)
    return _plain((marks[0].last if last else marks[0].first) if marks else None)


def _theme(content: str, own: str, span: Span) -> str | None:
    """What the phase is for: the quoted chủ đề, or the words between its days and its number."""
    if match := re.search(r"chủ đề\s*:?\s*([“\"«][^“”\"«»]+[”\"»])", content, re.IGNORECASE):
        return match.group(1)[1:-1].strip()
    after = own[span.end :].lstrip(" ):,;.–-*|") if span.end <= len(own) else ""
    goal = re.match(r"với mục tiêu\s+(?=thi đua|phấn đấu hoàn thành)", after, re.IGNORECASE)
    if goal:
        return after[goal.end() :].strip(" .;/") or None
    after = re.sub(r"^(?:với\s+)?chủ đề\s*:?\s*", "", after, flags=re.IGNORECASE)
    words = re.sub(r"\(\s*$", "", _GOAL.split(after, maxsplit=1)[0].strip(" .;:,/|")).strip(" (,")
    return words if len(words) > 8 and not _NO_THEME.match(words) else None


def _common_window(paragraphs: list[Paragraph], segments: list[Segment]) -> None:
    """A window named once for the whole programme opens with its first phase and closes with its last."""
    own = [s for s in segments if s.phase["kind"] == "phase"]
    if not own or any(s.phase["eligible_from"] or s.phase["eligible_to"] for s in own):
        return
    spoken = {id(p) for s in segments for p, _a, _b in s.stretches}
    windows = [
        match
        for p in paragraphs
        if id(p) not in spoken and (match := _ELIGIBLE.search(p.text)) and _COUNTS.search(match.group())
    ]
    if len(windows) == 1:
        own[0].phase["eligible_from"] = _end_of(windows[0]["from"], last=False)
        own[-1].phase["eligible_to"] = _end_of(windows[0]["to"], last=True)
