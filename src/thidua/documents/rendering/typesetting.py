"""The typesetter: one warm compiler for each template, safe to use from several threads."""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from thidua.documents.rendering.glyphs import FONTS, printable
from thidua.documents.rendering.text import PaperError

_TEMPLATES = Path(__file__).with_name("templates")
# Papers without a date still must come out the same every time.
_NO_DATE = date(2000, 1, 1)
ARCHIVE: Final = "a-2a"


@cache
def _fonts() -> typst.Fonts:
    # Only our own faces: a paper must not change with the machine that prints it.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


class Typesetter:
    """A template and its compiler. User text goes in as values and can never act as markup."""

    def __init__(self, template: str, face: str) -> None:
        self._template = template
        self._face = face
        self._lock = threading.Lock()
        self._compiler: typst.Compiler | None = None

    def set(self, values: Mapping[str, Any], made_on: date | None = None) -> bytes:
        """The PDF for these values."""
        inputs = {"paper": json.dumps(_printable(values, self._face), ensure_ascii=False)}
        moment = datetime.combine(made_on or _NO_DATE, time(), UTC)
        with self._lock:
            if self._compiler is None:
                self._compiler = typst.Compiler(
                    str(_TEMPLATES / self._template), root=str(_TEMPLATES), font_paths=_fonts()
                )
            try:
                made = self._compiler.compile(
                    format="pdf",
                    sys_inputs=inputs,
                    pdf_standards=[ARCHIVE],
                    timestamp=moment,
                )
            except typst.TypstError as error:
                raise PaperError(f"Không dựng được tệp PDF ({self._template}): {error}") from error
        if not isinstance(made, bytes):
            raise PaperError(f"Không dựng được tệp PDF ({self._template}): kết quả rỗng.")
        return made


def _printable(value: Any, face: str) -> Any:
    match value:
        case str():
            return printable(value, face)
        case Mapping():
            return {key: _printable(each, face) for key, each in value.items()}
        case list() | tuple():
            return [_printable(each, face) for each in value]
        case _:
            return value
