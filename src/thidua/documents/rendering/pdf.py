"""A composed paper as PDF for the archive (PDF/A), through the typesetter."""

from dataclasses import asdict
from datetime import date
from typing import Any

from thidua.documents.rendering.blocks import Run
from thidua.documents.rendering.composition import AnnexPart, Break, Composed, Part, Piece
from thidua.documents.rendering.layouts import Layout
from thidua.documents.rendering.tables import Grid
from thidua.documents.rendering.typesetting import Typesetter

_typesetter = Typesetter("official.typ", "Tinos-Regular.ttf")


def write(paper: Composed, layout: Layout, made_on: date | None) -> bytes:
    """The bytes of the PDF."""
    values = {name: getattr(paper, name) for name in paper.__dataclass_fields__}
    values["addressees"] = [_piece(part) for part in paper.addressees]
    values["pieces"] = [_piece(piece) for piece in paper.pieces]
    values["annexes"] = [_annex(annex) for annex in paper.annexes]
    values["layout"] = {
        "page": asdict(layout.page),
        "styles": {name: asdict(style) for name, style in layout.styles.items()},
    }
    return _typesetter.set(values, made_on)


def _annex(annex: AnnexPart) -> dict[str, Any]:
    return {
        "label": annex.label,
        "title": annex.title,
        "reference": annex.reference,
        "landscape": annex.landscape,
        "pieces": [_piece(piece) for piece in annex.pieces],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    match piece:
        case Part():
            return {"is": "part", "style": piece.style, "runs": [_run(run) for run in piece.runs]}
        case Grid():
            return {"is": "grid", **_grid(piece)}
        case Break():
            return {"is": "break"}


def _run(run: Run) -> dict[str, Any]:
    return {"lines": run.text.split("\n"), "bold": run.bold, "italic": run.italic}


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "labels": grid.labels,
        "aligns": grid.aligns,
        "widths": grid.widths_mm,
        "rows": [[cell.split("\n") for cell in row] for row in grid.rows],
        "total": [cell.split("\n") for cell in grid.total],
    }
