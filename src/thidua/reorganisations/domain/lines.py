"""What each kind of line does to the tree, and to what the units concerned had in hand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, ProtectedError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Change, Employer
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitEvent, UnitKind
from thidua.people.models import Person
from thidua.reorganisations import succession
from thidua.reorganisations.models import Handover, Line, LineEvent
from thidua.reorganisations.succession import Passing

if TYPE_CHECKING:
    from thidua.reorganisations.domain.orders import Outcome


def carry_out(line: Line, decision: Decision, *, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    """Do one line, remember its entries in the ledger of changes, and pass on what follows."""
    last = UnitEvent.objects.aggregate(last=Max("id"))["last"] or 0
    _CARRY[Change(line.kind)](line, decision, by, outcome, keeps_posts)
    made = UnitEvent.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)
    LineEvent.objects.bulk_create([LineEvent(line=line, event_id=pk) for pk in made])


def _establish(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    _found(line, line.unit_code, _unit(line.to_code), decision, by)


def _rename(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    short_name = line.details.get("short_name", "")
    changes.rename(_unit(line.unit_code), line.name, decision=decision, by=by, short_name=short_name)


def _reclassify(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    kind = UnitKind.objects.get(pk=line.details["kind"])
    changes.reclassify(_unit(line.unit_code), kind, decision=decision, by=by)


def _move(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    _move_one(line, _unit(line.unit_code), _unit(line.to_code), decision, by, outcome)


def _merge(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    unit, successor = _unit(line.unit_code), _unit(line.to_code)
    left = unit.parent
    changes.merge(unit, successor, decision=decision, by=by)
    _renew(unit, successor, left)
    _pass_on(Passing(line, unit, successor, decision.effective_on, by, keeps_posts, left=left), outcome)


def _split(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    """A new unit beside the old one, with the named units below it and the named people."""
    unit = _unit(line.unit_code)
    if unit.parent is None:
        raise Refused(_("Không tách được đơn vị cao nhất."))
    new = _found(line, line.to_code, unit.parent, decision, by)
    for code in line.details.get("units", []):
        _move_one(line, _unit(code), new, decision, by, outcome)
    people = _people(unit, line.details.get("people", []))
    if people:
        passing = Passing(line, unit, new, decision.effective_on, by, keeps_posts=False, people=people)
        _pass_on(passing, outcome, only={"people", "initiatives"})
    changes.note_split(unit, new, decision=decision, by=by, details={"people": len(people)})


def _dissolve(line: Line, decision: Decision, by: acts.Actor, outcome: Outcome, keeps_posts: bool) -> None:
    unit = _unit(line.unit_code)
    changes.dissolve(unit, decision=decision, by=by)
    if line.to_code:
        heir = _unit(line.to_code)
        _pass_on(Passing(line, unit, heir, decision.effective_on, by, keeps_posts, left=unit.parent), outcome)
        return
    # Its posts end with it; the rest of what it had in hand stays without an owner, and is told.
    _pass_on(Passing(line, unit, unit, decision.effective_on, by, keeps_posts=False), outcome, only={"posts"})
    for heirloom in succession.heirlooms():
        if heirloom.left_behind:
            outcome.left_behind[heirloom.name] += heirloom.left_behind(unit, decision.effective_on)


_CARRY = {
    Change.ESTABLISH: _establish,
    Change.RENAME: _rename,
    Change.RECLASSIFY: _reclassify,
    Change.MOVE: _move,
    Change.MERGE: _merge,
    Change.SPLIT: _split,
    Change.DISSOLVE: _dissolve,
}


def _unit(code: str) -> Unit:
    unit = org_queries.by_code(code)
    if unit is None:
        raise Refused(_("Không có đơn vị mang mã «%(code)s».") % {"code": code})
    return unit


def _found(line: Line, code: str, parent: Unit, decision: Decision, by: acts.Actor) -> Unit:
    details = line.details
    return changes.establish(
        code=code,
        name=line.name,
        kind=UnitKind.objects.get(pk=details["kind"]),
        parent=parent,
        decision=decision,
        by=by,
        short_name=details.get("short_name", ""),
        symbol=details.get("symbol", ""),
        place=details.get("place", ""),
        sector=details.get("sector", ""),
        employer=details.get("employer") or Employer.NONE,
    )


def _move_one(line: Line, unit: Unit, parent: Unit, decision: Decision, by: acts.Actor, outcome: Outcome) -> None:
    left = unit.parent
    changes.move(unit, parent, decision=decision, by=by)
    if left is None:
        return
    _renew(left, parent)
    for heirloom in succession.heirlooms():
        if heirloom.moved:
            passing = Passing(line, left, parent, decision.effective_on, by, heirloom=heirloom.name)
            outcome.passed[heirloom.name] += heirloom.moved(passing, unit)
            Handover.objects.bulk_create(passing.noted, batch_size=1000)


def _pass_on(passing: Passing, outcome: Outcome, only: set[str] | None = None) -> None:
    for heirloom in succession.heirlooms():
        if heirloom.ended and (only is None or heirloom.name in only):
            passing.heirloom, passing.noted = heirloom.name, []
            outcome.passed[heirloom.name] += heirloom.ended(passing)
            Handover.objects.bulk_create(passing.noted, batch_size=1000)


def _renew(*units: Unit | None) -> None:
    """A change of the tree may have renumbered units that were read before it."""
    for unit in units:
        if unit is not None:
            unit.refresh_from_db(fields=["lft", "rgt", "depth", "parent"])


def _people(unit: Unit, codes: list[str]) -> frozenset[int]:
    found = dict(Person.objects.filter(code__in=codes, unit=unit).values_list("code", "pk"))
    missing = [code for code in codes if code not in found]
    if missing:
        raise Refused(
            _("Không có đoàn viên mang mã %(codes)s tại «%(unit)s».")
            % {"codes": ", ".join(missing[:5]), "unit": unit.name}
        )
    return frozenset(found.values())


def give_back(noted: list[Handover]) -> None:
    """Put the fields of every row back as they were; `noted` has the last change first.

    What the line itself made goes first, so that the dated rows it replaced have room again.
    """
    made: dict[str, list[int]] = defaultdict(list)
    for handover in noted:
        if handover.was_made:
            made[handover.subject_type].append(handover.subject_id)
    for label, ids in made.items():
        try:
            apps.get_model(label)._default_manager.filter(pk__in=ids).delete()
        except ProtectedError:
            raise Refused(_("Đã có dữ liệu mới gắn với phần bàn giao: không hoàn tác được.")) from None
    try:
        with transaction.atomic():
            _put_back(noted)
    except IntegrityError:
        raise Refused(_("Người hoặc hồ sơ đã bàn giao đã được chuyển tiếp: không hoàn tác được.")) from None


def _put_back(noted: list[Handover]) -> None:
    """The fields of every row, as they were before the first change of it; a statement for each kind of row."""
    rows: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for handover in noted:
        if not handover.was_made:
            rows[handover.subject_type, handover.subject_id] |= handover.before
    alike: dict[tuple[str, tuple[str, ...]], list[models.Model]] = defaultdict(list)
    for (label, pk), before in rows.items():
        model = apps.get_model(label)
        values = {name: _value(model, name, value) for name, value in before.items()}
        if values:
            alike[label, tuple(sorted(values))].append(model(pk=pk, **values))
    for (label, names), found in alike.items():
        model = apps.get_model(label)
        fields = [model._meta.get_field(name).name for name in names]
        model._default_manager.bulk_update(found, fields, batch_size=1000)


def _value(model: type[models.Model], name: str, kept: Any) -> Any:
    """A kept JSON value as the field wants it: periods are pairs of days."""
    if name == "valid":
        lower, upper = (parse_date(day) if day else None for day in kept)
        return DateRange(lower, upper)
    field = model._meta.get_field(name.removesuffix("_id"))
    return field.to_python(kept) if isinstance(field, models.Field) and not field.is_relation else kept
