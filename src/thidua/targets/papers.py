"""The letter that gives targets to the units below, with its annex table."""

from __future__ import annotations

from thidua.documents.rendering.official import Annex, Column, OfficialPaper, Paragraph, Table
from thidua.kernel import formats
from thidua.programmes.choices import ProgrammeKind
from thidua.targets.queries import Grid

_KIND = {
    ProgrammeKind.PROGRAMME: "Chương trình",
    ProgrammeKind.MOVEMENT: "Phong trào thi đua",
    ProgrammeKind.DRIVE: "Cuộc vận động",
}


def allocation_letter(grid: Grid) -> OfficialPaper:
    """A letter in draft: number and date are given when it is issued. Its words are Vietnamese always."""
    parent, programme = grid.parent, grid.programme
    named = f"{_KIND[ProgrammeKind(programme.kind)]} “{programme.name}”"
    plan = programme.plan
    dated = f" ngày {formats.day(plan.issued_on)}" if plan.issued_on else ""
    whose = f" của {plan.unit.name}" if plan.unit != parent else ""
    return OfficialPaper(
        superior=parent.parent.name if parent.parent else "",
        issuer=parent.name,
        symbol=parent.symbol,
        place=parent.place,
        kind="CÔNG VĂN",
        subject=f"V/v giao chỉ tiêu thực hiện {named}",
        year=plan.year,
        addressees=[row.unit.name for row in grid.rows] if len(grid.rows) <= 5 else ["Các đơn vị trực thuộc"],
        blocks=[
            Paragraph(
                f"Thực hiện Kế hoạch số {plan.full_number}{dated}{whose}, {parent.name} giao chỉ tiêu "
                f"{grid.indicator.name.lower()} cho {len(grid.rows)} đơn vị trực thuộc "
                f"({', '.join(_sums(grid))}) theo phụ lục kèm theo."
            ),
            Paragraph(
                "Đề nghị các đơn vị xác nhận chỉ tiêu được giao, xây dựng kế hoạch của đơn vị và tổ chức thực hiện. "
                "Nếu có khó khăn, vướng mắc, phản ánh về đơn vị giao chỉ tiêu để được xem xét, điều chỉnh./."
            ),
            Annex(f"CHỈ TIÊU GIAO CHO CÁC ĐƠN VỊ THỰC HIỆN {named}".upper()),
            _table(grid),
        ],
        recipients=["Như trên", *([parent.parent.short_name] if parent.parent else []), "Lưu: VT"],
        signed_for="TM. BAN CHẤP HÀNH" if parent.kind.is_grassroots else "TM. BAN THƯỜNG VỤ",
        position="CHỦ TỊCH",
        draft=True,
    )


def _sums(grid: Grid) -> list[str]:
    return [
        f"{column.phase.name if column.phase else 'cả chương trình'}: {formats.number(column.balance.allocated)}"
        for column in grid.columns
    ]


def _table(grid: Grid) -> Table:
    names = [str(column.phase) if column.phase else "Cả chương trình" for column in grid.columns]
    columns = [Column("TT", 8, "center"), Column("Đơn vị", 60), Column("Số đoàn viên", None, "right")]
    columns += [Column(name, None, "right") for name in names]
    if len(names) > 1:
        columns.append(Column("Cộng", None, "right"))
    rows = []
    for number, row in enumerate(grid.rows, 1):
        line = [str(number), row.unit.name, formats.number(row.members)]
        line += [formats.number(cell.value) if cell.value is not None else "–" for cell in row.cells]
        rows.append([*line, *([formats.number(row.total)] if len(names) > 1 else [])])
    sums = [formats.number(column.balance.allocated) for column in grid.columns]
    total = ["", "Tổng cộng", formats.number(sum(row.members for row in grid.rows)), *sums]
    return Table(columns, rows, [*total, *([formats.number(grid.total.allocated)] if len(names) > 1 else [])])
