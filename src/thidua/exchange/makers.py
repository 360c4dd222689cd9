"""Files that packages above have made in the background: what one is called, and who writes it.

Such a package registers its maker when its app is ready, asks with `exports.ask_for`, and keeps in
`OutgoingFile.given` whatever its writer needs to begin, or to begin again after a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from thidua.exchange.models import OutgoingFile


@dataclass(frozen=True)
class Maker:
    """`write` checks the rights of whoever asked, as they are now, and gives how many rows or sheets it wrote."""

    name: str
    write: Callable[[OutgoingFile, BinaryIO], int]


_makers: dict[str, Maker] = {}


def register(maker: Maker) -> None:
    _makers[maker.name] = maker


def named(name: str) -> Maker | None:
    return _makers.get(name)
