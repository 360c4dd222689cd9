"""Applications and sheets a person signs: the national heading, a title, text and tables, places to sign."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from thidua.documents.rendering.blocks import Column, Heading, Paragraph, Table
from thidua.documents.rendering.composition import DEMONSTRATION, MOTTO, NATIONAL_TITLE
from thidua.documents.rendering.text import lines, long_date, one_line, plain
from thidua.documents.rendering.typesetting import Typesetter

FONT = "Times New Roman"
TEXT_MM = 165.0
_NO_DATE = date(2000, 1, 1)
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_typesetter = Typesetter("statements.typ", "Tinos-Regular.ttf")


@dataclass(frozen=True)
class Signature:
    """A place to sign: `NGƯỜI NỘP ĐƠN`, what stands under it in italics, the name."""

    capacity: str
    note: str = "(Ký, ghi rõ họ tên)"
    name: str = ""


@dataclass(frozen=True)
class Statement:
    """One application or sheet. `place` and `on` stand above the signatures; a day not known is left open."""

    title: str
    subtitle: str = ""
    issuer: str = ""
    addressee: str = ""
    blocks: Sequence[Heading | Paragraph | Table] = ()
    place: str = ""
    on: date | None = None
    signatures: Sequence[Signature] = ()
    demonstration: bool = False

    def places_to_sign(self) -> list[Signature]:
        """One alone stands on the right, as on every form."""
        return [Signature("", ""), *self.signatures] if len(self.signatures) == 1 else list(self.signatures)

    def place_and_date(self) -> str:
        day = long_date(self.on) if self.on else "ngày … tháng … năm ……"
        return f"{one_line(self.place)}, {day}" if self.place else day[0].upper() + day[1:]


def to_pdf(statement: Statement) -> bytes:
    """The statement as PDF/A."""
    return _typesetter.set(
        {
            "national": NATIONAL_TITLE,
            "motto": MOTTO,
            "title": one_line(statement.title),
            "subtitle": one_line(statement.subtitle),
            "issuer": one_line(statement.issuer),
            "addressee": one_line(statement.addressee),
            "blocks": [_piece(block) for block in statement.blocks],
            "date": statement.place_and_date(),
            "signatures": [
                {"capacity": one_line(s.capacity), "note": one_line(s.note), "name": one_line(s.name)}
                for s in statement.places_to_sign()
            ],
            "footnote": DEMONSTRATION if statement.demonstration else "",
        },
        statement.on,
    )


def _piece(block: Heading | Paragraph | Table) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "text": one_line(block.text)}
        case Paragraph():
            runs = [{"text": _inner(r.text), "bold": r.bold, "italic": r.italic} for r in block.runs]
            return {"kind": "text", "runs": runs or [{"text": plain(block.text), "bold": False, "italic": False}]}
        case Table():
            return {
                "kind": "table",
                "widths": _widths(block.columns),
                "aligns": [c.align for c in block.columns],
                "labels": [one_line(c.label) for c in block.columns],
                "rows": [[plain(cell) for cell in row] for row in block.rows],
                "total": [plain(cell) for cell in block.total_row],
            }


def _inner(text: str) -> str:
    """The blanks around a run belong to the sentence; `plain` trims them."""
    kept = plain(text)
    return f"{' ' if text[:1].isspace() else ''}{kept}{' ' if text[-1:].isspace() else ''}" if kept else ""


def _widths(columns: Sequence[Column]) -> list[float]:
    """Millimetres that fill the line."""
    shares = [c.width or 20.0 for c in columns]
    return [round(TEXT_MM * share / sum(shares), 1) for share in shares]


def to_docx(statement: Statement) -> bytes:
    """The statement as a Word document that can be filled in further."""
    document = Document()
    _dress(document)
    _head(document, statement)
    _line(document, one_line(statement.title), bold=True, align="center", size=15, after=2)
    if statement.subtitle:
        _line(document, one_line(statement.subtitle), italic=True, align="center", after=8)
    if statement.addressee:
        _line(document, f"Kính gửi: {one_line(statement.addressee)}", bold=True, align="center", after=8)
    for place, block in enumerate(statement.blocks):
        _write(document, block, is_last=place == len(statement.blocks) - 1)
    _sign(document, statement)
    if statement.demonstration:
        _line(document, DEMONSTRATION, italic=True, align="center")
    moment = datetime.combine(statement.on or _NO_DATE, time())
    properties = document.core_properties
    properties.title, properties.author, properties.language = one_line(statement.title)[:255], "", "vi-VN"
    properties.created = properties.modified = moment
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _dress(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)  # type: ignore[attr-defined]
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _head(document: DocumentType, statement: Statement) -> None:
    """The national title alone in the middle; with an issuer it stands on the right of its name."""
    if not statement.issuer:
        _line(document, NATIONAL_TITLE, bold=True, align="center", after=0)
        _line(document, MOTTO, bold=True, align="center", after=14)
        return
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    said = ((68, [one_line(statement.issuer).upper()]), (TEXT_MM - 68, [NATIONAL_TITLE, MOTTO]))
    for cell, (width, texts) in zip(table.rows[0].cells, said, strict=True):
        cell.width = Mm(width)
        for place, text in enumerate(texts):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.bold, run.font.size = True, Pt(12)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _line(
    document: DocumentType,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    size: int = 13,
    after: int = 4,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _write(document: DocumentType, block: Heading | Paragraph | Table, *, is_last: bool) -> None:
    """A label stays on the page of what it leads to, the last words on that of the places to sign."""
    match block:
        case Heading():
            _line(document, one_line(block.text), bold=True)
        case Paragraph():
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.space_after = Pt(4)
            for part in _piece(block)["runs"]:  # type: ignore[attr-defined]
                run = paragraph.add_run(part["text"])
                run.bold, run.italic = part["bold"], part["italic"]
            is_label = bool(block.runs) and all(run.bold for run in block.runs)
            paragraph.paragraph_format.keep_with_next = is_label or is_last
        case Table():
            _grid(document, block)


def _grid(document: DocumentType, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    labels = [c.label for c in block.columns]
    totals = [block.total_row] if block.total_row else []
    for place, cells in enumerate([labels, *block.rows, *totals]):
        is_bold = place == 0 or (bool(totals) and place == len(block.rows) + 1)
        row = table.add_row()
        for column, cell, text, width in zip(block.columns, row.cells, cells, _widths(block.columns), strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if place == 0 else _ALIGN[column.align]
            run = paragraph.add_run("\n".join(lines(text)))
            run.bold, run.font.size = is_bold, Pt(11)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _sign(document: DocumentType, statement: Statement) -> None:
    _line(document, statement.place_and_date(), italic=True, align="right", after=2)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    if not statement.signatures:
        return
    table = document.add_table(rows=1, cols=len(statement.places_to_sign()))
    for cell, signature in zip(table.rows[0].cells, statement.places_to_sign(), strict=True):
        parts = [(signature.capacity, True, False), (signature.note, False, True), ("\n\n\n", False, False)]
        for place, (text, is_bold, is_italic) in enumerate([*parts, (signature.name, True, False)]):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.bold, run.italic = is_bold, is_italic
