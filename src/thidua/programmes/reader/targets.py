"""Numbers to reach: indicator, comparator, value, count or percent, phase, period."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.lines import Paragraph, masked
from thidua.programmes.reader.phases import Segment

_NUMBER = r"(?P<n>\d{1,3}(?:[.\s]\d{3})+(?!\d)|\d+(?:,\d+)?)"
_SCALE = r"(?:\s*(?P<scale>triệu|nghìn|ngàn|vạn))?"
_BEFORE = (
    r"(?P<before>(?:(?:ít nhất|tối thiểu|không dưới|không ít hơn|không quá|tối đa|trên|hơn|vượt|từ|đạt|có|là|phấn đấu|"
    r"mục tiêu|chỉ tiêu|đóng góp|gửi|giao|≥|>=|>|≤)\s*:?\s*)*)"
)
_AFTER = r"(?P<after>\s*(?:trở lên|trở xuống))?"
# What is counted, by the words after the number. The order matters: the more special first.
COUNTED = (
    ("initiatives", r"(?:lượt\s+)?(?:sáng kiến|giải pháp|ý tưởng)", ""),
    ("grassroots_unions_founded", r"(?:công đoàn cơ sở|CĐCS|nghiệp đoàn)", r"thanh lap|phat trien"),
    ("agreements_signed", r"(?:bản\s+)?(?:thỏa ước|thoả ước|TƯLĐTT)", ""),
    ("dialogues_held", r"(?:cuộc|buổi)\s+đối thoại", ""),
    ("supervisions", r"(?:cuộc|đợt)\s+(?:giám sát|kiểm tra)", ""),
    ("articles_published", r"(?:tin,?\s*bài|bài viết|bài\b|tin\b)", r"tuyen truyen|dang|tin|bai"),
    ("members_organised", r"đoàn viên", r"ket nap|phat trien|thanh lap"),
    ("workers_cared_for_tet", r"(?:người lao động|công nhân|đoàn viên|suất quà)", r"\btet\b|cham lo"),
)
_COUNT = {
    code: (
        re.compile(
            rf"{_BEFORE}(?<![\d/.,-]){_NUMBER}{_SCALE}(?!\s*%){_AFTER}\s+(?P<noun>{noun})(?P<post>\s+trở lên)?", re.I
        ),
        re.compile(needs) if needs else None,
    )
    for code, noun, needs in COUNTED
}
_PERCENT = re.compile(
    rf"{_BEFORE}(?:(?P<low>\d{{1,3}}(?:,\d+)?)\s*%?\s*(?:đến|–|-)\s*)?(?<![\d/]){_NUMBER}\s*%{_AFTER}\s*(?P<noun>[^.;:()|]{{0,160}})",
    re.I,
)
_YEARS = re.compile(r"năm\s+(\d{4})(?:\s*(?:và|,|–|-|đến)\s*(?:năm\s+)?(\d{4}))?", re.I)
_EACH_PHASE = re.compile(r"mỗi\s+giai đoạn|từng\s+giai đoạn", re.I)
_EACH_UNIT = re.compile(r"mỗi\s+(?:CĐCS|công đoàn cơ sở|đơn vị|đoàn viên|người|tổ)\b", re.I)


def read(paragraphs: list[Paragraph], segments: list[Segment], title: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for paragraph in paragraphs:
        if title and paragraph.text.strip(" .") in title:
            continue
        content = masked(paragraph.text)
        for match, code in _counts(content):
            _add(found, paragraph, segments, match, code, "count")
        for match in _PERCENT.finditer(content):
            if ratio := _percent_of(content, match):
                _add(found, paragraph, segments, match, ratio, "percent")
    return found


def _counts(content: str) -> list[tuple[re.Match[str], str]]:
    matches: list[tuple[re.Match[str], str]] = []
    taken: set[int] = set()
    for code, (pattern, needs) in _COUNT.items():
        for match in pattern.finditer(content):
            clause = text.fold(_clause(content, match.start()) + match.group())
            is_name = bool(re.search(r"(?:chương trình|phong trào|cuộc vận động)\s*$", content[: match.start()], re.I))
            is_goal = match["before"] or match["after"] or match["post"] or _is_ordered(clause)
            if match.start("n") in taken or is_name or (needs and not needs.search(clause)) or not is_goal:
                continue
            taken.add(match.start("n"))
            matches.append((match, code))
    return sorted(matches, key=lambda m: m[0].start())


def _clause(content: str, start: int) -> str:
    """The words before a number, back to the last full stop or semicolon."""
    return re.split(r"[.;](?!\d)|\|", content[:start])[-1]


def _is_ordered(clause: str) -> bool:
    return bool(
        re.search(r"phan dau|muc tieu|chi tieu|dat |giao|toi thieu|it nhat|to chuc|ket nap|thanh lap|dang ky", clause)
    )


def _percent_of(content: str, match: re.Match[str]) -> str | None:
    """Which indicator a percentage is of; None when it is no target at all."""
    noun = text.fold(match["noun"])
    clause = text.fold(_clause(content, match.start()))
    if re.search(r"(so voi|tang|giam|chiem)\s*$", clause.rstrip()):
        return None
    is_people = re.search(r"doan vien|cnvcld|nguoi lao dong|cong nhan|vien chuc|cbgvnv|can bo|lao dong", noun)
    if "sang kien" in noun + clause and is_people:
        return "participation_rate"
    if re.search(r"cdcs|cong doan co so|don vi|cong doan", noun[:60]):
        return "units_responding"
    return "other" if noun.strip() else None


def _add(
    found: list[dict[str, Any]],
    paragraph: Paragraph,
    segments: list[Segment],
    match: re.Match[str],
    code: str,
    unit: str,
) -> None:
    segment = next((s for s in segments if s.paragraph is paragraph and s.start <= match.start() < s.end), None)
    clause = _clause(paragraph.text, match.start())
    around = clause + match.group()
    item: dict[str, Any] = {
        "indicator": code,
        "comparator": _comparator(match),
        "value": _value(match),
        "unit": unit,
        "phase": segment.phase["name"] if segment else None,
        "period": _period(around, segment),
        "phrase": match.group().strip(" ,"),
        "source": paragraph.source_at(match.start("n")),
    }
    if low := match.groupdict().get("low"):
        item["value"], item["comparator"] = [_plain(Decimal(low.replace(",", "."))), item["value"]], "between"
    same = [
        t
        for t in found
        if (t["indicator"], t["phase"], t["value"], t["unit"]) == (code, item["phase"], item["value"], unit)
    ]
    if not same:
        found.append(item)


def _comparator(match: re.Match[str]) -> str:
    before = (match["before"] or "").lower()
    after = f"{match['after'] or ''} {match.groupdict().get('post') or ''}".lower()
    if "trở lên" in after or any(
        w in before for w in ("ít nhất", "tối thiểu", "không dưới", "không ít hơn", "≥", ">=")
    ):
        return "at_least"
    if "trở xuống" in after or any(w in before for w in ("không quá", "tối đa", "≤")):
        return "at_most"
    return "more_than" if any(w in before for w in ("trên", "hơn", "vượt", ">")) else "exactly"


_SCALES = {"triệu": 10**6, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4}


def _value(match: re.Match[str]) -> int | float:
    digits = re.sub(r"[.\s]", "", match["n"]).replace(",", ".")
    return _plain(Decimal(digits) * _SCALES.get((match.groupdict().get("scale") or "").lower(), 1))


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral() else float(value)


def _period(around: str, segment: Segment | None) -> str | None:
    if _EACH_PHASE.search(around):
        return "mỗi giai đoạn"
    if match := _EACH_UNIT.search(around):
        return match.group().lower()
    if segment:
        return None
    years = _YEARS.findall(around)
    if not years:
        return None
    first, second = years[-1]
    return f"{first}–{second}" if second else first


def allocations(
    rows: list[tuple[list[str], dict[str, Any]]],
) -> tuple[list[dict[str, Any]], list[tuple[dict[str, Any], str]]]:
    """Annex tables: a header with phases or 'chỉ tiêu', one row per unit, a total that must fit."""
    found: list[dict[str, Any]] = []
    faults: list[tuple[dict[str, Any], str]] = []
    columns: list[tuple[int, str | None]] = []
    sums: dict[int, Decimal] = {}
    for cells, source in rows:
        folded = [text.fold(c) for c in cells]
        if any(w in " ".join(folded) for w in ("don vi", "cong doan")) and any(
            "chi tieu" in c or "giai doan" in c for c in folded
        ):
            columns = [
                (i, _phase_of(c))
                for i, c in enumerate(cells)
                if re.search(r"chi tieu|giai doan|sang kien", text.fold(c))
            ]
            sums = {i: Decimal(0) for i, _phase in columns}
            continue
        if not columns:
            continue
        name = next((c for c in cells if re.search(r"[A-Za-zĐÀ-ỹ]{3,}", c)), "")
        numbers = {i: _cell(cells[i]) for i, _phase in columns if i < len(cells)}
        if not any(v is not None for v in numbers.values()):
            continue
        if re.match(r"^(tong|cong)\b", text.fold(name)):
            for i, phase in columns:
                stated = numbers.get(i)
                if stated is not None and stated != sums[i]:
                    faults.append((source, f"{phase or 'Tổng'}: {_plain(stated)} ≠ {_plain(sums[i])}"))
            columns = []
            continue
        for i, phase in columns:
            if (value := numbers.get(i)) is not None:
                sums[i] += value
                found.append(
                    {
                        "indicator": "initiatives",
                        "comparator": "exactly",
                        "value": _plain(value),
                        "unit": "count",
                        "phase": phase,
                        "period": None,
                        "phrase": name,
                        "unit_name": name,
                        "source": source,
                    }
                )
    return found, faults


def _phase_of(header: str) -> str | None:
    match = re.search(r"(giai đoạn|đợt)\s+[\dIVX]{1,3}", header, re.I)
    return match.group()[0].upper() + match.group()[1:] if match else None


def _cell(cell: str) -> Decimal | None:
    digits = re.sub(r"[.\s]", "", cell)
    return Decimal(digits) if digits.isdigit() else None
