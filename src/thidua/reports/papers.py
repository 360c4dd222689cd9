"""A report as an official paper and as a workbook."""

from __future__ import annotations

from thidua.documents.rendering.blocks import Block
from thidua.documents.rendering.official import Annex, Column, Heading, OfficialPaper, Paragraph, Table
from thidua.documents.rendering.spreadsheets import Column as SheetColumn
from thidua.documents.rendering.spreadsheets import Sheet, to_xlsx
from thidua.initiatives import queries as initiative_queries
from thidua.kernel import clock, formats
from thidua.reports.models import Report, ReportFigure

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def figure_text(figure: ReportFigure) -> str:
    if figure.is_percent:
        return formats.percent(figure.value)
    return formats.vnd(int(figure.value)) if figure.is_money else formats.number(figure.value)


def official(report: Report, signer: str) -> OfficialPaper:
    unit = report.unit
    rows = [[str(i), f.label, figure_text(f)] for i, f in enumerate(report.figures.all(), 1)]
    blocks: list[Block] = [
        Heading(1, "I. KẾT QUẢ THỰC HIỆN"),
        Paragraph(lead(report)),
        Table([Column("TT", 10, "center"), Column("Nội dung", 100), Column("Kết quả", 50, "right")], rows),
    ]
    for number, section in enumerate((s for s in report.sections.all() if s.text.strip()), 1):
        blocks.append(Heading(1, f"{ROMAN[min(number, 9)]}. {section.title.upper()}"))
        blocks += [Paragraph(line) for line in section.text.splitlines() if line.strip()]
    merged = list(report.merges.select_related("unit").prefetch_related("figures").order_by("unit__lft"))
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
        signer=signer,
    )


def lead(report: Report) -> str:
    """The figures in one sentence, for the paper and for whoever writes it."""
    values = {f.key: f for f in report.figures.all()}
    text = {key: figure_text(f) for key, f in values.items()}
    said = f"Đến ngày {formats.day(report.stands_for)}, {report.unit.short_name} có {text['counted']} sáng kiến được tính vào chương trình"
    if values["target"].value:
        said += f", đạt {text['percent']} chỉ tiêu được giao ({text['target']} sáng kiến)"
    said += f"; {text['people']} người có sáng kiến, bằng {text['participation']} đoàn viên"
    if values["benefit"].value:
        said += f"; giá trị làm lợi ước tính {text['benefit']} một năm"
    return f"{said}."


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
    """Figures, the units merged, and the initiatives behind the count."""
    merged = list(report.merges.select_related("unit").prefetch_related("figures").order_by("unit__lft"))
    sheets = [_figures_sheet(report)]
    if merged:
        sheets.append(_units_sheet(merged))
    sheets.append(_initiatives_sheet([report, *merged]))
    return to_xlsx(sheets, str(report), clock.today())


def _figures_sheet(report: Report) -> Sheet:
    columns = [
        SheetColumn("Nội dung", "text", 60),
        SheetColumn("Kết quả", "integer", 24),
        SheetColumn("Tỷ lệ", "percent", 12),
    ]
    rows = [
        [f.label, None, f.value / 100] if f.is_percent else [f.label, int(f.value), None] for f in report.figures.all()
    ]
    return Sheet("Số liệu", columns, rows)


def _units_sheet(merged: list[Report]) -> Sheet:
    keys = {f.key: f for report in merged for f in report.figures.all() if not f.is_percent}
    columns = [SheetColumn("Đơn vị", "text", 44)]
    columns += [SheetColumn(f.label, "money" if f.is_money else "integer") for f in keys.values()]
    rows = []
    for report in merged:
        values = {f.key: f.value for f in report.figures.all()}
        rows.append([report.unit.name, *[int(values.get(key, 0)) for key in keys]])
    return Sheet("Các đơn vị", columns, rows, totals="Tổng cộng")


def _initiatives_sheet(found: list[Report]) -> Sheet:
    """The rows behind "counted": of the report itself and of each one it merges."""
    behind = ReportFigure.objects.filter(report__in=found, key="counted").values_list("initiative_ids", flat=True)
    wanted = {pk for ids in behind for pk in ids}
    rows = initiative_queries.dossiers().filter(pk__in=wanted).order_by("unit__lft", "filed_on", "pk")
    columns = [
        SheetColumn("Mã", "text", 14),
        SheetColumn("Sáng kiến được tính", "text", 70),
        SheetColumn("Đơn vị", "text", 44),
        SheetColumn("Ngày gửi", "date", 12),
    ]
    return Sheet("Sáng kiến được tính", columns, [[i.code, i.title, i.unit.name, i.filed_on] for i in rows])
