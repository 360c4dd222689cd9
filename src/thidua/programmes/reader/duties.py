"""Who has to do what, by when, how often: the section on organisation, and orders elsewhere."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.dates import points
from thidua.programmes.reader.lines import Paragraph, bare
from thidua.programmes.reader.phases import Segment

_BODY = re.compile(
    r"^(?:Các|Ban|LĐLĐ|Liên đoàn|Công đoàn|CĐ|CĐCS|Tổng|BCH|BTV|UBKT|Ủy ban|Uỷ ban|Văn phòng|Đề nghị|Thủ trưởng|Hội đồng|Tổ|Cụm|Khối|"
    r"Đơn vị|Thường trực|Đoàn viên|Từng|Mỗi|Trung tâm|Báo|Chủ tịch|Cấp)\b"
)
_VERB = re.compile(
    r"\s(?:chủ trì|chủ động|xây dựng|tổ chức|triển khai|phối hợp|tham mưu|báo cáo|có trách nhiệm|căn cứ|kịp thời|hướng dẫn|thực hiện|"
    r"tuyên truyền|phát động|đăng ký|gửi|tiếp tục|theo dõi|đôn đốc|tổng hợp|chỉ đạo|quán triệt|phổ biến|vận động|lựa chọn|bố trí|"
    r"định kỳ|thường xuyên|tập trung|đẩy mạnh|nghiên cứu|rà soát|sơ kết|xét|đề xuất|phân công|thành lập|có)[\s,]"
)
_WHEN = re.compile(r"^(?P<when>(?:Sau|Trước|Định kỳ|Hằng|Hàng|Cuối|Kết thúc)\s[^,]{2,50}),\s*(?P<rest>.+)$")
_DUE = re.compile(r"(?:trước|chậm nhất(?:\s+là)?|xong(?:\s+trước)?|đến hết|hạn(?:\s+cuối)?)\s*:?\s*(?:ngày\s+)?$", re.I)
_RECURRING = re.compile(
    r"((?:trước\s+)?ngày\s+\d{1,2}\s+(?:hằng|hàng)\s+(?:tháng|quý)|(?:hằng|hàng)\s+(?:tháng|quý|năm|tuần)|định kỳ(?:\s+(?:hằng|hàng)?\s*"
    r"(?:tháng|quý|6 tháng|năm))?|sau mỗi (?:đợt|giai đoạn)(?:\s+thi đua)?|mỗi (?:tháng|quý|tuần)|6 tháng,?\s*(?:một|01) (?:năm|lần))",
    re.I,
)
_WILL = re.compile(
    r"(?P<who>(?:LĐLĐ|Liên đoàn|Công đoàn|CĐ|Tổng Liên đoàn)[^.;,()“]{0,50}?)\s+sẽ\s+(?P<text>[^.;()]{8,200})"
)
_TROUBLE = re.compile(r"[^.]*(?:khó khăn|vướng mắc)[^.]*(?:phản ánh|báo cáo|kiến nghị|liên hệ|trao đổi)[^.]*", re.I)
_REQUEST = re.compile(
    r"đề nghị\s+(?P<who>(?:các\s+)?[^,.;]{3,80}?)\s+(?P<text>(?:triển khai|nghiêm túc|tổ chức|thực hiện)[^.;]*)", re.I
)
_HEADING = re.compile(
    r"^(?:[IVX]+\s*[.)]?|Phần\s+\w+\s*[.:]?|Điều\s+\d+\s*[.:]?|\d+\s*[.)]|Chương\s+\w+\s*[.:]?)?\s*(?P<words>.+)$"
)


def read(
    paragraphs: list[Paragraph], segments: list[Segment], year: int | None, issued_on: date | None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    spoken = {id(paragraph) for s in segments for paragraph, _start, _end in s.stretches}
    inside, who = False, ""
    for paragraph in paragraphs:
        folded = text.fold(paragraph.text)
        if _is_heading(paragraph.text):
            inside = "to chuc thuc hien" in folded or "phan cong" in folded or "trach nhiem" in folded
            who = ""
            continue
        if folded.startswith("noi nhan"):
            break
        for match in _WILL.finditer(paragraph.text):
            _add(found, match["who"].strip(), match["text"], paragraph, match.start(), year, issued_on)
        if trouble := _TROUBLE.search(paragraph.text):
            _add(found, "Các đơn vị", trouble.group().strip(), paragraph, trouble.start(), year, issued_on)
            continue
        if not inside or id(paragraph) in spoken:
            continue
        who = _take(found, paragraph, who, year, issued_on)
    return found


def _is_heading(content: str) -> bool:
    words = _HEADING.match(content)
    return words is not None and len(content) < 90 and words["words"].isupper() and any(c.isalpha() for c in content)


def _take(found: list[dict[str, Any]], paragraph: Paragraph, who: str, year: int | None, issued_on: date | None) -> str:
    """Add the duty of a paragraph; gives who the following bullets speak to."""
    content = bare(paragraph.text)
    is_bullet = bool(re.match(r"^\s*[-–—+•●*]", paragraph.text))
    if content.endswith(":"):
        subject = _subject(content.rstrip(": "))
        return subject if subject else ("" if not is_bullet else who)
    when = _WHEN.match(content)
    body = when["rest"] if when else content
    subject = _subject(body)
    if request := _REQUEST.search(content):
        _add(found, request["who"], request["text"], paragraph, 0, year, issued_on)
        return who
    if is_bullet and who:
        _add(found, who, content, paragraph, 0, year, issued_on)
    elif subject and not (is_bullet and not _has_verb(body)):
        _add(found, subject, content, paragraph, 0, year, issued_on)
        return subject if not is_bullet else who
    elif who:
        _add(found, who, content, paragraph, 0, year, issued_on)
    return who


def _has_verb(content: str) -> bool:
    return bool(_VERB.search(content))


def _subject(content: str) -> str:
    """The body a sentence begins with, up to its verb; '' when it begins with something else."""
    capital = content[:1].upper() + content[1:]
    if not _BODY.match(capital):
        return ""
    verb = _VERB.search(content)
    subject = content[: verb.start()] if verb else content
    return subject.strip(" ,:") if len(subject) < 200 else ""


def _add(
    found: list[dict[str, Any]],
    who: str,
    words: str,
    paragraph: Paragraph,
    offset: int,
    year: int | None,
    issued_on: date | None,
) -> None:
    words = words.strip(" ,;./")
    if len(words) < 8:
        return
    recurring = _RECURRING.search(words)
    found.append(
        {
            "who": who.strip(),
            "text": words,
            "due_on": _due(words, year, issued_on),
            "recurring": recurring.group().strip() if recurring else None,
            "source": paragraph.source_at(offset),
        }
    )


def _due(words: str, year: int | None, issued_on: date | None) -> str | None:
    for point in points(words, year, issued_on):
        if _DUE.search(words[: point.start]) and point.last and point.kind not in ("now", "baremonth"):
            return point.last.isoformat()
    return None
