"""The working sheet of an allocation: written, filled, undone and thrown away; then given as one issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Indicator, Phase, Programme
from thidua.targets import queries
from thidua.targets.choices import Method
from thidua.targets.domain import allocations, fills
from thidua.targets.models import Issue, IssueLine, Sheet, SheetCell, Target
from thidua.workflow.engine import refuse_unless

Numbers = Mapping[tuple[int, int | None], int | None]  # (unit, phase) -> number, None: nothing is given
MOST = 10**9


def opened(programme: Programme, parent: Unit, indicator: Indicator, label: str, *, by: Person) -> Sheet:
    """The sheet, begun with what has been given so far. Locked until the transaction ends."""
    refuse_unless(grants.may(by, Permission.TARGET_ALLOCATE, parent))
    Unit.objects.select_for_update().get(pk=parent.pk)
    sheet, is_new = Sheet.objects.get_or_create(
        programme=programme,
        parent=parent,
        indicator=indicator,
        label=label,
        defaults={"changed_by": by, "changed_at": clock.now()},
    )
    if is_new:
        given = queries.given_rows(programme, parent, indicator, label).filter(unit__in=org_queries.children(parent))
        SheetCell.objects.bulk_create(
            [SheetCell(sheet=sheet, unit_id=u, phase_id=p, value=int(v)) for u, p, v in given], batch_size=2000
        )
    return sheet


def write(sheet: Sheet, numbers: Numbers, *, by: Person) -> None:
    """Keep some cells. Raises Refused naming the unit when a number cannot be one of a target."""
    children = {u.pk: u for u in org_queries.children(sheet.parent).filter(pk__in={unit for unit, _phase in numbers})}
    for (unit_id, _phase), value in numbers.items():
        if unit_id in children and value is not None and not 0 <= value <= MOST:
            raise Refused(_("%(unit)s: chỉ tiêu quá lớn hoặc âm.") % {"unit": children[unit_id].short_name})
    with transaction.atomic():
        SheetCell.objects.bulk_create(
            [SheetCell(sheet=sheet, unit_id=u, phase_id=p, value=v) for (u, p), v in numbers.items() if u in children],
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["sheet", "unit", "phase"],
            update_fields=["value"],
        )
        _touch(sheet, by)


def fill(
    sheet: Sheet, method: str, phases: Sequence[Phase | None], *, by: Person, formula: str = "", fits: bool = True
) -> None:
    """Propose whole columns; what stood there before can be brought back."""
    units = list(org_queries.children(sheet.parent))
    own = queries.own_values(sheet.programme, sheet.parent, sheet.indicator, sheet.label)
    numbers: dict[tuple[int, int | None], int | None] = {}
    for phase in phases:
        key = phase.pk if phase else None
        total = int(own[key]) if key in own else None
        if method == Method.FORMULA:
            facts = fills.facts_of(sheet.programme, phase, units, queries.sheet_column(sheet, phase))
            found = fills.by_formula(formula, total if fits else None, units, facts)
        elif total is None:
            raise Refused(
                _("Đơn vị chưa có chỉ tiêu cho cột này nên chưa chia được: hãy nhập tay hoặc dùng công thức.")
            )
        else:
            found = fills.split(method, total, units, sheet.programme, phase)
        numbers |= {(unit_id, key): number for unit_id, number in found.items()}
    _replace(sheet, numbers, str(Method(method).label), by)


def paste(sheet: Sheet, block: str, phases: Sequence[Phase | None], *, by: Person) -> int:
    """Numbers from a spreadsheet by the names beside them: all lines fit, or nothing is taken."""
    units = list(org_queries.children(sheet.parent))
    found = fills.read_paste(block, units, len(phases))
    if found.faults:
        shown = found.faults[: fills.MOST_FAULTS]
        more = len(found.faults) - len(shown)
        tail = [counted("Và %(n)d dòng khác.", more)] if more else []
        raise Refused(" ".join([*shown, *tail]), field="block")
    keys = [phase.pk if phase else None for phase in phases]
    numbers = {(unit_id, keys[column]): value for (unit_id, column), value in found.values.items()}
    _replace(sheet, numbers, str(Method.PASTE.label), by)
    return len({unit_id for unit_id, _column in found.values})


def undo(sheet: Sheet, *, by: Person) -> None:
    """Take the last fill back; asked again, it comes back."""
    if not sheet.filled:
        raise Refused(_("Không có lần điền nào để hoàn tác."))
    with transaction.atomic():
        sheet.cells.update(value=F("before"), before=F("value"))
        sheet.is_undone = not sheet.is_undone
        _touch(sheet, by)


def discard(sheet: Sheet, *, by: Person) -> None:
    """Throw the sheet away: what has been given stays as it is."""
    refuse_unless(grants.may(by, Permission.TARGET_ALLOCATE, sheet.parent))
    sheet.delete()


def _replace(sheet: Sheet, numbers: Numbers, words: str, by: Person) -> None:
    with transaction.atomic():
        sheet.cells.update(before=F("value"))
        write(sheet, numbers, by=by)
        sheet.filled, sheet.is_undone = words, False
        _touch(sheet, by)


def _touch(sheet: Sheet, by: Person) -> None:
    sheet.changed_by, sheet.changed_at = by, clock.now()
    sheet.save(update_fields=["changed_by", "changed_at", "filled", "is_undone"])


def give(sheet: Sheet, *, by: Person, reason: str = "", below_given: bool = False) -> Issue | None:
    """Give what the sheet says: one issue with its differences; None when nothing is different."""
    programme, parent, indicator, label = sheet.programme, sheet.parent, sheet.indicator, sheet.label
    with transaction.atomic():
        before = {(u, p): v for u, p, v in queries.given_rows(programme, parent, indicator, label)}
        children = set(org_queries.children(parent).values_list("pk", flat=True))
        after = {
            (c.unit_id, c.phase_id): Decimal(c.value)
            for c in sheet.cells.all()
            if c.value is not None and c.unit_id in children
        }
        changed = sorted(
            {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)},
            key=lambda key: (key[0], key[1] or 0),
        )
        touched: list[Target] = []
        for phase in queries.columns_of(programme, parent, indicator, label):
            key = phase.pk if phase else None
            values = {unit_id: value for (unit_id, p), value in after.items() if p == key}
            touched += allocations.allocate(
                programme, phase, indicator, parent, values, by=by, tell=False, label=label, below_given=below_given
            )
        sheet.delete()
        if not changed:
            return None
        issue = _record(sheet, reason, by, [(u, p, before.get((u, p)), after.get((u, p))) for u, p in changed])
        allocations.announce(programme, parent, list({t.unit_id: t.unit for t in touched}.values()), by=by)
    return issue


def _record(
    sheet: Sheet, reason: str, by: Person, lines: Sequence[tuple[int, int | None, Decimal | None, Decimal | None]]
) -> Issue:
    same = {
        "programme": sheet.programme,
        "parent": sheet.parent,
        "indicator": sheet.indicator,
        "label": sheet.label,
    }
    last = Issue.objects.filter(**same).aggregate(last=Max("number"))["last"] or 0
    issue = Issue.objects.create(**same, number=last + 1, reason=reason.strip(), issued_by=by, issued_at=clock.now())
    IssueLine.objects.bulk_create(
        [IssueLine(issue=issue, unit_id=u, phase_id=p, before=b, after=a) for u, p, b, a in lines], batch_size=2000
    )
    acts.record(
        "targets.issue.given",
        issue,
        by=by,
        unit_id=sheet.parent.pk,
        reason=reason.strip(),
        after={"number": issue.number, "lines": len(lines), "sum": sum((a or 0) for _u, _p, _b, a in lines)},
    )
    return issue
