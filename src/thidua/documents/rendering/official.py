"""Official papers of the union: plans, reports, decisions, proposals, letters, minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from thidua.documents.rendering import pdf, word
from thidua.documents.rendering.blocks import (
    Annex,
    Article,
    Block,
    Bullet,
    Column,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from thidua.documents.rendering.composition import compose
from thidua.documents.rendering.layouts import Layout, default
from thidua.documents.rendering.text import PaperError

__all__ = [
    "Annex",
    "Article",
    "Block",
    "Bullet",
    "Column",
    "Heading",
    "OfficialPaper",
    "PageBreak",
    "PaperError",
    "Paragraph",
    "Run",
    "Table",
    "to_docx",
    "to_pdf",
]


@dataclass(frozen=True)
class OfficialPaper:
    """The components of Nghị định 30/2020 with the union's heading.

    `opening` is the text before the blocks; in a decision or resolution it is the grounds. `year` is printed
    while `issued_on` is not known. `left_position` and `left_signer` are a second signature (minutes).
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    kind: str
    subject: str
    number: int | str | None = None
    issued_on: date | None = None
    year: int | None = None
    opening: Sequence[str] = ()
    blocks: Sequence[Block] = ()
    recipients: Sequence[str] = ()
    signed_for: str = ""
    position: str = ""
    signer: str = ""
    left_position: str = ""
    left_signer: str = ""
    authority: str = ""
    addressees: Sequence[str] = ()
    draft: bool = False
    demonstration: bool = False


def to_docx(paper: OfficialPaper, layout: Layout | None = None) -> bytes:
    """The paper as a Word document, built of styles and real tables."""
    chosen = layout or default()
    return word.write(compose(paper, chosen), chosen, paper.issued_on)


def to_pdf(paper: OfficialPaper, layout: Layout | None = None) -> bytes:
    """The paper as PDF/A, the same words in the same places."""
    chosen = layout or default()
    return pdf.write(compose(paper, chosen), chosen, paper.issued_on)
