"""Pages of a PDF: as pictures for previews, and those of several files in one."""

import io
import threading
from collections.abc import Sequence

import pypdfium2

from thidua.documents.rendering.text import PaperError

# PDFium keeps global state and must not be entered by two threads.
_lock = threading.Lock()


def pdf_to_png(content: bytes, page: int = 0, width: int = 900) -> bytes:
    """One page as a PNG of the given width in pixels; pages count from 0."""
    with _lock, _opened(content) as document:
        count = len(document)
        if not 0 <= page < count:
            raise PaperError(f"Tệp PDF có {count} trang, không có trang {page + 1}.")
        sheet = document[page]
        picture = sheet.render(scale=width / sheet.get_width()).to_pil()
    made = io.BytesIO()
    picture.save(made, "png", optimize=True)
    return made.getvalue()


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    with _lock, _opened(content) as document:
        return len(document)


def joined(parts: Sequence[bytes]) -> bytes:
    """The pages of all parts in one file; a single part stays as it is."""
    if len(parts) == 1:
        return parts[0]
    with _lock, pypdfium2.PdfDocument.new() as whole:
        for part in parts:
            with _opened(part) as document:
                whole.import_pages(document)
        made = io.BytesIO()
        whole.save(made)
    return made.getvalue()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise PaperError("Tệp này không phải PDF đọc được; hãy chọn tệp khác.") from error
