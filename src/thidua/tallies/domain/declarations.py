"""Results reported by hand: declare, correct, confirm, return, withdraw. The sums follow each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.documents.models import StoredFile
from thidua.kernel import clock, formats
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes import queries as programme_queries
from thidua.programmes.models import Indicator, Programme
from thidua.tallies import messages, queries, rules
from thidua.tallies.choices import DeclarationState
from thidua.tallies.domain import bookings
from thidua.tallies.models import Declaration
from thidua.tallies.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take

Actor = Person | System
MOST = 10**12


@dataclass(frozen=True)
class Said:
    """What a unit writes down: how many, on which day, what it was, and the paper behind it."""

    value: int
    on: date
    content: str
    paper: str = ""
    evidence: tuple[StoredFile, ...] = field(default=(), compare=False)


def declare(
    programme: Programme, indicator: Indicator, unit: Unit, said: Said, *, by: Actor, label: str = ""
) -> Declaration:
    """A unit reports a result of its own. The phase follows from the day."""
    refuse_unless(rules.may_report(by, unit))
    label = rules.plain_label(indicator.pk, label)
    _refuse_place(programme, indicator, unit)
    item = Declaration(programme=programme, indicator=indicator, label=label, unit=unit)
    item.key = rules.measure_key(indicator.pk, label)
    _refuse_said(item, said)
    _write(item, said)
    item.state = DeclarationState.DECLARED
    item.declared_by = by if isinstance(by, Person) else None
    item.declared_at = clock.now()
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # two hands, one paper: the second is refused
        _refuse_twin(item)
        item.save()
        item.evidence.set(said.evidence)
        bookings.post(programme, Counter(), bookings.of_declaration(item))
        acts.record("tallies.declaration.declared", item, by=by, after=_noted(said))
        messages.declared(item, by)
    return item


def correct(item: Declaration, said: Said, reason: str, *, by: Actor) -> Declaration:
    """Say it anew; a number that was confirmed stays in the sums until the new one is."""
    if item.booked and not reason.strip():
        raise Refused(_("Số này đã được xác nhận: hãy ghi lý do sửa."), field="reason")
    _refuse_said(item, said)
    with transaction.atomic():
        before = _locked(item)
        noted = {**_noted(said), "was": _noted(_said(item))}
        _write(item, said)
        _refuse_twin(item)
        changes = {name: getattr(item, name) for name in ("value", "on", "content", "paper", "phase")}
        changes |= {"declared_by": by if isinstance(by, Person) else None, "declared_at": clock.now(), "answer": ""}
        take(WORKFLOW, "correct", item, by=by, reason=reason, changes=changes, noted=noted)
        item.evidence.add(*said.evidence)
        bookings.post(item.programme, before, bookings.of_declaration(item))
        messages.declared(item, by)
    return item


def confirm(item: Declaration, *, by: Actor) -> Declaration:
    """The level above has looked at the evidence: from now on it counts."""
    changes = {
        "booked": item.value,
        "booked_on": item.on,
        "booked_phase": item.phase,
        "answer": "",
        "answered_at": clock.now(),
    }
    with transaction.atomic():
        _step(item, "confirm", by=by, changes=changes, noted={"value": item.value, "previous": item.booked})
        messages.confirmed(item, by)
    return item


def send_back(item: Declaration, reason: str, *, by: Actor) -> Declaration:
    """Back to the unit with the reason; a number already confirmed leaves the sums when it was the one returned."""
    changes = {"answer": reason.strip(), "answered_at": clock.now()}
    if item.state == DeclarationState.CONFIRMED:
        changes |= {"booked": 0, "booked_on": None, "booked_phase": None}
    with transaction.atomic():
        _step(item, "return", by=by, reason=reason, changes=changes, noted={"value": item.value})
        messages.returned(item, by, reason)
    return item


def withdraw(item: Declaration, *, by: Actor) -> Declaration:
    changes = {"booked": 0, "booked_on": None, "booked_phase": None}
    _step(item, "withdraw", by=by, changes=changes, noted={"value": item.value})
    return item


def confirm_all(items: Iterable[Declaration], *, by: Actor) -> int:
    """Many at once, all or none."""
    done = 0
    with transaction.atomic():
        for item in items:
            confirm(item, by=by)
            done += 1
    return done


def _step(item: Declaration, name: str, *, by: Actor, reason: str = "", changes: dict, noted: dict) -> None:
    with transaction.atomic():
        before = _locked(item)
        take(WORKFLOW, name, item, by=by, reason=reason, changes=changes, noted=noted)
        bookings.post(item.programme, before, bookings.of_declaration(item))


def _locked(item: Declaration) -> Counter[bookings.Place]:
    """What the row has in the sums; Stale when it is no longer the one that was looked at."""
    Unit.objects.select_for_update().get(pk=item.unit_id)
    now = Declaration.objects.select_for_update().get(pk=item.pk)
    if any(getattr(now, name) != getattr(item, name) for name in ("state", "value", "on", "booked", "paper")):
        raise Stale(_("Bản kê khai vừa được người khác thay đổi. Hãy tải lại trang để xem số mới."))
    return bookings.of_declaration(now)


def _write(item: Declaration, said: Said) -> None:
    item.value, item.on, item.content, item.paper = said.value, said.on, said.content.strip(), said.paper.strip()
    item.phase = programme_queries.phase_of(item.programme, said.on)


def _said(item: Declaration) -> Said:
    return Said(item.value, item.on, item.content, item.paper)


def _noted(said: Said) -> dict:
    return {k: v for k, v in asdict(said).items() if k != "evidence"} | {"files": [f.name for f in said.evidence]}


def _refuse_place(programme: Programme, indicator: Indicator, unit: Unit) -> None:
    if not programme.is_open:
        raise Refused(_("Chương trình chưa được ban hành nên chưa kê khai được."))
    if not programme.unit.covers(unit):
        raise Refused(_("%(unit)s không thuộc phạm vi của chương trình.") % {"unit": unit.short_name})
    if not unit.is_active:
        raise Refused(
            _("%(unit)s đã kết thúc hoạt động từ %(day)s: hãy kê khai ở đơn vị kế thừa.")
            % {"unit": unit.short_name, "day": formats.day(unit.ended_on)}
        )
    if not rules.is_by_hand(indicator.measure):
        raise Refused(_("«%(name)s» do hệ thống tự tính, không kê khai.") % {"name": indicator.name}, field="indicator")


def _refuse_said(item: Declaration, said: Said) -> None:
    if said.value < 0 or said.value > MOST:
        raise Refused(_("Hãy nhập một số từ 0 trở lên."), field="value")
    if item.indicator.measure == rules.DONE and said.value > 1:
        raise Refused(_("Chỉ tiêu «có/không» chỉ nhận 1 (đã làm) hoặc 0 (chưa làm)."), field="value")
    if said.on > clock.today():
        raise Refused(_("Ngày thực hiện không thể ở sau hôm nay."), field="on")
    opens = [p.starts_on for p in item.programme.phases.all() if p.starts_on]
    if opens and said.on < min(opens):
        raise Refused(
            _("Ngày thực hiện trước khi chương trình bắt đầu (%(day)s).") % {"day": formats.day(min(opens))}, field="on"
        )
    if not said.content.strip():
        raise Refused(_("Hãy ghi việc đã làm, để cấp trên đối chiếu được."), field="content")


def _refuse_twin(item: Declaration) -> None:
    """The same thing is not counted twice: the same paper, the same evidence, or a second yes."""
    if twin := queries.twin_of(item):
        raise Refused(
            _("Kết quả này đã được kê khai ngày %(day)s với số %(value)s: hãy sửa bản kê khai đó.")
            % {"day": formats.day(twin.on), "value": formats.number(twin.value)},
            field="paper" if item.paper else "value",
        )
