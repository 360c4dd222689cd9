"""Other names, other kinds, other parents: of one unit or of a thousand, in the same few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change
from thidua.orgs.domain import dated, tree
from thidua.orgs.domain.dated import Decision
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitKind, UnitName


@dataclass
class Alteration:
    """What is to be different about a unit from a day on.

    `refusal` is set when it was not done, nothing of it; `events` are the lines it left.
    """

    unit: Unit
    decision: Decision
    name: str | None = None
    short_name: str = ""
    kind: UnitKind | None = None
    parent: Unit | None = None
    refusal: Refused | None = None
    events: list[UnitEvent] = field(default_factory=list)


@transaction.atomic
def alter(one: Alteration, *, by: acts.Actor) -> Unit:
    """One unit. Raises Refused."""
    alter_many([one], by=by)
    if one.refusal:
        raise one.refusal
    return one.unit


@transaction.atomic
def alter_many(wanted: Sequence[Alteration], *, by: acts.Actor) -> None:
    """Do what can be done, in this order; a unit stands in it once. The tree follows at once."""
    moving = [one for one in wanted if one.parent]
    if moving:
        tree.hold()
        _renew(moving)
    names = dated.open_lines(UnitName, [one.unit for one in wanted if one.name is not None])
    homes = dated.open_lines(Affiliation, [one.unit for one in moving])
    above = tree.parents([one.parent.pk for one in moving if one.parent])
    for one in wanted:
        try:
            _refuse(one, names, homes, above)
        except Refused as refused:
            one.refusal = refused
        else:
            above |= {one.unit.pk: one.parent.pk} if one.parent else {}
    possible = [one for one in wanted if not one.refusal]
    _rename([one for one in possible if one.name is not None], names)
    _reclassify([one for one in possible if one.kind])
    _move([one for one in possible if one.parent], homes)
    dated.write_down([event for one in possible for event in one.events], by)


def _renew(moving: Sequence[Alteration]) -> None:
    """Earlier changes may have renumbered what the caller holds."""
    held = [unit for one in moving for unit in (one.unit, one.parent) if unit]
    fresh = Unit.objects.in_bulk({unit.pk for unit in held})
    for unit in held:
        now = fresh[unit.pk]
        unit.lft, unit.rgt, unit.depth, unit.ended_on = now.lft, now.rgt, now.depth, now.ended_on
        if unit.parent_id != now.parent_id:
            unit.parent_id = now.parent_id


def _refuse(
    one: Alteration, names: dict[int, UnitName], homes: dict[int, Affiliation], above: dict[int, int | None]
) -> None:
    unit, day = one.unit, one.decision.effective_on
    if one.name is not None and not text.tidy(one.name):
        raise Refused(_("Đơn vị chưa có tên: hãy nhập tên đầy đủ."), field="name")
    if one.kind and unit.kind_id == one.kind.pk:
        raise Refused(_("Đơn vị đã thuộc loại này."), field="kind")
    if one.parent and _is_above(unit, one.parent, above):
        raise Refused(_("Không thể chuyển một đơn vị xuống dưới chính nó."), field="parent")
    dated.refuse_ended(unit, day)
    if one.name is not None:
        dated.closable(unit, names.get(unit.pk), day)
    if one.parent:
        dated.refuse_ended(one.parent, day)
        if unit.parent_id == one.parent.pk:
            raise Refused(
                _("«%(unit)s» đã trực thuộc «%(parent)s».") % {"unit": unit.name, "parent": one.parent.name},
                field="parent",
            )
        dated.closable(unit, homes.get(unit.pk), day)


def _is_above(unit: Unit, other: Unit, above: dict[int, int | None]) -> bool:
    """Is `other` the unit or below it? Asked of parents, for some may have no number in the tree yet."""
    node: int | None = other.pk
    while node is not None and node != unit.pk:
        node = above.get(node)
    return node is not None


def _rename(wanted: Sequence[Alteration], names: dict[int, UnitName]) -> None:
    dated.close(UnitName, {names[one.unit.pk].pk: one.decision.effective_on for one in wanted})
    for one in wanted:
        name = text.tidy(one.name or "")
        details = {"from": names[one.unit.pk].name, "from_short": one.unit.short_name, "to": name}
        call(one.unit, name, one.short_name)
        one.events.append(dated.new_event(one.unit, Change.RENAME, one.decision, details))
    lines = [
        UnitName(unit=one.unit, name=one.unit.name, valid=DateRange(one.decision.effective_on, None)) for one in wanted
    ]
    UnitName.objects.bulk_create(lines)
    write_names([one.unit for one in wanted])


def call(unit: Unit, name: str, short_name: str) -> None:
    """Today's name, and what is derived from it."""
    unit.name, unit.short_name = name, text.tidy(short_name) or name[:120]
    unit.sort_key = text.sort_key(name)
    unit.search = search_text(name, unit.short_name, unit.code)


def search_text(name: str, short_name: str, code: str) -> str:
    return " ".join(text.words(f"{name} {short_name} {code}"))[:400]


def write_names(units: Sequence[Unit]) -> None:
    if not units:
        return
    written = ("name", "short_name", "sort_key", "search")
    rows = [{"id": unit.pk, **{name: getattr(unit, name) for name in written}} for unit in units]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orgs_unit u
               SET name = x.name, short_name = x.short_name, sort_key = x.sort_key, search = x.search
              FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, name text, short_name text, sort_key text, search text)
             WHERE u.id = x.id
            """,
            [json.dumps(rows, ensure_ascii=False)],
        )


def _reclassify(wanted: Sequence[Alteration]) -> None:
    for one in wanted:
        assert one.kind
        details = {"from": one.unit.kind_id, "to": one.kind.pk}
        one.unit.kind = one.kind
        one.events.append(dated.new_event(one.unit, Change.RECLASSIFY, one.decision, details))
    write_kinds([one.unit for one in wanted])


def write_kinds(units: Sequence[Unit]) -> None:
    if not units:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orgs_unit u SET kind_id = x.kind FROM unnest(%s::bigint[], %s::text[]) AS x(id, kind) "
            "WHERE u.id = x.id",
            [[unit.pk for unit in units], [unit.kind_id for unit in units]],
        )


def _move(wanted: Sequence[Alteration], homes: dict[int, Affiliation]) -> None:
    dated.close(Affiliation, {homes[one.unit.pk].pk: one.decision.effective_on for one in wanted})
    left = Unit.objects.only("code").in_bulk({homes[one.unit.pk].parent_id for one in wanted}) if wanted else {}
    lines, pairs = [], []
    for one in wanted:
        assert one.parent
        details = {"from": left[homes[one.unit.pk].parent_id].code, "to": one.parent.code}
        one.events.append(dated.new_event(one.unit, Change.MOVE, one.decision, details, one.parent))
        valid = DateRange(one.decision.effective_on, None)
        lines.append(Affiliation(unit=one.unit, parent=one.parent, valid=valid))
        pairs.append((one.unit, one.parent))
    Affiliation.objects.bulk_create(lines)
    tree.hang(pairs)
