"""Units by Excel: found new ones, rename, move, amend, declare headcounts; and find the unit a cell means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel import codes, text
from thidua.kernel.sheets.importers import Importer, Line, Outcome, Run, Scope, note_changes
from thidua.kernel.verdicts import Refused
from thidua.orgs import queries
from thidua.orgs.columns import COLUMNS
from thidua.orgs.domain import changes, headcounts, particulars, tree, undoing
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Headcount, Unit, UnitEvent, UnitKind

_PARTICULARS = particulars.FIELDS
_COUNTS = ("members", "women", "direct_workers")
_MOST_NAMES = 60


def find_units(lines: Sequence[Line], run: Run, column: str = "unit") -> dict[int, Unit]:
    """The unit of each line: by code, by full or short name within one's scope, or the desk's; else a fault."""
    found = named({str(line.get(column)) for line in lines if line.get(column)}, run.scope)
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


def named(written: Iterable[str], scope: Scope) -> dict[str, list[Unit]]:
    """What people wrote for a unit -> the units it may mean. Codes are known everywhere, names within the scope."""
    wanted = {said: codes.tidy(said).replace(".", "-") for said in written}
    by_code = {u.code.upper(): u for u in queries.units().filter(code__in={*wanted, *wanted.values()})}
    found = {said: [by_code[code]] for said, code in wanted.items() if code in by_code}
    inside = Q(pk__in=[])
    for low, high in scope.intervals:
        inside |= Q(lft__gte=low, lft__lte=high)
    for said in [said for said in wanted if said not in found][:_MOST_NAMES]:
        folded = text.fold(text.tidy(said))
        near = queries.search(queries.active().filter(inside), said)[:50]
        exact = [u for u in near if folded in (text.fold(u.name), text.fold(u.short_name))]
        if exact:
            found[said] = exact
    return found


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
            while at and (above := rows.get(_reference(at))) and _reference(at) not in seen and level < 30:
                seen.add(_reference(at))
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
                note_changes(line, self, _old(unit, counts), _wanted(line, unit, parents.get(line.number)))

    def apply(self, lines: Sequence[Line], run: Run) -> None:
        known = {
            u.pk: u for u in queries.units().select_related("parent").filter(pk__in=[line.target for line in lines])
        }
        parents, kinds = _parents(lines, run), {kind.code: kind for kind in UnitKind.objects.all()}
        counts = _counts_of(known.values())
        for line in lines:
            try:
                with transaction.atomic():
                    self._write(line, known, parents.get(line.number), kinds, counts, run)
            except Refused as refused:
                line.refuse("", refused.sentence, _("Hãy sửa dòng này rồi tải lên lại."))

    def _write(
        self,
        line: Line,
        known: dict[int, Unit],
        parent: Unit | str | None,
        kinds: dict[str, UnitKind],
        counts: dict[int, Headcount],
        run: Run,
    ) -> None:
        unit = known.get(line.target or 0)
        if unit is None:
            unit = _found(line, parent, kinds, run)
        else:
            _change(line, unit, parent, kinds, counts, run)
        _declare(line, unit, counts, run)

    def undo(self, lines: Sequence[Line], run: Run) -> None:
        """Children before parents, each unit's changes newest first; headcounts of founded units go too."""
        units = {unit.pk: unit for unit in queries.units().filter(pk__in=[line.target for line in lines])}
        for line in lines:
            unit = units.get(line.target or 0)
            if unit is None:
                continue
            if "count" in line.undo:
                headcounts.put_back(unit, line.undo["count"]["on"], line.undo["count"]["before"], by=run.by)
            particulars.amend(unit, line.undo.get("old", {}), by=run.by)
            for event in UnitEvent.objects.filter(pk__in=line.undo.get("events", [])).order_by("-pk"):
                undoing.take_back(event, by=run.by)

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


def _reference(written: Any) -> str:
    return codes.tidy(str(written)).replace(".", "-")


def _codes(lines: Sequence[Line]) -> set[str]:
    return {line.get("code") for line in lines if line.get("code")}


def _parents(lines: Sequence[Line], run: Run) -> dict[int, Unit | str]:
    """The parent of each line: a unit, or (in the preview) the code of a good line that will found it."""
    written = {str(line.get("parent")) for line in lines if line.get("parent")}
    found = named(written, run.scope)
    coming: set[str] = set()
    if not run.is_writing and any(said not in found for said in written):
        good = run.good_lines()
        coming = {code for number, code in run.every("code") if number in good}
    parents: dict[int, Unit | str] = {}
    for line in lines:
        said = line.get("parent")
        candidates = found.get(str(said), []) if said else []
        if len(candidates) == 1:
            parents[line.number] = candidates[0]
        elif said and not candidates and _reference(said) in coming:
            parents[line.number] = _reference(said)
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
    if _reference(line.get("parent", "")) == line.get("code", "-"):
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


def _found(line: Line, parent: Unit | str | None, kinds: dict[str, UnitKind], run: Run) -> Unit:
    above = parent if isinstance(parent, Unit) else run.unit
    unit = changes.establish(
        code=line.get("code"),
        name=line.get("name"),
        kind=kinds[line.get("kind")],
        parent=above,
        decision=_decision(line, run),
        by=run.by,
        renumbered=False,
        **{name: line.get(name) for name in _PARTICULARS if line.get(name) is not None},
    )
    line.target = unit.pk
    line.undo = {"events": list(unit.changes.values_list("pk", flat=True))}
    # Without a place in the tree until `finish`; its own parent was within the scope.
    run.kept.setdefault("founded", set()).add(unit.pk)
    return unit


def _change(
    line: Line,
    unit: Unit,
    parent: Unit | str | None,
    kinds: dict[str, UnitKind],
    counts: dict[int, Headcount],
    run: Run,
) -> None:
    """Each change through its own verb, so that each leaves its dated line."""
    old, wanted = _old(unit, counts), _wanted(line, unit, parent)
    last = UnitEvent.objects.filter(unit=unit).order_by("-pk").values_list("pk", flat=True).first() or 0
    if wanted.get("name", unit.name) != unit.name:
        changes.rename(
            unit, wanted["name"], decision=_decision(line, run), by=run.by, short_name=line.get("short_name", "")
        )
    if wanted.get("kind", unit.kind_id) != unit.kind_id:
        changes.reclassify(unit, kinds[wanted["kind"]], decision=_decision(line, run), by=run.by)
    if isinstance(parent, Unit) and parent.code != old["parent"]:
        changes.move(unit, parent, decision=_decision(line, run), by=run.by)
    particulars.amend(unit, {n: wanted[n] for n in _PARTICULARS if n in wanted}, by=run.by)
    events = UnitEvent.objects.filter(unit=unit, pk__gt=last)
    line.undo = {
        "old": {n: old[n] for n in _PARTICULARS if n in wanted},
        "events": list(events.values_list("pk", flat=True)),
    }


def _declare(line: Line, unit: Unit, counts: dict[int, Headcount], run: Run) -> None:
    count = counts.get(unit.pk)
    values = {n: line.get(n) for n in _COUNTS if line.get(n) is not None}
    if not values or (count and all(getattr(count, n) == v for n, v in values.items())):
        return
    kept = {n: getattr(count, n) for n in ("women", "direct_workers") if count and n not in values}
    on = line.get("effective_on") or run.today
    before = Headcount.objects.filter(unit=unit, on=on).values(*_COUNTS).first()
    headcounts.declare(unit, on=on, by=run.by, **{**kept, **values})
    line.undo["count"] = {"on": on.isoformat(), "before": before}


UNITS = UnitsImporter()
