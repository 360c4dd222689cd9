"""The progress of a unit as a paper: what the page says, in the layout of the union."""

from __future__ import annotations

from collections.abc import Sequence

from thidua.documents.rendering.official import Annex, Block, Column, OfficialPaper, Paragraph, Table
from thidua.kernel import clock, formats
from thidua.orgs.models import Unit
from thidua.programmes.choices import ProgrammeKind
from thidua.programmes.models import Programme
from thidua.targets.domain.progress import Line
from thidua.targets.papers import KINDS


def progress_paper(
    programme: Programme,
    unit: Unit,
    current: Line,
    lines: Sequence[Line],
    below: Sequence[Line],
    name: str = "",
) -> OfficialPaper:
    """How far a unit has come, by phase, and each unit directly below. Its words are Vietnamese always."""
    named = f"{KINDS[ProgrammeKind(programme.kind)]} “{programme.name}”"
    when = f"tính đến ngày {formats.day(current.today)}"
    name = name or unit.name  # of the day the numbers are of
    scope = f" {current.phase.name.lower()}" if current.phase else ""
    blocks: list[Block] = [
        Paragraph(f"{name} báo cáo tiến độ{scope} thực hiện {named}, {when}:"),
        Paragraph(_in_words(current)),
        _phases_table(lines),
    ]
    if below:
        blocks += [Annex(f"TIẾN ĐỘ CỦA CÁC ĐƠN VỊ TRỰC THUỘC, {when}".upper()), _units_table(below)]
    return OfficialPaper(
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        symbol=unit.symbol,
        place=unit.place,
        kind="BÁO CÁO",
        subject=f"Tiến độ thực hiện {named}",
        year=clock.today().year,
        blocks=blocks,
        recipients=[*([unit.parent.short_name] if unit.parent else []), "Lưu: VT"],
        signed_for="TM. BAN CHẤP HÀNH" if unit.kind.is_grassroots else "TM. BAN THƯỜNG VỤ",
        position="CHỦ TỊCH",
        draft=True,
    )


def _in_words(line: Line) -> str:
    """The same sentence as the page: what is there, what is missing, the pace that is needed."""
    people = f"{formats.number(line.people)} đoàn viên có sáng kiến"
    start = f"Đã có {formats.number(line.counted)} sáng kiến được tính, {people}"
    if not line.target:
        return f"{start}; chưa có chỉ tiêu."
    start += f", bằng {formats.percent(line.percent)} chỉ tiêu ({formats.number(line.target)} sáng kiến)"
    found = line.pace
    if found.per_week:
        return (
            f"{start}. Còn thiếu {formats.number(found.missing)} sáng kiến, cần {formats.number(found.per_week)} "
            f"sáng kiến mỗi tuần đến {formats.day(line.ends_on)}."
        )
    return f"{start}."


_NUMBERS = ("Chỉ tiêu", "Đã gửi", "Được tính", "Tỷ lệ", "Người tham gia")


def _numbers_of(line: Line) -> list[str]:
    target = formats.number(line.target) if line.target else "–"
    numbers = [formats.number(n) for n in (line.filed, line.counted)]
    return [target, *numbers, formats.percent(line.percent), formats.number(line.people)]


def _phases_table(lines: Sequence[Line]) -> Table:
    columns = [Column("Giai đoạn", 50), *(Column(name, None, "right") for name in _NUMBERS)]
    return Table(columns, [[str(x.phase or "Cả chương trình"), *_numbers_of(x)] for x in lines])


def _units_table(below: Sequence[Line]) -> Table:
    columns = [Column("TT", 8, "center"), Column("Đơn vị", 55), *(Column(name, None, "right") for name in _NUMBERS)]
    ordered = sorted(below, key=lambda x: (-(x.percent or -1), x.unit.sort_key))
    return Table(columns, [[str(n), x.unit.name, *_numbers_of(x)] for n, x in enumerate(ordered, 1)])
