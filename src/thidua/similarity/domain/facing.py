"""Two dossiers side by side: the passages they share, word by word."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.similarity import queries, rules
from thidua.similarity.measures import passages, shingles
from thidua.similarity.measures.passages import Alikeness
from thidua.similarity.models import FileText

MOST_ROWS = 40
AROUND = 60  # characters shown before and after a passage


@dataclass(frozen=True)
class Piece:
    """A stretch of text; marked where both say the same."""

    words: str
    is_same: bool


@dataclass(frozen=True)
class Row:
    """One passage in both texts, with the name of the box or file it stands in."""

    here_in: str
    here: tuple[Piece, ...]
    there_in: str
    there: tuple[Piece, ...]


@dataclass(frozen=True)
class Facing:
    found: Alikeness
    of_title: float
    title_here: tuple[Piece, ...]
    title_there: tuple[Piece, ...]
    rows: tuple[Row, ...]
    more: int  # passages beyond those shown


class _Side:
    """A text with the places of its words and the boxes it is made of."""

    def __init__(self, parts: list[tuple[str, str]]) -> None:
        self.labels, self.starts, shown = [], [], ""
        for label, content in parts:
            self.labels.append(label)
            self.starts.append(len(shown))
            shown += text.visible(content) + "\n"
        self.shown = shown
        self.spans = text.spans(shown)
        self.words = [shingles.NUMBER if word.isdigit() else word for word, _start, _end in self.spans]

    def labels_of(self, first: int, end: int) -> str:
        """The boxes and files a passage runs through: it may begin in one and lie mostly in the next."""
        begin, stop = (bisect.bisect_right(self.starts, self.spans[at][1]) - 1 for at in (first, end - 1))
        return ", ".join(self.labels[begin : stop + 1])

    def pieces(self, first: int, end: int, same: set[int]) -> tuple[Piece, ...]:
        """The stretch of words first…end with a little around it."""
        index = bisect.bisect_right(self.starts, self.spans[first][1]) - 1
        floor = self.starts[index]
        begin, stop = self.spans[first][1], self.spans[end - 1][2]
        before = self.shown[max(floor, begin - AROUND) : begin]
        lead = "…" if begin - AROUND > floor else ""
        after = self.shown[stop : stop + AROUND].split("\n")[0]
        found = [Piece(lead + before, is_same=False)] if before else []
        for position in range(first, end):
            _word, start, finish = self.spans[position]
            gap_end = self.spans[position + 1][1] if position + 1 < end else finish
            found.append(Piece(self.shown[start:finish], position in same))
            found.append(Piece(self.shown[finish:gap_end], position in same and position + 1 in same))
        return _joined([*found, Piece(after, is_same=False)])


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].is_same == piece.is_same:
            joined[-1] = Piece(joined[-1].words + piece.words, piece.is_same)
        elif piece.words:
            joined.append(piece)
    return tuple(joined)


def face(
    initiative: Initiative, other: Initiative, *, other_is_public_only: bool, is_public_only: bool = False
) -> Facing:
    """Align them anew from what they say today. Of one not to be read in full, only what the library shows."""
    here = _Side(_parts(initiative, public_only=is_public_only))
    there = _Side(_parts(other, public_only=other_is_public_only))
    found = passages.compare(here.words, there.words, queries.familiar_phrases())
    shown = sorted(found.passages[:MOST_ROWS], key=lambda p: p.here)
    rows = []
    for passage in shown:
        same_here, same_there = {i for i, _j in passage.pairs}, {j for _i, j in passage.pairs}
        rows.append(
            Row(
                here.labels_of(*passage.here),
                here.pieces(*passage.here, same_here),
                there.labels_of(*passage.there),
                there.pieces(min(same_there), max(same_there) + 1, same_there),
            )
        )
    return Facing(
        found,
        rules.title_share(initiative.title, other.title),
        _title(initiative.title, other.title),
        _title(other.title, initiative.title),
        tuple(rows),
        len(found.passages) - len(rows),
    )


def _title(title: str, other: str) -> tuple[Piece, ...]:
    side, there = _Side([("", title)]), set(text.syllables(other))
    same = {i for i, word in enumerate(side.words) if word in there}
    return side.pieces(0, len(side.words), same) if side.words else ()


def _parts(initiative: Initiative, *, public_only: bool = False) -> list[tuple[str, str]]:
    names: tuple[str, ...] = queries.PUBLIC_FIELDS if public_only else queries.FIELDS
    if public_only:  # what its authors keep for those who examine it is not shown to anybody else
        names = tuple(name for name in names if name not in initiative.kept_parts)
    labels = _labels()
    parts = [(labels[name], getattr(initiative, name)) for name in names if getattr(initiative, name)]
    if not public_only:
        files = FileText.objects.filter(attachment__initiative=initiative).exclude(content="").order_by("attachment")
        parts += list(files.values_list("attachment__file__name", "content"))
    return parts


def _labels() -> dict[str, str]:
    return {
        "problem_before": _("Trước khi có sáng kiến"),
        "solution": _("Đã làm khác đi"),
        "steps": _("Các bước thực hiện"),
        "novelty": _("Điểm mới"),
        "effect": _("Hiệu quả"),
        "conditions": _("Điều kiện cần để áp dụng"),
    }
