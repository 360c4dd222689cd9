"""Tables of a paper: cells as text, and widths that follow from what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.documents.rendering.blocks import Align, Column, Table
from thidua.documents.rendering.glyphs import width_mm
from thidua.documents.rendering.layouts import Layout
from thidua.documents.rendering.text import PaperError, decimal_comma, dots, plain, short_date

_PADDING_MM = 4.2
_NARROWEST_MM = 9.0
_WIDEST_WISH_MM = 65.0
_WIDEST_LABEL_MM = 26.0
_EMPTY_WISH_MM = 24.0  # a column left empty is to be filled in by hand
_FIXED_BELOW_MM = 14.0  # ordinals and ticks gain nothing from more room
_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Grid:
    """A table ready to print; widths are millimetres and fill the line."""

    labels: tuple[str, ...]
    aligns: tuple[Align, ...]
    widths_mm: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


def lay_out(table: Table, width: float, layout: Layout) -> Grid:
    """The table's cells as they are written, and the width of its columns."""
    if not table.columns:
        raise PaperError("Bảng chưa có cột nào; hãy khai ít nhất một cột.")
    rows = tuple(_row(cells, table, f"dòng {index}") for index, cells in enumerate(table.rows, 1))
    total = _row(table.total_row, table, "dòng tổng cộng") if table.total_row else ()
    return Grid(
        labels=tuple(plain(column.label) for column in table.columns),
        aligns=tuple(column.align for column in table.columns),
        widths_mm=_widths(table.columns, [*rows[:_SAMPLE_ROWS], *((total,) if total else ())], width, layout),
        rows=rows,
        total=total,
    )


def _row(cells: Sequence[object], table: Table, where: str) -> tuple[str, ...]:
    if len(cells) != len(table.columns):
        name = f"Bảng “{plain(table.caption)}”" if table.caption else "Bảng"
        raise PaperError(
            f"{name}, {where}: có {len(cells)} ô nhưng bảng có {len(table.columns)} cột; hãy thêm hoặc bớt ô."
        )
    return tuple(written(cell) for cell in cells)


def written(value: object) -> str:
    """A value as papers write it: `1.234`, `12,5`, `05/3/2022`; nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return "Có" if value else "Không"
        case int():
            return dots(value)
        case float() | Decimal():
            return decimal_comma(value)
        case date():
            return short_date(value)
        case _:
            return plain(value)


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float, layout: Layout
) -> tuple[float, ...]:
    """Given shares first; the rest by content: never narrower than the longest word when that can be."""
    if all(column.width for column in columns):
        shares = [column.width or 0 for column in columns]
        return tuple(width * share / sum(shares) for share in shares)
    head, body = layout.styles["table_head"].size_pt, layout.styles["table_cell"].size_pt
    least, wish = [], []
    for index, column in enumerate(columns):
        cells = [line for row in rows for line in row[index].split("\n")]
        words = max((width_mm(word, body) for cell in cells for word in cell.split(" ")), default=0)
        label_words = max((width_mm(word, head, bold=True) for word in column.label.split()), default=0)
        whole = max((width_mm(cell, body) for cell in cells), default=0)
        label = min(width_mm(column.label, head, bold=True) + _PADDING_MM, _WIDEST_LABEL_MM)
        empty = _EMPTY_WISH_MM if rows and not whole else 0
        least.append(max(words, label_words, _NARROWEST_MM - _PADDING_MM) + _PADDING_MM)
        wish.append(max(min(whole + _PADDING_MM, _WIDEST_WISH_MM), label, empty, least[-1]))
    if sum(least) >= width:
        return tuple(width * share / sum(least) for share in least)
    if sum(wish) <= width:
        growing = [share if share > _FIXED_BELOW_MM else 0 for share in wish]
        growing = growing if sum(growing) else wish
        spare = (width - sum(wish)) / sum(growing)
        return tuple(share + spare * part for share, part in zip(wish, growing, strict=True))
    given = (width - sum(least)) / (sum(wish) - sum(least))
    return tuple(low + given * (high - low) for low, high in zip(least, wish, strict=True))
