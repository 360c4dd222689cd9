"""The layout of official papers, read from `official.yaml`, checked, and overridable by a unit's template."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from thidua.documents.rendering.glyphs import balance
from thidua.documents.rendering.text import NBSP, PaperError

_BOUND = NBSP
_FILE = Path(__file__).with_name("official.yaml")


@dataclass(frozen=True)
class Page:
    """The sheet, in millimetres."""

    width_mm: float
    height_mm: float
    margin_top_mm: float
    margin_bottom_mm: float
    margin_left_mm: float
    margin_right_mm: float
    number_from_top_mm: float
    heading_left_mm: float
    indent_mm: float
    signature_space_mm: float
    issuer_rule_share: float
    subject_rule_share: float
    subject_width_mm: float

    @property
    def text_width_mm(self) -> float:
        return self.width_mm - self.margin_left_mm - self.margin_right_mm

    @property
    def landscape_text_width_mm(self) -> float:
        return self.height_mm - self.margin_left_mm - self.margin_right_mm

    @property
    def heading_right_mm(self) -> float:
        return self.text_width_mm - self.heading_left_mm


@dataclass(frozen=True)
class Style:
    """How one component is set; the same table feeds Word and PDF."""

    name: str
    size_pt: float
    bold: bool = False
    italic: bool = False
    align: str = "left"
    indent: bool = False
    left_mm: float = 0
    before_pt: float = 0
    spacing: float = 1
    level: int = 0
    sticky: bool = False


@dataclass(frozen=True)
class Kind:
    """What a kind of paper does differently."""

    called: str = "Văn bản"
    titled: bool = True
    formal_opening: bool = False
    decides: str = ""
    closing_mark: bool = True


def _bind(phrase: re.Match[str]) -> str:
    return phrase[0].replace(" ", _BOUND)


@dataclass(frozen=True)
class Layout:
    """A page, its styles, and the kinds of papers."""

    page: Page
    styles: Mapping[str, Style]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    legal_basis: str = ""
    kept_together: tuple[str, ...] = ()

    def broken(self, text: str, style: str, limit_mm: float) -> tuple[str, ...]:
        """The text in balanced lines of a style, words that belong together kept on one line."""
        look = self.styles[style]
        phrases = "|".join(map(re.escape, self.kept_together))
        bound = re.sub(rf"\b({phrases})\b", _bind, text, flags=re.IGNORECASE) if phrases else text
        made = balance(bound, limit_mm, look.size_pt, bold=look.bold, italic=look.italic)
        return tuple(line.replace(_BOUND, " ") for line in made)

    def kind(self, name: str) -> Kind:
        return self.kinds.get(name) or Kind(called=name.capitalize())


@cache
def default() -> Layout:
    """The layout of Nghị định 30/2020 with the union's heading."""
    return load({})


def load(overrides: Mapping[str, float]) -> Layout:
    """The default layout with changes: `{"page.margin_left_mm": 35, "styles.paragraph.size_pt": 13}`."""
    tree: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    for name, number in overrides.items():
        _change(tree, name, number)
    page = {name: entry["value"] for name, entry in tree["page"].items()}
    known = {each.name for each in fields(Style)}
    return Layout(
        page=Page(**page),
        styles={
            name: Style(**{key: entry[key] for key in known & entry.keys()}) for name, entry in tree["styles"].items()
        },
        kinds={name: Kind(**entry) for name, entry in tree["kinds"].items()},
        legal_basis=tree["legal_basis"],
        kept_together=tuple(tree["kept_together"]),
    )


def _change(tree: dict[str, Any], name: str, number: float) -> None:
    match name.split("."):
        case ["page", key] if key in tree["page"]:
            entry, slot = tree["page"][key], "value"
        case ["styles", key, "size_pt"] if key in tree["styles"]:
            entry, slot = tree["styles"][key], "size_pt"
        case _:
            raise PaperError(f"Mẫu trình bày không có mục “{name}”; hãy xem các mục trong official.yaml.")
    low, high = entry.get("allowed", (number, number))
    if not low <= number <= high:
        raise PaperError(f"Mục “{name}” là {number}, phải từ {low} đến {high} theo {tree['legal_basis']}.")
    entry[slot] = number
