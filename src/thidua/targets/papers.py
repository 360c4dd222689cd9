"""The letter that gives targets to the units below, with its annex table."""

from __future__ import annotations

from thidua.documents.rendering.official import Annex, Column, OfficialPaper, Paragraph, Table
from thidua.kernel import formats
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.targets.queries import Grid


def allocation_letter(programme: Programme, parent: Unit, grid: Grid, year: int) -> OfficialPaper:
    names = [str(phase) if phase else "Cả chương trình" for phase in grid.phases]
    columns = [Column("TT", 8, "center"), Column("Đơn vị", 60), *[Column(n, None, "right") for n in names]]
    columns.append(Column("Cộng", None, "right"))
    rows = []
    for number, row in enumerate(grid.rows, 1):
        values = [cell.value or 0 for cell in row.cells]
        cells = [formats.number(v) for v in values]
        rows.append([str(number), row.unit.name, *cells, formats.number(sum(values))])
    totals = [int(balance.allocated) for balance in grid.balances]
    return OfficialPaper(
        superior=parent.parent.name if parent.parent else "",
        issuer=parent.name,
        symbol=parent.symbol,
        place=parent.place,
        kind="CÔNG VĂN",
        subject=f"giao chỉ tiêu thực hiện “{programme.name}”",
        year=year,
        addressees=["Các đơn vị trực thuộc"],
        blocks=[
            Paragraph(f"{parent.name} giao chỉ tiêu phấn đấu cho các đơn vị theo phụ lục kèm theo."),
            Paragraph("Đề nghị các đơn vị nhận chỉ tiêu, xây dựng kế hoạch và tổ chức thực hiện."),
            Annex("PHỤ LỤC GIAO CHỈ TIÊU"),
            Table(columns, rows, ["", "Tổng cộng", *[formats.number(t) for t in totals], formats.number(sum(totals))]),
        ],
        recipients=["Như trên", "Lưu: VT"],
        signed_for="TM. BAN THƯỜNG VỤ",
        position="CHỦ TỊCH",
        draft=True,
    )
