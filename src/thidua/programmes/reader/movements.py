"""Quoted movements, programmes and drives with the people they address."""

from __future__ import annotations

import re
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.lines import QUOTED, Paragraph, masked, quoted

_TRIGGER = re.compile(
    r"phong trào(?:\s+thi đua)?|cuộc vận động|chương trình|hội thi|cuộc thi|thi đua đẩy mạnh|thi đua\b|"
    r"movement|programme|campaign|chiến dịch",
    re.I,
)
_KINDS = {"c": "programme", "p": "movement", "v": "drive"}
_SLOGAN = re.compile(
    r"(?:chủ đề(?:\s+[^“\"]{0,70})?|mục tiêu|khẩu hiệu|phương châm|tinh thần|lời kêu gọi|danh hiệu|giải thưởng|thông điệp|"
    r"của địa phương năm|kế hoạch số\s+\S+[^“\"]{0,20}về)\s*:?\s*$",
    re.I,
)
_CHAIN = re.compile(r"^[\s,;và]*$")
_REACH = 130


def read(paragraphs: list[Paragraph]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    audience = "all"
    for paragraph in paragraphs:
        audience = _audience(paragraph.text, audience)
        last: tuple[int, str] | None = None
        for quote in QUOTED.finditer(paragraph.text):
            before = paragraph.text[: quote.start()]
            kind = _kind(before, last) or _named_after(paragraph.text[quote.end() :])
            last = (quote.end(), kind) if kind else None
            name = quoted(quote).strip(" .,;")
            key = re.sub(r"\W+", " ", text.fold(name)).strip()
            if not kind or len(key) < 6 or any(other == key or other.startswith(f"{key} ") for other in seen):
                continue
            seen.add(key)
            found.append(
                {"name": name, "kind": kind, "audience": audience, "source": paragraph.source_at(quote.start())}
            )
    return found


def _kind(before: str, last: tuple[int, str] | None) -> str:
    """By the last word for a movement before the quotation; '' for slogans and other quotations."""
    if _SLOGAN.search(before[-110:]):
        return ""
    if last and (
        _CHAIN.match(before[last[0] :]) or (_TRIGGER.search(before[last[0] :]) is None and len(before) - last[0] < 25)
    ):
        return last[1]
    stretch = before[-_REACH:]
    triggers = list(_TRIGGER.finditer(stretch))
    if not triggers:
        return ""
    # A full stop between trigger and quotation ends the trigger's reach.
    if re.search(r"[.;!?]\s", stretch[triggers[-1].end() :]):
        return ""
    word = triggers[-1].group().lower()
    if word.startswith(("chương", "programme")):
        return "programme"
    return "drive" if "vận động" in word or word == "campaign" else "movement"


def _named_after(rest: str) -> str:
    """English says it after the name: the “Kaizen for all” movement."""
    match = re.match(r"\s*(?:emulation\s+)?(movement|campaign|programme|program)\b", rest, re.I)
    return {"m": "movement", "c": "drive", "p": "programme"}[match[1][0].lower()] if match else ""


_SECTION = re.compile(r"^(?:[IVX]+|\d+(?:\.\d+)*|Điều \d+|[a-zđ])\s*[.)]", re.I)


def _audience(content: str, current: str) -> str:
    """Whom a paragraph addresses, by its first words; a numbered one opens a new section."""
    head = text.fold(masked(content)[:120])
    is_section = bool(_SECTION.match(content)) or head.startswith(("-", "–", "+"))
    if "can bo cong doan" in head:
        return "union_officers"
    if re.search(r"\bnu (cong nhan|cn|doan vien|cb|can bo|giao vien|lao dong)|lao dong nu|nu cong\b", head):
        return "women"
    if "su nghiep" in head and "hanh chinh" not in head and "co quan" not in head:
        return "public_service"
    if re.search(r"cac co quan|hanh chinh|khoi co quan", head):
        return "agencies"
    if re.search(r"(khoi|trong cac|cac) doanh nghiep|cong nhan lao dong|khu vuc doanh nghiep", head):
        return "enterprise_workers"
    return "all" if is_section else current
