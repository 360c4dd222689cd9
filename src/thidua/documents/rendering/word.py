"""A composed paper as a Word document: styles rather than formatting, so that an office can edit it."""

import io
import zipfile
from datetime import date, datetime, time

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from thidua.documents.rendering.composition import (
    MOTTO,
    NATIONAL_TITLE,
    AnnexPart,
    Break,
    Composed,
    Part,
    Piece,
)
from thidua.documents.rendering.layouts import Layout
from thidua.documents.rendering.tables import Grid
from thidua.documents.rendering.word_styles import RULE, SPACER, TIGHT, dress
from thidua.documents.rendering.word_tables import framework, grid_table

_NO_DATE = date(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write(paper: Composed, layout: Layout, made_on: date | None) -> bytes:
    """The bytes of the .docx; the same paper gives the same bytes."""
    document = Document()
    _Writer(document, paper, layout).write()
    properties = document.core_properties
    moment = datetime.combine(made_on or _NO_DATE, time())
    properties.title, properties.author = paper.title[:255], " ".join(paper.issuer)[:255]
    properties.language, properties.comments, properties.keywords = "vi-VN", "", ""
    properties.created = properties.modified = moment
    properties.last_modified_by, properties.revision = "", 1
    made = io.BytesIO()
    document.save(made)
    return _reproducible(made.getvalue())


def _reproducible(archive: bytes) -> bytes:
    """The same parts without the time of packing."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return made.getvalue()


class _Writer:
    """Fills a document, part after part."""

    def __init__(self, document: DocumentType, paper: Composed, layout: Layout) -> None:
        self._document = document
        self._paper = paper
        self._layout = layout
        self._page = layout.page
        self._break_before = False

    def write(self) -> None:
        dress(self._document, self._layout)
        section = self._document.sections[0]
        self._sheet(section, landscape=False)
        self._margins_text(section)
        self._masthead()
        self._title()
        for part in self._paper.addressees:
            self._part(part)
        self._pieces(self._paper.pieces, before_signature=True)
        self._signatures()
        for annex in self._paper.annexes:
            self._annex(annex)

    def _sheet(self, section: Section, *, landscape: bool) -> None:
        page = self._page
        width, height = Mm(page.width_mm), Mm(page.height_mm)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (height, width) if landscape else (width, height)
        section.top_margin, section.bottom_margin = Mm(page.margin_top_mm), Mm(page.margin_bottom_mm)
        section.left_margin, section.right_margin = Mm(page.margin_left_mm), Mm(page.margin_right_mm)
        section.header_distance, section.footer_distance = Mm(page.number_from_top_mm), Mm(10)
        section.different_first_page_header_footer = True

    def _margins_text(self, section: Section) -> None:
        number = section.header.paragraphs[0]
        number.style = self._name("page_number")
        _page_field(number)
        section.first_page_header.paragraphs[0].style = self._name("page_number")
        for footer in (section.footer, section.first_page_footer):
            footer.paragraphs[0].style = self._name("footnote")
            _say(footer.paragraphs[0], (self._paper.footnote,))

    def _masthead(self) -> None:
        paper, page = self._paper, self._page
        left, right = framework(self._document, (page.heading_left_mm, page.heading_right_mm))
        self._in_cell(left, "superior", paper.superior)
        self._in_cell(left, "issuer", paper.issuer)
        self._rule(left, paper.issuer_rule_mm, page.heading_left_mm)
        self._in_cell(left, "number", (paper.number,))
        self._in_cell(left, "letter_subject", paper.letter_subject)
        self._in_cell(left, "draft_mark", (paper.draft_mark,) if paper.draft_mark else ())
        self._in_cell(right, "national_title", (NATIONAL_TITLE,))
        self._in_cell(right, "motto", (MOTTO,))
        self._rule(right, paper.motto_rule_mm, page.heading_right_mm)
        self._in_cell(right, "place_and_date", (paper.place_and_date,))

    def _title(self) -> None:
        paper = self._paper
        if paper.kind:
            self._add("kind", (paper.kind,))
            if paper.subject:
                self._add("subject", paper.subject)
                self._rule(self._document, paper.subject_rule_mm, self._page.text_width_mm)
        if paper.authority:
            self._add("authority", paper.authority)

    def _pieces(self, pieces: tuple[Piece, ...], *, before_signature: bool = False) -> None:
        for index, piece in enumerate(pieces):
            last = index == len(pieces) - 1
            match piece:
                case Part():
                    paragraph = self._part(piece)
                    if last and before_signature:
                        # The signature must not stand alone on a page.
                        paragraph.paragraph_format.keep_with_next = True
                case Grid():
                    if self._break_before:
                        self._spacer(TIGHT)
                    grid_table(self._document, piece, self._layout)
                    self._spacer(TIGHT)
                case Break():
                    self._break_before = True

    def _part(self, part: Part) -> Paragraph:
        paragraph = self._document.add_paragraph(style=self._name(part.style))
        self._take_break(paragraph)
        for run in part.runs:
            made = paragraph.add_run()
            _lines_into(made, run.text.split("\n"))
            # Left unset where the style already says it.
            made.bold = True if run.bold else None
            made.italic = True if run.italic else None
        return paragraph

    def _signatures(self) -> None:
        paper, half = self._paper, self._page.text_width_mm / 2
        self._spacer(SPACER).paragraph_format.keep_with_next = True
        two = bool(paper.left_signer or paper.left_capacity)
        left, right = framework(self._document, (half, half))
        if two:
            self._signed(left, paper.left_capacity, paper.left_signer)
        else:
            self._receivers(left)
        self._signed(right, paper.capacity, paper.signer)
        if two and paper.recipients:
            self._add("recipients_head", ("Nơi nhận:",))
            self._add("recipients", paper.recipients)
        if not paper.annexes:
            self._spacer(TIGHT)

    def _signed(self, cell: _Cell, capacity: tuple[str, ...], name: str) -> None:
        self._in_cell(cell, "capacity", capacity)
        gap = self._in_cell(cell, "signer", ("",))
        if gap is not None:
            gap.paragraph_format.space_before = Mm(self._page.signature_space_mm - 6)
        self._in_cell(cell, "signer", (name,) if name else ())

    def _receivers(self, cell: _Cell) -> None:
        if self._paper.recipients:
            self._in_cell(cell, "recipients_head", ("Nơi nhận:",))
            for line in self._paper.recipients:
                self._in_cell(cell, "recipients", (line,))

    def _annex(self, annex: AnnexPart) -> None:
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        self._sheet(section, landscape=annex.landscape)
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        for old in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(old)
        section._sectPr.find(qn("w:pgMar")).addnext(numbering)
        page = self._page
        width = page.landscape_text_width_mm if annex.landscape else page.text_width_mm
        self._add("annex_label", (annex.label,))
        self._add("annex_title", annex.title)
        self._add("annex_reference", (annex.reference,))
        self._rule(self._document, 40, width)
        self._pieces(annex.pieces)

    def _add(self, style: str, lines: tuple[str, ...]) -> Paragraph:
        paragraph = self._document.add_paragraph(style=self._name(style))
        self._take_break(paragraph)
        _say(paragraph, lines)
        return paragraph

    def _in_cell(self, cell: _Cell, style: str, lines: tuple[str, ...]) -> Paragraph | None:
        if not lines:
            return None
        first = cell.paragraphs[0]
        unused = len(cell.paragraphs) == 1 and not first.runs and first.style.name == "Normal"
        paragraph = first if unused else cell.add_paragraph()
        paragraph.style = self._name(style)
        _say(paragraph, lines)
        return paragraph

    def _rule(self, place: DocumentType | _Cell, length_mm: float, width_mm: float) -> None:
        if not length_mm:
            return
        paragraph = place.add_paragraph(style=RULE)
        side = Mm(round(max(width_mm - length_mm, 0) / 2, 1))
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side

    def _spacer(self, style: str) -> Paragraph:
        paragraph = self._document.add_paragraph(style=style)
        self._take_break(paragraph)
        return paragraph

    def _take_break(self, paragraph: Paragraph) -> None:
        if self._break_before:
            paragraph.paragraph_format.page_break_before = True
            self._break_before = False

    def _name(self, style: str) -> str:
        return self._layout.styles[style].name


def _say(paragraph: Paragraph, lines: tuple[str, ...]) -> None:
    if any(lines):
        _lines_into(paragraph.add_run(), lines)


def _lines_into(run, lines) -> None:  # type: ignore[no-untyped-def]
    for index, line in enumerate(lines):
        if index:
            run.add_break()
        run.add_text(line)


def _page_field(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    shown, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "2"
    shown.append(text)
    field.append(shown)
    paragraph._p.append(field)
