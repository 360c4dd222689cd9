"""What a dossier proves and by what: the kinds of evidence in force, and which of them are still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from thidua.documents.choices import Purpose
from thidua.initiatives.choices import Benefit
from thidua.initiatives.models import Attachment, Initiative
from thidua.kernel import clock, rulepacks

OTHER = "other"
# Files that came before anybody said what they prove.
_BY_PURPOSE = {
    Purpose.PHOTO_BEFORE: "photo-before",
    Purpose.PHOTO_AFTER: "photo-after",
    Purpose.DECISION: "decision",
}


@dataclass(frozen=True)
class Kind:
    key: str
    label: str
    purpose: str
    needed: str


@dataclass(frozen=True)
class Line:
    """One kind on the checklist of a dossier."""

    kind: Kind
    files: tuple[Attachment, ...]
    is_needed: bool

    @property
    def is_missing(self) -> bool:
        return self.is_needed and not self.files


def kinds() -> list[Kind]:
    """The kinds in force today, in the language of the page."""
    rows = rulepacks.in_force("evidence-kinds", clock.today()).rules["kinds"]
    name = "label_en" if get_language() == "en" else "label"
    return [Kind(r["key"], r[name], r["purpose"], r["needed"]) for r in rows]


def kind(key: str) -> Kind | None:
    return next((k for k in kinds() if k.key == key), None)


def kind_of(attachment: Attachment) -> str:
    return attachment.kind or _BY_PURPOSE.get(Purpose(attachment.file.purpose), OTHER)


def checklist(initiative: Initiative, attachments: Iterable[Attachment]) -> list[Line]:
    """Every kind that is needed or there, in the order of the rule pack."""
    there: dict[str, list[Attachment]] = {}
    for attachment in attachments:
        there.setdefault(kind_of(attachment), []).append(attachment)
    lines = [Line(k, tuple(there.get(k.key, ())), _is_needed(k, initiative)) for k in kinds()]
    return [line for line in lines if line.is_needed or line.files]


def _is_needed(kind: Kind, initiative: Initiative) -> bool:
    conditions = {
        "always": True,
        "money": initiative.benefit == Benefit.MONEY,
        "claimed": initiative.claims_recognition,
        "sponsor": bool(initiative.sponsor),
    }
    return conditions.get(kind.needed, False)
