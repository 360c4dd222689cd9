"""The screens of a dossier in their order, as the author walks through them."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.forms import PART_NAMES

# People follow the authors: the tables of the statutory application.
SCREENS: dict[str, str | Promise] = {}
for _name, _label in PART_NAMES.items():
    SCREENS[_name] = _label
    if _name == "tac-gia":
        SCREENS["nguoi-tham-gia"] = _("Người tham gia")
OTHER_SCREENS = {"tac-gia": "member:authors", "nguoi-tham-gia": "member:people", "xem-lai": "member:review"}


def screens(name: str) -> dict[str, Any]:
    """What the row of steps above a screen needs."""
    position = list(SCREENS).index(name)
    return {
        "parts": [(part, label, i, OTHER_SCREENS.get(part, "")) for i, (part, label) in enumerate(SCREENS.items())],
        "position": position,
        "number": position + 1,
    }
