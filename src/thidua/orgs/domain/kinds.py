"""Kinds of units: rows, first written from the rule pack, then the installation's own."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from thidua.kernel import clock, rulepacks, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Rank
from thidua.orgs.models import Unit, UnitKind


def load() -> int:
    """Write the kinds of the rule pack that are not there yet; gives how many. Never changes one that is."""
    known = set(UnitKind.objects.values_list("code", flat=True))
    wanted = rulepacks.in_force("unit-kinds", clock.today()).rules["kinds"]
    new = [UnitKind(code=code, **facts) for code, facts in wanted.items() if code not in known]
    UnitKind.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def add(*, name: str, name_en: str, rank: int, is_grassroots: bool, top: Unit, by: acts.Actor) -> UnitKind:
    """A kind of this installation's own; noted at its top unit. Raises Refused naming the field."""
    name, name_en = _named(name, name_en)
    if is_grassroots and rank < Rank.GRASSROOTS:
        raise Refused(_("Chỉ công đoàn cơ sở và cấp dưới mới trực tiếp nhận sáng kiến."), field="is_grassroots")
    kind = UnitKind(code=_free_code(name_en), name=name, name_en=name_en, rank=rank, is_grassroots=is_grassroots)
    kind.save(force_insert=True)
    noted = {"code": kind.code, "name": name, "name_en": name_en, "rank": rank, "is_grassroots": is_grassroots}
    acts.record("orgs.kind.added", top, by=by, unit_id=top.pk, after=noted)
    return kind


@transaction.atomic
def rename(kind: UnitKind, *, name: str, name_en: str, top: Unit, by: acts.Actor) -> None:
    """Call a kind something else. What it may do stays: units of it are at work. Raises Refused naming the field."""
    name, name_en = _named(name, name_en, but_not=kind)
    before, after = {"name": kind.name, "name_en": kind.name_en}, {"name": name, "name_en": name_en}
    if before == after:
        return
    kind.name, kind.name_en = name, name_en
    kind.save(update_fields=["name", "name_en"])
    acts.record("orgs.kind.renamed", top, by=by, unit_id=top.pk, before=before, after=after, reason=kind.code)


def _named(name: str, name_en: str, but_not: UnitKind | None = None) -> tuple[str, str]:
    """Both names, tidied; no two kinds are called the same, for files name kinds by their names."""
    name, name_en = text.tidy(name), text.tidy(name_en)
    for field, said in (("name", name), ("name_en", name_en)):
        if not said:
            raise Refused(_("Loại đơn vị cần tên."), field=field)
    for other in UnitKind.objects.exclude(pk=but_not.pk if but_not else ""):
        for field, said, taken in (("name", name, other.name), ("name_en", name_en, other.name_en)):
            if text.fold(said) == text.fold(taken):
                raise Refused(_("Đã có loại đơn vị «%(name)s».") % {"name": taken}, field=field)
    return name, name_en


def _free_code(name_en: str) -> str:
    base = slugify(text.fold(name_en))[:40] or "kind"
    taken = set(UnitKind.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for n in range(len(taken) + 1) if (code := f"{base}-{n + 1}" if n else base) not in taken)
