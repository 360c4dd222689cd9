"""The verbs of the tree for a thousand units at a time: same records, same acts, few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ProtectedError, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change
from thidua.orgs.domain import changes, headcounts, particulars, tree
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Affiliation, Coverage, Headcount, Unit, UnitEvent, UnitKind, UnitName


@dataclass
class Founding:
    """A unit to be founded; `refusal` says why it was not, `unit` and `event` what became of it."""

    code: str
    name: str
    kind: UnitKind
    parent: Unit
    decision: Decision
    particulars: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""
    unit: Unit | None = None
    event: UnitEvent | None = None


@transaction.atomic
def establish_many(wanted: Sequence[Founding], *, by: acts.Actor) -> None:
    """Found units; they have no place in the tree until `tree.renumber()` is called, once, at the end."""
    codes = {one.code.upper() for one in wanted}
    marked: Any = Unit.objects.annotate(upper_code=Upper("code"))
    taken = {code.upper() for code in marked.filter(upper_code__in=codes).values_list("code", flat=True)}
    for one in wanted:
        try:
            changes.refuse_founding(one.code, one.name, one.parent, one.decision, is_taken=one.code.upper() in taken)
        except Refused as refused:
            one.refusal = refused.sentence
    possible = [one for one in wanted if not one.refusal]
    units = [
        changes.new_unit(one.code, text.tidy(one.name), one.kind, one.parent, one.decision, **one.particulars)
        for one in possible
    ]
    Unit.objects.bulk_create(units)
    names, homes, events, told = [], [], [], []
    for one, unit in zip(possible, units, strict=True):
        valid = DateRange(one.decision.effective_on, None)
        names.append(UnitName(unit=unit, name=unit.name, valid=valid))
        homes.append(Affiliation(unit=unit, parent=one.parent, valid=valid))
        details = {"name": unit.name, "parent": one.parent.code}
        one.unit, one.event = unit, changes.new_event(unit, Change.ESTABLISH, one.decision, details)
        events.append(one.event)
        noted = {**details, "effective_on": one.decision.effective_on}
        told.append(acts.Told(unit, unit.pk, after=noted))
    UnitName.objects.bulk_create(names)
    Affiliation.objects.bulk_create(homes)
    UnitEvent.objects.bulk_create(events)
    acts.record_many(f"orgs.unit.{Change.ESTABLISH}", told, by=by)


@transaction.atomic
def unfound_many(units: Sequence[Unit], *, by: acts.Actor) -> None:
    """Units that were founded by mistake go, with their own lines. Refused when something stands on one."""
    pks = [unit.pk for unit in units]
    if not pks:
        return
    own = {event.unit_id: event for event in UnitEvent.objects.filter(unit__in=pks, kind=Change.ESTABLISH)}
    standing = UnitEvent.objects.filter(unit__in=pks, taken_back_on__isnull=True).exclude(kind=Change.ESTABLISH)
    if later := standing.select_related("unit").first():
        raise Refused(
            _("«%(unit)s» đã có biến động sau đó: hãy hoàn tác biến động sau trước.") % {"unit": later.unit.name}
        )
    told = [
        acts.Told(
            unit,
            unit.pk,
            before=own[unit.pk].details,
            after={"kind": Change.ESTABLISH, "effective_on": own[unit.pk].effective_on},
        )
        for unit in units
        if unit.pk in own
    ]
    try:
        with transaction.atomic():
            UnitName.objects.filter(unit__in=pks).delete()
            Affiliation.objects.filter(unit__in=pks).delete()
            Coverage.objects.filter(unit__in=pks).delete()
            tree.unfounded(pks)
            UnitEvent.objects.filter(unit__in=pks).delete()
            # Parents and children of one batch go together.
            Unit.objects.filter(pk__in=pks).update(parent=None)
            Unit.objects.filter(pk__in=pks).delete()
    except ProtectedError as error:
        kinds = sorted({str(row._meta.verbose_name) for row in error.protected_objects})
        raise Refused(
            _("Đơn vị vừa thành lập đã có dữ liệu gắn với nó (%(kinds)s): không hoàn tác được.")
            % {"kinds": ", ".join(kinds)}
        ) from None
    acts.record_many("orgs.unit.taken_back", told, by=by)


@transaction.atomic
def amend_many(changed: Sequence[tuple[Unit, dict[str, Any]]], *, by: acts.Actor) -> None:
    """Write new particulars; only units for which something differs leave an act."""
    told, units = [], []
    for unit, values in changed:
        before = {name: getattr(unit, name) for name in values if name in particulars.FIELDS}
        after = {name: value for name, value in values.items() if name in before and value != before[name]}
        if not after:
            continue
        for name, value in after.items():
            setattr(unit, name, value)
        unit.search = changes.search_text(unit.name, unit.short_name, unit.code)
        units.append(unit)
        told.append(acts.Told(unit, unit.pk, before={n: before[n] for n in after}, after=after))
    if units:
        written = ("search", *particulars.FIELDS)
        rows = [{"id": unit.pk, **{name: getattr(unit, name) for name in written}} for unit in units]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE orgs_unit u
                   SET search = x.search, short_name = x.short_name, symbol = x.symbol, place = x.place,
                       sector = x.sector, employer = x.employer
                  FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, search text, short_name text, symbol text,
                       place text, sector text, employer text)
                 WHERE u.id = x.id
                """,
                [json.dumps(rows, ensure_ascii=False)],
            )
    acts.record_many("orgs.unit.amended", told, by=by)


@dataclass(frozen=True)
class Declaration:
    """How many members a unit has from a day on."""

    unit: Unit
    on: date
    members: int
    women: int | None = None
    direct_workers: int | None = None


@transaction.atomic
def declare_many(said: Sequence[Declaration], *, by: acts.Actor) -> dict[int, dict[str, int | None] | None]:
    """State headcounts; gives, for each unit, what was declared for that day before."""
    for one in said:
        headcounts.refuse_parts(one.members, one.women)
    before = _declared(said)
    Headcount.objects.bulk_create(
        [
            Headcount(unit=o.unit, on=o.on, members=o.members, women=o.women, direct_workers=o.direct_workers)
            for o in said
        ],
        update_conflicts=True,
        unique_fields=["unit", "on"],
        update_fields=["members", "women", "direct_workers"],
    )
    told = [acts.Told(one.unit, one.unit.pk, after={"on": one.on, "members": one.members}) for one in said]
    acts.record_many("orgs.unit.headcount", told, by=by)
    return before


def _declared(said: Sequence[Declaration]) -> dict[int, dict[str, int | None] | None]:
    days = {one.unit.pk: one.on for one in said}
    rows = Headcount.objects.filter(unit__in=days, on__in=set(days.values()))
    found: dict[int, dict[str, int | None] | None] = dict.fromkeys(days)
    for row in rows:
        if row.on == days[row.unit_id]:
            found[row.unit_id] = {
                "members": row.members,
                "women": row.women,
                "direct_workers": row.direct_workers,
            }
    return found


@transaction.atomic
def put_back_many(wanted: Sequence[tuple[Unit, date | str, dict[str, int | None] | None]], *, by: acts.Actor) -> None:
    """Undo declarations: what was declared for that day before, or nothing."""
    gone = Q(pk__in=[])
    for on in {on for _unit, on, before in wanted if before is None}:
        gone |= Q(on=on, unit__in=[unit.pk for unit, day, before in wanted if before is None and day == on])
    Headcount.objects.filter(gone).delete()
    back = [Headcount(unit=unit, on=on, **before) for unit, on, before in wanted if before is not None]
    Headcount.objects.bulk_create(
        back,
        update_conflicts=True,
        unique_fields=["unit", "on"],
        update_fields=["members", "women", "direct_workers"],
    )
    told = [acts.Told(unit, unit.pk, after={"on": on, "before": before}) for unit, on, before in wanted]
    acts.record_many("orgs.unit.headcount", told, by=by)
