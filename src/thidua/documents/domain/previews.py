"""Small pictures of images and of the first page of PDFs, made by the worker and never by a page."""

from __future__ import annotations

import io
import logging

import pypdfium2
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from PIL import Image

from thidua.documents.choices import Purpose
from thidua.documents.models import StoredFile
from thidua.kernel import clock

SIDE = 640
BATCH = 20
MOST_POINTS = 20_000  # the side of a PDF page; a larger one is not paper
# Papers this software has made are opened as they are.
SHOWN = (Q(content_type__startswith="image/") | Q(content_type="application/pdf")) & ~Q(purpose=Purpose.PAPER)
logger = logging.getLogger(__name__)


def make_some(most: int = BATCH) -> int:
    """Make the previews of a few files that have none yet; two workers never take the same one."""
    made = 0
    for _turn in range(most):
        with transaction.atomic():
            waiting = StoredFile.objects.select_for_update(skip_locked=True).filter(SHOWN, previewed_at__isnull=True)
            stored = waiting.order_by("given_at").first()
            if stored is None:
                return made
            _make(stored)
            made += 1
    return made


def _make(stored: StoredFile) -> None:
    """A file that cannot be drawn is marked too, else it would be tried for ever."""
    try:
        with stored.stored.open("rb") as opened:
            content = opened.read()
        drawn = _first_page(content) if stored.content_type == "application/pdf" else Image.open(io.BytesIO(content))
        drawn = drawn.convert("RGB")
        drawn.thumbnail((SIDE, SIDE))
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=75, optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, pypdfium2.PdfiumError) as fault:
        logger.info("no preview of %s: %s", stored.pk, fault)
    else:
        path = str(stored.stored.name).rpartition(".")[0] + "-nho.jpg"
        stored.preview.save(path, ContentFile(out.getvalue()), save=False)
    stored.previewed_at = clock.now()
    stored.save(update_fields=["preview", "previewed_at"])


def _first_page(content: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        longest = max(page.get_size())
        if not 0 < longest <= MOST_POINTS:
            raise ValueError(f"a page of {longest} points")
        return page.render(scale=SIDE / longest).to_pil()
    except IndexError as error:
        raise ValueError("no page") from error
    finally:
        document.close()
