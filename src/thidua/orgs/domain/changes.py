"""The only way to change the tree: each act leaves a dated line with its decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change, Employer
from thidua.orgs.domain import dated, tree
from thidua.orgs.domain.alterations import Alteration, alter, alter_many
from thidua.orgs.domain.dated import Decision
from thidua.orgs.domain.foundings import Founding, establish_many
from thidua.orgs.models import Affiliation, Unit, UnitKind, UnitName

__all__ = ["Decision", "dissolve", "establish", "merge", "move", "note_split", "reclassify", "rename"]


def establish(
    *,
    code: str,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    decision: Decision,
    by: acts.Actor,
    short_name: str = "",
    symbol: str = "",
    place: str = "",
    sector: str = "",
    employer: str = Employer.NONE,
    accepts_open_filing: bool = False,
    renumbered: bool = True,
) -> Unit:
    """Found a unit under a parent. Pass `renumbered=False` in bulk and call `tree.renumber()` once."""
    told = {
        "short_name": short_name,
        "symbol": symbol,
        "place": place,
        "sector": sector,
        "employer": employer,
        "accepts_open_filing": accepts_open_filing,
    }
    one = Founding(code, name, kind, parent, decision, told)
    with transaction.atomic():
        establish_many([one], by=by)
        if one.refusal or one.unit is None:
            raise one.refusal or ValueError(code)
        if renumbered:
            tree.settle(one.unit)
    return one.unit


def rename(unit: Unit, name: str, *, decision: Decision, by: acts.Actor, short_name: str = "") -> Unit:
    """Give a unit a new name from a day on; the old one stays in its history."""
    return alter(Alteration(unit, decision, name=name, short_name=short_name), by=by)


def reclassify(unit: Unit, kind: UnitKind, *, decision: Decision, by: acts.Actor) -> Unit:
    """Make a unit another kind of unit from a day on."""
    return alter(Alteration(unit, decision, kind=kind), by=by)


def move(unit: Unit, parent: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """Put a unit, with all below it, under another parent from a day on."""
    return alter(Alteration(unit, decision, parent=parent), by=by)


def merge(unit: Unit, successor: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """End a unit into a successor; what stands below it goes along.

    In today's tree the ended unit hangs below its successor: its past adds up there, once.
    """
    _refresh(unit, successor)
    if unit.covers(successor):
        raise Refused(_("Đơn vị kế thừa không thể nằm dưới đơn vị được sáp nhập: hãy chuyển nó ra trước."))
    dated.refuse_ended(unit, decision.effective_on)
    dated.refuse_ended(successor, decision.effective_on)
    with transaction.atomic():
        _move_children(unit, successor, decision, by)
        details = {"name": unit.name, "parent": unit.parent and unit.parent.code, "to": successor.code}
        _end(unit, decision.effective_on)
        tree.hang([(unit, successor)])
        _write_down(unit, Change.MERGE, decision, by, details, other=successor)
    return unit


def _move_children(unit: Unit, successor: Unit, decision: Decision, by: acts.Actor) -> None:
    """What works below a unit goes to its successor; all of it, or the merger is refused."""
    children = Unit.objects.select_related("kind").filter(parent=unit, ended_on__isnull=True).order_by("pk")
    moves = [Alteration(child, decision, parent=successor) for child in children]
    alter_many(moves, by=by)
    if refused := next((one.refusal for one in moves if one.refusal), None):
        raise refused


def dissolve(unit: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """End a unit on a day; what is still below it must have been moved or ended before."""
    if Unit.objects.filter(parent=unit, ended_on__isnull=True).exists():
        raise Refused(_("Còn đơn vị trực thuộc đang hoạt động: hãy chuyển hoặc kết thúc các đơn vị đó trước."))
    dated.refuse_ended(unit, decision.effective_on)
    with transaction.atomic():
        details = {"name": unit.name, "parent": unit.parent and unit.parent.code}
        _end(unit, decision.effective_on)
        _write_down(unit, Change.DISSOLVE, decision, by, details)
    return unit


def note_split(unit: Unit, new: Unit, *, decision: Decision, by: acts.Actor, details: dict[str, Any]) -> None:
    """Write into the ledger of changes that a new unit was carved out of this one."""
    _write_down(unit, Change.SPLIT, decision, by, {"to": new.code, **details}, other=new)


def _end(unit: Unit, day: date) -> None:
    unit.ended_on = day
    unit.save(update_fields=["ended_on"])
    _close_today(UnitName, unit, day)
    if unit.parent_id:
        _close_today(Affiliation, unit, day)


def _close_today(model: type[dated.Dated], unit: Unit, day: date) -> None:
    line = dated.open_lines(model, [unit]).get(unit.pk)
    dated.close(model, {dated.closable(unit, line, day).pk: day})


def _refresh(*units: Unit) -> None:
    """Earlier changes may have renumbered what the caller holds."""
    for unit in units:
        unit.refresh_from_db(fields=["lft", "rgt", "depth", "parent", "ended_on"])


def _write_down(
    unit: Unit, kind: str, decision: Decision, by: acts.Actor, details: dict[str, Any], other: Unit | None = None
) -> None:
    dated.write_down([dated.new_event(unit, kind, decision, details, other)], by)
