"""What a file is, seen from its bytes; what we do not open is refused before anything reads it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 400 * 2**20
MAX_RATIO = 300  # a real sheet of repeated words packs fifty to one
MAX_PARTS = 2_000
MAX_ROWS = 100_000
Kind = Literal["xlsx", "xls", "csv"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|meta|svg|script)", re.IGNORECASE)


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def refused(sentence: str) -> Refused:
    return Refused(sentence, field="file")


def too_big() -> Refused:
    return refused(_("Tệp lớn hơn %(n)d MB: hãy chia thành nhiều tệp nhỏ hơn.") % {"n": MAX_BYTES // 2**20})


def kind_of(content: bytes) -> Kind:
    """Raises Refused with what to do when it is not a table that can be read safely."""
    if not content.strip():
        raise refused(_("Tệp rỗng: hãy chọn lại tệp."))
    if len(content) > MAX_BYTES:
        raise too_big()
    if content.startswith(_OLE):
        return _old_excel(content)
    if content.startswith(b"PK"):
        return _archive(content)
    if content.startswith(b"%PDF-"):
        raise refused(_("Đây là tệp PDF: hãy dùng tệp Excel (.xlsx, .xls) hoặc .csv."))
    if _PAGE.match(content[:1024]):
        raise refused(_("Tệp này thật ra là trang web hoặc XML: hãy mở bằng Excel rồi lưu lại thành .xlsx."))
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content[:4096] and not is_wide:
        raise refused(_("Loại tệp này không đọc được: hãy dùng .xlsx, .xls hoặc .csv."))
    return "csv"


def _old_excel(content: bytes) -> Kind:
    if _wide("EncryptedPackage") in content or _wide("EncryptionInfo") in content:
        raise refused(_("Tệp Excel có mật khẩu: hãy bỏ mật khẩu rồi tải lại."))
    if _wide("_VBA_PROJECT") in content or _wide("VBA") + b"\x00\x00" in content:
        raise refused(_("Tệp Excel có macro: hãy lưu lại thành .xlsx (không macro) rồi tải lại."))
    if _wide("Workbook") not in content and _wide("Book") not in content:
        raise refused(_("Tệp này không phải bảng tính: hãy dùng .xlsx, .xls hoặc .csv."))
    return "xls"


def _archive(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise refused(_("Tệp bị hỏng: hãy mở bằng Excel, lưu lại rồi tải lên.")) from error
    names = {part.filename.lower() for part in parts}
    unpacked = sum(part.file_size for part in parts)
    is_bomb = unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS
    if is_bomb or (unpacked > 50 * 2**20 and unpacked > MAX_RATIO * len(content)):
        raise refused(_("Tệp nén bất thường nên không mở: hãy chép dữ liệu sang một tệp mới."))
    if any(part.flag_bits & 1 for part in parts):
        raise refused(_("Tệp Excel có mật khẩu: hãy bỏ mật khẩu rồi tải lại."))
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        raise refused(_("Tệp Excel có macro: hãy lưu lại thành .xlsx (không macro) rồi tải lại."))
    if "xl/workbook.bin" in names:
        raise refused(_("Tệp .xlsb chưa đọc được: hãy lưu lại thành .xlsx."))
    if "xl/workbook.xml" not in names:
        raise refused(_("Tệp này không phải bảng tính: hãy dùng .xlsx, .xls hoặc .csv."))
    return "xlsx"
