"""Recipients and signature from the end of the paper, one under the other or side by side."""

from __future__ import annotations

import re
from typing import Any

from thidua.kernel import text
from thidua.programmes.reader.lines import Line

_NAME = re.compile(r"(?:(?:ThS|TS|CN|KS|BS|DS|Bs|GS|PGS)\.?\s*)*(?P<name>[^\W\d_]+(?:\s+[^\W\d_]+){1,5})")
_OFFICE = re.compile(
    r"^(?:TM|KT|TL|TUQ|Q)\s*\.|^(?:Q\.\s*)?(?:PHÓ\s+)?(?:CHỦ TỊCH|TRƯỞNG BAN|GIÁM ĐỐC|CHÁNH VĂN PHÒNG)\b|"
    r"^ON BEHALF OF|^(?:VICE )?CHAIR(?:PERSON|MAN)\b|^(?:BAN THƯỜNG VỤ|BAN CHẤP HÀNH|ĐOÀN CHỦ TỊCH)$"
)
_OFFICE_WORDS = re.compile(
    r"chu tich|truong ban|giam doc|thuong vu|chap hanh|cong doan|lien doan|noi nhan|ldld|cdcs|van phong|phu luc|luu|da ky|uy vien|"
    r"chairperson|union|committee|thuong truc|chi tieu|bieu mau|ke hoach"
)
_BULLET = re.compile(r"^[-–—+•*▪]\s*(?=\S)")
_ANNEX = re.compile(r"^(?:PHỤ LỤC|BIỂU|MẪU|DANH SÁCH|ANNEX)\b")


def start(lines: list[Line]) -> int | None:
    """The index of "Nơi nhận"."""
    for index, line in enumerate(lines):
        if re.match(r"^(?:noi nhan|noi gui|recipients)\b", text.fold(line.text)):
            return index
    return None


def read(lines: list[Line]) -> dict[str, Any]:
    begins = start(lines)
    tail = lines[begins:] if begins is not None else lines[-12:]
    annex = next((i for i, line in enumerate(tail) if i and _ANNEX.match(line.text)), len(tail))
    recipients: list[dict[str, Any]] = []
    right: list[tuple[str, Line]] = []
    for line in tail[:annex]:
        for cell in _cells(line):
            _sort(cell, line, recipients if begins is not None else None, right)
    signature = _signature(right)
    if begins and not signature["signed_for"]:
        signature = _signature([(line.text, line) for line in lines[max(0, begins - 7) : begins]])
    for recipient in recipients:
        recipient["text"] = recipient["text"].strip(" ;.,")
    sources = {
        name: source
        for name, source in (("signed_for", signature["signed_source"]), ("signer", signature["signer_source"]))
        if source
    }
    return {
        "recipients": [r for r in recipients if r["text"]],
        **signature,
        "sources": sources,
        "found": begins is not None,
    }


def _cells(line: Line) -> list[str]:
    """The cells of a line; "- UBND tỉnh; CHỦ TỊCH" out of two columns comes apart as well."""
    found: list[str] = []
    for whole in line.cells or (line.text,):
        cell = re.sub(r"^(?:Nơi (?:nhận|gửi)|Recipients)\s*:?\s*", "", whole, flags=re.I)
        parts = re.split(r"(?<=[;.,])\s+", cell) if _BULLET.match(cell) else [cell]
        kept = parts[0]
        for part in parts[1:]:
            if (
                _OFFICE.match(part)
                or text.fold(part).strip("()") == "da ky"
                or (kept.endswith((";", ".")) and _name(part))
            ):
                found.append(kept)
                kept = part
            else:
                kept += f" {part}"
        found.append(kept)
    return [cell for cell in found if cell]


def _sort(cell: str, line: Line, recipients: list[dict[str, Any]] | None, right: list[tuple[str, Line]]) -> None:
    if recipients is None or _OFFICE.match(cell) or text.fold(cell).strip("() ") in ("da ky", "ky ten", "signed"):
        right.append((cell, line))
    elif match := _BULLET.match(cell):
        recipients.append({"text": cell[match.end() :], "source": line.source})
    elif recipients and not recipients[-1]["text"].endswith((";", ".")) and cell[0].islower():
        recipients[-1]["text"] += f" {cell}"  # broken over two lines beside the signature, which has capitals
    elif recipients and not right and not recipients[-1]["text"].endswith((";", ".")) and not _name(cell):
        recipients[-1]["text"] += f" {cell}"
    elif not right and not _name(cell) and (cell.endswith((";", ".", ",")) or text.fold(cell).startswith("luu")):
        recipients.append({"text": cell, "source": line.source})
    else:
        right.append((cell, line))


def _name(cell: str) -> str | None:
    """A person's name: two to six words with capitals, none of them an office."""
    match = _NAME.fullmatch(cell.strip(" |."))
    if not match or _OFFICE_WORDS.search(text.fold(cell)):
        return None
    words = match["name"].split()
    return match["name"] if all(word[0].isupper() for word in words) else None


def _signature(cells: list[tuple[str, Line]]) -> dict[str, Any]:
    signed: list[tuple[str, Line]] = []
    signer: tuple[str, Line] | None = None
    for cell, line in cells:
        if _OFFICE.match(cell) and signer is None:
            signed.append((cell, line))
        elif signed and (name := _name(cell)):
            signer = (name, line)
        elif signed and signer is None and cell.isupper() and len(signed) < 4 and _OFFICE_WORDS.search(text.fold(cell)):
            signed.append((cell, line))
    return {
        "signed_for": " ".join(cell for cell, _line in signed) or None,
        "signed_source": signed[0][1].source if signed else None,
        "signer": signer[0] if signer else None,
        "signer_source": signer[1].source if signer else None,
    }
