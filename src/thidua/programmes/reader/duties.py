"""Who has to do what, by when, how often: the section on organisation, and orders elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.dates import Point, day_of, points
from thidua.programmes.reader.lines import PLAIN, Paragraph, bare, before, masked
from thidua.programmes.reader.phases import Segment

_BODY = re.compile(
    r"^(?:Các|Ban|LĐLĐ|LDLD|Liên đoàn|Công đoàn|CĐ|CĐCS|CDCS|Tổng|BCH|BTV|UBKT|Ủy ban|Uỷ ban|Ủy viên|Uỷ viên|Văn phòng|Đề nghị|Thủ trưởng|"
    r"Hội đồng|Tổ|Cụm|Khối|Đơn vị|Thường trực|Đoàn viên|Từng|Mỗi|Trung tâm|Báo|Chủ tịch|Phó|Cấp|Giao|Ngành|Trưởng|Nhà|Người|Đồng chí|Phòng|"
    r"Trường|Cơ quan|Đối với|The|Each|All|Heads?|Ban Giám đốc|Giám đốc|Lãnh đạo|Bộ phận|Nghiệp đoàn)\b"
)
_VERB = re.compile(
    r"(?:\s|^)(?:chủ trì|chủ động|xây dựng|tổ chức|triển khai|phối hợp|tham mưu|báo cáo|có trách nhiệm|chịu trách nhiệm|căn cứ|kịp thời|hướng dẫn|"
    r"thực hiện|tuyên truyền|phát động|đăng ký|gửi|nộp|tiếp tục|theo dõi|đôn đốc|tổng hợp|chỉ đạo|quán triệt|phổ biến|vận động|lựa chọn|bố trí|"
    r"định kỳ|thường xuyên|tập trung|đẩy mạnh|nghiên cứu|rà soát|sơ kết|xét|đề xuất|phân công|thành lập|có|cụ thể hóa|cụ thể hoá|giám sát|"
    r"kiểm tra|tích cực|tạo điều kiện|quan tâm|hưởng ứng|cử|bảo đảm|đảm bảo|tăng cường|là đầu mối|làm đầu mối|giúp|khen thưởng|tham gia|"
    r"reports?|reviews?|organises?|submits?|shall)(?=[\s,.;]|$)"
)
_WHEN = re.compile(r"^(?P<when>(?:Sau|Trước|Định kỳ|Hằng|Hàng|Cuối|Kết thúc)\s[^,]{2,50}),\s*(?P<rest>.+)$")
_DUE = re.compile(
    r"(?:trước|chậm nhất(?:\s+là)?|muộn nhất(?:\s+là)?|xong(?:\s+trước)?|đến hết|hạn(?:\s+cuối)?|thời hạn|hoàn thành|before|by)\s*:?\s*"
    r"(?:vào\s+)?(?:\d{1,2}\s*(?:h|giờ)\s*\d{0,2},?\s*)?(?:hết\s+)?(?:ngày\s+)?$",
    re.I,
)
_RECURRING = re.compile(
    r"((?:định kỳ\s+)?(?:(?:trước|vào)\s+)?(?:ngày\s+)?\d{1,2}(?:/\d{1,2})?\s+(?:hằng|hàng)\s+(?:tháng|quý|năm)|(?:hằng|hàng)\s+(?:tháng|quý|năm|tuần)|định kỳ(?:\s+(?:hằng|hàng)?\s*"
    r"(?:tháng|quý|6 tháng|năm))?|sau (?:mỗi|từng|khi kết thúc mỗi) (?:đợt|giai đoạn)(?:\s+thi đua)?|mỗi (?:tháng|quý|tuần)|"
    r"6 tháng,?\s*(?:một|01) (?:năm|lần)|after each phase)",
    re.I,
)
# A day or rhythm added behind the sentence is kept as such, not as words of the duty.
_LIMIT = re.compile(
    r"[.;,]?\s*\(?(?:Thời hạn|Thời gian)(?: hoàn thành| thực hiện)?\s*:?\s*(?:trước\s+)?(?:ngày\s+)?\d{1,2}/\d{1,2}/\d{4}\)?$",
    re.I,
)
_OFTEN = re.compile(rf"\s*\({_RECURRING.pattern}\)$", re.I)
_WILL = re.compile(
    r"(?P<who>(?:LĐLĐ|Liên đoàn|Công đoàn|CĐ|Tổng Liên đoàn)[^.;,()“]{0,50}?)\s+sẽ\s+(?P<text>[^.;()]{8,200})"
)
_TROUBLE = re.compile(r"(?:khó khăn|vướng mắc)[^.]*(?:phản ánh|báo cáo|kiến nghị|liên hệ|trao đổi)", re.I)
_REQUEST = re.compile(
    r"đề nghị\s+(?P<who>(?:các\s+)?[^,.;:]{3,80}?)\s+(?P<text>(?:triển khai|nghiêm túc|tổ chức|thực hiện|tạo điều kiện|quan tâm|phối hợp|chỉ đạo)"
    r"[^.;]*)",
    re.I,
)
_ORGANISATION = re.compile(
    r"to chuc thuc hien|to chuc trien khai|phan cong|trach nhiem|thuc hien ke hoach|implementation"
)
_NO_DUTY = re.compile(r"^(?:tren day la|ke hoach nay|huong dan nay|van ban nay|noi nhan|rat mong|ky kem|kem theo|luu)")
_END = re.compile(r"^(?:noi nhan|noi gui|recipients|phu luc|annex)\b")
_CONNECT = re.compile(r"^(?:và|thì|là)\s+", re.I)


@dataclass
class _Walk:
    """Where the reading of a paper stands: the section, and the body a heading names."""

    year: int | None
    issued_on: date | None
    found: list[dict[str, Any]] = field(default_factory=list)
    section: int | None = None
    who: str = ""
    who_level: int = PLAIN


def read(
    paragraphs: list[Paragraph], segments: list[Segment], year: int | None, issued_on: date | None
) -> list[dict[str, Any]]:
    """Duties in the order of the paper."""
    spoken = {id(paragraph) for s in segments for paragraph, _start, _end in s.stretches}
    walk = _Walk(year, issued_on)
    for at, paragraph in enumerate(paragraphs):
        folded = text.fold(paragraph.text)
        if _END.match(folded):
            break
        if _is_heading(paragraph, walk):
            walk.section = paragraph.level if _ORGANISATION.search(folded) else None
            walk.who = ""
            continue
        _anywhere(walk, paragraph)
        if _is_trouble(walk, paragraph) or id(paragraph) in spoken or _NO_DUTY.match(folded):
            continue
        if walk.section is None:
            _ordered(walk, paragraph)
            continue
        following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        _take(walk, paragraph, following)
    return walk.found


def of_sentences(paragraphs: list[Paragraph], who: str = "") -> list[dict[str, Any]]:
    """Duties of single paragraphs of the section, below the name of a body or without one."""
    walk = _Walk(None, None, section=0, who=who, who_level=0 if who else PLAIN)
    for paragraph in paragraphs:
        if who:
            _add(walk, who, bare(paragraph.text), paragraph, 0)
        else:
            _take(walk, paragraph, None)
    return walk.found


def _is_heading(paragraph: Paragraph, walk: _Walk) -> bool:
    """A heading of the outer numbering; inside the section, one that stands as high as its own."""
    content = paragraph.text
    words = bare(content)
    if len(content) > 120 or content.endswith((";", ",")) or paragraph.lines[0].is_table:
        return False
    if words.isupper() and len(words) > 6:
        return True
    if walk.section is not None and walk.section < PLAIN:
        return paragraph.level <= walk.section
    is_numbered = paragraph.level <= 1 and len(words) < 70 and not content.endswith(".")
    return is_numbered and (paragraph.level == 0 or bool(_ORGANISATION.match(text.fold(words))))


def _anywhere(walk: _Walk, paragraph: Paragraph) -> None:
    for match in _WILL.finditer(masked(paragraph.text)):
        _add(walk, match["who"].strip(), match["text"], paragraph, match.start())


def _ordered(walk: _Walk, paragraph: Paragraph) -> None:
    """Outside the section: what a named body has to do by a day."""
    who, words = _parted(bare(paragraph.text))
    if not _due_points(words, walk) or not _VERB.search(words):
        return
    is_sent = re.search(r"\b(?:gửi|nộp|báo cáo|đăng ký|hoàn thành|submit)\b", words)
    if is_sent or (who and not who.startswith(("Mỗi", "Từng"))):  # "Mỗi CĐCS có ít nhất …" is a target
        _add(walk, who or "Các đơn vị", words, paragraph, 0)


def _is_trouble(walk: _Walk, paragraph: Paragraph) -> bool:
    """The closing sentence on difficulties speaks to every unit."""
    match = _TROUBLE.search(paragraph.text)
    if match is None:
        return False
    start = max((m.end() for m in re.finditer(r"\.\s+", paragraph.text[: match.start()])), default=0)
    sentence = re.split(r"(?<=[^\d])\.\s", paragraph.text[start:])[0].removesuffix("./.")
    _add(walk, "Các đơn vị", bare(sentence), paragraph, start)
    return True


def _take(walk: _Walk, paragraph: Paragraph, following: Paragraph | None) -> None:
    """A paragraph of the section: a body that following ones speak to, or a duty of its own."""
    content = bare(paragraph.text)
    if paragraph.level <= walk.who_level and walk.who and paragraph.level < PLAIN:
        walk.who = ""
    if _names_whom(walk, paragraph, content, following):
        return
    if walk.who and walk.who_level < paragraph.level < PLAIN:
        _add(walk, walk.who, content, paragraph, 0)
        return
    if request := _REQUEST.search(content):
        _add(walk, request["who"], request["text"], paragraph, 0)
        return
    who, words = _parted(content)
    if walk.who and paragraph.level == PLAIN:
        _add(walk, walk.who, content, paragraph, 0)
    elif who:
        if paragraph.level < PLAIN:
            walk.who, walk.who_level = who, paragraph.level
        _add(walk, who, words, paragraph, 0)
    elif walk.found and walk.found[-1]["source"] != paragraph.lines[0].source and paragraph.level < PLAIN:
        _add(walk, "Các đơn vị", content, paragraph, 0)


def _names_whom(walk: _Walk, paragraph: Paragraph, content: str, following: Paragraph | None) -> bool:
    """`1. Công đoàn cơ sở:` or a line without a verb above deeper ones."""
    if len(content) > 220:
        return False
    is_open = content.endswith(":")
    is_above = (
        following is not None
        and paragraph.level < PLAIN
        and (following.level > paragraph.level)
        and not content.endswith((".", ";", ","))
        and not _REQUEST.search(content)
    )
    if not is_open and not is_above:
        return False
    subject = _subject(content.rstrip(": "))
    if is_above and not is_open and subject != content.strip():
        return False
    if subject:
        walk.who, walk.who_level = subject, paragraph.level
        return True
    return is_open


def _parted(content: str) -> tuple[str, str]:
    """Who a sentence speaks to and what it says; ('', …) when it begins with something else."""
    head, colon, rest = content.partition(":")
    if colon and rest.strip() and len(head) < 160 and _BODY.match(_capital(head)) and not _VERB.search(head):
        return head.strip(), rest.strip()
    if colon and rest.strip() and _BODY.match(_capital(head)) and "(" in head and len(head) < 160:
        return head.strip(), rest.strip()
    when = _WHEN.match(content)
    return _subject(when["rest"] if when else content), content


def _capital(content: str) -> str:
    return content[:1].upper() + content[1:]


def _subject(content: str) -> str:
    """The body a sentence begins with, up to its verb; '' when it begins with something else."""
    own = re.sub(r"^(?:Giao(?:\s+cho)?|Đề nghị|Đối với)\s+", "", content)
    if not _BODY.match(_capital(own)):
        return ""
    verb = _VERB.search(own)
    subject = own[: verb.start()] if verb else own
    # "Các LĐLĐ huyện và Công đoàn ngành, căn cứ …": what follows the last comma may be the sentence's own.
    return subject.strip(" ,:.;") if 3 < len(subject.strip()) < 200 else ""


def _add(walk: _Walk, who: str, said: str, paragraph: Paragraph, offset: int) -> None:
    """One duty, or one for each of its days."""
    for part in _by_days(said.strip(" ,;./"), walk):
        if len(part) < 8:
            continue
        place = paragraph.text.find(part[:40], offset)
        recurring = _RECURRING.search(masked(part))
        due_on = _due(part, walk)
        words = _OFTEN.sub("", _LIMIT.sub("", part) if due_on else part)
        walk.found.append(
            {
                "who": who.strip(),
                "text": words,
                "due_on": due_on,
                "recurring": recurring.group().strip() if recurring else None,
                "source": paragraph.source_at(place if place >= 0 else offset),
            }
        )


def _by_days(words: str, walk: _Walk) -> list[str]:
    """'… trước ngày 25/5/2022; … trước ngày 20/8/2023' orders two things."""
    days = _due_points(words, walk)
    if len(days) < 2:
        return [words]
    cuts = []
    for one, other in zip(days, days[1:], strict=False):
        between = words[one.end : other.start]
        cut = next((between.rfind(mark) for mark in (";", ",", " và ") if mark in between), -1)
        if cut >= 0:
            cuts.append(one.end + cut)
    pieces = [words[a:b].strip(" ,;.") for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    return [_CONNECT.sub("", piece) for piece in pieces]


def _due_points(words: str, walk: _Walk) -> list[Point]:
    return [
        point
        for point in points(words, walk.year, walk.issued_on)
        if _DUE.search(before(words, point.start, 80))
        and point.kind not in ("now", "baremonth", "year")
        and not re.match(r"\s*(?:hằng|hàng)", words[point.end :])
    ]


def _due(words: str, walk: _Walk) -> str | None:
    for point in _due_points(words, walk):
        named = [p.first.year for p in points(words, None, None) if p.first and p.kind not in ("now",)]
        day = day_of(point, named[0] if named else walk.year)
        if day:
            return day.isoformat()
    return None
