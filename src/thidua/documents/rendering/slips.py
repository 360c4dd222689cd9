"""Slips with a one-time code: eight on a sheet, to be cut and handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from thidua.documents.rendering.composition import DEMONSTRATION
from thidua.documents.rendering.ornaments import qr
from thidua.documents.rendering.text import PaperError, one_line, short_date
from thidua.documents.rendering.typesetting import Typesetter

_typesetter = Typesetter("slips.typ", "BeVietnamPro-Regular.ttf")


@dataclass(frozen=True)
class Slip:
    """`code` as it is typed; `url` opens the page with the code filled in."""

    name: str
    member_code: str
    unit: str
    code: str
    url: str
    expires_at: datetime


def to_pdf(slips: Sequence[Slip], *, page_address: str, demonstration: bool = False) -> bytes:
    """All slips, in the order given; `page_address` is what a person without a camera types."""
    if not slips:
        raise PaperError("Chưa có phiếu nào để in; hãy chọn người nhận.")
    return _typesetter.set(
        {
            "address": page_address.removeprefix("https://").removeprefix("http://"),
            "demonstration": DEMONSTRATION if demonstration else "",
            "slips": [_printed(slip) for slip in slips],
        },
        localtime(slips[0].expires_at).date(),
    )


def _printed(slip: Slip) -> dict[str, str]:
    return {
        "name": one_line(slip.name),
        "member": one_line(slip.member_code),
        "unit": one_line(slip.unit),
        "code": one_line(slip.code),
        "qr": qr(slip.url, border=2),
        "until": short_date(localtime(slip.expires_at).date()),
    }
