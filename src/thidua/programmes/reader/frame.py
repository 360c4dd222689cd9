"""The frame of the paper: number, place and date, issuer, title, references, recipients, signature."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.dates import points
from thidua.programmes.reader.lines import Line, Paragraph, bare

KINDS = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "HƯỚNG DẪN", "THÔNG BÁO", "CÔNG VĂN", "PHÁT ĐỘNG")
_NUMBER = re.compile(r"Số\s*[:.]?\s*(?P<number>\d{1,5})?\s*/\s*(?P<symbol>[A-ZĐa-z][\wĐđ]*(?:\s?[-–/]\s?[\wĐđ]+)*)")
_PLACE = re.compile(
    r"(?P<place>[A-ZĐ][^,|]{1,40}),\s*ngày\s*(?P<d>[\d.…]*)\s*tháng\s*(?P<m>[\d.…]*)\s*năm\s*(?P<y>\d{4})?", re.I
)
_ISSUER = re.compile(
    r"(?:Ban Thường vụ|Ban Chấp hành|Ban thường vụ|Thường trực|Đoàn Chủ tịch)\s+(?P<issuer>(?:Công đoàn|LĐLĐ|Liên đoàn|CĐ|Tổng)[^.,;:]{2,90}?)"
    r"\s+(?:xây dựng|ban hành|triển khai|tổ chức|phát động|yêu cầu|đề nghị)"
)
_REFERENCE = re.compile(
    r"(?P<kind>Kế hoạch|Chỉ thị|Nghị quyết|Quyết định|Hướng dẫn|Công văn|Chương trình|Kết luận|Thông tri|Nghị định|Luật)"
    r"\s+(?:số\s*:?\s*)?(?P<number>\d{1,5}\s?[-/][\w/\-–ĐđƯư]*[A-Za-zĐđ][\w\-–/Đđ]*)"
    r"(?:,?\s*(?:ban hành\s+)?ngày\s+(?P<date>\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?"
    r"(?:,?\s+của\s+(?P<issuer>[^;,.“\"]{2,90}?)(?=\s+(?:về|ban hành|triển khai|tổ chức)\b|[;,.(]|$))?"
    r"(?:,?\s+về\s+(?:việc\s+)?(?P<title>[^;()]{3,260}))?",
)
_NOT_ISSUERS = ("cong hoa xa hoi", "doc lap", "dang cong san")
_NAME = re.compile(r"^(?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]+)(?:\s+[A-ZĐÀ-Ỹ][a-zđà-ỹ]*){1,5}$")


def read(lines: list[Line], paragraphs: list[Paragraph]) -> dict[str, Any]:
    """Scalars of the frame with their sources; absent ones are None."""
    found: dict[str, Any] = dict.fromkeys(("number", "symbol", "issued_on", "place", "issuer", "title", "year"))
    sources: dict[str, Any] = {}
    head = lines[:25]
    for line in head:
        if found["symbol"] is None and (match := _NUMBER.search(line.text)):
            found["number"] = int(match["number"]) if match["number"] else None
            found["symbol"] = re.sub(r"\s*[–-]\s*", "-", match["symbol"]).strip()
            sources["number"] = sources["symbol"] = line.source
        if found["place"] is None and (match := _PLACE.search(line.text)):
            found["place"] = match["place"].strip(" |")
            found["issued_on"] = _issued(match)
            found["year"] = int(match["y"]) if match["y"] else None
            sources["place"] = sources["issued_on"] = line.source
    _title(lines, found, sources)
    _issuer(lines, paragraphs, found, sources)
    found["sources"] = sources
    return found


def _issued(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["y"] or 0), int(match["m"] or 0), int(match["d"] or 0))
    except ValueError:
        return None


def title_line(lines: list[Line]) -> int | None:
    """The index of the line that names the kind of paper."""
    for index, line in enumerate(lines[:40]):
        if line.text.strip(" |:.").upper() in KINDS and line.text.upper() == line.text:
            return index
    return None


_OPENERS = re.compile(
    r"^(?:Thực hiện (?:Kế hoạch|Chỉ thị|Nghị quyết|Công văn|Hướng dẫn)|Căn cứ|Nhằm|[IVX]+[.)]|Trên cơ sở)"
)


def _title(lines: list[Line], found: dict[str, Any], sources: dict[str, Any]) -> None:
    index = title_line(lines)
    if index is None or index + 1 >= len(lines):
        return
    first = lines[index + 1]
    parts = [first.text]
    for line in lines[index + 2 : index + 5]:
        before = parts[-1]
        is_rule = not re.search(r"\w", line.text)
        goes_on = line.text[0].islower() or line.text[0] in "“(" or before.endswith((",", "-", "–"))
        if is_rule or _OPENERS.match(line.text) or not goes_on or len(" ".join(parts)) > 400:
            break
        parts.append(line.text)
    found["title"] = " ".join(parts).strip(" .")
    sources["title"] = first.source


def _issuer(lines: list[Line], paragraphs: list[Paragraph], found: dict[str, Any], sources: dict[str, Any]) -> None:
    index = title_line(lines) or 0
    for paragraph in paragraphs:
        if paragraph.number > (lines[index].number if lines else 0) and (match := _ISSUER.search(paragraph.text)):
            found["issuer"] = match["issuer"].strip()
            sources["issuer"] = paragraph.source_at(match.start())
            break
    heading = [
        line
        for line in lines[:index]
        if line.text.isupper() and len(line.text) > 8 and not any(w in text.fold(line.text) for w in _NOT_ISSUERS)
    ]
    if heading:
        # The superior stands over the issuer: the last heading line is the issuer's.
        found["issuer"] = heading[-1].text.strip(" |")
        sources["issuer"] = heading[-1].source


def references(paragraphs: list[Paragraph]) -> list[dict[str, Any]]:
    """Papers named with a number, each with its relation: implements | basis | linked."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    for paragraph in paragraphs:
        for match in _REFERENCE.finditer(paragraph.text):
            number = re.sub(r"\s+", "", match["number"]).replace("–", "-").rstrip(".,;")
            if number in seen:
                continue
            seen.add(number)
            found.append(
                {
                    "kind": match["kind"],
                    "number": number,
                    "issued_on": _reference_date(match["date"]),
                    "issuer": (match["issuer"] or "").strip() or None,
                    "title": (match["title"] or "").strip(' ,.”“"') or None,
                    "relation": _relation(paragraph.text, match),
                    "source": paragraph.source_at(match.start()),
                }
            )
    return found


def _reference_date(written: str | None) -> str | None:
    marks = points(written or "", None, None)
    return marks[0].first.isoformat() if marks and marks[0].first else None


def _relation(paragraph: str, match: re.Match[str]) -> str:
    before = text.fold(paragraph[: match.start()])[-60:]
    if re.search(r"(gan voi|gan viec|ket hop|long ghep|dong thoi)", before):
        return "linked"
    if before.rstrip().endswith("can cu") or "can cu" in before:
        return "basis"
    is_plan = match["kind"] in ("Kế hoạch", "Chương trình", "Hướng dẫn", "Công văn")
    return "implements" if "thuc hien" in before and is_plan else "basis"


def closing(lines: list[Line]) -> dict[str, Any]:
    """Recipients and signature from the end of the paper."""
    start = next((i for i, line in enumerate(lines) if text.fold(line.text).startswith("noi nhan")), None)
    recipients: list[dict[str, Any]] = []
    after: list[Line] = []
    tail = lines[start + 1 :] if start is not None else lines[-8:]
    for line in tail:
        left = line.text.split("|")[0].strip()
        if start is not None and re.match(r"^[-–—+•]\s*\S", left) and not after:
            recipients.append({"text": bare(left).strip(" ;.,"), "source": line.source})
        else:
            after.append(line)
    return {"recipients": recipients, **_signature(after if start is not None else tail), "found": start is not None}


def _signature(lines: list[Line]) -> dict[str, Any]:
    signed: list[Line] = []
    signer: Line | None = None
    for line in lines:
        is_office = re.match(r"^(TM|KT|TL|TUQ|Q)\s*\.", line.text) or re.search(
            r"CHỦ TỊCH|TRƯỞNG BAN|GIÁM ĐỐC", line.text
        )
        if is_office and signer is None:
            signed.append(line)
        elif _NAME.match(line.text.strip(" |")) and signed:
            signer = line
    return {
        "signed_for": " ".join(line.text for line in signed) or None,
        "signed_source": signed[0].source if signed else None,
        "signer": signer.text if signer else None,
        "signer_source": signer.source if signer else None,
    }
