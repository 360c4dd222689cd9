"""Duties as dated to-dos: given, done with evidence, confirmed, reminded, seen over the tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.cast import SYSTEM
from tests.programmes.conftest import drafted
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.notify import outbox
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import UnitKind
from thidua.programmes import rules
from thidua.programmes.choices import Timing
from thidua.programmes.domain import assignments, corrections, plans
from thidua.programmes.models import Assignment, Duty, Phase
from thidua.programmes.queries import duties


def of(unit, word: str = "") -> Assignment:
    return duties.assignments_of(unit).filter(duty__text__icontains=word).first()


def test_both_real_plans_become_todos_of_the_units_they_address(cast, issued):
    found = {d.text[:12]: sorted(d.assignments.values_list("unit__code", flat=True)) for d in issued.duties.all()}
    assert found["Xây dựng, tr"] == ["TB-YT"], "the sector's own duty"
    assert found["Định kỳ báo "] == ["TB-YT-01", "TB-YT-02", "TB-YT-03"]
    assert all(d.is_undated for d in issued.duties.all()), "the paper gives no day: to be set by a person"
    assert not Assignment.objects.filter(duty__plan=issued, due_on__isnull=False).exists()


def test_after_each_round_is_dated_from_the_rounds_of_the_plan(cast):
    plan = drafted(cast, "NT", "KH-LDLD", SYSTEM)
    plans.issue(plan, by=SYSTEM, issued_on=date(2022, 1, 20))
    duty = plan.duties.get(timing=Timing.AFTER_ROUND)
    assert set(duty.addressed) == {"own", "sectoral", "grassroots"}
    found = duty.assignments.filter(unit=cast["NT-KCN-01"]).order_by("opens_on")
    assert [(a.title, a.opens_on, a.due_on) for a in found] == [
        ("Đợt thi đua đặc biệt", date(2022, 4, 17), None),
        ("Đợt thi đua thứ hai", date(2022, 7, 1), None),
        ("Đợt thi đua thứ ba", date(2023, 1, 1), None),
    ]
    assignments.date_duty(duty, by=SYSTEM, within_days=10)
    assert [a.due_on for a in found.all()] == [date(2022, 4, 26), date(2022, 7, 10), date(2023, 1, 10)]
    departments = plan.duties.filter(who="Ban Công tác cơ sở").first()
    assert [a.unit.code for a in departments.assignments.all()] == ["NT"], "a department is the unit itself"


def test_setting_a_day_dates_the_todos_and_tells_the_units(cast, issued):
    duty = issued.duties.get(text__startswith="Định kỳ báo cáo")
    with pytest.raises(Refused, match="Hãy nhập hạn") as refused:
        assignments.date_duty(duty, by=cast.giang)
    assert refused.value.field == "due_on"
    with pytest.raises(Refused, match="trước ngày ban hành"):
        assignments.date_duty(duty, by=cast.giang, due_on=date(2022, 1, 1))
    with pytest.raises(Forbidden):
        assignments.date_duty(duty, by=cast.chi, due_on=date(2022, 6, 10))
    assert assignments.date_duty(duty, by=cast.giang, due_on=date(2022, 6, 10)) == 3
    assert of(cast["TB-YT-01"], "Định kỳ").due_on == date(2022, 6, 10)
    assert outbox.inbox(cast.binh).filter(kind="programmes.duty_dated").exists()


def test_a_monthly_duty_appears_month_by_month_and_for_units_that_join(cast, issued):
    duty = issued.duties.get(text__startswith="Định kỳ báo cáo")
    assignments.date_duty(duty, by=cast.giang, timing=Timing.MONTHLY, due_day=25)
    found = duty.assignments.filter(unit=cast["TB-YT-01"]).order_by("due_on")
    assert [a.occurrence for a in found] == [f"2022-{m:02d}" for m in range(1, 7)], "until a month ahead of 20 May"
    assert found.last().due_on == date(2022, 6, 25)
    changes.establish(
        code="TB-YT-04", name="CĐCS Bệnh viện Mắt", symbol="CĐCS", place="Thái Bình",
        kind=UnitKind.objects.get(code="grassroots"), parent=cast["TB-YT"],
        decision=Decision(date(2022, 5, 20)), by=SYSTEM,
    )  # fmt: skip
    issued.refresh_from_db()
    with clock.at(date(2022, 6, 20)):
        assignments.give_all(by=SYSTEM)
    assert duty.assignments.filter(unit__code="TB-YT-04").exists()
    assert found.all().last().occurrence == "2022-07"
    assert assignments.give_all(by=SYSTEM) == 0, "asked twice, nothing twice"


def test_done_with_the_evidence_it_asks_for_then_confirmed(cast, issued):
    item = of(cast["TB-YT-01"], "Tổ chức xét khen thưởng")
    with pytest.raises(Refused, match="Hãy ghi ngắn gọn") as refused:
        assignments.finish(item, by=cast.binh)
    assert refused.value.field == "note"
    with pytest.raises(Forbidden):
        assignments.finish(item, by=cast.lan, note="Đã xét.")
    assignments.finish(item, by=cast.binh, note="Đã xét 12 cá nhân.", uploads=[(b"%PDF-1.4 x", "bien-ban.pdf")])
    assert (item.state, item.done_by, item.files.count()) == ("done", cast.binh, 1)
    with pytest.raises(Forbidden):
        assignments.confirm(item, by=cast.chi)
    assignments.send_back(item, by=cast.giang, reason="Thiếu danh sách cá nhân kèm theo biên bản.")
    assert item.state == "open"
    assert outbox.inbox(cast.binh).filter(kind="programmes.assignment_sent_back").exists()
    assignments.finish(item, by=cast.binh, note="Đã bổ sung danh sách.")
    assignments.reopen(item, by=cast.binh)
    assignments.finish(item, by=cast.binh, note="Đã bổ sung danh sách.")
    assignments.confirm(item, by=cast.giang)
    assert item.state == "confirmed"
    with pytest.raises(Refused):
        assignments.reopen(item, by=cast.binh)


def test_evidence_may_have_to_be_a_number_or_a_file(cast, issued):
    item = of(cast["TB-YT-01"])
    item.duty.evidence = "number"
    with pytest.raises(Refused, match="con số") as refused:
        assignments.finish(item, by=cast.binh, note="Xong")
    assert refused.value.field == "amount"
    item.duty.evidence = "file"
    with pytest.raises(Refused, match="tệp minh chứng"):
        assignments.finish(item, by=cast.binh, note="Xong")
    item.duty.evidence = "number"
    assignments.finish(item, by=cast.binh, amount=Decimal(12))
    assert item.amount == 12


def test_not_applicable_needs_a_reason(cast, issued):
    item = of(cast["TB-YT-03"])
    with pytest.raises(Refused, match="lý do") as refused:
        assignments.set_aside(item, by=SYSTEM, reason="không")
    assert refused.value.field == "reason"
    assignments.set_aside(item, by=SYSTEM, reason="Đơn vị không có khối doanh nghiệp.")
    tally = duties.progress_of_duties([item.duty], cast["TB-YT"])[item.duty_id]
    assert (tally.given, tally.aside, tally.rate_words) == (3, 1, "0/2")


def test_a_closed_plan_asks_for_nothing_more(cast, issued):
    assert duties.todo(cast["TB-YT-01"]).count() == duties.todo_counts(cast["TB-YT-01"])["open"] == 5
    plans.close(issued, by=cast.hanh)
    assert duties.todo_counts(cast["TB-YT-01"])["open"] == 0
    assert assignments.give_all(by=SYSTEM) == 0


def test_reminders_once_a_week_ahead_on_the_day_and_weekly_when_overdue(cast, issued):
    duty = issued.duties.get(text__startswith="Định kỳ báo cáo")
    assignments.date_duty(duty, by=cast.giang, due_on=date(2022, 6, 10))

    def told(day: int, month: int = 6) -> int:
        with clock.at(date(2022, month, day)):
            assignments.remind(by=SYSTEM)
        return outbox.inbox(cast.binh).filter(kind="programmes.duty_due").count()

    assert [told(1), told(3), told(4), told(10), told(10), told(11), told(17), told(18)] == [0, 1, 1, 2, 2, 2, 3, 3]
    item = of(cast["TB-YT-01"], "Định kỳ")
    assignments.finish(item, by=cast.binh, note="Đã báo cáo.")
    assert told(30) == 3


def test_progress_over_the_tree_takes_two_queries_for_any_number_of_units(cast, issued, django_assert_num_queries):
    duty = issued.duties.get(text__startswith="Định kỳ báo cáo")
    assignments.finish(of(cast["TB-YT-02"], "Định kỳ"), by=cast.lan, note="Đã gửi.")
    with django_assert_num_queries(1):
        found = duties.progress_of_units(duty, [cast["TB-YT-01"], cast["TB-YT-02"], cast["TB-YT-03"]])
    assert {k: (t.given, t.finished) for k, t in found.items()} == {
        cast["TB-YT-01"].pk: (1, 0),
        cast["TB-YT-02"].pk: (1, 1),
        cast["TB-YT-03"].pk: (1, 0),
    }
    whole = duties.progress_of_units(duty, [cast["TB"]])[cast["TB"].pk]
    assert (whole.given, whole.finished) == (3, 1)


def test_a_duty_taken_over_from_above_is_not_given_twice(cast, issued):
    before = Assignment.objects.filter(unit=cast["TB-YT-01"]).count()
    lower = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    assert all(d.origin and d.addressed == [Duty.OWN] for d in lower.duties.all())
    corrections.add_duty(lower, by=cast.binh, who="Công đoàn bộ phận", text="Mỗi tổ có một sáng kiến")
    plans.issue(lower, by=cast.chi, issued_on=date(2022, 2, 1))
    assert Assignment.objects.filter(unit=cast["TB-YT-01"]).count() == before
    assert [a.unit.code for a in lower.duties.last().assignments.all()] == ["TB-YT-01-N"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("trước ngày 25 hằng tháng", (Timing.MONTHLY, 25)),
        ("hàng quý", (Timing.QUARTERLY, None)),
        ("6 tháng, 01 năm", (Timing.HALF_YEARLY, None)),
        ("Sau mỗi đợt thi đua", (Timing.AFTER_ROUND, None)),
        ("sau mỗi giai đoạn", (Timing.AFTER_PHASE, None)),
        ("Định kỳ", (Timing.ONCE, None)),
        ("", (Timing.ONCE, None)),
    ],
)
def test_how_often_the_words_of_a_paper_say(words, expected):
    assert rules.timing_of(words) == expected


@pytest.mark.parametrize(
    ("timing", "keys", "first_due"),
    [
        (Timing.MONTHLY, ["2022-01", "2022-02", "2022-03"], date(2022, 1, 31)),
        (Timing.QUARTERLY, ["2022-Q1"], date(2022, 3, 31)),
        (Timing.HALF_YEARLY, ["2022-H1"], date(2022, 6, 30)),
        (Timing.YEARLY, ["2022"], date(2022, 12, 31)),
    ],
)
def test_periods_of_the_calendar(timing, keys, first_due):
    duty = Duty(timing=timing)
    found = rules.occurrences(duty, [], date(2022, 1, 12), date(2022, 12, 31), date(2022, 3, 1))
    assert [o.key for o in found] == keys
    assert found[0].due_on == first_due


def test_the_thirty_first_falls_on_the_last_day_of_a_short_month():
    duty = Duty(timing=Timing.MONTHLY, due_day=31)
    found = rules.occurrences(duty, [], date(2022, 2, 1), date(2022, 2, 28), date(2022, 3, 1))
    assert [o.due_on for o in found] == [date(2022, 2, 28)]


def test_a_plan_without_rounds_dates_after_its_phases():
    phase = Phase(pk=7, kind="phase", name="Giai đoạn 1", ends_on=date(2022, 5, 31))
    duty = Duty(timing=Timing.AFTER_ROUND, within_days=5)
    (found,) = rules.occurrences(duty, [phase], date(2022, 1, 1), date(2022, 12, 31), date(2022, 1, 1))
    assert (found.key, found.due_on) == ("phase-7", date(2022, 6, 5))


@pytest.mark.parametrize(
    ("who", "own", "expected"),
    [
        ("Công đoàn ngành", "sectoral", ["own"]),
        ("Các CĐCS trực thuộc", "sectoral", ["grassroots"]),
        ("các cấp công đoàn", "provincial", ["sectoral", "grassroots", "own"]),
        ("Các đơn vị", "provincial", ["sectoral", "grassroots"]),
        ("Ban Công tác cơ sở", "provincial", ["own"]),
        ("Văn phòng LĐLĐ tỉnh", "provincial", ["own"]),
    ],
)
def test_whose_duty_it_is(who, own, expected):
    kinds = [
        ("provincial", "Liên đoàn Lao động tỉnh"),
        ("sectoral", "Công đoàn ngành địa phương"),
        ("grassroots", "Công đoàn cơ sở"),
    ]
    assert (
        rules.addressed(who, own, [k for k in kinds if k[0] >= "" and (own != "sectoral" or k[0] != "provincial")])
        == expected
    )
