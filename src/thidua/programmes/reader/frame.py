"""The frame of the paper: number, place and date, issuer, title."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.dates import points, safe
from thidua.programmes.reader.lines import PLAIN, Line, Paragraph, bare

KINDS = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "HƯỚNG DẪN", "THÔNG BÁO", "CÔNG VĂN", "PHÁT ĐỘNG", "PLAN")
NUMBER = re.compile(
    r"(?:Số|No\.)\s*[:.]?\s*(?P<number>\d{1,5}[a-z]?)?[\s.…_]*[/-]\s*"
    r"(?P<symbol>[A-ZĐa-zđ][\wĐđ&]*(?:\s?[-–/]\s?[\wĐđ&]+)*)"
)
_GAPS = r"[\d.…_\s]*"
_PLACE = re.compile(
    rf"(?P<place>[A-ZĐÀ-Ỹ][^,|:/]{{1,40}}?)\s*,\s*(?i:ngày)\s*(?:(?P<short>\d{{1,2}}/\d{{1,2}}/\d{{4}})|"
    rf"(?P<d>{_GAPS})(?i:tháng)(?P<m>{_GAPS})(?i:năm)[\s.…]*(?P<y>\d{{4}})?)"
)
_PLACE_ENGLISH = re.compile(r"(?P<place>[A-Z][\w .]{1,40}),\s*(?P<short>\d{1,2} [A-Z][a-z]+ \d{4})$")
_BODY = r"(?:Ban Thường vụ|Ban Chấp hành|BTV|BCH|Ban thường vụ|Ban chấp hành|Thường trực|Đoàn Chủ tịch)"
_UNION = (
    r"(?:Công đoàn|công đoàn|LĐLĐ|Liên đoàn|liên đoàn|CĐ|CĐCS|Tổng Liên đoàn|Tổng LĐLĐ|Nghiệp đoàn|CÔNG ĐOÀN|LIÊN ĐOÀN)"
)
_ISSUER = re.compile(
    rf"{_BODY}\s+(?P<issuer>{_UNION}\b[^.,;:]{{0,90}}?)"
    r"\s+(?:xây dựng|ban hành|triển khai|tổ chức|phát động|yêu cầu|đề nghị|giao|hướng dẫn|thông báo|lập|đề ra)\b"
)
_ISSUERS_NAME = re.compile(
    r"^(?:TỔNG LIÊN ĐOÀN|TỔNG LĐLĐ|LIÊN ĐOÀN|LĐLĐ|CÔNG ĐOÀN|CĐ|BAN CHẤP HÀNH|BCH|CĐCS|NGHIỆP ĐOÀN|BAN THƯỜNG VỤ|"
    r"GRASSROOTS UNION|TRADE UNION|UNION|VIETNAM GENERAL|FEDERATION)",
    re.I,
)
_NOT_ISSUERS = re.compile(r"cong hoa xa hoi|doc lap|dang cong san|socialist republic|independence|^du thao|^ban thao")


def read(lines: list[Line], paragraphs: list[Paragraph]) -> dict[str, Any]:
    """Scalars of the frame with their sources; absent ones are None."""
    found: dict[str, Any] = dict.fromkeys(("number", "symbol", "issued_on", "place", "issuer", "title", "year"))
    sources: dict[str, Any] = {}
    index = title_line(lines)
    head = lines[: index if index else 25] or lines[:25]
    if index is not None and not any(NUMBER.search(line.text) for line in head):
        head = lines[: index + 15]  # some papers carry the number under the title
    _number(head, found, sources)
    _place(head, found, sources)
    _title(lines, found, sources)
    _issuer(lines, paragraphs, found, sources)
    found["sources"] = sources
    return found


def _cells(head: list[Line]) -> list[tuple[str, Line]]:
    return [(cell, line) for line in head for cell in (line.cells or (line.text,)) if cell]


def _number(head: list[Line], found: dict[str, Any], sources: dict[str, Any]) -> None:
    whole = [(line.text, line) for line in head if len(line.cells) > 1]  # "Số:      /KH-LĐLĐ" out of a PDF
    for cell, line in [*_cells(head), *whole]:
        if match := NUMBER.search(cell):
            digits = re.sub(r"\D", "", match["number"] or "")
            found["suffix"] = (match["number"] or "").removeprefix(digits)
            found["number"] = int(digits) if digits else None
            found["symbol"] = re.sub(r"\s*([-–/])\s*", r"\1", match["symbol"]).replace("–", "-").strip()
            sources["number"] = sources["symbol"] = line.source
            return


def _place(head: list[Line], found: dict[str, Any], sources: dict[str, Any]) -> None:
    """Place and date stand in one cell, or are broken over up to three lines."""
    cells = [(NUMBER.sub("", cell).strip(), line) for cell, line in _cells(head)]
    found_at: tuple[int, int, re.Match[str]] | None = None
    for size in (1, 2, 3):
        for start in range(len(cells) - size + 1):
            words = " ".join(cell for cell, _line in cells[start : start + size])
            match = _PLACE.search(words) or _PLACE_ENGLISH.search(words)
            # "…, ngày 15 tháng 02 năm" / "2022": a whole date before one that breaks off.
            if match and (found_at is None or (_issued(match) and not _issued(found_at[2]))):
                found_at = (start, size, match)
    if found_at is None:
        return
    start, size, match = found_at
    found["place"] = _whole_place(cells, start, match["place"].strip(" |"))
    found["issued_on"] = _issued(match)
    year = match.groupdict().get("y")
    found["year"] = int(year) if year else None
    sources["place"] = cells[start][1].source
    sources["issued_on"] = cells[start + size - 1][1].source


def _whole_place(cells: list[tuple[str, Line]], start: int, place: str) -> str:
    """'Khánh' / 'Sơn, ngày …': a place broken over two lines."""
    before, line = cells[start - 1] if start else ("", None)
    follows = line is not None and cells[start][1].number == line.number + 1
    is_part = re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)?", before) and before.istitle()
    return f"{before} {place}" if follows and is_part else place


def _issued(match: re.Match[str]) -> date | None:
    if match["short"]:
        marks = points(match["short"], None, None)
        return marks[0].first if marks else None
    parts = [re.sub(r"\D", "", match[name] or "") for name in ("y", "m", "d")]
    return safe(*(int(part) for part in parts)) if all(parts) else None


def title_line(lines: list[Line]) -> int | None:
    """The index of the line that names the kind of paper."""
    for index, line in enumerate(lines[:40]):
        words = line.text.strip(" |:.")
        squeezed = re.sub(r"(?<=\b\w)\s(?=\w\b)", "", words)  # "K Ế   H O Ạ C H"
        is_kind = words.upper() in KINDS or squeezed.upper() in ("KẾHOẠCH",)
        is_line = words.isupper() and words.startswith(("KẾ HOẠCH ", "HƯỚNG DẪN ", "THÔNG BÁO "))
        if (is_kind and (words.isupper() or line.is_fresh or index < 15)) or is_line:
            return index
    return None


_OPENERS = re.compile(
    r"^(?:(?:Thực hiện|Triển khai|Hưởng ứng|Tiếp tục) (?:thực hiện )?(?:Kế hoạch|Chỉ thị|Nghị quyết|Công văn|Hướng dẫn|Chương trình|"
    r"Kết luận|Quyết định|Thông tri|chủ trương|sự chỉ đạo)\s+(?:số|công tác|của|\d)|Căn cứ|Nhằm|Để |Trên cơ sở|Kính gửi|"
    r"Pursuant|Thực hiện (?:chức năng|nhiệm vụ)|\(?Ban hành kèm)",
    re.I,
)


def _title(lines: list[Line], found: dict[str, Any], sources: dict[str, Any]) -> None:
    index = title_line(lines)
    if index is None:
        _subject(lines, found, sources)
        return
    own = lines[index].text.strip(" |:.")
    rest = re.sub(r"^(?:KẾ HOẠCH|HƯỚNG DẪN|THÔNG BÁO)\s*", "", own) if own.upper() not in KINDS else ""
    rest = rest if len(rest.split()) > 2 else ""
    first = index if rest else index + 1
    if first >= len(lines):
        return
    parts = [rest or lines[first].text]
    for line in lines[first + 1 : first + 6]:
        if not _title_goes_on(parts, line):
            break
        parts.append(line.text)
    found["title"] = " ".join(parts).strip(" .")
    sources["title"] = lines[first].source


_ABOUT = re.compile(r"^\(?(?:V/v|Về việc|Về)\b\s*:?\s*(?P<subject>.+)$", re.I)


def _subject(lines: list[Line], found: dict[str, Any], sources: dict[str, Any]) -> None:
    """The subject of a letter: "V/v …" below its number, up to the next cell or empty line."""
    for index, line in enumerate(lines[:25]):
        match = next((m for cell in line.cells or (line.text,) if (m := _ABOUT.match(cell))), None)
        if match is None:
            continue
        parts = [match["subject"]]
        for other in lines[index + 1 : index + 4]:
            if other.is_fresh or _PLACE.search(other.text) or other.text.startswith("Kính gửi"):
                break
            parts.append(other.cells[0] if other.cells else other.text)
        found["title"], sources["title"] = " ".join(parts).strip(" ."), line.source
        return


def _title_goes_on(parts: list[str], line: Line) -> bool:
    last = parts[-1]
    if _OPENERS.match(line.text) or line.level <= 3 or len(" ".join(parts)) > 400 or last.endswith((".", ";", ":")):
        return False
    if line.text[0].islower() or line.text[0] in "“(" or last.endswith((",", "-", "–")):
        return True
    if line.is_fresh:
        return False
    return len(line.text) < 110 and (line.text.isupper() or (not last.isupper() and not line.text.endswith((".", ":"))))


def _issuer(lines: list[Line], paragraphs: list[Paragraph], found: dict[str, Any], sources: dict[str, Any]) -> None:
    index = title_line(lines) or 0
    names = _names(lines[: index or 12])
    if names:
        # The superior stands over the issuer: the last name is the issuer's.
        found["issuer"], sources["issuer"] = names[-1]
        return
    for paragraph in paragraphs[:60]:
        if paragraph.number > (lines[index].number if lines else 0) and (match := _ISSUER.search(paragraph.text)):
            found["issuer"] = match["issuer"].strip()
            sources["issuer"] = paragraph.source_at(match.start())
            return


def _names(head: list[Line]) -> list[tuple[str, dict[str, Any]]]:
    """Names of unions over the number, each joined from the lines it is broken over."""
    names: list[tuple[str, dict[str, Any]]] = []
    for line in head:
        if NUMBER.search(line.text):
            break
        for cell in line.cells or (line.text,):
            words = _without_motto(cell).strip(" -_*|")
            if not re.search(r"[^\W\d_]{2}", words) or _NOT_ISSUERS.search(text.fold(words)) or _PLACE.search(words):
                continue
            is_new = (words == "TỔNG" or bool(_ISSUERS_NAME.match(words))) and not (
                names and names[-1][0].upper() in _BEGUN
            )
            if is_new:
                names.append((words, line.source))
            elif names and words.isupper():
                names[-1] = (f"{names[-1][0]} {words}", names[-1][1])
    return names


_BEGUN = ("TỔNG", "TỔNG LIÊN ĐOÀN", "LIÊN ĐOÀN", "BAN CHẤP HÀNH", "BAN THƯỜNG VỤ", "BCH", "BTV")


def _without_motto(cell: str) -> str:
    return re.split(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI|Độc lập\s*[-–]|ĐẢNG CỘNG SẢN|SOCIALIST REPUBLIC", cell)[0]


_AIMS = re.compile(r"muc dich|y nghia")
_MOST_AIMS = 40


def aims(paragraphs: list[Paragraph]) -> list[str]:
    """The lines of "MỤC ĐÍCH, YÊU CẦU", sub-headings (`1. Mục đích`) with their number, others without their mark."""
    found: list[str] = []
    inside: int | None = None
    for paragraph in paragraphs:
        words = bare(paragraph.text)
        is_heading = len(words) < 60 and not paragraph.text.endswith((".", ";", ",", ":"))
        if inside is None:
            is_title = is_heading and paragraph.level <= 1 and _AIMS.match(text.fold(words))
            inside = paragraph.level if is_title else None
            continue
        if paragraph.level <= inside or (is_heading and words.isupper()):
            break
        found.append(paragraph.text if is_heading and paragraph.level < PLAIN else words)
        if len(found) > _MOST_AIMS:
            break
    return found
