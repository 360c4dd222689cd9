"""The columns of the table of people, and how their cells are read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel import codes
from thidua.kernel.sheets.columns import Choice, Column, Wrong, read_date, read_integer
from thidua.people import queries


def read_phone(written: str) -> str:
    digits = written.lstrip("'")
    # A number cell has lost its first zero.
    found = queries.tidy_phone(digits) or (queries.tidy_phone(f"0{digits}") if len(digits) == 9 else "")
    if not found:
        raise Wrong(
            _("Số điện thoại «%(phone)s» không đúng.") % {"phone": written[:20]},
            _("Hãy ghi đủ 10 chữ số, ví dụ 0912345678."),
        )
    return found


def _email(written: str) -> str:
    try:
        validate_email(written)
    except ValidationError as error:
        raise Wrong(
            _("Email «%(email)s» không đúng.") % {"email": written[:60]}, _("Ví dụ đúng: ten@donvi.vn.")
        ) from error
    return written.lower()


def _year(written: str) -> int:
    """A year, or the year of a date of birth; the day itself is not kept."""
    year = read_integer(written) if len(written) <= 4 else read_date(written).year
    if not 1900 < year < 2100:
        raise Wrong(_("Năm sinh «%(year)s» không hợp lý.") % {"year": written[:20]}, _("Hãy ghi bốn chữ số."))
    return year


def read_name(written: str) -> str:
    letters = [c for c in written if c.isalpha()]
    if len(letters) < 2 or any(c.isdigit() for c in written):
        raise Wrong(_("«%(name)s» không phải họ tên.") % {"name": written[:40]}, _("Hãy ghi họ và tên đầy đủ."))
    # TYPED IN CAPITALS is how lists are printed, not how people are called.
    return written.title() if written.isupper() and len(letters) > 3 else written


GENDERS = (("woman", gettext_lazy("Nữ")), ("man", gettext_lazy("Nam")))
COLUMNS = (
    Column(
        "code",
        gettext_lazy("Mã đoàn viên"),
        longest=30,
        synonyms=("Mã số đoàn viên", "Mã ĐV", "Mã NLĐ", "Mã nhân viên", "Mã người", "Số thẻ đoàn viên"),
        note=gettext_lazy("Để trống với người mới: hệ thống đặt mã. Với người đã có, giữ nguyên mã khi sửa."),
        example="DV-7K2M9QF4",
        read=codes.tidy,
    ),
    Column(
        "full_name",
        gettext_lazy("Họ và tên"),
        required=True,
        longest=120,
        synonyms=("Họ tên", "Tên", "Họ tên đoàn viên", "Họ và tên đoàn viên", "Họ và tên người lao động", "Full name"),
        example="Nguyễn Thị An",
        width=28,
        read=read_name,
    ),
    Column(
        "unit",
        gettext_lazy("Đơn vị"),
        synonyms=("Mã đơn vị", "Tên đơn vị", "Công đoàn cơ sở", "CĐCS", "Đơn vị công tác", "Nơi làm việc"),
        note=gettext_lazy("Mã hoặc tên đầy đủ. Để trống: đơn vị của bạn. Khác đơn vị cũ: người này được chuyển đến."),
        example="TB-YT-01",
        width=24,
    ),
    Column(
        "birth_year",
        gettext_lazy("Năm sinh"),
        synonyms=("Ngày sinh", "Ngày tháng năm sinh", "NS"),
        note=gettext_lazy("Chỉ giữ năm, để phân biệt người trùng tên."),
        example="1985",
        width=11,
        read=_year,
    ),
    Column(
        "gender",
        gettext_lazy("Giới tính"),
        kind="choice",
        synonyms=("Nam/Nữ", "Phái", "Nữ"),
        choices=(
            Choice("woman", gettext_lazy("Nữ"), ("x", "f", "female", "1")),
            Choice("man", gettext_lazy("Nam"), ("m", "male", "0")),
        ),
        example="Nữ",
        width=10,
    ),
    Column(
        "job_title",
        gettext_lazy("Nghề nghiệp, chức danh"),
        longest=120,
        synonyms=("Nghề nghiệp", "Chức vụ", "Công việc", "Vị trí việc làm", "Chức danh nghề nghiệp"),
        example="Điều dưỡng",
        width=22,
    ),
    Column(
        "qualification",
        gettext_lazy("Trình độ chuyên môn"),
        longest=120,
        synonyms=("Trình độ", "Bằng cấp", "Trình độ đào tạo"),
        example="Cử nhân",
        width=18,
    ),
    Column(
        "is_direct_worker",
        gettext_lazy("Lao động trực tiếp"),
        kind="yes_no",
        synonyms=("Công nhân trực tiếp", "Trực tiếp sản xuất", "LĐ trực tiếp", "NLĐ trực tiếp"),
        note=gettext_lazy("Có hoặc Không."),
        example="Có",
        width=12,
    ),
    Column(
        "is_member",
        gettext_lazy("Là đoàn viên"),
        kind="yes_no",
        synonyms=("Đoàn viên", "Đoàn viên công đoàn"),
        note=gettext_lazy("Có hoặc Không; để trống với người mới: Có."),
        example="Có",
        width=12,
    ),
    Column(
        "phone",
        gettext_lazy("Số điện thoại"),
        longest=20,
        synonyms=(
            "Điện thoại",
            "SĐT",
            "ĐT",
            "Số ĐT",
            "Số ĐTDĐ",
            "Số điện thoại di động",
            "Số phone",
            "Di động",
            "Điện thoại di động",
            "Số di động",
            "Phone",
        ),
        note=gettext_lazy("Để đăng nhập; mỗi số của một người."),
        example="0912345678",
        read=read_phone,
    ),
    Column(
        "email",
        gettext_lazy("Email"),
        longest=254,
        synonyms=("Thư điện tử", "E-mail", "Địa chỉ email"),
        example="an@benhvien.vn",
        width=24,
        read=_email,
    ),
    Column(
        "since",
        gettext_lazy("Ngày vào đơn vị"),
        kind="date",
        synonyms=("Ngày về đơn vị", "Từ ngày", "Ngày chuyển đến"),
        note=gettext_lazy("Người mới hoặc chuyển đến: từ ngày này; để trống: hôm nay."),
        example="01/03/2022",
        width=14,
    ),
    Column(
        "left_on",
        gettext_lazy("Ngày thôi"),
        kind="date",
        synonyms=("Ngày nghỉ việc", "Ngày nghỉ hưu", "Ngày ra khỏi danh sách"),
        note=gettext_lazy("Ghi khi người này nghỉ việc, nghỉ hưu, thôi là đoàn viên."),
        example="",
        width=14,
    ),
)
