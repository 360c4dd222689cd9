"""Pages of a PDF as pictures, for previews."""

import io
import threading

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


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise PaperError("Tệp này không phải PDF đọc được; hãy chọn tệp khác.") from error
