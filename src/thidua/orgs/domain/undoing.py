"""Take a change of the tree back, the last one of a unit first, while nothing stands on it."""

from __future__ import annotations

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Change
from thidua.orgs.domain import changes, tree
from thidua.orgs.models import Affiliation, Unit, UnitEvent, UnitKind, UnitName


def take_back(event: UnitEvent, *, by: acts.Actor) -> None:
    """Put a unit back as it was before one change.

    Raises Refused when a later change of the same unit stands, or records stand on a unit it founded.
    """
    if event.taken_back_on:
        return
    unit = Unit.objects.select_related("kind", "parent").get(pk=event.unit_id)
    later = UnitEvent.objects.filter(unit=unit, id__gt=event.pk, taken_back_on__isnull=True)
    if later.exists():
        raise Refused(_("«%(unit)s» đã có biến động sau đó: hãy hoàn tác biến động sau trước.") % {"unit": unit.name})
    with transaction.atomic():
        noted = {"kind": event.kind, "effective_on": event.effective_on}
        acts.record("orgs.unit.taken_back", unit, by=by, unit_id=unit.pk, before=event.details, after=noted)
        _BACK[Change(event.kind)](event, unit)
        UnitEvent.objects.filter(pk=event.pk).update(taken_back_on=clock.today(), other=None)


def _unfound(event: UnitEvent, unit: Unit) -> None:
    """A unit that was founded by mistake goes, with its own lines, unless something stands on it."""
    try:
        with transaction.atomic():
            UnitName.objects.filter(unit=unit).delete()
            Affiliation.objects.filter(unit=unit).delete()
            unit.coverage.all().delete()
            tree.unfounded([unit.pk])
            UnitEvent.objects.filter(unit=unit).delete()
            unit.delete()
    except ProtectedError as error:
        kinds = sorted({str(row._meta.verbose_name) for row in error.protected_objects})
        raise Refused(
            _("«%(unit)s» đã có dữ liệu gắn với nó (%(kinds)s): không hoàn tác được, hãy sáp nhập hoặc kết thúc.")
            % {"unit": unit.name, "kinds": ", ".join(kinds)}
        ) from None


def _unrename(event: UnitEvent, unit: Unit) -> None:
    _reopen(UnitName, unit, event)
    changes.call(unit, event.details["from"], event.details.get("from_short", ""))


def _unclassify(event: UnitEvent, unit: Unit) -> None:
    unit.kind = UnitKind.objects.get(pk=event.details["from"])
    unit.save(update_fields=["kind"])


def _unmove(event: UnitEvent, unit: Unit) -> None:
    _reopen(Affiliation, unit, event)
    tree.hang(unit, Unit.objects.get(code=event.details["from"]))


def _revive(event: UnitEvent, unit: Unit) -> None:
    """A unit that was ended or merged works again, where it stood."""
    unit.ended_on = None
    unit.save(update_fields=["ended_on"])
    _reopen(UnitName, unit, event)
    if event.details.get("parent"):
        _reopen(Affiliation, unit, event)
        if event.kind == Change.MERGE:
            tree.hang(unit, Unit.objects.get(code=event.details["parent"]))


def _nothing(event: UnitEvent, unit: Unit) -> None:
    """A split only notes what its other lines did."""


_BACK = {
    Change.ESTABLISH: _unfound,
    Change.RENAME: _unrename,
    Change.RECLASSIFY: _unclassify,
    Change.MOVE: _unmove,
    Change.MERGE: _revive,
    Change.DISSOLVE: _revive,
    Change.SPLIT: _nothing,
}


def _reopen(model: type, unit: Unit, event: UnitEvent) -> None:
    """The line that began with the change goes; the one it ended runs on."""
    lines = model.objects.filter(unit=unit)  # type: ignore[attr-defined]
    lines.filter(valid__startswith=event.effective_on).delete()
    ended = lines.filter(valid__endswith=event.effective_on).first()
    if ended is None:
        raise Refused(_("Không tìm thấy dữ liệu trước biến động của «%(unit)s».") % {"unit": unit.name})
    ended.valid = DateRange(ended.valid.lower, None)
    ended.save(update_fields=["valid"])
