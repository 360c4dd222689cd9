"""A report as an official paper and as a workbook."""

from __future__ import annotations

from thidua.documents.rendering.blocks import Block
from thidua.documents.rendering.official import Annex, Column, Heading, OfficialPaper, Paragraph, Table
from thidua.documents.rendering.spreadsheets import Column as SheetColumn
from thidua.documents.rendering.spreadsheets import Sheet, to_xlsx
from thidua.kernel import clock, formats
from thidua.reports.models import Report, ReportFigure

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def figure_text(figure: ReportFigure) -> str:
    if figure.is_percent:
        return formats.percent(figure.value)
    return formats.vnd(int(figure.value)) if figure.is_money else formats.number(figure.value)


def official(report: Report) -> OfficialPaper:
    unit = report.unit
    rows = [[str(i), f.label, figure_text(f)] for i, f in enumerate(report.figures.all(), 1)]
    blocks: list[Block] = [
        Heading(1, "I. KẾT QUẢ THỰC HIỆN"),
        Table([Column("TT", 10, "center"), Column("Nội dung", 100), Column("Kết quả", 50, "right")], rows),
    ]
    for number, section in enumerate((s for s in report.sections.all() if s.text.strip()), 1):
        blocks.append(Heading(1, f"{ROMAN[min(number, 9)]}. {section.title.upper()}"))
        blocks += [Paragraph(line) for line in section.text.splitlines() if line.strip()]
    merged = list(report.merges.select_related("unit"))
    if merged:
        blocks += [Annex("PHỤ LỤC: SỐ LIỆU CÁC ĐƠN VỊ"), _annex(merged)]
    return OfficialPaper(
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        symbol=unit.symbol,
        place=unit.place,
        kind="BÁO CÁO",
        subject=report.request.title,
        year=clock.today().year,
        blocks=blocks,
        recipients=[report.request.unit.name, "Lưu: VP"],
        signed_for="TM. BAN CHẤP HÀNH" if unit.kind.is_grassroots else "TM. BAN THƯỜNG VỤ",
        position="CHỦ TỊCH",
        draft=True,
    )


_ANNEX_KEYS = ("target", "filed", "recognised", "counted", "people", "benefit")


def _annex(merged: list[Report]) -> Table:
    labels = {f.key: f.label for report in merged for f in report.figures.all()}
    columns = [Column("TT", 8, "center"), Column("Đơn vị", 55)]
    columns += [Column(labels.get(key, key), None, "right") for key in _ANNEX_KEYS]
    rows, totals = [], dict.fromkeys(_ANNEX_KEYS, 0)
    for number, report in enumerate(merged, 1):
        values = {f.key: int(f.value) for f in report.figures.all()}
        for key in _ANNEX_KEYS:
            totals[key] += values.get(key, 0)
        rows.append([str(number), report.unit.name, *[formats.number(values.get(k, 0)) for k in _ANNEX_KEYS]])
    return Table(columns, rows, ["", "Tổng cộng", *[formats.number(totals[k]) for k in _ANNEX_KEYS]])


def workbook(report: Report) -> bytes:
    """Figures on the first sheet, the units merged on the second."""
    sheets = [
        Sheet(
            "Số liệu",
            [SheetColumn("Nội dung", "text", 60), SheetColumn("Kết quả", "text", 24)],
            [[f.label, figure_text(f)] for f in report.figures.all()],
            totals="",
        )
    ]
    merged = list(report.merges.select_related("unit").prefetch_related("figures"))
    if merged:
        keys = {f.key: f.label for r in merged for f in r.figures.all() if f.is_summed}
        columns = [SheetColumn("Đơn vị", "text", 44), *[SheetColumn(label, "integer") for label in keys.values()]]
        rows = [
            [r.unit.name, *[int({f.key: f.value for f in r.figures.all()}.get(k, 0)) for k in keys]] for r in merged
        ]
        sheets.append(Sheet("Các đơn vị", columns, rows, totals="Tổng cộng"))
    return to_xlsx(sheets, str(report), clock.today())
