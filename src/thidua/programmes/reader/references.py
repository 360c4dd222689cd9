"""Papers a plan names: its basis, what it implements, what it is linked to."""

from __future__ import annotations

import re
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.dates import points
from thidua.programmes.reader.lines import Paragraph, before

_KIND = (
    r"Kế hoạch|Chỉ thị|Nghị quyết|Quyết định|Hướng dẫn|Công văn|Chương trình|Kết luận|Thông tri|Nghị định|Luật|Thông báo|"
    r"Thông tư|Đề án|Quy chế|Tờ trình|Văn bản|Plan|Directive|Decision|Guideline"
)
_SYMBOL = r"\d{1,5}[a-z]?(?:/\d{4})?\s?[-/]\s?[A-Za-zĐđ][\wĐđƯư]*(?:[-–/][\wĐđƯư]+)*"
_REFERENCE = re.compile(
    rf"(?P<kind>(?i:{_KIND}))(?P<named>\s+(?:(?!(?i:{_KIND})\b)[^\d;.:“\"()]){{0,60}}?)?\s*(?:(?i:số|No\.)\s*:?\s*)?(?<![\d/])(?P<number>{_SYMBOL})"
    r"(?:,?\s*(?:ban hành\s+)?(?:ngày|dated|on)\s+(?P<date>\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?"
    rf"(?:,?\s*(?:của|of the)\s+(?P<issuer>[^;,.“\"]{{2,90}}?)(?=\s+(?:về|ban hành|triển khai|tổ chức|phát động)\b|\s+và\s+(?:{_KIND})\b|[;,.(“\"]|$))?"
    r"(?:,?\s*(?:về|V/v)\s+(?:việc\s+)?(?P<title>[^;()]{3,260}))?"
)
_PLANS = ("ke hoach", "chuong trinh", "huong dan", "cong van", "plan", "thong bao", "van ban", "guideline")
_FULFILS = re.compile(r"(?:thuc hien|trien khai|huong ung|tiep tuc|pursuant to)\b(?! nhiem vu)")

_CHANGES = re.compile(r"(?:sua doi|bo sung|dieu chinh|thay the|bai bo)[^.;]{0,40}$")


def read(paragraphs: list[Paragraph], own: str) -> list[dict[str, Any]]:
    """Papers named with a number, each with its relation: implements | basis | linked | amends | replaces."""
    found: list[dict[str, Any]] = []
    seen = {own}  # an annex names the paper it belongs to
    for paragraph in paragraphs:
        for match in _REFERENCE.finditer(paragraph.text):
            number = key_of(match["number"])
            if number in seen:
                continue
            seen.add(number)
            kind = match["kind"][0].upper() + match["kind"][1:].lower()
            found.append(
                {
                    "kind": kind,
                    "number": number,
                    "issued_on": _date(match["date"]),
                    "issuer": (match["issuer"] or "").strip() or None,
                    "title": _title(match["title"]),
                    "relation": _relation(paragraph, match),
                    "source": paragraph.source_at(match.start("number")),
                }
            )
    return found


def key_of(written: str) -> str:
    return re.sub(r"\s+", "", written).replace("–", "-")


def _date(written: str | None) -> str | None:
    marks = points(written or "", None, None)
    return marks[0].first.isoformat() if marks and marks[0].first else None


def _title(written: str | None) -> str | None:
    """Up to the sentence's end: what follows is the plan's own."""
    if not written:
        return None
    own = re.split(r"\.\s+(?=[A-ZĐ])|,\s+(?=Ban (?:Thường vụ|Chấp hành)|Đoàn Chủ tịch)", written)[0].strip(" ,.")
    whole = re.fullmatch(r"[“\"]([^“”\"]+)[”\"]", own)
    return (whole.group(1) if whole else own) or None


def _relation(paragraph: Paragraph, match: re.Match[str]) -> str:
    near = text.fold(before(paragraph.text, match.start(), 60))
    if changed := _CHANGES.search(near):
        return "replaces" if changed.group().startswith(("thay", "bai")) else "amends"
    if re.search(r"gan (?:voi|viec)|ket hop|long ghep|dong thoi", near):
        return "linked"
    sentence = re.split(r"\.\s+(?=[A-ZĐ])", before(paragraph.text, match.start(), 900))[-1]
    opening = text.fold(sentence[-900:])
    if re.search(r"can cu|tren co so", opening) and not _FULFILS.search(near):
        return "basis"
    is_plan = text.fold(match["kind"]) in _PLANS
    return "implements" if is_plan and _FULFILS.search(opening) else "basis"
