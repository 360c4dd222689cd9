"""The columns of the table of units, and how their cells are read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel import codes
from thidua.kernel.sheets.columns import Choice, Column, Wrong
from thidua.orgs import queries
from thidua.orgs.choices import Employer


def _kinds() -> list[Choice]:
    return [Choice(kind.code, kind.name, (kind.name_en,)) for kind in queries.kinds()]


def _employers() -> list[Choice]:
    return [Choice(str(value), label) for value, label in Employer.choices]


def _code(written: str) -> str:
    code = codes.tidy(written)
    if not all(c.isascii() and (c.isalnum() or c in "-_.") for c in code):
        raise Wrong(
            _("Mã «%(code)s» có ký tự không dùng được.") % {"code": written[:40]},
            _("Chỉ dùng chữ không dấu, chữ số và dấu gạch ngang, ví dụ TB-YT-07."),
        )
    return code.replace(".", "-")


COLUMNS = (
    Column(
        "code", gettext_lazy("Mã đơn vị"), required=True, longest=40, read=_code, example="TB-YT-07", width=16,
        synonyms=("Mã", "Mã số đơn vị", "Mã CĐCS", "Mã công đoàn"),
        note=gettext_lazy("Không đổi về sau: mã đã có là cập nhật, mã mới là thành lập."),
    ),
    Column(
        "name", gettext_lazy("Tên đơn vị"), longest=250, example="CĐCS Trung tâm Y tế huyện Vũ Thư", width=40,
        synonyms=("Tên", "Tên đầy đủ", "Tên công đoàn", "Tên CĐCS", "Đơn vị"),
        note=gettext_lazy("Bắt buộc với đơn vị mới. Khác tên cũ: đơn vị được đổi tên, tên cũ còn trong lịch sử."),
    ),
    Column(
        "kind", gettext_lazy("Loại đơn vị"), kind="choice", choices=_kinds, example="Công đoàn cơ sở", width=26,
        synonyms=("Loại", "Cấp", "Loại hình công đoàn", "Cấp công đoàn"),
        note=gettext_lazy("Bắt buộc với đơn vị mới."),
    ),
    Column(
        "parent", gettext_lazy("Đơn vị cấp trên"), example="TB-YT", width=18,
        synonyms=("Mã cấp trên", "Cấp trên", "Cấp trên trực tiếp", "Mã đơn vị cấp trên", "Trực thuộc", "Công đoàn cấp trên"),
        note=gettext_lazy("Mã hoặc tên đầy đủ; có thể là đơn vị mới ở dòng khác của tệp. Để trống: đơn vị của bạn."),
    ),
    Column(
        "short_name", gettext_lazy("Tên gọi ngắn"), longest=120, example="TTYT Vũ Thư", width=22,
        synonyms=("Tên viết tắt", "Tên ngắn"),
    ),
    Column(
        "symbol", gettext_lazy("Ký hiệu văn bản"), longest=30, example="CĐCS", width=12,
        synonyms=("Ký hiệu", "Viết tắt trong văn bản"), note=gettext_lazy("Phần sau số văn bản: 17/KH-CĐYT là CĐYT."),
    ),
    Column("place", gettext_lazy("Địa danh"), longest=120, example="Thái Bình", width=16, synonyms=("Nơi đóng", "Địa chỉ")),
    Column(
        "sector", gettext_lazy("Ngành"), longest=60, example="Y tế", width=14,
        synonyms=("Lĩnh vực", "Ngành nghề", "Ngành, nghề"),
    ),
    Column(
        "employer", gettext_lazy("Loại hình sử dụng lao động"), kind="choice", choices=_employers, width=20,
        example="Đơn vị sự nghiệp", synonyms=("Loại hình", "Loại hình đơn vị", "Khu vực"),
    ),
    Column(
        "members", gettext_lazy("Số đoàn viên"), kind="integer", example="120", width=12,
        synonyms=("Tổng số đoàn viên", "Đoàn viên", "SL đoàn viên", "Số ĐV"),
    ),
    Column(
        "women", gettext_lazy("Trong đó nữ"), kind="integer", example="80", width=10, synonyms=("Nữ", "Số nữ", "Đoàn viên nữ")
    ),
    Column(
        "direct_workers", gettext_lazy("Lao động trực tiếp"), kind="integer", example="90", width=12,
        synonyms=("Số lao động trực tiếp", "LĐ trực tiếp"),
    ),
    Column(
        "effective_on", gettext_lazy("Ngày hiệu lực"), kind="date", example="01/07/2022", width=14,
        synonyms=("Ngày thành lập", "Có hiệu lực từ", "Từ ngày", "Ngày kê khai"),
        note=gettext_lazy("Ngày thành lập, đổi tên, chuyển hoặc kê khai; để trống: hôm nay."),
    ),
    Column(
        "decision_number", gettext_lazy("Số quyết định"), longest=60, example="15/QĐ-LĐLĐ", width=16,
        synonyms=("Quyết định số", "QĐ số"),
    ),
)  # fmt: skip
