"""Draw an order up, line by line. Nothing of the tree changes here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.models import StoredFile
from thidua.kernel import clock, codes, text
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Change
from thidua.orgs.models import Unit, UnitKind
from thidua.people.models import Person
from thidua.reorganisations import rules
from thidua.reorganisations.choices import OrderState
from thidua.reorganisations.models import Line, Order
from thidua.workflow.engine import refuse_unless

NEEDS_NAME = frozenset({Change.ESTABLISH, Change.RENAME, Change.SPLIT})
NEEDS_TARGET = frozenset({Change.ESTABLISH, Change.MOVE, Change.MERGE, Change.SPLIT})
FOUNDS = frozenset({Change.ESTABLISH, Change.SPLIT})


def draw_up(
    unit: Unit,
    title: str,
    effective_on: date,
    *,
    by: Person,
    decision_number: str = "",
    decided_on: date | None = None,
    note: str = "",
    keeps_posts: bool = True,
    file: StoredFile | None = None,
) -> Order:
    """Begin an order about units below `unit`."""
    refuse_unless(grants.may(by, Permission.UNIT_MANAGE, unit))
    _check_dates(effective_on, decided_on)
    with transaction.atomic():
        order = Order.objects.create(
            code=codes.new_code("BD"),
            unit=unit,
            title=_titled(title),
            decision_number=text.tidy(decision_number),
            decided_on=decided_on,
            effective_on=effective_on,
            note=note.strip(),
            keeps_posts=keeps_posts,
            file=file,
            drawn_by=by,
            created_at=clock.now(),
        )
        acts.record("reorganisations.order.drawn_up", order, by=by, unit_id=unit.pk, after={"title": order.title})
    return order


def amend(order: Order, *, by: Person, file: StoredFile | None = None, **fields: Any) -> None:
    """Change the head of a draft: title, number, dates, note; a new file takes the old one's place."""
    refuse_unless(rules.may_order(by, order))
    _check_dates(fields.get("effective_on", order.effective_on), fields.get("decided_on", order.decided_on))
    if "title" in fields:
        fields["title"] = _titled(fields["title"])
    if file is not None:
        fields["file"] = file
    with transaction.atomic():
        _hold_draft(order)
        Order.objects.filter(pk=order.pk).update(**fields)
        order.refresh_from_db()
        noted = {name: str(value) for name, value in fields.items()}
        acts.record("reorganisations.order.amended", order, by=by, unit_id=order.unit_id, after=noted)


def add_line(
    order: Order,
    kind: str,
    unit_code: str,
    *,
    by: Person,
    to_code: str = "",
    name: str = "",
    details: dict[str, Any] | None = None,
) -> Line:
    """Add one change. Codes are checked now as far as they can be; the preview checks the rest.

    Raises Refused naming the field: an unknown code, a missing name or target, a code that is taken.
    """
    refuse_unless(rules.may_order(by, order))
    kind, details = Change(kind), dict(details or {})
    unit_code, to_code, name = unit_code.strip(), to_code.strip(), text.tidy(name)
    with transaction.atomic():
        _hold_draft(order)
        _check_line(order, kind, unit_code, to_code, name, details, by)
        position = (order.lines.aggregate(last=Max("position"))["last"] or 0) + 1
        line = Line.objects.create(
            order=order,
            position=position,
            kind=kind,
            unit_code=unit_code,
            to_code=to_code,
            name=name,
            details=details,
        )
        noted = {"kind": kind, "unit": unit_code, "to": to_code}
        acts.record("reorganisations.order.line_added", order, by=by, unit_id=order.unit_id, after=noted)
    return line


def add_lines(order: Order, kind: str, unit_codes: Sequence[str], *, by: Person, to_code: str) -> list[Line]:
    """The same change for many units at once: all or none."""
    wanted = list(dict.fromkeys(code.strip() for code in unit_codes if code.strip()))
    if not wanted:
        raise Refused(_("Hãy ghi ít nhất một mã đơn vị."), field="unit_code")
    with transaction.atomic():
        return [add_line(order, kind, code, by=by, to_code=to_code) for code in wanted]


def remove_line(line: Line, *, by: Person) -> None:
    order = line.order
    refuse_unless(rules.may_order(by, order))
    with transaction.atomic():
        _hold_draft(order)
        noted = {"kind": line.kind, "unit": line.unit_code, "to": line.to_code}
        line.delete()
        acts.record("reorganisations.order.line_removed", order, by=by, unit_id=order.unit_id, before=noted)


def _titled(typed: str) -> str:
    title = text.tidy(typed)
    if not title:
        raise Refused(_("Hãy ghi trích yếu của quyết định."), field="title")
    return title


def _check_dates(effective_on: date, decided_on: date | None) -> None:
    if decided_on and decided_on > clock.today():
        raise Refused(_("Ngày quyết định nằm trong tương lai."), field="decided_on")
    if effective_on.year < 1929:
        raise Refused(_("Ngày hiệu lực không đúng: Công đoàn Việt Nam thành lập năm 1929."), field="effective_on")


def _hold_draft(order: Order) -> None:
    """Two people at one draft do not overwrite each other; a confirmed order is not changed."""
    held = Order.objects.select_for_update().get(pk=order.pk)
    if held.state != OrderState.DRAFT:
        raise Stale(_("Quyết định không còn ở bước soạn: hãy tải lại trang."))


def founded_codes(order: Order) -> dict[str, str]:
    """Code -> name of the units that lines of this order found."""
    return {
        (line.to_code if line.kind == Change.SPLIT else line.unit_code): line.name
        for line in order.lines.all()
        if line.kind in FOUNDS
    }


def names_of(order: Order, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """For each line the name of its unit and of the other one, as things stand, or as the order will call them."""
    codes = {code for line in lines for code in (line.unit_code, line.to_code) if code}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name")) | founded_codes(order)
    return [(names.get(line.unit_code, line.name), names.get(line.to_code, "")) for line in lines]


def _check_line(
    order: Order, kind: Change, unit_code: str, to_code: str, name: str, details: dict[str, Any], by: Person
) -> None:
    founded = founded_codes(order)
    if not unit_code:
        raise Refused(_("Hãy ghi mã đơn vị."), field="unit_code")
    if kind in NEEDS_NAME and not name:
        raise Refused(_("Hãy ghi tên đầy đủ của đơn vị."), field="name")
    if kind in NEEDS_TARGET and not to_code:
        raise Refused(_("Hãy chọn đơn vị nhận (cấp trên trực tiếp hoặc đơn vị kế thừa)."), field="to_code")
    needs_kind = kind in FOUNDS or kind == Change.RECLASSIFY
    if needs_kind and not UnitKind.objects.filter(pk=details.get("kind", "")).exists():
        raise Refused(_("Hãy chọn loại đơn vị."), field="kind")
    new_code = to_code if kind == Change.SPLIT else unit_code if kind == Change.ESTABLISH else ""
    if new_code and (new_code in founded or org_queries.by_code(new_code)):
        field = "to_code" if kind == Change.SPLIT else "unit_code"
        raise Refused(_("Mã đơn vị «%(code)s» đã có: hãy chọn mã khác.") % {"code": new_code}, field=field)
    if kind != Change.ESTABLISH:
        _known(order, unit_code, founded, by, "unit_code")
    if to_code and kind != Change.SPLIT:
        _known(order, to_code, founded, by, "to_code")


def _known(order: Order, code: str, founded: dict[str, str], by: Person, field: str) -> None:
    """The code names a unit below the order's unit (or it itself as a target), or one the order founds."""
    if code in founded:
        return
    unit = org_queries.by_code(code)
    if unit is None or not grants.may(by, Permission.UNIT_MANAGE, unit):
        raise Refused(_("Không có đơn vị mang mã «%(code)s» trong phạm vi của bạn.") % {"code": code}, field=field)
    if not order.unit.covers(unit):
        raise Refused(
            _("«%(unit)s» không thuộc %(scope)s: hãy lập quyết định tại đơn vị cấp trên chung.")
            % {"unit": unit.name, "scope": order.unit.short_name},
            field=field,
        )
    if unit.ended_on:
        raise Refused(_("«%(unit)s» đã kết thúc: hãy chọn đơn vị đang hoạt động.") % {"unit": unit.name}, field=field)
