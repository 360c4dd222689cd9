"""What a dossier said at each filing and after each change by the office, and how two versions differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONArray
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.initiatives import rules
from thidua.initiatives.choices import Benefit, Disclosure, Kind, Sealable
from thidua.initiatives.models import Attachment, Initiative, Participant, Revision
from thidua.kernel import clock, formats
from thidua.kernel.prepared import composed_once
from thidua.ledger.acts import Actor
from thidua.people.models import Person

LABELS: dict[str, str | Promise] = {
    "title": gettext_lazy("Tên sáng kiến"),
    "kind": gettext_lazy("Loại giải pháp"),
    "field": gettext_lazy("Lĩnh vực áp dụng"),
    "problem_before": gettext_lazy("Trước khi có sáng kiến"),
    "solution": gettext_lazy("Đã làm khác đi"),
    "steps": gettext_lazy("Các bước thực hiện"),
    "novelty": gettext_lazy("Điểm mới"),
    "conditions": gettext_lazy("Điều kiện cần để áp dụng"),
    "applied_where": gettext_lazy("Nơi áp dụng"),
    "first_applied_on": gettext_lazy("Ngày áp dụng lần đầu"),
    "sponsor": gettext_lazy("Chủ đầu tư tạo ra sáng kiến"),
    "effect": gettext_lazy("Hiệu quả"),
    "benefit": gettext_lazy("Giá trị làm lợi"),
    "benefit_stated": gettext_lazy("Số tiền làm lợi mỗi năm (đồng)"),
    "benefit_before": gettext_lazy("Chi phí một lần làm, trước đây (đồng)"),
    "benefit_after": gettext_lazy("Chi phí một lần làm, hiện nay (đồng)"),
    "benefit_volume": gettext_lazy("Số lần làm trong kỳ"),
    "benefit_months": gettext_lazy("Kỳ tính (tháng)"),
    "benefit_cost": gettext_lazy("Chi phí bỏ ra để có sáng kiến (đồng)"),
    "confidential": gettext_lazy("Thông tin cần giữ kín"),
    "sealed": gettext_lazy("Phần chỉ người xét duyệt đọc"),
    "is_ip_protected": gettext_lazy("Sở hữu trí tuệ"),
    "disclosure": gettext_lazy("Mức công khai"),
    "claims_recognition": gettext_lazy("Tác giả ghi đã được công nhận"),
    "claimed_decision": gettext_lazy("Số quyết định công nhận"),
    "claimed_decided_on": gettext_lazy("Ngày quyết định"),
    "authors": gettext_lazy("Tác giả"),
    "participants": gettext_lazy("Người tham gia áp dụng lần đầu"),
    "attachments": gettext_lazy("Ảnh và tài liệu"),
}
_CHOICES = {"kind": Kind, "benefit": Benefit, "disclosure": Disclosure}
_BESIDE_FIELDS = frozenset({"authors", "participants", "attachments"})
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Stretch:
    """A run of words: the same on both sides, only before, or only after."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Difference:
    """One field that says something else: its old text left, its new text right."""

    label: str | Promise
    before: list[Stretch]
    after: list[Stretch]


def keep(initiative: Initiative, *, by: Actor) -> None:
    """Freeze what the dossier says now."""
    kept, participants, attachments = _beside(initiative.pk)[0]
    content = _own_content_of(initiative) | {"participants": participants, "attachments": attachments}
    Revision.objects.create(
        initiative=initiative, number=len(kept) + 1, content=content, at=clock.now(), by_name=by.full_name
    )


@composed_once
def _beside(initiative: int) -> QuerySet[Any]:
    """What a version holds beside the dossier's own fields and its authors: how many there are, who took part, files."""
    own, of = Initiative.objects.filter(pk=initiative), {"initiative": OuterRef("pk")}
    work = Participant.objects.filter(**of).order_by("position").values(_=JSONArray("name", "work"))
    return own.values_list(
        ArraySubquery(Revision.objects.filter(**of).values("number")),
        ArraySubquery(work),
        ArraySubquery(Attachment.objects.filter(**of).order_by("pk").values("file__name")),
    )


def keep_all(initiatives: Iterable[Initiative], *, by: Actor) -> None:
    """`keep` for a list, in one statement when what it freezes has been read."""
    moment = clock.now()
    Revision.objects.bulk_create(
        Revision(initiative=i, number=i.revisions.count() + 1, content=content_of(i), at=moment, by_name=by.full_name)
        for i in initiatives
    )


def content_of(initiative: Initiative) -> dict[str, Any]:
    """Every field of the dossier as plain values."""
    are_read = "attachments" in getattr(initiative, "_prefetched_objects_cache", {})
    attached = initiative.attachments.all() if are_read else initiative.attachments.select_related("file")
    return _own_content_of(initiative) | {
        "participants": [[p.name, p.work] for p in initiative.participants.all()],
        "attachments": [attachment.file.name for attachment in attached],
    }


def _own_content_of(initiative: Initiative) -> dict[str, Any]:
    content = {name: getattr(initiative, name) for name in LABELS if name not in _BESIDE_FIELDS}
    content |= {name: value.isoformat() for name, value in content.items() if isinstance(value, date)}
    return content | {"authors": [[a.name, str(a.share)] for a in initiative.authorships.all()]}


def differences(old: dict[str, Any], new: dict[str, Any], kept: Collection[str] = ()) -> list[Difference]:
    """Field by field, word by word; fields that say the same are left out, and those kept from this reader."""
    found = []
    for name, label in LABELS.items():
        if name in kept:
            continue
        before, after = shown(name, old.get(name)), shown(name, new.get(name))
        if before != after:
            found.append(Difference(label, *_side_by_side(before, after)))
    return found


NOW = "nay"


def kept_from(actor: Person, initiative: Initiative) -> frozenset[str]:
    """Fields of a version this person does not read. What is kept today was kept from them in older versions, too."""
    if rules.may_examine(actor, initiative):
        return frozenset()
    kept = initiative.kept_parts | {"confidential"}
    return kept | {"attachments"} if Sealable.FILES in kept else kept


def chosen(initiative: Initiative, old: str, new: str, *, reader: Person) -> dict[str, Any] | None:
    """What a page that compares needs: what changed last unless others are named."""
    kept = {str(r.number): r for r in initiative.revisions.all()}
    if not kept:
        return None
    numbers, today = [*kept, NOW], content_of(initiative)
    is_since = len(kept) == 1 or kept[numbers[-2]].content != today  # changed since the last version was kept
    old, new = old or numbers[-2 if is_since else -3], new or NOW
    if old not in kept or new not in numbers:
        return None
    said = today if new == NOW else kept[new].content
    found = differences(kept[old].content, said, kept_from(reader, initiative))
    return {"kept": kept.values(), "old": old, "new": new, "now": NOW, "differences": found}


def shown(name: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "" or value == []:
        return ""
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, int):
        return formats.number(value)
    if name == "authors":
        return "\n".join(f"{who}: {share.rstrip('0').rstrip('.').replace('.', ',')} %" for who, share in value)
    if name == "participants":
        return "\n".join(f"{who}: {work}" for who, work in value)
    if name == "sealed":
        return ", ".join(str(Sealable(field).label) for field in value if field in Sealable.values)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if name.endswith("_on") and isinstance(value, str):
        return formats.day(date.fromisoformat(value))
    return str(value)


def _side_by_side(before: str, after: str) -> tuple[list[Stretch], list[Stretch]]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_changed = tag != "equal"
        if a != b:
            left.append(Stretch("".join(old[a:b]), is_changed))
        if c != d:
            right.append(Stretch("".join(new[c:d]), is_changed))
    return left, right
