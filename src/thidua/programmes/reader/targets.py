"""Numbers to reach: indicator, comparator, value, count or percent, phase, period."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.lines import Paragraph, before, masked
from thidua.programmes.reader.phases import NAMED, Segment, key_of

Item = dict[str, Any]
_FIGURE = r"(?:\d{1,3}(?:[.\s]\d{3})+(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9}(?:,\d{1,2})?)"
_NUMBER = rf"(?P<n>{_FIGURE})"
_LOW = rf"(?:(?P<low>{_FIGURE})\s*%?\s*(?:đến|–|-|to)\s*)?"
_SCALE = r"(?:\s*(?P<scale>triệu|nghìn|ngàn|vạn|million|thousand))?"
_BEFORE = (
    r"(?P<before>(?:(?:ít nhất|tối thiểu|không dưới|không ít hơn|không quá|tối đa|dưới|trên|hơn|vượt|từ|đạt|có|là|phấn đấu|"
    r"mục tiêu|chỉ tiêu|đóng góp|gửi|giao|đăng ký|at least|more than|at most|≥|>=|>|≤)\s*:?\s*){0,6})"
)
_AFTER = r"(?P<after>\s*(?:trở lên|trở xuống|or more))?"
# What is counted, by the words after the number. The order matters: the more special first.
COUNTED = (
    ("initiatives", r"(?:lượt\s+)?(?:sáng kiến|giải pháp|ý tưởng|đề tài, sáng kiến|initiatives)", ""),
    ("grassroots_unions_founded", r"(?:công đoàn cơ sở|CĐCS|nghiệp đoàn)", r"thanh lap"),
    ("agreements_signed", r"(?:bản\s+)?(?:thỏa ước|thoả ước|TƯLĐTT)", ""),
    ("dialogues_held", r"(?:cuộc|buổi)\s+đối thoại", ""),
    ("supervisions", r"(?:cuộc|đợt)\s+(?:giám sát|kiểm tra)", ""),
    ("articles_published", r"(?:tin,?\s*bài|bài viết|bài\b|tin\b)", r"tuyen truyen|dang|tin|bai"),
    ("members_organised", r"(?:đoàn viên|người|lao động)", r"ket nap|phat trien"),
    ("workers_cared_for_tet", r"(?:người lao động|công nhân|đoàn viên|CNLĐ|suất quà)", r"\btet\b"),
)
_COUNT = {
    code: (
        re.compile(
            rf"{_BEFORE}{_LOW}(?<![\d/.,-]){_NUMBER}{_SCALE}(?!\s*%){_AFTER}\s+(?P<noun>{noun})(?P<post>\s+trở lên)?",
            re.IGNORECASE,
        ),
        re.compile(needs) if needs else None,
    )
    for code, noun, needs in COUNTED
}
_OTHER = re.compile(
    rf"(?P<before>(?:phấn đấu\s+|có\s+|đạt\s+|chọn\s+)*(?:ít nhất|tối thiểu|không dưới|không quá)\s*:?\s*(?:có\s+|đạt\s+)?)(?<![\d/.,-]){_NUMBER}"
    r"(?!\s*%)(?P<after>)\s+(?P<noun>(?!năm\b|tháng\b|ngày\b|giờ\b|phút\b|lần\b|triệu\b|tỷ\b|tỉ\b|đồng\b|nghìn\b|đ/)[^\W\d]{2,}[^.;:()|,]{0,80})",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"{_BEFORE}{_LOW}(?<![\d/.,]){_NUMBER}\s*%{_AFTER}\s*(?P<noun>[^.;:()|]{{0,160}})", re.IGNORECASE
)
_YEARS = re.compile(r"(?:năm|giai đoạn|in)\s+(20\d\d)(?:\s*(?:và|,|–|-|đến)\s*(?:năm\s+)?(20\d\d))?", re.IGNORECASE)
_EACH_PHASE = re.compile(r"(?:mỗi|từng)\s+giai đoạn|(?:mỗi|từng)\s+đợt", re.IGNORECASE)
_EACH_UNIT = re.compile(
    r"mỗi\s+(?:CĐCS|công đoàn cơ sở|đơn vị|công đoàn|đoàn viên|người|tổ|cán bộ|năm|quý|tháng)\b", re.IGNORECASE
)
_GOAL = re.compile(
    r"phan dau|muc tieu|chi tieu|\bdat\b|\bgiao\b|toi thieu|it nhat|to chuc|ket nap|thanh lap|dang ky|trong do|phat trien|cham lo|target"
)
_PEOPLE = re.compile(
    r"doan vien|cnvcld|cnvc|nguoi lao dong|cong nhan|vien chuc|cbgvnv|can bo|lao dong|giao vien|cnld|members|workers"
)


def read(paragraphs: list[Paragraph], segments: list[Segment], title: str | None) -> list[Item]:
    """Targets in the order of the paper."""
    places = _Places(segments)
    found: list[Item] = []
    seen: set[Any] = set()
    for paragraph in paragraphs:
        if not any(c.isdigit() for c in paragraph.text) or (title and paragraph.text.strip(" .") in title):
            continue
        content = masked(paragraph.text)
        for match, code, unit in _matches(content, places.is_phase(paragraph)):
            item = _item(paragraph, content, places, match, code, unit)
            key = (code, item["phase"], str(item["value"]), unit, item["period"])
            if key not in seen:
                seen.add(key)
                found.append(item)
    return found


class _Places:
    """Which phase a place of the paper speaks of."""

    def __init__(self, segments: list[Segment]) -> None:
        self.names = {key_of(s.phase["name"]): s.phase["name"] for s in reversed(segments)}
        self.stretches: dict[int, list[tuple[int, int, str]]] = {}
        for segment in segments:
            for paragraph, start, end in segment.stretches:
                self.stretches.setdefault(id(paragraph), []).append((start, end, segment.phase["name"]))

    def is_phase(self, paragraph: Paragraph) -> bool:
        return id(paragraph) in self.stretches

    def phase(self, paragraph: Paragraph, clause: str, start: int) -> str | None:
        for first, last, name in self.stretches.get(id(paragraph), ()):
            if first <= start < last:
                return name
        mentions = list(NAMED.finditer(clause + " "))
        return self.names.get(key_of(mentions[-1]["name"])) if mentions else None


def _matches(content: str, is_phase: bool) -> list[tuple[re.Match[str], str, str]]:
    found: list[tuple[re.Match[str], str, str]] = []
    taken: set[int] = set()
    for match in _PERCENT.finditer(content):
        if code := _percent_of(content, match):
            found.append((match, code, "percent"))
            taken.add(match.start("n"))
    for code, (pattern, needs) in _COUNT.items():
        for match in pattern.finditer(content):
            if match.start("n") not in taken and _is_goal(content, match, needs, is_phase):
                taken.add(match.start("n"))
                found.append((match, _whole_or_part(content, match, code), "count"))
    for match in _OTHER.finditer(content):
        if match.start("n") not in taken:
            found.append((match, "other", "count"))
    return sorted(found, key=lambda m: m[0].start())


def _is_goal(content: str, match: re.Match[str], needs: re.Pattern[str] | None, is_phase: bool) -> bool:
    clause = text.fold(_clause(content, match.start()) + match.group())
    lead = before(content, match.start(), 30)
    if re.search(r"(?:chương trình|phong trào|cuộc vận động|chiến dịch)\s*$", lead, re.IGNORECASE):
        return False  # "Chương trình 01 triệu sáng kiến" is a name
    if re.search(r"(?:đã|hiện|hiện có|thu hút|của|cho)\s*(?:đạt|có|trên|hơn)?\s*$", lead, re.IGNORECASE):
        return bool(needs and needs.search(clause) and "cho" in lead)
    if needs:
        return bool(needs.search(clause)) and bool(_GOAL.search(clause))
    words = match["before"].strip() or match["after"] or match["post"]
    return bool(words) or is_phase or bool(_GOAL.search(clause))


def _whole_or_part(content: str, match: re.Match[str], code: str) -> str:
    """'trong đó không dưới 05 sáng kiến cấp Tổng công ty' is a part with its own condition."""
    part = text.fold(before(content, match.start(), 40))
    rest = text.fold(content[match.end() : match.end() + 30])
    if (
        code == "initiatives"
        and re.search(r"trong do\s*[^;:]*$", part)
        and re.match(r"\s*(?:cap|duoc|cua|loai)\b", rest)
    ):
        return "other"
    return code


def _clause(content: str, start: int) -> str:
    """The words before a number, back to the last full stop or semicolon."""
    return re.split(r"[.;](?!\d)|\|", before(content, start))[-1]


def _percent_of(content: str, match: re.Match[str]) -> str | None:
    """Which indicator a percentage is of; None when it is no target at all."""
    noun = text.fold(match["noun"])
    clause = text.fold(_clause(content, match.start()))
    if re.search(r"(?:so voi|tang|giam|chiem|da dat|hien dat)(?: it nhat| tren| toi thieu)?\s*$", clause.rstrip()):
        return None
    people, unions = _PEOPLE.search(noun), re.search(r"cdcs|cong doan co so|don vi|cong doan|cong truong|union", noun)
    is_initiative = bool(re.search(r"sang kien|giai phap|initiative", noun + clause))
    if is_initiative and people and not (unions and unions.start() < people.start() and unions.start() < 12):
        return "participation_rate"
    if unions and unions.start() < 60 and not (people and people.start() < unions.start()):
        return "units_responding"
    return "other" if noun.strip(" ,") else None


def _item(paragraph: Paragraph, content: str, places: _Places, match: re.Match[str], code: str, unit: str) -> Item:
    clause = _clause(paragraph.text, match.start())
    phase = places.phase(paragraph, clause, match.start("n"))
    item: Item = {
        "indicator": code,
        "comparator": _comparator(match),
        "value": _value(match["n"], match),
        "unit": unit,
        "phase": phase,
        "period": _period(
            clause + match.group() + content[match.end() : match.end() + 60].split(";", maxsplit=1)[0], phase
        ),
        "phrase": re.sub(r"\s+", " ", paragraph.text[match.start() : match.end()]).strip(" ,"),
        "source": paragraph.source_at(match.start("n")),
    }
    if low := match.groupdict().get("low"):
        item["value"], item["comparator"] = [_value(low, match), item["value"]], "between"
    return item


def _comparator(match: re.Match[str]) -> str:
    lead = (match["before"] or "").lower()
    noun = (match["noun"] or "").lower()
    rest = f"{match['after'] or ''} {match.groupdict().get('post') or ''} {noun[:80]}".lower()
    if "trở lên" in rest or "or more" in rest:
        return "at_least"
    if any(w in lead for w in ("ít nhất", "tối thiểu", "không dưới", "không ít hơn", "at least", "≥", ">=")):
        return "at_least"
    if "trở xuống" in rest or any(w in lead for w in ("không quá", "tối đa", "dưới", "at most", "≤")):
        return "at_most"
    return "more_than" if any(w in lead for w in ("trên", "hơn", "vượt", "more than", ">")) else "exactly"


_SCALES = {"triệu": 10**6, "million": 10**6, "nghìn": 10**3, "ngàn": 10**3, "thousand": 10**3, "vạn": 10**4}


def _value(written: str, match: re.Match[str]) -> int | float:
    scale = _SCALES.get((match.groupdict().get("scale") or "").lower(), 1)
    return plain(figure(written) * scale)


def figure(written: str) -> Decimal:
    """1.000 and 1,000 are a thousand; 1,5 is one and a half."""
    digits = re.sub(r"[.\s]", "", written)
    digits = re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")
    return Decimal(digits)


def plain(value: Decimal) -> int | float:
    """A whole number as int."""
    return int(value) if value == value.to_integral() else float(value)


def _period(around: str, phase: str | None) -> str | None:
    if _EACH_PHASE.search(around):
        return "mỗi giai đoạn" if "giai đoạn" in around.lower() else "mỗi đợt"
    if match := _EACH_UNIT.search(around):
        return match.group().lower()
    years = [] if phase else _YEARS.findall(around)
    if not years:
        return None
    first, second = years[-1]
    return f"{first}–{second}" if second else first
