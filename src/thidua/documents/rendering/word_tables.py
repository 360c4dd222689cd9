"""Tables of a Word paper.

Rows are built as XML: the library's own cell look-up grows with the square of the rows.
"""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell

from thidua.documents.rendering.layouts import Layout
from thidua.documents.rendering.tables import Grid

_TWIPS_PER_MM = 1440 / 25.4


def framework(document: Document, widths_mm: Sequence[float]) -> list[_Cell]:
    """A table without lines, of one row that never splits, for blocks that stand side by side."""
    table = document.add_table(rows=0, cols=len(widths_mm))
    _frame(table._tbl, widths_mm, margin_mm=0)
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, width in zip(row.cells, widths_mm, strict=True):
        cell._tc.get_or_add_tcPr().append(_measure("w:tcW", width))
        _only(cell._tc.tcPr, "w:tcW")
    return list(row.cells)


def grid_table(document: Document, grid: Grid, layout: Layout) -> None:
    """A ruled table with a repeated header."""
    table = document.add_table(rows=0, cols=len(grid.labels), style="Table Grid")
    _frame(table._tbl, grid.widths_mm, margin_mm=2)
    names = _style_ids(document, layout)
    table._tbl.append(_row(grid.labels, grid, names["table_head"], head=True, aligns=["center"] * len(grid.labels)))
    for cells in grid.rows:
        table._tbl.append(_row(cells, grid, names["table_cell"]))
    if grid.total:
        table._tbl.append(_row(grid.total, grid, names["table_cell"], bold=True))


def _style_ids(document: Document, layout: Layout) -> dict[str, str]:
    return {key: document.styles[layout.styles[key].name].style_id for key in ("table_head", "table_cell")}


def _frame(table: Any, widths_mm: Sequence[float], margin_mm: float) -> None:
    properties = table.tblPr
    for tag in ("w:tblW", "w:tblLayout", "w:tblCellMar"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    look = properties.find(qn("w:tblLook"))
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    margins = OxmlElement("w:tblCellMar")
    for side, width in (
        ("top", margin_mm / 2),
        ("left", margin_mm),
        ("bottom", margin_mm / 2),
        ("right", margin_mm),
    ):
        margins.append(_measure(f"w:{side}", width))
    for element in (_measure("w:tblW", sum(widths_mm)), layout, margins):
        if look is None:
            properties.append(element)
        else:
            look.addprevious(element)
    for column, width in zip(table.tblGrid.findall(qn("w:gridCol")), widths_mm, strict=True):
        column.set(qn("w:w"), str(_twips(width)))


def _row(
    cells: Sequence[str],
    grid: Grid,
    style_id: str,
    *,
    head: bool = False,
    bold: bool = False,
    aligns: Sequence[str] | None = None,
) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for text, align, width in zip(cells, aligns or grid.aligns, grid.widths_mm, strict=True):
        cell = OxmlElement("w:tc")
        shape = OxmlElement("w:tcPr")
        shape.append(_measure("w:tcW", width))
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        shape.append(middle)
        cell.append(shape)
        cell.append(_paragraph(text, style_id, align, bold))
        row.append(cell)
    return row


def _paragraph(text: str, style_id: str, align: str, bold: bool) -> Any:
    paragraph = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    style = OxmlElement("w:pStyle")
    style.set(qn("w:val"), style_id)
    properties.append(style)
    if align != "left":
        side = OxmlElement("w:jc")
        side.set(qn("w:val"), align)
        properties.append(side)
    paragraph.append(properties)
    if not text:
        return paragraph
    run = OxmlElement("w:r")
    if bold:
        run.append(OxmlElement("w:rPr"))
        run[0].append(OxmlElement("w:b"))
    for index, line in enumerate(text.split("\n")):
        if index:
            run.append(OxmlElement("w:br"))
        said = OxmlElement("w:t")
        said.text = line
        said.set(qn("xml:space"), "preserve")
        run.append(said)
    paragraph.append(run)
    return paragraph


def _measure(tag: str, width_mm: float) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:w"), str(_twips(width_mm)))
    element.set(qn("w:type"), "dxa")
    return element


def _only(parent: Any, tag: str) -> None:
    """Keep the last of several equal children."""
    for old in parent.findall(qn(tag))[:-1]:
        parent.remove(old)


def _twips(width_mm: float) -> int:
    return round(width_mm * _TWIPS_PER_MM)
