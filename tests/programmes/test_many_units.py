"""What is written for every unit below is written so many at a time, and says the same as all at once."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db.models import QuerySet

from tests.cast import SYSTEM
from tests.programmes.test_cascade import make_unit
from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.notify import outbox
from thidua.notify.models import Notice
from thidua.orgs.domain import nodesums, tree
from thidua.orgs.models import Unit
from thidua.people.domain import rosters
from thidua.programmes.choices import Timing
from thidua.programmes.domain import assignments
from thidua.programmes.models import Assignment, AssignmentFile, Duty, Plan

UNITS, AT_ONCE = 23, 5


@pytest.fixture
def wide(cast, issued, monkeypatch) -> Plan:
    """Twenty more units below, the officer of each also one of the next; batches of five."""
    made = [make_unit(f"Y{number:03d}", cast["TB-YT"]) for number in range(UNITS - 3)]
    tree.renumber()
    people = [rosters.enter(f"Cán bộ {unit.code}", unit, by=SYSTEM) for unit in made]
    for place, person in enumerate(people):
        for unit in made[place : place + 2]:
            rosters.appoint(person, unit, "grassroots_officer", by=SYSTEM, since=date(2022, 1, 1))
    for module, name in ((assignments, "AT_ONCE"), (outbox, "AT_ONCE"), (grants, "UNITS_AT_ONCE")):
        monkeypatch.setattr(module, name, AT_ONCE)
    return Plan.objects.get(pk=issued.pk)


@pytest.fixture
def largest(monkeypatch) -> Counter[str]:
    """Model -> the most rows one statement was asked to write."""
    found: Counter[str] = Counter()
    write = QuerySet.bulk_create

    def noted(self, objs, *args, **kwargs):
        rows = list(objs)
        found[self.model.__name__] = max(found[self.model.__name__], len(rows))
        return write(self, rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "bulk_create", noted)
    return found


def _told(kind: str) -> Counter[str]:
    return Counter(Notice.objects.filter(kind=kind).values_list("person__full_name", flat=True))


def test_a_duty_is_given_to_every_unit_in_batches_and_each_officer_told_once(cast, wide, largest):
    Duty.objects.create(
        plan=wide, who="CĐCS", addressed=["grassroots"], text="Báo cáo", due_on=date(2022, 6, 3), position=99
    )
    before = _told("programmes.duties_given")
    assert assignments.give(wide, by=cast.hanh) == UNITS
    duty = wide.duties.get(text="Báo cáo")
    assert duty.assignments.values("unit").distinct().count() == UNITS
    told = _told("programmes.duties_given") - before
    officers = {
        p for unit in Unit.objects.filter(code__startswith="Y") for p in grants.holders(Permission.DUTY_DO, unit)
    }
    assert told == Counter({p.full_name: 1 for p in officers})
    assert largest == {"Assignment": AT_ONCE, "Notice": AT_ONCE}
    assert assignments.give(wide, by=cast.hanh) == 0


def test_reminding_asks_the_same_for_a_batch_as_for_one_unit(cast, wide, largest, django_assert_max_num_queries):
    duty = wide.duties.get(text__startswith="Định kỳ báo cáo")
    assignments.give(wide, by=cast.hanh)
    assignments.date_duty(duty, by=cast.giang, due_on=date(2022, 6, 3))
    largest.clear()
    batches = -(-UNITS // AT_ONCE)
    with clock.at(date(2022, 6, 1)), django_assert_max_num_queries(2 + 8 * batches):
        assert assignments.remind(by=SYSTEM) == UNITS
        assert assignments.remind(by=SYSTEM) == 0
    assert largest["Notice"] <= AT_ONCE
    told = _told("programmes.duty_due")
    # Who looks after two units hears of both.
    assert (told["Cán bộ Y000"], told[cast.binh.full_name]) == (2, 1)
    assert duty.assignments.filter(reminded_on=date(2022, 6, 1)).count() == UNITS


def test_what_is_withdrawn_goes_in_batches_with_its_files_and_the_sums_follow(cast, wide, monkeypatch):
    assignments.give(wide, by=cast.hanh)
    duty = wide.duties.get(text__startswith="Định kỳ báo cáo")
    done = duty.assignments.get(unit=cast["TB-YT-02"])
    assignments.finish(done, by=cast.lan, note="Đã gửi.")
    attached = duty.assignments.get(unit=cast["TB-YT-01"])
    assignments.finish(attached, by=cast.binh, note="Xong.", uploads=[(b"%PDF-1.4 x", "a.pdf")])
    assignments.reopen(attached, by=cast.binh)
    read: list[int] = []
    delete = QuerySet.delete

    def noted(self):
        read.append(self.count())
        return delete(self)

    monkeypatch.setattr(QuerySet, "delete", noted)
    assignments.date_duty(duty, by=cast.giang, timing=Timing.AFTER_PHASE, within_days=5)
    assert max(read) == AT_ONCE
    assert sum(read) == UNITS - 1
    assert not AssignmentFile.objects.exists()
    assert Assignment.objects.get(pk=done.pk).state == "done"
    nodesums.fold()
    assert [fault for fault in nodesums.faults() if fault.startswith("duty")] == []


def test_desks_are_the_holders_of_each_unit(cast, wide):
    """What is asked of many units at once is what each is asked by itself, for everything told to many units."""
    units = list(Unit.objects.values_list("pk", flat=True))
    for permission in (
        Permission.PLAN_WRITE,
        Permission.PLAN_ISSUE,
        Permission.DUTY_DO,
        Permission.TARGET_ACCEPT,
        Permission.REPORT_WRITE,
    ):
        at_once = {(unit, person.pk) for unit, person in grants.desks(permission, units)}
        one_by_one = {(unit.pk, p.pk) for unit in Unit.objects.all() for p in grants.holders(permission, unit)}
        assert at_once == one_by_one != set()
