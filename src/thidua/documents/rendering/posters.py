"""The poster a grassroots union hangs on its wall: scan, and the form knows unit and programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from thidua.documents.rendering.composition import DEMONSTRATION
from thidua.documents.rendering.ornaments import qr
from thidua.documents.rendering.text import PaperError, one_line, short_date
from thidua.documents.rendering.typesetting import Typesetter

STEPS = (
    "Mở máy ảnh hoặc Zalo, quét mã",
    "Kể sáng kiến bằng vài ô ngắn, thêm ảnh",
    "Bấm Gửi và giữ lại mã hồ sơ",
)
HEADLINE = "Bạn có sáng kiến? Quét mã để gửi ngay!"

_MOST_STEPS = 4
_LONGEST_SHOWN = 70
_LONGEST = {"tên đơn vị": 160, "tên chương trình": 260, "lời kêu gọi": 120, "mỗi bước": 120, "địa chỉ": 300}

_typesetter = Typesetter("posters.typ", "BeVietnamPro-Regular.ttf")


@dataclass(frozen=True)
class Poster:
    """One poster for a unit and a programme; `url` carries both."""

    unit: str
    programme: str
    url: str
    headline: str = HEADLINE
    steps: Sequence[str] = STEPS
    until: date | None = None
    demonstration: bool = False


def to_pdf(poster: Poster) -> bytes:
    """The poster as an A4 page."""
    steps = [one_line(step) for step in poster.steps if one_line(step)]
    said = {
        "tên đơn vị": one_line(poster.unit),
        "tên chương trình": one_line(poster.programme),
        "lời kêu gọi": one_line(poster.headline),
        "địa chỉ": one_line(poster.url),
    }
    for label, text in [*said.items(), *(("mỗi bước", step) for step in steps)]:
        if len(text) > _LONGEST[label]:
            raise PaperError(f"Áp phích: {label} dài {len(text)} ký tự, nhiều nhất {_LONGEST[label]}; hãy rút gọn.")
    if not said["địa chỉ"]:
        raise PaperError("Áp phích chưa có địa chỉ để quét; hãy chọn đơn vị và chương trình.")
    if len(steps) > _MOST_STEPS:
        raise PaperError(f"Áp phích có {len(steps)} bước, nhiều nhất {_MOST_STEPS}; hãy gộp bớt.")
    return _typesetter.set(
        {
            "unit": said["tên đơn vị"],
            "programme": said["tên chương trình"],
            "headline": said["lời kêu gọi"],
            "steps": steps,
            "qr": qr(poster.url, border=4),
            "address": _shown(said["địa chỉ"]),
            "until": f"Nhận đến hết ngày {short_date(poster.until)}" if poster.until else "",
            "demonstration": DEMONSTRATION if poster.demonstration else "",
        },
        poster.until,
    )


def _shown(address: str) -> str:
    """What a person could type; a long address is left to the code."""
    bare = address.removeprefix("https://").removeprefix("http://")
    return bare if len(bare) <= _LONGEST_SHOWN else f"{bare.partition('/')[0]}/…"
