"""The only way to change the tree: each act leaves a dated line with its decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change, Employer
from thidua.orgs.domain import tree
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitKind, UnitName


@dataclass(frozen=True)
class Decision:
    """The paper behind a change of the tree."""

    effective_on: date
    number: str = ""
    decided_on: date | None = None


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
    name = text.tidy(name)
    refuse_founding(code, name, parent, decision, is_taken=Unit.objects.filter(code__iexact=code).exists())
    with transaction.atomic():
        unit = new_unit(
            code,
            name,
            kind,
            parent,
            decision,
            short_name=short_name,
            symbol=symbol,
            place=place,
            sector=sector,
            employer=employer,
            accepts_open_filing=accepts_open_filing,
        )
        unit.save(force_insert=True)
        valid = DateRange(decision.effective_on, None)
        UnitName.objects.create(unit=unit, name=name, valid=valid)
        if parent:
            Affiliation.objects.create(unit=unit, parent=parent, valid=valid)
        _write_down(unit, Change.ESTABLISH, decision, by, {"name": name, "parent": parent and parent.code})
        if renumbered:
            tree.settle(unit)
    return unit


def refuse_founding(code: str, name: str, parent: Unit | None, decision: Decision, *, is_taken: bool) -> None:
    """Raise Refused unless a unit with this code and name can begin under the parent on that day."""
    if not text.tidy(name):
        raise Refused(_("Đơn vị chưa có tên: hãy nhập tên đầy đủ."), field="name")
    if is_taken:
        raise Refused(_("Mã đơn vị «%(code)s» đã có: hãy chọn mã khác.") % {"code": code}, field="code")
    if parent:
        _refuse_ended(parent, decision.effective_on)


def new_unit(
    code: str,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    decision: Decision,
    *,
    short_name: str = "",
    **particulars: Any,
) -> Unit:
    """A unit as it will be stored, with what is derived from its name."""
    return Unit(
        code=code,
        name=name,
        short_name=text.tidy(short_name) or name[:120],
        sort_key=text.sort_key(name),
        search=search_text(name, short_name, code),
        kind=kind,
        parent=parent,
        established_on=decision.effective_on,
        **particulars,
    )


def rename(unit: Unit, name: str, *, decision: Decision, by: acts.Actor, short_name: str = "") -> Unit:
    """Give a unit a new name from a day on; the old one stays in its history."""
    name = text.tidy(name)
    if not name:
        raise Refused(_("Đơn vị chưa có tên: hãy nhập tên đầy đủ."), field="name")
    _refuse_ended(unit, decision.effective_on)
    with transaction.atomic():
        old = _close(UnitName, unit, decision.effective_on)
        UnitName.objects.create(unit=unit, name=name, valid=DateRange(decision.effective_on, None))
        details = {"from": old.name, "from_short": unit.short_name, "to": name}
        call(unit, name, short_name)
        _write_down(unit, Change.RENAME, decision, by, details)
    return unit


def call(unit: Unit, name: str, short_name: str) -> None:
    """Write today's name and what is derived from it."""
    unit.name, unit.short_name = name, text.tidy(short_name) or name[:120]
    unit.sort_key = text.sort_key(name)
    unit.search = search_text(name, unit.short_name, unit.code)
    unit.save(update_fields=["name", "short_name", "sort_key", "search"])


def reclassify(unit: Unit, kind: UnitKind, *, decision: Decision, by: acts.Actor) -> Unit:
    """Make a unit another kind of unit from a day on."""
    if unit.kind_id == kind.pk:
        raise Refused(_("Đơn vị đã thuộc loại này."), field="kind")
    _refuse_ended(unit, decision.effective_on)
    _refuse_before_start(unit, decision.effective_on)
    with transaction.atomic():
        details = {"from": unit.kind_id, "to": kind.pk}
        unit.kind = kind
        unit.save(update_fields=["kind"])
        _write_down(unit, Change.RECLASSIFY, decision, by, details)
    return unit


def move(unit: Unit, parent: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """Put a unit, with all below it, under another parent from a day on."""
    _refresh(unit, parent)
    if unit.covers(parent):
        raise Refused(_("Không thể chuyển một đơn vị xuống dưới chính nó."), field="parent")
    _refuse_ended(unit, decision.effective_on)
    _refuse_ended(parent, decision.effective_on)
    if unit.parent_id == parent.pk:
        raise Refused(
            _("«%(unit)s» đã trực thuộc «%(parent)s».") % {"unit": unit.name, "parent": parent.name}, field="parent"
        )
    with transaction.atomic():
        old = _close(Affiliation, unit, decision.effective_on)
        Affiliation.objects.create(unit=unit, parent=parent, valid=DateRange(decision.effective_on, None))
        tree.hang(unit, parent)
        _write_down(unit, Change.MOVE, decision, by, {"from": old.parent.code, "to": parent.code}, other=parent)
    return unit


def merge(unit: Unit, successor: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """End a unit into a successor; what stands below it goes along.

    In today's tree the ended unit hangs below its successor: its past adds up there, once.
    """
    _refresh(unit, successor)
    if unit.covers(successor):
        raise Refused(_("Đơn vị kế thừa không thể nằm dưới đơn vị được sáp nhập: hãy chuyển nó ra trước."))
    _refuse_ended(unit, decision.effective_on)
    _refuse_ended(successor, decision.effective_on)
    with transaction.atomic():
        _move_children(unit, successor, decision, by)
        details = {"name": unit.name, "parent": unit.parent and unit.parent.code, "to": successor.code}
        _end(unit, decision.effective_on)
        tree.hang(unit, successor)
        _write_down(unit, Change.MERGE, decision, by, details, other=successor)
    return unit


def _move_children(unit: Unit, successor: Unit, decision: Decision, by: acts.Actor) -> None:
    """What works below a unit goes to its successor; a fixed number of statements for thousands."""
    children = list(Unit.objects.filter(parent=unit, ended_on__isnull=True).order_by("pk"))
    open_ones = Affiliation.objects.filter(unit__in=children, valid__upper_inf=True)
    homes = {home.unit_id: home for home in open_ones}
    day = decision.effective_on
    for child in children:
        _refuse_ended(child, day)
        if child.pk not in homes or homes[child.pk].valid.lower >= day:
            _refuse_day(child)
    for home in homes.values():
        home.valid = DateRange(home.valid.lower, day)
    Affiliation.objects.bulk_update(homes.values(), ["valid"], batch_size=2000)
    Affiliation.objects.bulk_create(
        [Affiliation(unit=child, parent=successor, valid=DateRange(day, None)) for child in children]
    )
    tree.hang_many(children, successor)
    details = {"from": unit.code, "to": successor.code}
    UnitEvent.objects.bulk_create([new_event(c, Change.MOVE, decision, details, successor) for c in children])
    told = [acts.Told(child, child.pk, after={**details, "effective_on": day}) for child in children]
    acts.record_many(f"orgs.unit.{Change.MOVE}", told, by=by)


def dissolve(unit: Unit, *, decision: Decision, by: acts.Actor) -> Unit:
    """End a unit on a day; what is still below it must have been moved or ended before."""
    if Unit.objects.filter(parent=unit, ended_on__isnull=True).exists():
        raise Refused(_("Còn đơn vị trực thuộc đang hoạt động: hãy chuyển hoặc kết thúc các đơn vị đó trước."))
    _refuse_ended(unit, decision.effective_on)
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
    _close(UnitName, unit, day)
    if unit.parent_id:
        _close(Affiliation, unit, day)


def _refresh(*units: Unit) -> None:
    """Earlier changes may have renumbered what the caller holds."""
    for unit in units:
        unit.refresh_from_db(fields=["lft", "rgt", "depth", "parent", "ended_on"])


def search_text(name: str, short_name: str, code: str) -> str:
    return " ".join(text.words(f"{name} {short_name} {code}"))[:400]


def _refuse_ended(unit: Unit, day: date) -> None:
    if unit.ended_on is not None:
        raise Refused(
            _("«%(unit)s» đã kết thúc từ ngày %(day)s: hãy chọn đơn vị đang hoạt động.")
            % {"unit": unit.name, "day": unit.ended_on.strftime("%d/%m/%Y")}
        )
    _refuse_before_start(unit, day)


def _refuse_before_start(unit: Unit, day: date) -> None:
    if unit.established_on > day:
        raise Refused(
            _("«%(unit)s» thành lập ngày %(day)s, sau ngày hiệu lực của thay đổi này.")
            % {"unit": unit.name, "day": unit.established_on.strftime("%d/%m/%Y")},
            field="effective_on",
        )


def _refuse_day(unit: Unit) -> NoReturn:
    raise Refused(
        _("Ngày hiệu lực phải sau lần thay đổi gần nhất của đơn vị «%(unit)s».") % {"unit": unit.name},
        field="effective_on",
    )


def _close(model: type, unit: Unit, day: date):  # type: ignore[no-untyped-def]
    """End the open line of a unit's dated facts on a day and give it back."""
    current = model.objects.filter(unit=unit, valid__upper_inf=True).first()  # type: ignore[attr-defined]
    if current is None or current.valid.lower >= day:
        _refuse_day(unit)
    current.valid = DateRange(current.valid.lower, day)
    current.save(update_fields=["valid"])
    return current


def _write_down(
    unit: Unit, kind: str, decision: Decision, by: acts.Actor, details: dict[str, Any], other: Unit | None = None
) -> UnitEvent:
    event = new_event(unit, kind, decision, details, other)
    event.save(force_insert=True)
    noted = {**details, "effective_on": decision.effective_on}
    acts.record(f"orgs.unit.{kind}", unit, by=by, unit_id=unit.pk, after=noted)
    return event


def new_event(
    unit: Unit, kind: str, decision: Decision, details: dict[str, Any], other: Unit | None = None
) -> UnitEvent:
    """A line of the ledger of unit changes, as it will be stored."""
    return UnitEvent(
        unit=unit,
        kind=kind,
        effective_on=decision.effective_on,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        details=details,
        other=other,
    )
