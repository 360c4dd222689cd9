"""Take files in: typed by their content, limited, stripped of what they should not carry."""

from __future__ import annotations

import hashlib
import io
import struct

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from thidua.documents.choices import Purpose
from thidua.documents.domain import inspection, scanning
from thidua.documents.domain.inspection import DOCX, XLSX, kind_of
from thidua.documents.models import StoredFile
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.orgs.models import Unit
from thidua.people.models import Person

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
PHOTO_SIDE = 2000
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    DOCX: "docx",
    XLSX: "xlsx",
    "text/plain": "txt",
}
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
EVIDENCE = PHOTOS | {"application/pdf", DOCX, XLSX}
PLANS = frozenset({"application/pdf", DOCX, "text/plain"})


def store(
    content: bytes,
    name: str,
    *,
    purpose: Purpose | str,
    allowed: frozenset[str] = EVIDENCE,
    unit: Unit | None,
    by: Person | None,
) -> StoredFile:
    """Keep a file. Raises Refused with a sentence when it is too big or not of an allowed type."""
    name = _safe_name(name)
    if not content:
        raise Refused(_("Tệp «%(name)s» rỗng: hãy chọn lại tệp.") % {"name": name}, field="file")
    refuse_size(len(content), name)
    content_type = kind_of(content)
    if content_type not in allowed:
        kinds = ", ".join(sorted({EXTENSIONS[k] for k in allowed}))
        raise Refused(
            _("Tệp «%(name)s» không thuộc loại được nhận (%(kinds)s).") % {"name": name, "kinds": kinds},
            field="file",
        )
    if fault := inspection.fault_of(content, content_type):
        raise Refused(
            _("Tệp «%(name)s» %(fault)s nên không được nhận: hãy lưu thành tệp thường rồi gửi lại.")
            % {"name": name, "fault": fault},
            field="file",
        )
    scanning.refuse_infected(content, name)
    if content_type in PHOTOS:
        content, content_type = _clean_photo(content, name), "image/jpeg"
    return keep(content, _with_extension(name, content_type), content_type, purpose=purpose, unit=unit, by=by)


def refuse_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise Refused(
            _("Tệp «%(name)s» lớn hơn %(limit)d MB: hãy nén hoặc chia nhỏ.")
            % {"name": name, "limit": MAX_BYTES // 2**20},
            field="file",
        )


def keep(
    content: bytes,
    name: str,
    content_type: str,
    *,
    purpose: Purpose | str,
    unit: Unit | None,
    by: Person | None,
) -> StoredFile:
    """Write bytes that this software made or has already checked."""
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile(
        name=name,
        content_type=content_type,
        size=len(content),
        digest=digest,
        purpose=purpose,
        unit=unit,
        given_by=by,
        given_at=clock.now(),
    )
    path = f"{digest[:2]}/{digest[2:4]}/{stored.pk}.{EXTENSIONS[content_type]}"
    stored.stored.save(path, ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def _clean_photo(content: bytes, name: str) -> bytes:
    """Turned upright, shrunk, and without the place and device a phone writes into photos."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(_("Ảnh «%(name)s» quá lớn.") % {"name": name}, field="file")
            # A phone's 48-megapixel photo is decoded small at once: a tenth of the memory.
            image.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused(_("Ảnh «%(name)s» quá lớn.") % {"name": name}, field="file") from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        struct.error,
    ) as error:
        raise Refused(_("Ảnh «%(name)s» bị hỏng: hãy chụp hoặc chọn lại.") % {"name": name}, field="file") from error
    upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _safe_name(name: str) -> str:
    bare = text.tidy(name.replace("\\", "/").rpartition("/")[2])
    return "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*')[-150:] or "tep"


def _with_extension(name: str, content_type: str) -> str:
    stem = name.rpartition(".")[0] or name
    return f"{stem}.{EXTENSIONS[content_type]}"
