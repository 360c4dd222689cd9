"""The blocks a paper's text is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Run:
    """A stretch of text with its own weight or slope."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading that carries its own number: level 1 `I. MỤC TIÊU`, 2 `1. Yêu cầu`, 3 `a) …`."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: plain text, or runs when parts of it are bold or italic."""

    text: str = ""
    runs: Sequence[Run] = ()


@dataclass(frozen=True)
class Bullet:
    """An item led by `-` (level 1) or `+` (level 2)."""

    text: str
    runs: Sequence[Run] = ()
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Article:
    """`Điều n.` of a decision; without a title the first paragraph follows the number."""

    number: int | str
    title: str = ""
    paragraphs: Sequence[str] = ()


@dataclass(frozen=True)
class Column:
    """A column; `width` is a share of the line, left out it follows from the content."""

    label: str
    width: float | None = None
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table whose header repeats on every page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    total_row: Sequence[object] = ()
    caption: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True)
class Annex:
    """What follows, up to the next annex, stands after the signature on pages of its own."""

    title: str
    landscape: bool = False


Block = Heading | Paragraph | Bullet | Article | Table | PageBreak | Annex
