"""Numbers to reach: indicator, comparator, value, count or percent, phase, period."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader import amounts
from thidua.programmes.reader.amounts import Amount, plain
from thidua.programmes.reader.lines import Paragraph, bare, before
from thidua.programmes.reader.phases import NAMED, Segment, key_of

Item = dict[str, Any]
Unread = tuple[dict[str, Any], str]
_MOST = 5000  # numbers of one paper looked at; more is noise
# What is counted, by the first words after the number (folded), and what the clause has to say as well.
_COUNTED = (
    ("initiatives", r"(?:luot\s+)?(?:sang kien|giai phap|y tuong|de tai, sang kien|sk\b|cai tien|initiatives)", ""),
    ("agreements_signed", r"(?:ban\s+)?(?:thoa uoc|tuldtt)", ""),
    ("dialogues_held", r"(?:cuoc|buoi)\s+doi thoai", ""),
    ("supervisions", r"(?:cuoc|dot|luot)\s+(?:giam sat|kiem tra)", ""),
    ("grassroots_unions_founded", r"(?:cong doan co so|cdcs|nghiep doan)", r"thanh lap"),
    ("members_organised", r"(?:doan vien|nguoi|lao dong|cong nhan|nld|cnld)\b", r"ket nap|phat trien"),
    ("workers_cared_for_tet", r"(?:luot\s+)?(?:nguoi|cong nhan|doan vien|cnld|nld|suat qua)\b", r"\btet\b"),
    ("articles_published", r"(?:tin|bai)\b", ""),
)
_NO_GOAL = re.compile(
    r"(?:nam|thang|ngay|gio|phut|lan|giai doan|dot|cap|tuan|diem|buoc|noi dung|tuoi|h|quy|ky|trang|lop)\b(?! doi thoai| giam sat| kiem tra)"
)
_STRONG = (
    "ít nhất",
    "tối thiểu",
    "thấp nhất",
    "không dưới",
    "không ít hơn",
    "không quá",
    "at least",
    "at most",
    "≥",
    ">=",
    "≤",
)
_GOAL = re.compile(
    r"phan dau|muc tieu|chi tieu|\bdat\b|\bgiao\b|toi thieu|it nhat|to chuc|ket nap|thanh lap|dang ky|trong do|phat trien|cham lo|"
    r"dong gop|ky (?:ket|moi)|target"
)
_PAST = re.compile(
    r"\b(?:da|hien|hien co|hien nay|tinh den|trong nam qua|thuc te)\b(?!\s+(?:dang ky|duoc giao))[^.;:]*$"
)
_TITLE = re.compile(r"(?:chuong trinh|phong trao|cuoc van dong|chien dich|hanh trinh)\s*$")
_AIMS = re.compile(r"chi tieu|muc tieu|target")
_PEOPLE = re.compile(
    r"doan vien|cnvcld|cnvc|nguoi lao dong|cong nhan|vien chuc|cbgv|can bo|lao dong|giao vien|cnld|nld|members|workers"
)
_UNITS = re.compile(
    r"cdcs|cong doan co so|don vi|cong doan|cong truong|nghiep doan|unions?\b(?! members)|ldld|lien doan"
)
_YEARS = re.compile(r"(?:năm|giai đoạn|in)\s+(20\d\d)(?:\s*(?:và|,|–|-|đến)\s*(?:năm\s+)?(20\d\d))?", re.IGNORECASE)
_COMPARED = re.compile(r"so với (?:cùng kỳ\s+)?(?:năm\s+)?20\d\d", re.IGNORECASE)
_QUARTER = re.compile(r"quý\s+(?:IV|I{1,3}|[1-4])\b(?:[/\s]+(?:năm\s+)?20\d\d)?", re.IGNORECASE)
_EACH_PHASE = re.compile(r"(?:mỗi|từng)\s+giai đoạn|(?:mỗi|từng)\s+đợt", re.IGNORECASE)
_EACH_UNIT = re.compile(
    r"mỗi\s+(?:CĐCS|công đoàn cơ sở|đơn vị|công đoàn|đoàn viên|người|tổ|cán bộ|năm|quý|tháng|CNVCLĐ|doanh nghiệp|LĐLĐ|xã|phường|cá nhân|tác giả|"
    r"chuyền|phân xưởng|bộ phận|phòng|ban|khoa|trường|bệnh viện|cụm|NLĐ|CNLĐ|đồng chí)\b|"
    r"(?:hằng|hàng) (?:năm|quý|tháng)",
    re.IGNORECASE,
)


def read(paragraphs: list[Paragraph], segments: list[Segment], title: str | None) -> tuple[list[Item], list[Unread]]:
    """Targets in the order of the paper, and numbers that look like one but could not be understood."""
    places = _Places(segments)
    found: list[Item] = []
    unread: list[Unread] = []
    seen: set[Any] = set()
    in_aims, scanned = False, 0
    for paragraph in paragraphs:
        words = bare(paragraph.text)
        if len(words) < 90 and (paragraph.level <= 1 or words.isupper()):
            in_aims = bool(_AIMS.search(text.fold(words))) or (in_aims and paragraph.level > 0 and not words.isupper())
        if not any(c.isdigit() for c in paragraph.text) or (title and paragraph.text.strip(" .") in title):
            continue
        is_meant = in_aims or places.is_phase(paragraph)
        for amount in amounts.scan(paragraph.text, paragraph.text.find(words[:20])):
            scanned += 1
            if scanned > _MOST:
                return found, unread
            clause = _clause(paragraph.text, amount)
            code = _code(amount, clause, is_meant=is_meant)
            if code is None:
                is_size = _is_size(amount, text.fold(clause))
                if _is_strong(amount) and not is_size and not _NO_GOAL.match(text.fold(amount.noun).strip()):
                    unread.append((paragraph.source_at(amount.number_at), amount.written))
                continue
            item = _item(paragraph, places, amount, code, clause)
            key = (code, item["phase"], str(item["value"]), item["unit"], item["period"])
            if key not in seen:
                seen.add(key)
                found.append(item)
    return found, unread


class _Places:
    """Which phase a place of the paper speaks of."""

    def __init__(self, segments: list[Segment]) -> None:
        self.names = {key_of(s.phase["name"]): s.phase["name"] for s in reversed(segments)}
        self.stretches: dict[int, list[tuple[int, int, str]]] = {}
        for segment in segments:
            for paragraph, start, end in segment.stretches:
                self.stretches.setdefault(id(paragraph), []).append((start, end, segment.phase["name"]))
        for stretches in self.stretches.values():
            stretches.sort()

    def is_phase(self, paragraph: Paragraph) -> bool:
        return id(paragraph) in self.stretches

    def phase(self, paragraph: Paragraph, clause: str, start: int) -> str | None:
        own = self.stretches.get(id(paragraph), [])
        at = bisect_right(own, start, key=lambda stretch: stretch[0]) - 1
        if at >= 0 and start < own[at][1]:
            return own[at][2]
        mentions = list(NAMED.finditer(clause + " "))
        return self.names.get(key_of(mentions[-1]["name"])) if mentions else None


def _clause(content: str, amount: Amount) -> str:
    """The words before a number, back to the last full stop or semicolon."""
    return re.split(r"[.;](?!\d)|\|", before(content, amount.start))[-1]


def _is_strong(amount: Amount) -> bool:
    return any(word in amount.lead for word in (*_STRONG, "phấn đấu", "chỉ tiêu", "mục tiêu")) or bool(amount.after)


def _code(amount: Amount, clause: str, *, is_meant: bool) -> str | None:
    """Which indicator a number is a goal of; None when it is none."""
    noun = text.fold(amount.noun).strip()
    lead = text.fold(clause)
    if (_PAST.search(lead[-90:]) and not _is_strong(amount)) or _is_size(amount, lead):
        return None
    if amount.is_percent:
        return _percent_of(amount, noun, lead, is_meant=is_meant)
    if not re.match(r"\w", noun) or noun.startswith("tro len"):
        return _counted_before(amount, lead)
    if _TITLE.search(lead):
        return None  # "Chương trình 01 triệu sáng kiến" is a name
    if noun.startswith(("dong", "vnd")):
        is_benefit = re.search(r"lam loi|gia tri|tiet kiem", lead[-120:]) and (
            amount.lead.strip() or _GOAL.search(lead)
        )
        return "benefit" if is_benefit else None
    for code, pattern, needs in _COUNTED:
        if re.match(pattern, noun) and re.search(needs, f"{_nearest(lead)} {noun}"):
            return (
                _whole_or_part(code, lead, noun)
                if _is_goal(amount, f"{lead} {noun}", is_meant=is_meant or lead.rstrip().endswith(":"))
                else None
            )
    is_meant = is_meant and bool(_ACTION.search(lead[-80:]))
    is_other = (is_meant or any(word in amount.lead for word in _STRONG)) and not _NO_GOAL.match(noun)
    return "other" if is_other and len(noun.split()[0]) > 1 else None


# What a section of aims orders besides the indicators it is known by.
_ACTION = re.compile(
    r"\b(?:tang|tham|ho tro|trao|xay dung|to chuc|tap huan|tuyen truyen|boi duong|mo|cap phat|gioi thieu)\b[^.;]*$"
)
_VERBS = re.compile(r"ket nap|phat trien|thanh lap|cham lo|\btet\b|ky ket|to chuc")
_SIZE = re.compile(
    r"(?:doanh nghiep|don vi|cdcs|cong doan co so|cong ty|co so)[^,.;]{0,20}\b(?:co|su dung)\s+(?:tu|tren|duoi|it nhat)?\s*$"
)


def _nearest(lead: str) -> str:
    """The last part of a clause that has a verb of its own: 'kết nạp 500 …, thành lập 05 CĐCS …'."""
    own = lead.rsplit(",", maxsplit=1)[-1]
    return own if _VERBS.search(own) else lead


def _is_size(amount: Amount, lead: str) -> bool:
    """'doanh nghiệp có từ 25 lao động trở lên': how large a unit is, no goal."""
    return "lao dong" in text.fold(amount.noun)[:20] and bool(_SIZE.search(f"{lead}{text.fold(amount.lead)}"))


def _is_goal(amount: Amount, words: str, *, is_meant: bool) -> bool:
    is_given = re.search(r"(?:thu hut|cua|cho|tren tong so|voi)\s*$", words[:0] or "") is not None
    return not is_given and bool(
        amount.lead.strip() or amount.after or is_meant or "tro len" in words or _GOAL.search(words)
    )


def _counted_before(amount: Amount, lead: str) -> str | None:
    """'Số lượng sáng kiến: 500', 'Sáng kiến đăng ký đạt 350': what is counted stands before the number."""
    own = re.split(r",", lead)[-1]
    if re.search(r"chi tieu khac\s*:", own):
        return "other"
    for code, pattern, needs in _COUNTED:
        match = re.search(rf"(?:^|\W)(?:so\s+(?:luong\s+)?)?{pattern}", own)
        is_near = match and len(own) - match.end() < 40 and not re.search(r"\d", own[match.end() :])
        if is_near and re.search(needs, own) and (amount.lead.strip() or own.rstrip().endswith((":", "-"))):
            return code
    return None


def _whole_or_part(code: str, lead: str, noun: str) -> str:
    """'trong đó không dưới 05 sáng kiến cấp Tổng công ty' is a part with its own condition."""
    is_part = re.search(r"trong do\s*[^;:]*$", lead[-60:])
    return (
        "other" if code == "initiatives" and is_part and re.match(r"\S+ \S+\s+(?:cap|duoc|cua|loai)\b", noun) else code
    )


def _percent_of(amount: Amount, noun: str, lead: str, *, is_meant: bool) -> str | None:
    """Which indicator a percentage is of; None when it is no target at all."""
    if re.search(r"(?:so voi|chiem|da dat|hien dat)(?: it nhat| tren| toi thieu)?\s*$", lead.rstrip()):
        return None
    if re.search(r"(?:tang|giam)(?: them)?(?: it nhat| tren| toi thieu| tu)?\s*$", lead.rstrip()) or noun.startswith(
        "so voi"
    ):
        return "other" if _is_strong(amount) or re.search(r"phan dau|muc tieu", lead) else None
    if re.match(r"(?:ke hoach|chi tieu|muc tieu|nhiem vu)\b", noun) and not _is_strong(amount):
        return None
    if not re.match(r"\w", noun):
        noun = re.split(r"[,:](?!\s*$)", lead)[-1]  # "Tỷ lệ đoàn viên có sáng kiến đạt 15%"
        if not re.search(r"ty le|so\b", noun) and not is_meant:
            return None
    people, unions = _PEOPLE.search(noun), _UNITS.search(noun)
    is_initiative = bool(re.search(r"sang kien|giai phap|initiative", noun + lead))
    if is_initiative and people and not (unions and unions.start() < people.start() and unions.start() < 20):
        return "participation_rate"
    if unions and unions.start() < 20 and not (people and people.start() < unions.start()):
        return "units_responding"
    return "other" if noun.strip(" ,") else None


def _item(paragraph: Paragraph, places: _Places, amount: Amount, code: str, clause: str) -> Item:
    content = paragraph.text
    phase = places.phase(paragraph, clause, amount.number_at)
    following = content[amount.end : amount.end + max(60, len(amount.noun))].split(";", maxsplit=1)[0]
    words = _counted_words(content, amount, clause)
    compared = amounts.comparator(amount)
    value: Any = plain(amount.value)
    return {
        "indicator": code,
        "comparator": compared,
        "value": value if amount.low is None else [plain(amount.low), value],
        "unit": "percent" if amount.is_percent else "count",
        "phase": phase,
        "period": _period(f"{clause[-160:]} {content[amount.start : amount.end]}", following, phase),
        "phrase": re.sub(r"\s+", " ", words).strip(" ,-–+:"),
        "source": paragraph.source_at(amount.number_at),
    }


def _counted_words(content: str, amount: Amount, clause: str) -> str:
    """The number with the words it counts, as they stand in the paper."""
    if not re.match(r"\W*\w", amount.noun) or amount.noun.strip().startswith("trở lên"):
        return clause.rsplit(",", maxsplit=1)[-1] + content[amount.start : amount.end]
    noun = re.split(r",?\s+(?:cụ thể|trong đó)\b", amount.noun)[0]
    noun = noun if amount.is_percent else re.split(r",\s", noun)[0]
    return content[amount.start : amount.end] + noun[:160].rstrip(" ,")


def _period(clause: str, following: str, phase: str | None) -> str | None:
    clause, following = (_COMPARED.sub("", words) for words in (clause, following))
    around = clause + following
    if match := _EACH_PHASE.search(around):
        return "mỗi giai đoạn" if "giai đoạn" in match.group().lower() else "mỗi đợt"
    units = list(_EACH_UNIT.finditer(clause))
    if units:
        return units[-1].group().lower()
    if quarter := list(_QUARTER.finditer(clause)):
        return None if phase else re.sub(r"^q", "q", quarter[-1].group().replace("Quý", "quý"))
    years = [] if phase else _YEARS.findall(clause) or _YEARS.findall(following)
    if not years:
        return None
    first, second = years[-1]
    return f"{first}–{second}" if second else first
