"""Read the words of attached documents."""

from __future__ import annotations

import io
import logging

from django.utils.translation import gettext as _
from docx import Document
from pypdf import PdfReader

from thidua.documents.domain.files import DOCX
from thidua.documents.models import StoredFile
from thidua.initiatives.models import Attachment, Initiative
from thidua.kernel import clock
from thidua.similarity import queries
from thidua.similarity.models import FileText

log = logging.getLogger(__name__)
MOST_CHARACTERS = 120_000
MOST_PAGES = 120
READABLE = frozenset({DOCX, "application/pdf", "text/plain"})


def read_files(initiative: Initiative) -> int:
    """Read what has not been read; gives how many documents had words. A bad file stops nothing."""
    with_words = 0
    for attachment in queries.unread_files(initiative):
        content, fault = _words_of(attachment)
        FileText.objects.update_or_create(
            attachment=attachment, defaults={"content": content, "fault": fault, "read_at": clock.now()}
        )
        with_words += bool(content)
    return with_words


def _words_of(attachment: Attachment) -> tuple[str, str]:
    stored = attachment.file
    if stored.content_type not in READABLE:
        return "", ""
    try:
        content = _extract(stored).replace("\x00", " ").strip()[:MOST_CHARACTERS]
    except Exception as error:  # noqa: BLE001 - readers of foreign files raise anything
        log.warning("attachment %s cannot be read: %r", attachment.pk, error)
        return "", _("Không đọc được chữ trong tệp này.")
    return content, "" if content else _("Tệp chỉ có hình, không có chữ để so sánh.")


def _extract(stored: StoredFile) -> str:
    with stored.stored.open("rb") as opened:
        raw = opened.read()
    if stored.content_type == "application/pdf":
        return _of_pdf(raw)
    if stored.content_type == DOCX:
        return _of_docx(raw)
    return raw.decode("utf-8", "replace")


def _of_pdf(raw: bytes) -> str:
    pages, length = [], 0
    for page in PdfReader(io.BytesIO(raw)).pages[:MOST_PAGES]:
        pages.append(page.extract_text())
        length += len(pages[-1])
        if length > MOST_CHARACTERS:
            break
    return "\n".join(pages)


def _of_docx(raw: bytes) -> str:
    document = Document(io.BytesIO(raw))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(lines)
