"""The layout's styles as Word styles, under Vietnamese names that an office finds in its style list."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from thidua.documents.rendering.layouts import Layout, Style

FONT = "Times New Roman"
RULE = "Kẻ ngang"
SPACER = "Khoảng trống"
TIGHT = "Khoảng trống nhỏ"

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_DRAFT_BOX_MM = 18.0


def dress(document: Document, layout: Layout) -> None:
    """Give the document the layout's styles and nothing of the library's own look."""
    _defaults(document)
    normal = document.styles["Normal"]
    _shape(normal, Style("Normal", layout.styles["paragraph"].size_pt), layout)
    for key, style in layout.styles.items():
        made = _style(document, style.name)
        made.base_style = normal
        _shape(made, style, layout)
        if key == "draft_mark":
            _box(made)
    _blanks(document)


def _defaults(document: Document) -> None:
    run = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for tag in ("w:rFonts", "w:lang"):
        for old in run.findall(qn(tag)):
            run.remove(old)
    run.insert(0, _fonts())
    language = OxmlElement("w:lang")
    for attribute in ("w:val", "w:eastAsia"):
        language.set(qn(attribute), "vi-VN")
    run.append(language)


def _fonts():  # type: ignore[no-untyped-def]
    fonts = OxmlElement("w:rFonts")
    for attribute in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(attribute), FONT)
    return fonts


def _style(document: Document, name: str) -> ParagraphStyle:
    if name in document.styles:
        return document.styles[name]
    return document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)


def _shape(made: ParagraphStyle, style: Style, layout: Layout) -> None:
    element = made.element
    # The library's headings are blue and linked to blue character styles.
    for tag in ("w:rPr", "w:pPr", "w:link"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    made.font.name, made.font.size = FONT, Pt(style.size_pt)
    made.font.color.rgb = RGBColor(0, 0, 0)
    made.font.bold, made.font.italic = style.bold, style.italic
    element.rPr.find(qn("w:rFonts")).getparent().replace(element.rPr.find(qn("w:rFonts")), _fonts())
    shape = made.paragraph_format
    shape.alignment = _ALIGN[style.align]
    shape.space_before, shape.space_after = Pt(style.before_pt), Pt(0)
    shape.line_spacing = float(style.spacing)
    shape.left_indent = Mm(style.left_mm)
    shape.first_line_indent = Mm(layout.page.indent_mm) if style.indent else Mm(0)
    shape.keep_with_next = style.sticky
    shape.widow_control = True
    if style.level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(style.level - 1))
        element.pPr.append(outline)
    made.quick_style, made.hidden = True, False


def _border(style: ParagraphStyle, sides: tuple[str, ...]) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    # The schema wants borders before spacing, indents and alignment.
    properties = style.element.get_or_add_pPr()
    later = [each for each in properties if each.tag in {qn(f"w:{tag}") for tag in ("spacing", "ind", "jc")}]
    if later:
        later[0].addprevious(borders)
    else:
        properties.append(borders)


def _box(style: ParagraphStyle) -> None:
    shape = style.paragraph_format
    shape.left_indent = shape.right_indent = Mm(_DRAFT_BOX_MM)
    _border(style, ("top", "left", "bottom", "right"))


def _blanks(document: Document) -> None:
    for name, height in ((RULE, 4.0), (SPACER, 16.0), (TIGHT, 4.0)):
        made = _style(document, name)
        made.base_style = document.styles["Normal"]
        made.font.size = Pt(2)
        shape = made.paragraph_format
        shape.space_before = Pt(2) if name == RULE else Pt(0)
        shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(height)
        if name == RULE:
            _border(made, ("top",))
