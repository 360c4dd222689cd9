"""Notices of this package: who is told what. Thousands of units are told in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.ledger.acts import System
from thidua.notify import outbox
from thidua.people.models import Person
from thidua.programmes.models import Assignment, Plan, Registration

Actor = Person | System


def desks_of(units: Iterable[int], permission: Permission = Permission.PLAN_WRITE) -> Iterator[Person]:
    """Those who hold a permission by a post at one of many units."""
    return (person for _unit, person in grants.desks(permission, units))


def issued(plan: Plan, units: Iterable[int], by: Actor) -> None:
    """To those who write plans at the units it is sent to."""
    words = {"unit": plan.unit.short_name, "number": plan.full_number, "title": plan.title}
    if plan.amends:
        headline = _("%(unit)s ban hành kế hoạch điều chỉnh %(number)s: %(title)s") % words
    else:
        headline = _("%(unit)s ban hành kế hoạch %(number)s: %(title)s") % words
    _tell(plan, desks_of(units), "programmes.plan_issued", headline, by)


def proposed(plan: Plan, by: Actor) -> None:
    """To those who sign for the unit."""
    words = {"who": by.full_name, "title": plan.title}
    signers = desks_of([plan.unit_id], Permission.PLAN_ISSUE)
    _tell(plan, signers, "programmes.plan_proposed", _("%(who)s trình duyệt kế hoạch: %(title)s") % words, by)


def returned(plan: Plan, reason: str, by: Actor) -> None:
    headline = _("Dự thảo kế hoạch được trả lại: %(reason)s") % {"reason": reason[:200]}
    _tell(plan, desks_of([plan.unit_id]), "programmes.plan_returned", headline, by)


def assigned(plan: Plan, units: Iterable[int], by: Actor) -> None:
    """To units further below that are only given a duty."""
    words = {"unit": plan.unit.short_name, "number": plan.full_number}
    headline = _("%(unit)s giao việc theo kế hoạch %(number)s") % words
    _tell(plan, desks_of(units, Permission.DUTY_DO), "programmes.duties_given", headline, by)


def chased(plan: Plan, units: Iterable[int], by: Actor) -> None:
    headline = _("Đôn đốc: đơn vị chưa ban hành kế hoạch thực hiện %(number)s") % {"number": plan.full_number}
    _tell(plan, desks_of(units), "programmes.plan_chased", headline, by)


def chased_to_receive(plan: Plan, units: Iterable[int], by: Actor) -> None:
    headline = _("Đôn đốc: đơn vị chưa xác nhận nhận kế hoạch %(number)s") % {"number": plan.full_number}
    _tell(plan, desks_of(units), "programmes.plan_chased", headline, by)


def dated(plan: Plan, units: Iterable[int], duty: str, day: str, by: Actor) -> None:
    words = {"number": plan.full_number, "duty": duty[:140], "day": day}
    headline = _("Việc theo kế hoạch %(number)s có hạn %(day)s: %(duty)s") % words
    _tell(plan, desks_of(units, Permission.DUTY_DO), "programmes.duty_dated", headline, by)


def sent_back(assignment: Assignment, by: Actor) -> None:
    headline = _("Kết quả việc được trả lại: %(duty)s") % {"duty": assignment.duty.text[:200]}
    outbox.tell(
        desks_of([assignment.unit_id], Permission.DUTY_DO),
        "programmes.assignment_sent_back",
        about=assignment,
        headline=headline,
        body=assignment.reason,
        needs_action=True,
        but_not=by if isinstance(by, Person) else None,
    )


def due(owing: Mapping[int, Sequence[Assignment]], by: Actor) -> None:
    """One notice to the desk of each unit for everything that is due or overdue there."""
    words = [
        outbox.Word(person, owing[unit][0], _due(owing[unit]))
        for unit, person in grants.desks(Permission.DUTY_DO, owing)
    ]
    but_not = by if isinstance(by, Person) else None
    outbox.tell_many(words, "programmes.duty_due", needs_action=True, but_not=but_not)


def _due(assignments: Sequence[Assignment]) -> str:
    first = assignments[0]
    words = {"n": len(assignments), "duty": first.duty.text[:150]}
    if len(assignments) == 1 and first.is_overdue:
        return _("Việc quá hạn: %(duty)s") % words
    if len(assignments) == 1:
        return _("Việc sắp đến hạn: %(duty)s") % words
    return _("%(n)d việc sắp đến hạn hoặc quá hạn, trước hết: %(duty)s") % words


def registered(registration: Registration, by: Actor) -> None:
    """To the unit that runs the movement."""
    words = {
        "who": registration.collective or registration.unit.short_name,
        "movement": registration.programme.short_name,
    }
    outbox.tell(
        desks_of([registration.programme.unit_id]),
        "programmes.registered",
        about=registration.programme,
        headline=_("%(who)s đăng ký thi đua: %(movement)s") % words,
        but_not=by if isinstance(by, Person) else None,
    )


def _tell(plan: Plan, people: Iterable[Person], kind: str, headline: str, by: Actor) -> None:
    but_not = by if isinstance(by, Person) else None
    outbox.tell(people, kind, about=plan, headline=headline, needs_action=True, but_not=but_not)
