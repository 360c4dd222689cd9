"""Text out of .txt, .docx and .pdf files; hostile or unreadable ones are refused with one line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused
from thidua.programmes.reader import pages, word
from thidua.programmes.reader.lines import split
from thidua.programmes.reader.reading import ReadPlan, looks_like_a_plan, read_text

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_PAGES = 200
MAX_CHARACTERS = 3_000_000
Rows = list[tuple[list[str], dict[str, Any]]]


class Unreadable(Refused):
    """The file is not a plan that can be read; the message says why and what to do."""


def read_file(source: str | Path | bytes, name: str = "") -> ReadPlan:
    """Read a plan from a path or from bytes (then `name` tells its kind)."""
    content, name = _load(source, name)
    written, rows = _text_of(content, name)
    written = written[:MAX_CHARACTERS]
    found = split(written)
    if not found:
        raise Unreadable(_("Tệp không có chữ. Nếu là bản chụp, hãy dùng bản có lớp chữ hoặc bản Word."))
    if not looks_like_a_plan(found):
        raise Unreadable(_("Văn bản không giống một kế hoạch: không thấy «KẾ HOẠCH», giai đoạn hay nơi nhận."))
    return read_text(written, rows)


def _load(source: str | Path | bytes, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        content = source
    else:
        path = Path(source)
        name = name or path.name
        try:
            if path.stat().st_size > MAX_BYTES:
                raise Unreadable(_("Tệp lớn hơn 20 MB."))
            content = path.read_bytes()
        except OSError as error:
            raise Unreadable(
                _("Không mở được tệp «%(name)s»: %(why)s.") % {"name": name, "why": error.strerror}
            ) from error
    if len(content) > MAX_BYTES:
        raise Unreadable(_("Tệp lớn hơn 20 MB."))
    if not content.strip():
        raise Unreadable(_("Tệp rỗng."))
    return content, name


def _text_of(content: bytes, name: str) -> tuple[str, Rows]:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _docx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("Tệp Word kiểu cũ (.doc): hãy lưu lại thành .docx."))
    return _plain(content, name), []


def _plain(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\x00" in content:
        raise Unreadable(_("Loại tệp «%(name)s» không đọc được: hãy dùng .docx, .pdf hoặc .txt.") % {"name": name})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("Chữ không phải Unicode (có thể là TCVN3/VNI): hãy chuyển sang Unicode rồi tải lại.")
        ) from error


def _docx(content: bytes) -> tuple[str, Rows]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise Unreadable(_("Tệp nén bất thường nên không mở."))
            if "word/document.xml" not in archive.namelist():
                raise Unreadable(_("Tệp không phải văn bản Word (.docx)."))
        document = docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise Unreadable(_("Tệp Word bị hỏng hoặc có mật khẩu.")) from error
    return word.read(document)


def _pdf(content: bytes) -> tuple[str, Rows]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > MAX_PAGES:
                raise Unreadable(_("Tệp PDF quá nhiều trang (hơn 200)."))
            written, rows = pages.read(document.pages)
    except PdfminerException as error:
        is_locked = isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect)
        raise Unreadable(_("Tệp PDF có mật khẩu.") if is_locked else _("Tệp PDF bị hỏng.")) from error
    if not written.strip():
        raise Unreadable(_("Tệp PDF chỉ có ảnh chụp, không có lớp chữ: hãy dùng bản Word hoặc PDF có chữ."))
    return written, rows
