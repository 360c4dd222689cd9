"""Units begin, one or a thousand in the same few statements; and go again when that was a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ProtectedError
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change
from thidua.orgs.domain import dated, tree
from thidua.orgs.domain.alterations import call
from thidua.orgs.domain.dated import Decision
from thidua.orgs.models import Affiliation, Coverage, Unit, UnitEvent, UnitKind, UnitName


@dataclass
class Founding:
    """A unit to be founded; `refusal` says why it was not, `unit` and `event` what became of it."""

    code: str
    name: str
    kind: UnitKind
    parent: Unit | None
    decision: Decision
    particulars: dict[str, Any] = field(default_factory=dict)
    refusal: Refused | None = None
    unit: Unit | None = None
    event: UnitEvent | None = None


@transaction.atomic
def establish_many(wanted: Sequence[Founding], *, by: acts.Actor) -> None:
    """Found units; they have no place in the tree until it is numbered, once, at the end."""
    codes = {one.code.upper() for one in wanted}
    marked: Any = Unit.objects.annotate(upper_code=Upper("code"))
    taken = {code.upper() for code in marked.filter(upper_code__in=codes).values_list("code", flat=True)}
    for one in wanted:
        try:
            _refuse(one, taken)
        except Refused as refused:
            one.refusal = refused
    possible = [one for one in wanted if not one.refusal]
    units = [_new_unit(one) for one in possible]
    Unit.objects.bulk_create(units)
    names, homes, events = [], [], []
    for one, unit in zip(possible, units, strict=True):
        valid = DateRange(one.decision.effective_on, None)
        names.append(UnitName(unit=unit, name=unit.name, valid=valid))
        if one.parent:
            homes.append(Affiliation(unit=unit, parent=one.parent, valid=valid))
        details = {"name": unit.name, "parent": one.parent and one.parent.code}
        one.unit, one.event = unit, dated.new_event(unit, Change.ESTABLISH, one.decision, details)
        events.append(one.event)
    UnitName.objects.bulk_create(names)
    Affiliation.objects.bulk_create(homes)
    dated.write_down(events, by)


def _refuse(one: Founding, taken: set[str]) -> None:
    if not text.tidy(one.name):
        raise Refused(_("Đơn vị chưa có tên: hãy nhập tên đầy đủ."), field="name")
    if one.code.upper() in taken:
        raise Refused(_("Mã đơn vị «%(code)s» đã có: hãy chọn mã khác.") % {"code": one.code}, field="code")
    if one.parent:
        dated.refuse_ended(one.parent, one.decision.effective_on)


def _new_unit(one: Founding) -> Unit:
    """A unit as it will be stored, with what is derived from its name."""
    particulars = {**one.particulars}
    short_name = particulars.pop("short_name", "")
    unit = Unit(
        code=one.code, kind=one.kind, parent=one.parent, established_on=one.decision.effective_on, **particulars
    )
    call(unit, text.tidy(one.name), short_name)
    return unit


def unfound_many(units: Sequence[Unit]) -> None:
    """Units that were founded by mistake go, with their own lines. Refused when something stands on one."""
    pks = [unit.pk for unit in units]
    if not pks:
        return
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
            _("«%(unit)s» đã có dữ liệu gắn với nó (%(kinds)s): không hoàn tác được, hãy sáp nhập hoặc kết thúc.")
            % {"unit": ", ".join(unit.name for unit in units[:3]), "kinds": ", ".join(kinds)}
        ) from None
