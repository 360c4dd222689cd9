"""Reading what was rendered: text without layout, and positions in millimetres."""

import io
import unicodedata
from typing import Any

import pdfplumber
from pypdf import PdfReader

MM = 72 / 25.4


def texts(content: bytes) -> list[str]:
    """The text of each page on one line, in NFC."""
    return [
        unicodedata.normalize("NFC", " ".join(page.extract_text().split()))
        for page in PdfReader(io.BytesIO(content)).pages
    ]


def text(content: bytes) -> str:
    return " ".join(texts(content))


def squeezed(said: str) -> str:
    return "".join(said.split())


def words(content: bytes, page: int = 0) -> list[dict[str, Any]]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return document.pages[page].extract_words(keep_blank_chars=False, extra_attrs=["size", "fontname"])


def edges_mm(content: bytes, page: int = 0) -> tuple[float, float, float, float]:
    """How far the ink is from left, top, right and bottom of the sheet."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        sheet = document.pages[page]
        chars = [char for char in sheet.chars if char["text"].strip()]
        return (
            min(char["x0"] for char in chars) / MM,
            min(char["top"] for char in chars) / MM,
            (sheet.width - max(char["x1"] for char in chars)) / MM,
            (sheet.height - max(char["bottom"] for char in chars)) / MM,
        )
