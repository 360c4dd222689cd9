"""The letter that gives targets to the units below, with its annex table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from thidua.documents.rendering.official import Annex, Column, OfficialPaper, Paragraph, Table
from thidua.kernel import formats
from thidua.programmes.choices import ProgrammeKind
from thidua.targets.models import Issue, IssueLine
from thidua.targets.queries import Grid

KINDS = {
    ProgrammeKind.PROGRAMME: "Chương trình",
    ProgrammeKind.MOVEMENT: "Phong trào thi đua",
    ProgrammeKind.DRIVE: "Cuộc vận động",
}


_ASKED = (
    "Đề nghị các đơn vị xác nhận chỉ tiêu được giao, xây dựng kế hoạch của đơn vị và tổ chức thực hiện. "
    "Nếu có khó khăn, vướng mắc, phản ánh về đơn vị giao chỉ tiêu để được xem xét, điều chỉnh./."
)


def issue_letter(issue: Issue, lines: Sequence[IssueLine]) -> OfficialPaper:
    """The letter of one issue: the first gives, a later one adjusts and shows both numbers."""
    parent, programme = issue.parent, issue.programme
    named = f"{KINDS[ProgrammeKind(programme.kind)]} “{programme.name}”"
    what = (issue.label or issue.indicator.name).lower()
    verb = "giao" if issue.number == 1 else "điều chỉnh"
    units = list(dict.fromkeys(line.unit.name for line in lines))
    why = f" Lý do: {issue.reason.rstrip('.')}." if issue.reason else ""
    return OfficialPaper(
        superior=parent.parent.name if parent.parent else "",
        issuer=parent.name,
        symbol=parent.symbol,
        place=parent.place,
        kind="CÔNG VĂN",
        subject=f"V/v {verb} chỉ tiêu thực hiện {named} (lần {issue.number})",
        year=issue.issued_at.year,
        addressees=units if len(units) <= 5 else ["Các đơn vị trực thuộc"],
        blocks=[
            Paragraph(
                f"Thực hiện Kế hoạch số {programme.plan.full_number}, {parent.name} {verb} chỉ tiêu {what} "
                f"của {len(units)} đơn vị theo phụ lục kèm theo.{why}"
            ),
            Paragraph(_ASKED),
            Annex(f"CHỈ TIÊU {verb} {named}".upper()),
            _differences(lines),
        ],
        recipients=["Như trên", *([parent.parent.short_name] if parent.parent else []), "Lưu: VT"],
        signed_for="TM. BAN CHẤP HÀNH" if parent.kind.is_grassroots else "TM. BAN THƯỜNG VỤ",
        position="CHỦ TỊCH",
        draft=True,
    )


def _differences(lines: Sequence[IssueLine]) -> Table:
    columns = [
        Column("TT", 8, "center"),
        Column("Đơn vị", 60),
        Column("Giai đoạn", None),
        Column("Đã giao", None, "right"),
        Column("Giao lần này", None, "right"),
        Column("Tăng, giảm", None, "right"),
    ]
    rows = [
        [str(number), line.unit.name, str(line.phase or "Cả chương trình"), *_before_after(line.before, line.after)]
        for number, line in enumerate(lines, 1)
    ]
    before, after = (sum(getattr(line, name) or 0 for line in lines) for name in ("before", "after"))
    return Table(columns, rows, ["", "Tổng cộng", "", *_before_after(Decimal(before), Decimal(after))])


def _before_after(before: Decimal | None, after: Decimal | None) -> list[str]:
    difference = (after or Decimal(0)) - (before or Decimal(0))
    sign = "+" if difference > 0 else "-" if difference < 0 else ""
    numbers = [formats.number(value) if value is not None else "–" for value in (before, after)]
    return [*numbers, f"{sign}{formats.number(abs(difference))}"]


def allocation_letter(grid: Grid) -> OfficialPaper:
    """A letter in draft: number and date are given when it is issued. Its words are Vietnamese always."""
    parent, programme = grid.parent, grid.programme
    named = f"{KINDS[ProgrammeKind(programme.kind)]} “{programme.name}”"
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
                f"{grid.name.lower()} cho {len(grid.rows)} đơn vị trực thuộc "
                f"({', '.join(_sums(grid))}) theo phụ lục kèm theo."
            ),
            Paragraph(_ASKED),
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
