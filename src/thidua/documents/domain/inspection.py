"""Look inside a file before it is kept: what it is, and whether it carries what could harm a reader."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNPACKED = 200 * 2**20
MOST_ENTRIES = 5000
MOST_RATIO = 200  # an office file of text packs 5 to 30 times; a bomb a thousand times
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|svg|script|iframe|body|\?xml|\?php|%)", re.IGNORECASE)
# What a PDF may not do by itself: run scripts, start programs, carry other files, send forms away.
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA)(?![A-Za-z])")
_PDF_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PDF_STREAM_END = re.compile(rb"endstream\s+endobj")
# Charts carry their figures as a workbook; anything else embedded is a program in waiting.
_OFFICE_ACTIVE = re.compile(
    r"vbaproject\.bin$|/activex/|/embeddings/.*(?<!\.xlsx)$|\.(?:exe|dll|js|vbs|scr|hta|bat|cmd|ps1|jar|html?|svg)$"
)
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)


def kind_of(content: bytes) -> str:
    """The content type by looking inside; '' for anything we do not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return _kind_of_text(content)


def may_become(start: bytes) -> bool:
    """Whether a file that begins like this could still be of a kind we take: asked of the first piece."""
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04")
    return start.startswith(heads) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP") or bool(_kind_of_text(start))


def fault_of(content: bytes, content_type: str) -> str:
    """'' when the file is harmless as far as one can see, else why it is not taken."""
    if content_type == "application/pdf":
        return _fault_of_pdf(content)
    if content_type in (DOCX, XLSX):
        return _fault_of_office(content)
    return ""


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else ""


def _kind_of_text(content: bytes) -> str:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"#!", b"MZ", b"\x7fELF", b"%!PS")) or _MARKUP.search(start):
        return ""
    return "text/plain"


def _fault_of_pdf(content: bytes) -> str:
    """Active content, passwords, something else stuck to its end, streams that unpack without end."""
    end = content.rfind(b"%%EOF")
    after = content[end + 5 :].strip(b"\r\n\t \x00") if end >= 0 else b""
    if b"PK\x03\x04" in after or _MARKUP.search(after) or len(after) > 4096:
        return _("có nội dung khác gắn sau tệp PDF")
    if re.search(rb"/Encrypt(?![A-Za-z])", content):
        return _("được đặt mật khẩu nên không kiểm tra được")
    if _PDF_ACTIVE.search(_plain_names(content)):
        return _("chứa lệnh chạy hoặc tệp nhúng")
    return _fault_of_streams(content)


def _fault_of_streams(content: bytes) -> str:
    left, whole = MOST_UNPACKED, memoryview(content)
    for found in _PDF_STREAM.finditer(content):
        names = _plain_names(content[max(0, found.start() - 2000) : found.start()].rpartition(b" obj")[2])
        if b"Flate" not in names:
            continue
        end = _PDF_STREAM_END.search(content, found.end())
        packed = whole[found.end() : end.start() if end else len(content)]
        unpacked = _unpacked(packed, left, rounds=max(1, names.count(b"/FlateDecode")))
        left -= len(unpacked)
        if left <= 0:
            return _("phình ra quá lớn khi mở")
        # Objects may hide in a packed stream.
        if b"/ObjStm" in names and _PDF_ACTIVE.search(_plain_names(unpacked)):
            return _("chứa lệnh chạy hoặc tệp nhúng")
    return ""


def _plain_names(content: bytes) -> bytes:
    """/J#61vaScript is /JavaScript."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m.group(1), 16)]), content)


def _unpacked(packed: bytes | memoryview, most: int, *, rounds: int) -> bytes:
    """At most one byte more than `most`: enough to know it is too much."""
    unpacked = b""
    for _round in range(min(rounds, 4)):
        try:
            unpacked = zlib.decompressobj().decompress(packed, most + 1)
        except zlib.error:
            return b""
        if len(unpacked) > most:
            break
        packed = unpacked
    return unpacked


def _fault_of_office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _fault_of_names(archive, len(content)) or _fault_of_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError):
        return _("bị hỏng hoặc được đặt mật khẩu")


def _fault_of_names(archive: zipfile.ZipFile, size: int) -> str:
    entries = archive.infolist()
    unpacked = sum(e.file_size for e in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > max(size * MOST_RATIO, 2**20):
        return _("phình ra quá lớn khi mở")
    if min((e.header_offset for e in entries), default=0) != 0 or len(archive.comment) > 0:
        return _("có nội dung khác gắn kèm")
    names = [e.filename for e in entries]
    if len(names) != len({n.lower() for n in names}):
        return _("có hai phần trùng tên")
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
            return _("chứa đường dẫn ra ngoài tệp")
        if _OFFICE_ACTIVE.search(name.lower()):
            return _("chứa macro, tệp nhúng hoặc thành phần chạy được")
    return ""


def _fault_of_parts(archive: zipfile.ZipFile) -> str:
    """What the parts say: macros by content type, entities that multiply, templates fetched from elsewhere."""
    left = MOST_UNPACKED
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(entry) as opened:  # the size in the directory may lie
            part = opened.read(left + 1)
        left -= len(part)
        if left < 0:
            return _("phình ra quá lớn khi mở")
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            return _("chứa khai báo XML không an toàn")
        if entry.filename == "[Content_Types].xml" and b"macroenabled" in part.lower():
            return _("chứa macro, tệp nhúng hoặc thành phần chạy được")
        if any(b"/hyperlink" not in link.group() for link in _EXTERNAL.finditer(part)):
            return _("tự tải nội dung từ nơi khác khi mở")
    return ""
