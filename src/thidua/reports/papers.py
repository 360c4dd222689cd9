"""A report as an official paper and as a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter

from django.db.models import BigIntegerField, Func, IntegerField, Q, QuerySet, Sum

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
    rows = [[str(i), f.label, figure_text(f)] for i, f in enumerate(shown_figures(report), 1)]
    blocks: list[Block] = [
        Heading(1, "I. KẾT QUẢ THỰC HIỆN"),
        Paragraph(lead(report)),
        Table([Column("TT", 10, "center"), Column("Nội dung", 100), Column("Kết quả", 50, "right")], rows),
    ]
    for number, section in enumerate((s for s in report.sections.all() if s.text.strip()), 1):
        blocks.append(Heading(1, f"{ROMAN[min(number, 9)]}. {section.title.upper()}"))
        blocks += [Paragraph(line) for line in section.text.splitlines() if line.strip()]
    if how_many := report.merges.count():
        blocks += [Annex("PHỤ LỤC: SỐ LIỆU CÁC ĐƠN VỊ"), *_annex(report, how_many)]
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
    values = {f.key: f for f in shown_figures(report)}
    text = {key: figure_text(f) for key, f in values.items()}
    said = f"Đến ngày {formats.day(report.stands_for)}, {report.unit.short_name} có {text['counted']} sáng kiến được tính vào chương trình"
    if values["target"].value:
        said += f", đạt {text['percent']} chỉ tiêu được giao ({text['target']} sáng kiến)"
    said += f"; {text['people']} người có sáng kiến, bằng {text['participation']} đoàn viên"
    if values["benefit"].value:
        said += f"; giá trị làm lợi ước tính {text['benefit']} một năm"
    return f"{said}."


_ANNEX_KEYS = ("target", "filed", "recognised", "counted", "people", "benefit")
MOST_IN_ANNEX = 200  # units on paper, whose every page costs the typesetter memory; all of them are in the workbook
MOST_LISTED = 100_000  # initiatives in the workbook


def _annex(report: Report, how_many: int) -> list[Block]:
    labels = {f.key: f.label for f in report.figures.filter(key__in=_ANNEX_KEYS)}
    columns = [Column("TT", 8, "center"), Column("Đơn vị", 55)]
    columns += [Column(labels.get(key, key), None, "right") for key in _ANNEX_KEYS]
    rows, totals = [], dict.fromkeys(_ANNEX_KEYS, 0)
    for number, (unit, values) in enumerate(_parts(report, _ANNEX_KEYS), 1):
        for key in _ANNEX_KEYS:
            totals[key] += values.get(key, 0)
        if number <= MOST_IN_ANNEX:
            rows.append([str(number), unit, *[formats.number(values.get(k, 0)) for k in _ANNEX_KEYS]])
    table = Table(columns, rows, ["", "Tổng cộng", *[formats.number(totals[k]) for k in _ANNEX_KEYS]])
    if how_many <= MOST_IN_ANNEX:
        return [table]
    words = {"n": formats.number(how_many), "shown": formats.number(MOST_IN_ANNEX)}
    said = "Bảng ghi {shown} trong {n} đơn vị; số của mọi đơn vị có trong tệp bảng tính của báo cáo này. Dòng tổng cộng là của cả {n} đơn vị."
    return [Paragraph(said.format(**words)), table]


def _parts(report: Report, keys: Collection[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """Each unit that was added up with its figures, in the order of the tree; ten thousand pass one after the other."""
    found = ReportFigure.objects.filter(report__merged_into=report, key__in=keys)
    found = found.order_by("report__unit__lft", "report_id")
    read = found.values_list("report_id", "report__unit__name", "key", "value").iterator(chunk_size=5000)
    for (_pk, unit), rows in groupby(read, key=itemgetter(0, 1)):
        yield unit, {key: int(value) for _pk, _unit, key, value in rows}


def workbook(report: Report) -> bytes:
    """Figures, the units merged, and the initiatives behind the count."""
    sheets = [_figures_sheet(report)]
    if report.merges.exists():
        sheets.append(_units_sheet(report))
    sheets.append(_initiatives_sheet(report))
    return to_xlsx(sheets, str(report), clock.today())


def _figures_sheet(report: Report) -> Sheet:
    columns = [
        SheetColumn("Nội dung", "text", 60),
        SheetColumn("Kết quả", "integer", 24),
        SheetColumn("Tỷ lệ", "percent", 12),
    ]
    rows = [
        [f.label, None, f.value / 100] if f.is_percent else [f.label, int(f.value), None] for f in shown_figures(report)
    ]
    return Sheet("Số liệu", columns, rows)


def shown_figures(report: Report) -> QuerySet[ReportFigure]:
    """Without the rows behind them, which may be a hundred thousand."""
    return report.figures.defer("initiative_ids", "person_ids")


def _units_sheet(report: Report) -> Sheet:
    keys = {f.key: f for f in shown_figures(report) if not f.is_percent}
    columns = [SheetColumn("Đơn vị", "text", 44)]
    columns += [SheetColumn(f.label, "money" if f.is_money else "integer") for f in keys.values()]
    rows = ([unit, *[values.get(key, 0) for key in keys]] for unit, values in _parts(report, keys))
    return Sheet("Các đơn vị", columns, rows, totals="Tổng cộng")


def _initiatives_sheet(report: Report) -> Sheet:
    """The rows behind "counted": of the report itself and of each one it merges."""
    added_up = Q(report=report) | Q(report__in=report.merges.values("pk"))
    counted = ReportFigure.objects.filter(added_up, key="counted")
    behind = counted.annotate(row=Func("initiative_ids", function="unnest", output_field=BigIntegerField()))
    rows = initiative_queries.dossiers().filter(pk__in=behind.values("row")).order_by("unit__lft", "filed_on", "pk")
    columns = [
        SheetColumn("Mã", "text", 14),
        SheetColumn("Sáng kiến được tính", "text", 70),
        SheetColumn("Đơn vị", "text", 44),
        SheetColumn("Ngày gửi", "date", 12),
    ]
    listed = rows.values_list("code", "title", "unit__name", "filed_on")[:MOST_LISTED]
    notes = [f"Bảng ghi nhiều nhất {formats.number(MOST_LISTED)} sáng kiến; số được tính nằm ở bảng Số liệu."]
    every = counted.aggregate(n=Sum(Func("initiative_ids", function="cardinality", output_field=IntegerField())))["n"]
    return Sheet(
        "Sáng kiến được tính",
        columns,
        listed.iterator(chunk_size=2000),
        notes=notes if (every or 0) > MOST_LISTED else (),
    )
