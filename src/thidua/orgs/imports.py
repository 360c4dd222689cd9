"""Units by Excel: found new ones, rename, move, amend, declare headcounts; and find the unit a cell means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel.sheets.importers import Importer, Line, Outcome, Run, Scope, note_changes
from thidua.orgs import queries
from thidua.orgs.columns import COLUMNS
from thidua.orgs.domain import alterations, batches, particulars, tree, undoing
from thidua.orgs.domain.alterations import Alteration
from thidua.orgs.domain.batches import Declaration
from thidua.orgs.domain.dated import Decision
from thidua.orgs.domain.foundings import Founding, establish_many
from thidua.orgs.mentions import named, reference
from thidua.orgs.models import Headcount, Unit, UnitEvent, UnitKind

_PARTICULARS = particulars.FIELDS
_COUNTS = ("members", "women", "direct_workers")


def find_units(lines: Sequence[Line], run: Run, column: str = "unit") -> dict[int, Unit]:
    """The unit of each line: by code, by full or short name within one's scope, or the desk's; else a fault."""
    found = named({str(line.get(column)) for line in lines if line.get(column)}, run.scope, run.kept)
    units: dict[int, Unit] = {}
    for line in lines:
        said = line.get(column)
        candidates = [run.unit] if said is None else found.get(str(said), [])
        if len(candidates) == 1:
            units[line.number] = candidates[0]
        elif not candidates:
            line.refuse(
                column,
                _("Không có đơn vị «%(unit)s».") % {"unit": str(said)[:80]},
                _("Hãy ghi mã đơn vị; tra mã ở mục «Đoàn viên & đơn vị»."),
            )
        else:
            some = ", ".join(unit.code for unit in candidates[:5])
            line.refuse(column, _("Có nhiều đơn vị tên này."), _("Hãy ghi mã: %(codes)s.") % {"codes": some})
    return units


class UnitsImporter(Importer):
    name = "units"
    label = gettext_lazy("Đơn vị")
    note = gettext_lazy(
        "Thành lập đơn vị trực thuộc, đổi tên, chuyển cấp trên, cập nhật thông tin, kê khai số đoàn viên."
    )
    permission = "unit.manage"
    file_name = "don-vi"
    exports = True
    columns = COLUMNS

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, str]]:
        return [("code", values["code"])] if values.get("code") else []

    def levels(self, run: Run) -> dict[int, int]:
        """A parent that stands in the same file is taken before its children."""
        rows = {code: (number, parent) for number, code, parent in run.every("code", "parent") if code}
        found: dict[int, int] = {}
        for code, (number, _parent) in rows.items():
            level, at, seen = 0, _parent, {code}
            while at and (above := rows.get(reference(at))) and reference(at) not in seen and level < 30:
                seen.add(reference(at))
                level, at = level + 1, above[1]
            found[number] = level
        return found

    def check(self, lines: Sequence[Line], run: Run) -> None:
        known = {u.code.upper(): u for u in queries.units().select_related("parent").filter(code__in=_codes(lines))}
        parents = _parents(lines, run)
        counts = _counts_of(known.values())
        for line in lines:
            unit = known.get(line.get("code", ""))
            line.target = unit.pk if unit else None
            _check_counts(line)
            _check_place_in_tree(line, unit, parents.get(line.number), run)
            if unit is None:
                _check_new(line, parents.get(line.number))
            else:
                wanted = _wanted(line, unit, parents.get(line.number))
                note_changes(line, self, _old(unit, counts), wanted, run.kept)

    def apply(self, lines: Sequence[Line], run: Run) -> None:
        known = {
            u.pk: u for u in queries.units().select_related("parent").filter(pk__in=[line.target for line in lines])
        }
        parents, kinds = _parents(lines, run), {kind.code: kind for kind in UnitKind.objects.all()}
        counts = _counts_of(known.values())
        _found([line for line in lines if not known.get(line.target or 0)], parents, kinds, run)
        _amend([line for line in lines if line.target in known], known, parents, kinds, counts, run)
        _declare([line for line in lines if not line.is_bad], counts, run)

    def undo(self, lines: Sequence[Line], run: Run) -> None:
        """Children before parents, each unit's changes newest first; headcounts of founded units go too."""
        units = {unit.pk: unit for unit in queries.units().filter(pk__in=[line.target for line in lines])}
        written = [(line, units[line.target]) for line in lines if line.target in units]
        declared = [(unit, line.undo["count"]) for line, unit in written if "count" in line.undo]
        batches.put_back_many([(unit, was["on"], was["before"]) for unit, was in declared], by=run.by)
        batches.amend_many([(unit, line.undo.get("old", {})) for line, unit in written], by=run.by)
        events = [pk for line, _unit in written for pk in line.undo.get("events", [])]
        undoing.take_back_many(list(UnitEvent.objects.filter(pk__in=events)), by=run.by)

    def finish(self, run: Run) -> None:
        if run.kept.get("founded"):
            tree.renumber()

    def size(self, unit: Unit) -> int:
        return queries.below(unit).order_by()[:10_000].count()

    def rows(self, unit: Unit, scope: Scope) -> Iterator[dict[str, Any]]:
        below = queries.below(unit).filter(ended_on__isnull=True).select_related("parent").order_by("lft")
        found = [u for u in below if scope.covers(u.lft) and u.parent_id]
        counts = _counts_of(found)
        for one in found:
            yield {**_old(one, counts), "code": one.code}


def _codes(lines: Sequence[Line]) -> set[str]:
    return {line.get("code") for line in lines if line.get("code")}


def _parents(lines: Sequence[Line], run: Run) -> dict[int, Unit | str]:
    """The parent of each line: a unit, or (in the preview) the code of a good line that will found it."""
    written = {str(line.get("parent")) for line in lines if line.get("parent")}
    found = named(written, run.scope, run.kept)
    coming: set[str] = set()
    if not run.is_writing and any(said not in found for said in written):
        if "codes" not in run.kept:
            run.kept["codes"] = list(run.every("code"))
        good = run.good_lines()
        coming = {code for number, code in run.kept["codes"] if number in good}
    parents: dict[int, Unit | str] = {}
    for line in lines:
        said = line.get("parent")
        candidates = found.get(str(said), []) if said else []
        if len(candidates) == 1:
            parents[line.number] = candidates[0]
        elif said and not candidates and reference(said) in coming:
            parents[line.number] = reference(said)
        elif said:
            why = _("Có nhiều đơn vị tên «%(unit)s».") if candidates else _("Không có đơn vị cấp trên «%(unit)s».")
            line.refuse("parent", why % {"unit": str(said)[:80]}, _("Hãy ghi mã của đơn vị cấp trên."))
    return parents


def _check_place_in_tree(line: Line, unit: Unit | None, parent: Unit | str | None, run: Run) -> None:
    if unit and not run.scope.covers(unit.lft):
        line.refuse("code", _("Đơn vị này không thuộc phạm vi của bạn."), _("Hãy xem lại mã, hoặc bỏ dòng này."))
    is_founded = isinstance(parent, Unit) and parent.pk in run.kept.get("founded", ())
    if (
        isinstance(parent, Unit)
        and not is_founded
        and not run.scope.covers(parent.lft)
        and (not unit or parent.pk != unit.parent_id)
    ):
        line.refuse("parent", _("Đơn vị cấp trên không thuộc phạm vi của bạn."), _("Hãy xem lại đơn vị cấp trên."))
    day = line.get("effective_on") or run.today
    if unit is None and isinstance(parent, Unit) and parent.established_on > day:
        line.refuse(
            "effective_on",
            _("Trước ngày thành lập của đơn vị cấp trên (%(day)s).")
            % {"day": parent.established_on.strftime("%d/%m/%Y")},
            _("Hãy xem lại ngày hiệu lực."),
        )
    if unit and isinstance(parent, Unit) and parent.pk != unit.parent_id and unit.covers(parent):
        line.refuse("parent", _("Không thể chuyển một đơn vị xuống dưới chính nó."), _("Hãy sửa đơn vị cấp trên."))
    if reference(line.get("parent", "")) == line.get("code", "-"):
        line.refuse("parent", _("Đơn vị không thể là cấp trên của chính nó."), _("Hãy sửa đơn vị cấp trên."))


def _check_new(line: Line, parent: Unit | str | None) -> None:
    for name in ("name", "kind"):
        if line.get(name) is None and not any(fault.column == name for fault in line.faults):
            line.refuse(
                name, _("Đơn vị mới phải có cột này."), _("Hãy điền; nếu không phải đơn vị mới, hãy xem lại mã.")
            )
    if not line.is_bad:
        line.outcome = Outcome.NEW


def _check_counts(line: Line) -> None:
    members = line.get("members")
    for name in ("women", "direct_workers"):
        part = line.get(name)
        if part is not None and members is not None and part > members:
            line.refuse(name, _("Lớn hơn số đoàn viên."), _("Hãy xem lại hai số này."))
        elif part is not None and members is None:
            line.refuse("members", _("Có số chi tiết mà chưa có số đoàn viên."), _("Hãy điền số đoàn viên."))


def _counts_of(units: Iterable[Unit]) -> dict[int, Headcount]:
    newest = Headcount.objects.filter(unit__in=[u.pk for u in units]).order_by("unit", "-on").distinct("unit")
    return {count.unit_id: count for count in newest}


def _old(unit: Unit, counts: dict[int, Headcount]) -> dict[str, Any]:
    count = counts.get(unit.pk)
    return {
        **{name: getattr(unit, name) for name in ("name", *_PARTICULARS)},
        **{name: getattr(count, name) if count else None for name in _COUNTS},
        "kind": unit.kind_id,
        "parent": unit.parent.code if unit.parent else None,
    }


def _wanted(line: Line, unit: Unit, parent: Unit | str | None) -> dict[str, Any]:
    names = ("name", "kind", *_PARTICULARS, *_COUNTS)
    wanted = {name: line.get(name) for name in names if line.get(name) is not None}
    if parent is not None:
        wanted["parent"] = parent if isinstance(parent, str) else parent.code
    return wanted


def _decision(line: Line, run: Run) -> Decision:
    return Decision(line.get("effective_on") or run.today, line.get("decision_number", ""))


def _found(lines: Sequence[Line], parents: dict[int, Unit | str], kinds: dict[str, UnitKind], run: Run) -> None:
    wanted = []
    for line in lines:
        parent = parents.get(line.number)
        wanted.append(
            Founding(
                line.get("code"),
                line.get("name"),
                kinds[line.get("kind")],
                parent if isinstance(parent, Unit) else run.unit,
                _decision(line, run),
                {name: line.get(name) for name in _PARTICULARS if line.get(name) is not None},
            )
        )
    establish_many(wanted, by=run.by)
    for line, one in zip(lines, wanted, strict=True):
        if one.refusal:
            _refuse(line, one.refusal.sentence)
        elif one.unit and one.event:
            line.target, line.undo = one.unit.pk, {"events": [one.event.pk]}
            # Without a place in the tree until `finish`; its own parent was within the scope.
            run.kept.setdefault("founded", set()).add(one.unit.pk)


def _refuse(line: Line, why: str) -> None:
    line.refuse("", why, _("Hãy sửa dòng này rồi tải lên lại."))


def _amend(
    lines: Sequence[Line],
    known: dict[int, Unit],
    parents: dict[int, Unit | str],
    kinds: dict[str, UnitKind],
    counts: dict[int, Headcount],
    run: Run,
) -> None:
    """New names, kinds and parents, each leaving its dated line; then particulars."""
    altered, amended = [], []
    for line in lines:
        unit = known[line.target or 0]
        old, wanted = _old(unit, counts), _wanted(line, unit, parents.get(line.number))
        line.undo = {"old": {n: old[n] for n in _PARTICULARS if n in wanted}}
        one = _alteration(line, unit, wanted, parents.get(line.number), kinds, run)
        if one.name is not None or one.kind or one.parent:
            altered.append((line, one))
        amended.append((line, unit, {n: wanted[n] for n in _PARTICULARS if n in wanted}))
    alterations.alter_many([one for _line, one in altered], by=run.by)
    for line, one in altered:
        if one.refusal:
            _refuse(line, one.refusal.sentence)
        line.undo["events"] = [event.pk for event in one.events]
    if any(one.parent and not one.refusal for _line, one in altered):
        # The numbers of the tree may have changed, and with them where the officer's part of it lies.
        run.scope = run.scope_now()
    batches.amend_many([(unit, values) for line, unit, values in amended if not line.is_bad], by=run.by)


def _alteration(
    line: Line, unit: Unit, wanted: dict[str, Any], parent: Unit | str | None, kinds: dict[str, UnitKind], run: Run
) -> Alteration:
    one = Alteration(unit, _decision(line, run))
    if wanted.get("name", unit.name) != unit.name:
        one.name, one.short_name = wanted["name"], line.get("short_name", "")
    if wanted.get("kind", unit.kind_id) != unit.kind_id:
        one.kind = kinds[wanted["kind"]]
    if isinstance(parent, Unit) and parent.pk != unit.parent_id:
        one.parent = parent
    return one


def _declare(lines: Sequence[Line], counts: dict[int, Headcount], run: Run) -> None:
    said = []
    units = queries.units().in_bulk([line.target for line in lines if line.target])
    for line in lines:
        count = counts.get(line.target or 0)
        values = {n: line.get(n) for n in _COUNTS if line.get(n) is not None}
        if not values or (count and all(getattr(count, n) == v for n, v in values.items())):
            continue
        kept = {n: getattr(count, n) for n in ("women", "direct_workers") if count and n not in values}
        on = line.get("effective_on") or run.today
        said.append((line, Declaration(units[line.target or 0], on, **{**kept, **values})))
    before = batches.declare_many([one for _line, one in said], by=run.by)
    for line, one in said:
        line.undo["count"] = {"on": one.on.isoformat(), "before": before[one.unit.pk]}


UNITS = UnitsImporter()
