"""An official paper put into words: every string as it is printed, so that Word and PDF cannot differ."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from thidua.documents.rendering.blocks import (
    Annex,
    Article,
    Block,
    Bullet,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from thidua.documents.rendering.glyphs import width_mm
from thidua.documents.rendering.layouts import Kind, Layout
from thidua.documents.rendering.tables import Grid, lay_out
from thidua.documents.rendering.text import NBSP, PaperError, capitals, lines, long_date, one_line, plain

if TYPE_CHECKING:
    from thidua.documents.rendering.official import OfficialPaper

NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DRAFT = "DỰ THẢO"
DEMONSTRATION = "BẢN TRÌNH DIỄN – không có giá trị pháp lý"

_END_MARK = "./."
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_BULLETS = {1: "- ", 2: "+ "}


@dataclass(frozen=True)
class Part:
    """A paragraph of the text in one of the layout's styles."""

    style: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Break:
    """A page break."""


Piece = Part | Grid | Break


@dataclass(frozen=True)
class AnnexPart:
    """An annex with its heading."""

    label: str
    title: tuple[str, ...]
    reference: str
    landscape: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Composed:
    """Everything that is printed, line by line."""

    title: str
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    issuer_rule_mm: float
    motto_rule_mm: float
    number: str
    letter_subject: tuple[str, ...]
    place_and_date: str
    kind: str
    subject: tuple[str, ...]
    subject_rule_mm: float
    authority: tuple[str, ...]
    addressees: tuple[Part, ...]
    pieces: tuple[Piece, ...]
    capacity: tuple[str, ...]
    signer: str
    left_capacity: tuple[str, ...]
    left_signer: str
    recipients: tuple[str, ...]
    annexes: tuple[AnnexPart, ...]
    draft_mark: str
    footnote: str


def compose(paper: "OfficialPaper", layout: Layout) -> Composed:
    """Say every line of the paper."""
    kind = layout.kind(capitals(paper.kind))
    issuer = _heading(paper.issuer, layout, "issuer")
    subject = _subject(paper, layout, kind)
    body, annexes = _split(paper.blocks)
    capacity, left_capacity = _capacities(paper)
    pieces = (*_opening(paper, kind), *_pieces(body, layout, layout.page.text_width_mm))
    return Composed(
        title=_title(paper, kind),
        superior=_heading(paper.superior, layout, "superior"),
        issuer=issuer,
        issuer_rule_mm=_rule(issuer, layout, "issuer", layout.page.issuer_rule_share),
        motto_rule_mm=_rule((MOTTO,), layout, "motto", 1),
        number=number_line(paper),
        letter_subject=() if kind.titled else _letter_subject(paper, layout),
        place_and_date=place_and_date(paper),
        kind=capitals(one_line(paper.kind)) if kind.titled else "",
        subject=subject,
        subject_rule_mm=_rule(subject, layout, "subject", layout.page.subject_rule_share),
        authority=layout.broken(capitals(paper.authority), "authority", layout.page.text_width_mm),
        addressees=tuple(_addressees(paper.addressees)),
        pieces=_closed(pieces) if kind.closing_mark else pieces,
        capacity=capacity,
        signer=one_line(paper.signer),
        left_capacity=left_capacity,
        left_signer=one_line(paper.left_signer),
        recipients=_recipients(paper.recipients),
        annexes=_annexes(paper, kind, annexes, layout),
        draft_mark=DRAFT if paper.draft else "",
        footnote=DEMONSTRATION if paper.demonstration else "",
    )


def number_line(paper: "OfficialPaper") -> str:
    """`Số: 17/KH-CĐYT`; a paper without a number leaves the place for it."""
    number = one_line(paper.number if paper.number is not None else "")
    if number.isdecimal() and len(number) == 1:
        number = f"0{number}"  # Nghị định 30/2020: numbers under 10 are written with a zero
    return f"Số: {number}/{one_line(paper.symbol)}" if number else f"Số:{NBSP * 6}/{one_line(paper.symbol)}"


def place_and_date(paper: "OfficialPaper") -> str:
    """`Thái Bình, ngày 12 tháng 01 năm 2022`; a day not yet known is left open."""
    year = paper.year or "…"
    day = long_date(paper.issued_on) if paper.issued_on else f"ngày … tháng … năm {year}"
    return f"{one_line(paper.place)}, {day}" if paper.place else day


def _title(paper: "OfficialPaper", kind: Kind) -> str:
    number = number_line(paper).removeprefix("Số: ") if paper.number is not None else ""
    return " ".join(filter(None, (kind.called, number, one_line(paper.subject))))


def _heading(name: str, layout: Layout, style: str) -> tuple[str, ...]:
    return layout.broken(capitals(name), style, layout.page.heading_left_mm - 1)


def _subject(paper: "OfficialPaper", layout: Layout, kind: Kind) -> tuple[str, ...]:
    if not kind.titled:
        return ()
    return layout.broken(plain(paper.subject), "subject", layout.page.subject_width_mm)


def _letter_subject(paper: "OfficialPaper", layout: Layout) -> tuple[str, ...]:
    subject = one_line(paper.subject)
    if not subject:
        return ()
    if not subject.lower().startswith("v/v"):
        subject = f"V/v {subject[0].lower()}{subject[1:]}"
    return layout.broken(subject, "letter_subject", layout.page.heading_left_mm - 1)


def _rule(above: Sequence[str], layout: Layout, style: str, share: float) -> float:
    look = layout.styles[style]
    widest = max((width_mm(line, look.size_pt, bold=look.bold) for line in above), default=0)
    return round(widest * share, 1)


def _runs(text: str, runs: Sequence[Run], lead: str = "") -> tuple[Run, ...]:
    given = runs or (Run(text),)
    cleaned = [replace(run, text=_inner(run.text)) for run in given]
    if lead:
        cleaned = [Run(lead), *cleaned]
    return tuple(run for run in cleaned if run.text)


def _inner(text: str) -> str:
    # The blanks around a run belong to the sentence; `plain` trims them.
    kept = plain(text)
    before = " " if text[:1].isspace() and kept else ""
    after = " " if text[-1:].isspace() and kept else ""
    return f"{before}{kept}{after}" if kept else (" " if text else "")


def _opening(paper: "OfficialPaper", kind: Kind) -> Iterator[Part]:
    style = "grounds" if kind.formal_opening else "paragraph"
    for text in filter(None, map(plain, paper.opening)):
        yield Part(style, (Run(text),))
    if kind.decides:
        yield Part("resolving", (Run(kind.decides),))


def _pieces(blocks: Iterable[Block], layout: Layout, width: float) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Heading():
                yield Part(f"heading{block.level}", (Run(plain(block.text)),))
            case Paragraph():
                yield Part("paragraph", _runs(block.text, block.runs))
            case Bullet():
                text = block.text.lstrip().removeprefix("- ") if block.level == 1 else block.text
                yield Part("bullet", _runs(text, block.runs, lead=_BULLETS[block.level]))
            case Article():
                yield from _article(block)
            case Table():
                if block.caption:
                    yield Part("caption", (Run(plain(block.caption)),))
                yield lay_out(block, width, layout)
            case PageBreak():
                yield Break()
            case _:
                raise PaperError(f"Văn bản không nhận khối {type(block).__name__}.")


def _article(article: Article) -> Iterator[Part]:
    label = Run(f"Điều {one_line(article.number)}. ", bold=True)
    paragraphs = [text for text in map(plain, article.paragraphs) if text]
    if article.title:
        yield Part("article", (label, Run(plain(article.title), bold=True)))
    else:
        yield Part("article", (label, Run(paragraphs.pop(0) if paragraphs else "")))
    for text in paragraphs:
        yield Part("paragraph", (Run(text),))


def _closed(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The text with `./.` at its end, unless a table ends it."""
    last = pieces[-1] if pieces else None
    if not isinstance(last, Part) or not last.runs or last.style.startswith("heading"):
        return pieces
    text = "".join(run.text for run in last.runs).rstrip()
    if text.endswith(_END_MARK):
        return pieces
    ending = replace(last.runs[-1], text=last.runs[-1].text.rstrip().rstrip(".;:,") + _END_MARK)
    return (*pieces[:-1], replace(last, runs=(*last.runs[:-1], ending)))


def _addressees(names: Sequence[str]) -> Iterator[Part]:
    cleaned = [one_line(name).rstrip(".;,") for name in names if one_line(name)]
    if len(cleaned) == 1:
        yield Part("addressee", (Run(f"Kính gửi: {cleaned[0]}."),))
    elif cleaned:
        yield Part("addressee", (Run("Kính gửi:"),))
        for index, name in enumerate(cleaned, 1):
            yield Part("addressee_list", (Run(f"- {name}{'.' if index == len(cleaned) else ';'}"),))


def _recipients(names: Sequence[str]) -> tuple[str, ...]:
    cleaned = [one_line(name).removeprefix("- ").rstrip(".;,") for name in names]
    cleaned = [name for name in cleaned if name]
    return tuple(f"- {name}{'.' if index == len(cleaned) else ';'}" for index, name in enumerate(cleaned, 1))


def _capacities(paper: "OfficialPaper") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who signs, right and left; of equal height, so that two names stand on one line."""
    right = tuple(capitals(line) for line in (*lines(paper.signed_for), *lines(paper.position)))
    left = tuple(capitals(line) for line in lines(paper.left_position))
    if not left and not paper.left_signer:
        return right, ()
    height = max(len(right), len(left))
    return (*right, *[NBSP] * (height - len(right))), (*left, *[NBSP] * (height - len(left)))


def _split(blocks: Sequence[Block]) -> tuple[list[Block], list[tuple[Annex, list[Block]]]]:
    body: list[Block] = []
    annexes: list[tuple[Annex, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Annex):
            annexes.append((block, []))
        else:
            (annexes[-1][1] if annexes else body).append(block)
    return body, annexes


def _annexes(
    paper: "OfficialPaper", kind: Kind, annexes: list[tuple[Annex, list[Block]]], layout: Layout
) -> tuple[AnnexPart, ...]:
    day = long_date(paper.issued_on) if paper.issued_on else f"ngày … tháng … năm {paper.year or '…'}"
    number = number_line(paper).removeprefix("Số:").strip(" ")
    reference = f"(Kèm theo {kind.called} số {number} {day} của {one_line(paper.issuer)})"
    page = layout.page
    made = []
    for index, (annex, blocks) in enumerate(annexes, 1):
        width = page.landscape_text_width_mm if annex.landscape else page.text_width_mm
        title = layout.broken(capitals(annex.title), "annex_title", width * 0.9)
        label = f"Phụ lục {_roman(index)}" if len(annexes) > 1 else "Phụ lục"
        pieces = tuple(_pieces(blocks, layout, width))
        made.append(AnnexPart(label, title, reference, annex.landscape, pieces))
    return tuple(made)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written
