"""Search results as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from thidua.documents.rendering import spreadsheets
from thidua.documents.rendering.spreadsheets import Column, Sheet
from thidua.initiatives.models import Initiative
from thidua.kernel import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(rows: Iterable[Initiative], title: str, filters: str, note: str = "") -> bytes:
    """What a list shows of each, never the texts an author keeps back."""
    columns = [
        Column(_("Mã"), width=14),
        Column(_("Tên sáng kiến"), width=60),
        Column(_("Tác giả"), width=30),
        Column(_("Đơn vị"), width=34),
        Column(_("Loại giải pháp"), width=20),
        Column(_("Lĩnh vực"), width=22),
        Column(_("Ngày gửi"), "date", width=12),
        Column(_("Trạng thái"), width=18),
        Column(_("Làm lợi đã xác nhận (đồng)"), "money", width=18),
    ]
    sheet = Sheet(_("Sáng kiến"), columns, (_cells(row) for row in rows), notes=[note] if note else [])
    return spreadsheets.to_xlsx([sheet], title, clock.today(), filters)


def _cells(row: Initiative) -> Sequence[object]:
    authors = ", ".join(a.name for a in row.authorships.all())
    return [
        row.code,
        row.title,
        authors,
        row.unit.name,
        row.get_kind_display(),
        row.field,
        row.filed_on,
        str(row.get_state_display()),
        row.benefit_confirmed,
    ]
