"""The interface's words: found in code and templates, kept with their English in one .po file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "counted": (1, 1),  # kernel.formats: Vietnamese has no plural
    "pgettext": ((1, "c"), 2),
}
# Texts that are data of the demonstration or printed on papers stay Vietnamese in both languages.
SKIPPED = {"demo", "migrations", "locale"}


def found() -> Catalog:
    """Every message of the interface, with where it stands."""
    catalogue = Catalog(project="thidua", locale="en", charset="utf-8")
    for message, context, place in uses():
        catalogue.add(message, locations=[(place, 1)], context=context)
    return catalogue


def uses() -> Iterator[tuple[Any, str | None, str]]:
    """Every use of a message, with its context and place; of a count, both its forms."""
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if SKIPPED & set(path.relative_to(SOURCE).parts):
            continue
        content = path.read_text("utf-8")
        if path.suffix == ".html":
            # What is left of the mark-up must not look like Python's indentation.
            content = "\n".join(line.lstrip() for line in templatize(content, origin=path.name).splitlines())
        readable = io.BytesIO(content.encode("utf-8"))
        place = str(path.relative_to(SOURCE))
        for _line, message, _comments, context in extract("python", readable, KEYWORDS, (), {"encoding": "utf-8"}):
            yield message, context, place


def english() -> Catalog:
    """What has been translated so far."""
    if not ENGLISH.exists():
        return Catalog(locale="en", charset="utf-8")
    with ENGLISH.open("rb") as opened:
        return read_po(opened, locale="en")


def missing() -> list[str]:
    """Messages without English, as they stand in the code; a count needs two forms, of one and of many."""
    known = english()
    return [
        str(m.id[0] if m.pluralizable else m.id)
        for m in found()
        if m.id and not ((have := known.get(m.id, m.context)) and _is_whole(m, have.string))
    ]


def _is_whole(message: Message, words: str | Sequence[str] | None) -> bool:
    forms = _as(message, words or "")
    return len(set(forms)) == len(forms) and all(forms) if message.pluralizable else bool(forms)


def renew(translations: Mapping[str, str | Sequence[str]] | None = None) -> None:
    """Write the .po anew: what is used, with the English known or given; nothing else.

    English of a count is given twice, of one and of many; a single one never replaces two.
    """
    known, used = english(), found()
    for message in used:
        if not message.id:
            continue
        key = message.id[0] if message.pluralizable else message.id
        old = known.get(message.id, message.context)
        given = (translations or {}).get(str(key), "")
        if given and (_is_whole(message, given) or not (old and _is_whole(message, old.string))):
            message.string = _as(message, given)
        elif old and old.string:
            message.string = _as(message, old.string)
        message.locations = [(place, 0) for place, _line in message.locations]
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as opened:
        write_po(opened, used, sort_output=True, omit_header=False, width=110, include_lineno=False)


def _as(message: Message, words: str | Sequence[str]) -> str | tuple[str, ...]:
    """As many forms as the message has."""
    forms = (words, words) if isinstance(words, str) else tuple(words)
    return forms if message.pluralizable else forms[-1]
