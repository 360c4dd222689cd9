"""Duties of plans in force as dated to-dos of units: given, done with evidence, confirmed, reminded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thidua.documents.choices import Purpose
from thidua.documents.domain import files
from thidua.kernel import clock, formats, rulepacks
from thidua.kernel.batches import in_batches
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.programmes import messages, queries, rules
from thidua.programmes.choices import IN_FORCE, AssignmentState, EvidenceKind, Timing
from thidua.programmes.models import Assignment, AssignmentFile, Duty, Phase, Plan
from thidua.programmes.queries import duties
from thidua.programmes.rules import Occurrence
from thidua.programmes.workflow import ASSIGNMENT
from thidua.workflow.engine import refuse_unless, take

Actor = Person | System
Upload = tuple[bytes, str]
AT_ONCE = 2000  # to-dos written, read or withdrawn by one statement: a duty of the nation is given to 97,000 units


def give(plan: Plan, *, by: Actor) -> int:
    """To-dos for every addressed unit that has none yet; asked daily, it gives those that have come near."""
    if not plan.is_in_force:
        return 0
    given: set[int] = set()
    with transaction.atomic():
        for duty in plan.duties.select_related("origin").order_by("position"):
            duty.plan = plan
            for occurrence in schedule(duty):
                given.update(_give(duty, occurrence))
        if given:
            told = given - set(plan.deliveries.values_list("unit_id", flat=True)) - {plan.unit_id}
            messages.assigned(plan, sorted(told), by)
    return len(given)


def schedule(duty: Duty) -> list[Occurrence]:
    """When a duty of an issued plan is to be done, as far as it is near."""
    plan = duty.plan
    phases = list(Phase.objects.filter(programme__plan=plan).order_by("-programme__counts_initiatives", "position"))
    first = plan.issued_on or clock.today()
    last = max([p.ends_on for p in phases if p.ends_on] or [date(plan.year, 12, 31)])
    ahead = rulepacks.in_force("duty-reminders", clock.today()).rules["opens_days_before"]
    return rules.occurrences(duty, phases, first, max(first, last), clock.today() + timedelta(days=ahead))


def _give(duty: Duty, occurrence: Occurrence) -> list[int]:
    known = duty.assignments.filter(occurrence=occurrence.key).values("unit")
    units = duties.addressees(duty)
    if above := _taken_over_from(duty):
        # The to-do of the plan above stands (or that of its amendment): a second one would only confuse.
        same = Q(duty=above) | Q(duty__origin=above, duty__plan__amends=above.plan_id)
        units = units.exclude(pk__in=Assignment.objects.filter(same).values("unit"))
    wanted = list(units.exclude(pk__in=known).values_list("pk", flat=True))
    for keys in in_batches(wanted, AT_ONCE):
        rows = [
            Assignment(
                duty=duty,
                unit_id=key,
                occurrence=occurrence.key,
                title=occurrence.title,
                opens_on=occurrence.opens_on,
                due_on=occurrence.due_on,
            )
            for key in keys
        ]
        Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    return wanted


def _taken_over_from(duty: Duty) -> Duty | None:
    """The duty of the plan above, also when this plan has been amended since."""
    node = duty.origin
    while node is not None and node.plan_id != duty.plan.implements_id:
        node = node.origin
    return node


def finish(
    assignment: Assignment, *, by: Actor, note: str = "", amount: Decimal | None = None, uploads: Sequence[Upload] = ()
) -> None:
    """The unit reports that it is done, with the evidence the duty asks for."""
    refuse_unless(rules.may_do(by, assignment))
    kind = assignment.duty.evidence
    if kind == EvidenceKind.NUMBER and amount is None:
        raise Refused(_("Hãy nhập con số kết quả."), field="amount")
    if kind == EvidenceKind.FILE and not uploads and not assignment.files.exists():
        raise Refused(_("Việc này cần tệp minh chứng: hãy đính kèm ảnh hoặc văn bản."), field="uploads")
    if kind == EvidenceKind.TEXT and not note.strip():
        raise Refused(_("Hãy ghi ngắn gọn đã làm gì, kết quả ra sao."), field="note")
    changes = {"note": note.strip(), "amount": amount, "reason": "", "done_on": clock.today(), "done_by": _person(by)}
    with transaction.atomic():
        for content, name in uploads:
            kept = files.store(content, name, purpose=Purpose.EVIDENCE, unit=assignment.unit, by=_person(by))
            AssignmentFile.objects.create(assignment=assignment, file=kept)
        noted = {"amount": amount, "files": len(uploads), "occurrence": assignment.title}
        take(ASSIGNMENT, "finish", assignment, by=by, changes=changes, noted=noted)


def set_aside(assignment: Assignment, *, by: Actor, reason: str) -> None:
    """It does not concern the unit; the reason is kept and can be sent back."""
    changes = {"reason": reason.strip(), "done_on": clock.today(), "done_by": _person(by)}
    take(ASSIGNMENT, "set_aside", assignment, by=by, reason=reason, changes=changes)


def reopen(assignment: Assignment, *, by: Actor) -> None:
    """Undo by the unit itself, as long as nobody has confirmed."""
    take(ASSIGNMENT, "reopen", assignment, by=by, changes={"done_on": None, "done_by": None, "reason": ""})


def confirm(assignment: Assignment, *, by: Actor) -> None:
    take(ASSIGNMENT, "confirm", assignment, by=by)


def send_back(assignment: Assignment, *, by: Actor, reason: str) -> None:
    """The unit whose plan it is asks for more; the unit is told."""
    changes = {"reason": reason.strip(), "done_on": None, "done_by": None}
    with transaction.atomic():
        take(ASSIGNMENT, "send_back", assignment, by=by, reason=reason, changes=changes)
        messages.sent_back(assignment, by)


def drop_file(kept: AssignmentFile, *, by: Actor) -> None:
    """Take back a file while the to-do is open."""
    refuse_unless(rules.may_do(by, kept.assignment))
    if kept.assignment.state != AssignmentState.OPEN:
        raise Refused(_("Việc đã báo xong: hãy mở lại trước khi bỏ tệp."))
    kept.delete()


def date_duty(
    duty: Duty,
    *,
    by: Actor,
    due_on: date | None = None,
    within_days: int | None = None,
    due_day: int | None = None,
    timing: str = "",
) -> int:
    """Set the last day a paper does not give (or move it); open to-dos follow and their units are told."""
    refuse_unless(rules.may_write(by, duty.plan))
    if not duty.plan.is_in_force:
        raise Refused(_("Chỉ đặt hạn được khi kế hoạch đang có hiệu lực."))
    before = {"timing": duty.timing, "due_on": duty.due_on, "within_days": duty.within_days, "due_day": duty.due_day}
    timing = timing or duty.timing
    _check_timing(duty, timing, due_on, within_days)
    duty.timing, duty.due_on, duty.within_days, duty.due_day = timing, due_on, within_days, due_day
    with transaction.atomic():
        duty.save(update_fields=["timing", "due_on", "within_days", "due_day"])
        if before["timing"] != timing:
            withdraw_open(duty.assignments.all())
        redate(duty)
        give(duty.plan, by=System("Hệ thống"))
        touched = duty.assignments.filter(state=AssignmentState.OPEN, due_on__isnull=False)
        units = sorted(set(touched.exclude(unit=duty.plan.unit).values_list("unit_id", flat=True)))
        first = touched.order_by("due_on").values_list("due_on", flat=True).first()
        if units and first:
            messages.dated(duty.plan, units, duty.text, formats.day(first), by)
        after = {"timing": timing, "due_on": due_on, "within_days": within_days, "due_day": due_day}
        acts.record("programmes.duty.dated", duty, by=by, unit_id=duty.plan.unit_id, before=before, after=after)
    return len(units)


def _check_timing(duty: Duty, timing: str, due_on: date | None, within_days: int | None) -> None:
    if timing == Timing.ONCE:
        if due_on is None:
            raise Refused(_("Hãy nhập hạn, ví dụ 31/5/2022."), field="due_on")
        if duty.plan.issued_on and due_on < duty.plan.issued_on:
            raise Refused(
                _("Hạn ở trước ngày ban hành kế hoạch (%(day)s): hãy chọn ngày sau đó.")
                % {"day": formats.day(duty.plan.issued_on)},
                field="due_on",
            )
    if timing in (Timing.AFTER_PHASE, Timing.AFTER_ROUND):
        if within_days is None:
            raise Refused(_("Hãy nhập số ngày sau khi giai đoạn hoặc đợt kết thúc."), field="within_days")
        if not Phase.objects.filter(programme__plan=duty.plan, ends_on__isnull=False).exists():
            raise Refused(_("Kế hoạch không có giai đoạn hay đợt nào có ngày kết thúc."), field="timing")


def withdraw_open(given: QuerySet[Assignment]) -> None:
    """What of these nobody has answered goes, with its files. By the thousand: a cascade reads what it deletes."""
    waiting = given.filter(state=AssignmentState.OPEN)
    for keys in in_batches(list(waiting.order_by("pk").values_list("pk", flat=True)), AT_ONCE):
        waiting.filter(pk__in=keys).delete()


def redate(duty: Duty) -> None:
    """Open to-dos take the days their duty now has."""
    for occurrence in schedule(duty):
        duty.assignments.filter(occurrence=occurrence.key, state=AssignmentState.OPEN).update(
            due_on=occurrence.due_on, opens_on=occurrence.opens_on, title=occurrence.title, reminded_on=None
        )


def remind(*, by: Actor) -> int:
    """Once a day: one notice to each unit with something due within a week, due today or overdue."""
    pack = rulepacks.in_force("duty-reminders", clock.today()).rules
    today = clock.today()
    near = Q(due_on__lte=today + timedelta(days=pack["days_before"]), due_on__gt=today, reminded_on__isnull=True)
    on_the_day = Q(due_on=today) & (Q(reminded_on__isnull=True) | Q(reminded_on__lt=today))
    again = today - timedelta(days=pack["overdue_every_days"])
    overdue = Q(due_on__lt=today) & (Q(reminded_on__isnull=True) | Q(reminded_on__lte=again))
    wanted = Assignment.objects.filter(
        near | on_the_day | overdue, state=AssignmentState.OPEN, duty__plan__state__in=IN_FORCE
    ).filter(unit__ended_on__isnull=True)
    units = list(wanted.order_by("unit").values_list("unit_id", flat=True).distinct())
    for keys in in_batches(units, AT_ONCE):
        with transaction.atomic():
            _remind(wanted.filter(unit__in=keys), today, by)
    return len(units)


def _remind(wanted: QuerySet[Assignment], today: date, by: Actor) -> None:
    owing: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in wanted.select_related("duty").order_by("unit", "due_on", "pk"):
        owing[assignment.unit_id].append(assignment)
    messages.due(owing, by)
    Assignment.objects.filter(pk__in=[a.pk for found in owing.values() for a in found]).update(reminded_on=today)


def give_all(plans_wanted: Iterable[Plan] | None = None, *, by: Actor) -> int:
    """Once a day: what has come near in every plan in force, and units that have joined since."""
    wanted = plans_wanted if plans_wanted is not None else queries.plans().filter(state__in=IN_FORCE)
    return sum(give(plan, by=by) for plan in wanted)


def _person(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None
