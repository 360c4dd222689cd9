"""Certificates and letters of commendation: many on one file, each with a code anyone can verify."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from thidua.documents.rendering.composition import DEMONSTRATION, MOTTO, NATIONAL_TITLE
from thidua.documents.rendering.glyphs import fit
from thidua.documents.rendering.ornaments import qr
from thidua.documents.rendering.pages import joined
from thidua.documents.rendering.text import (
    PaperError,
    capitals,
    lines,
    long_date,
    one_line,
    plain,
    short_date,
)
from thidua.documents.rendering.typesetting import Typesetter

AT_ONCE = 100  # the typesetter keeps every sheet, some 170 kB, until the last one is drawn
_FILE = Path(__file__).with_name("certificates.yaml")
_LABELS = {
    "superior": "tên cấp trên",
    "issuer": "tên cơ quan cấp",
    "title": "tên hình thức khen",
    "recipient": "tên người nhận",
    "note": "đơn vị của người nhận",
    "citation": "nội dung thành tích",
    "capacity": "chức vụ người ký",
    "signer": "họ tên người ký",
}

_typesetter = Typesetter("certificates.typ", "Tinos-Regular.ttf")


@dataclass(frozen=True)
class Certificate:
    """One certificate; `code` and `verify_url` lead to its public page."""

    issuer: str
    award_title: str
    recipient: str
    citation: str
    code: str
    verify_url: str
    issuer_superior: str = ""
    recipient_note: str = ""
    decision_number: str = ""
    decision_on: date | None = None
    place: str = ""
    issued_on: date | None = None
    signed_for: str = ""
    position: str = ""
    signer: str = ""
    register_number: str = ""
    demonstration: bool = False


def to_pdf(certificates: Sequence[Certificate]) -> bytes:
    """One PDF, one A4 landscape page for each certificate; for the archive (PDF/A) up to `AT_ONCE` of them."""
    return joined(list(to_pdfs(certificates)))


def to_pdfs(certificates: Sequence[Certificate]) -> Iterator[bytes]:
    """`AT_ONCE` sheets in each PDF, all of them for the archive; one after the other, so that one is held at a time."""
    if not certificates:
        raise PaperError("Chưa có giấy nào để in; hãy chọn ít nhất một người hoặc tập thể.")
    pages = [_page(certificate, index) for index, certificate in enumerate(certificates, 1)]
    title = capitals(one_line(certificates[0].award_title)).capitalize()
    title += f" – {one_line(certificates[0].recipient)}" if len(pages) == 1 else f" ({len(pages)} tờ)"
    values = {
        "title": title,
        "author": one_line(certificates[0].issuer),
        "national_title": NATIONAL_TITLE,
        "motto": MOTTO,
        "demonstration": DEMONSTRATION,
    }
    made_on = max((each.issued_on for each in certificates if each.issued_on), default=None)
    for start in range(0, len(pages), AT_ONCE):
        yield _typesetter.set({**values, "pages": pages[start : start + AT_ONCE]}, made_on)


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return rules


def _page(certificate: Certificate, index: int) -> dict[str, Any]:
    title = capitals(one_line(certificate.award_title))
    titles = _rules()["titles"]
    kind = titles.get(title) or list(titles.values())[-1]
    capacity = [capitals(line) for line in (*lines(certificate.signed_for), *lines(certificate.position))]
    texts = {
        "superior": capitals(one_line(certificate.issuer_superior)),
        "issuer": capitals(plain(certificate.issuer)),
        "title": title,
        "recipient": plain(certificate.recipient),
        "note": plain(certificate.recipient_note),
        "citation": plain(certificate.citation),
        "capacity": "\n".join(capacity),
        "signer": one_line(certificate.signer),
    }
    if not texts["recipient"]:
        raise PaperError(f"Tờ {index}: chưa có tên người hoặc tập thể được nhận; hãy điền rồi in lại.")
    return {
        **{name: _boxed(name, text, index, texts["recipient"]) for name, text in texts.items()},
        "lead": kind["lead"],
        "lead_above": kind["above"],
        "place_and_date": _place_and_date(certificate),
        "references": _references(certificate, kind["register"]),
        "code": one_line(certificate.code),
        "qr": qr(certificate.verify_url, border=2) if certificate.verify_url else "",
        "demonstration": certificate.demonstration,
    }


def _boxed(name: str, text: str, index: int, recipient: str) -> dict[str, Any]:
    box = _rules()["boxes"][name]
    fitted = fit(
        text,
        box["width_mm"],
        box["height_mm"],
        box["sizes_pt"],
        bold=box.get("bold", False),
        italic=box.get("italic", False),
    )
    if fitted is None:
        raise PaperError(
            f"Tờ {index} ({recipient[:60]}): {_LABELS[name]} dài {len(text)} ký tự, không vừa tờ giấy; hãy rút gọn."
        )
    size, broken = fitted
    return {"size": size, "lines": broken, "height": box["height_mm"], "width": box["width_mm"]}


def _place_and_date(certificate: Certificate) -> str:
    day = long_date(certificate.issued_on) if certificate.issued_on else "ngày … tháng … năm …"
    return ", ".join(filter(None, (one_line(certificate.place), day)))


def _references(certificate: Certificate, register: str) -> list[str]:
    said = []
    if certificate.decision_number:
        day = f" ngày {short_date(certificate.decision_on)}" if certificate.decision_on else ""
        said.append(f"Quyết định số {one_line(certificate.decision_number)}{day}")
    if certificate.register_number:
        said.append(f"{register}: {one_line(certificate.register_number)}")
    return said
