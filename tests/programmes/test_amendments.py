"""A later plan that changes an earlier one, and next year's plan from this year's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.cast import SYSTEM
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import readers
from thidua.programmes import queries
from thidua.programmes.domain import amendments, assignments, corrections, deliveries, plans
from thidua.programmes.models import Assignment, Plan
from thidua.programmes.queries import deliveries as sent_to
from thidua.programmes.queries import duties, lineages
from thidua.targets.models import Target


@pytest.fixture
def amended(cast, issued) -> Plan:
    """A draft that prolongs phase 1, asks for 120, drops one duty and adds one."""
    draft = amendments.draft(issued, by=cast.giang)
    main = draft.programmes.get(counts_initiatives=True)
    first, second = main.phases.all()
    corrections.write_phase(first, by=cast.giang, ends_on=date(2022, 6, 30))
    corrections.write_phase(second, by=cast.giang, starts_on=date(2022, 7, 1))
    corrections.write_target(main.plan_targets.get(phase=first), by=cast.giang, value=Decimal(120))
    corrections.drop(draft.duties.get(text__startswith="Lựa chọn các nội dung"), by=cast.giang)
    corrections.add_duty(draft, by=cast.giang, who="Các CĐCS", text="Gửi ảnh mô hình hay", due_on=date(2022, 6, 1))
    return draft


def test_what_changes_is_shown_before_and_after_issue(cast, issued, amended):
    expected = {
        ("changed", "Giai đoạn 1", "12/01/2022 – 31/05/2022", "12/01/2022 – 30/06/2022"),
        ("changed", "Giai đoạn 2", "01/06/2022 – 30/09/2023", "01/07/2022 – 30/09/2023"),
        ("changed", "Sáng kiến, Giai đoạn 1", "100", "120"),
        ("added", "Gửi ảnh mô hình hay", "", ""),
    }

    def found():
        rows = lineages.changes(Plan.objects.get(pk=issued.pk), Plan.objects.get(pk=amended.pk))
        return {(c.kind, c.what, c.before, c.after) for c in rows}

    assert expected <= found()
    assert any(kind == "dropped" and what.startswith("Lựa chọn") for kind, what, *_ in found())
    plans.issue(amended, by=cast.hanh, issued_on=date(2022, 5, 20))
    assert expected <= found(), "the amended plan still says what it said"


def test_the_counted_programme_follows_with_its_code(cast, issued, amended):
    readers.drain("targets")
    main = issued.programmes.get(counts_initiatives=True)
    first = main.phases.first()
    old_target = main.plan_targets.get(phase=first)
    lower = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    plans.issue(amended, by=cast.hanh, issued_on=date(2022, 5, 20))
    main.refresh_from_db()
    first.refresh_from_db()
    issued.refresh_from_db()
    assert (main.plan_id, main.is_open, first.ends_on) == (amended.pk, True, date(2022, 6, 30))
    assert main.plan_targets.get(phase=first).value == 120
    assert (issued.state, issued.programmes.filter(is_open=True).count()) == ("amended", 0)
    readers.drain("targets")
    assert Target.objects.get(unit=cast["TB-YT"], phase=first, indicator="initiatives").value == 120
    old_target.refresh_from_db()
    assert (old_target.value, old_target.programme.plan_id) == (100, issued.pk)
    assert queries.counting_programmes(cast["TB-YT-01"]).get() == main
    assert lower.programmes.get(implements=main)
    assert sent_to.deliveries(amended).get(unit=cast["TB-YT-01"]).standing == "drafting", "its plan counts on"
    assert not queries.implementable(cast["TB-YT-01"]).exists()
    assert [p.pk for p in queries.implementable(cast["TB-YT-02"])] == [amended.pk]


def test_todos_that_stay_follow_and_dropped_ones_go(cast, issued, amended):
    kept = Assignment.objects.get(unit=cast["TB-YT-01"], duty__text__startswith="Tổ chức xét")
    assignments.finish(kept, by=cast.binh, note="Đã xét.")
    plans.issue(amended, by=cast.hanh, issued_on=date(2022, 5, 20))
    kept.refresh_from_db()
    assert (kept.duty.plan_id, kept.state) == (amended.pk, "done")
    assert not Assignment.objects.filter(duty__plan=issued, state="open").exists()
    new = duties.assignments_of(cast["TB-YT-01"]).get(duty__text="Gửi ảnh mô hình hay")
    assert new.due_on == date(2022, 6, 1)
    before = Assignment.objects.count()
    assignments.give_all(by=SYSTEM)
    assert Assignment.objects.count() == before


def test_a_lower_plans_taken_over_duties_are_not_given_again_after_an_amendment(cast, issued, amended):
    lower = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    plans.issue(lower, by=cast.chi, issued_on=date(2022, 2, 1))
    plans.issue(amended, by=cast.hanh, issued_on=date(2022, 5, 20))
    assignments.give_all(by=SYSTEM)
    twice = Assignment.objects.filter(unit=cast["TB-YT-01"], duty__text__startswith="Tổ chức xét")
    assert twice.count() == 1


def test_an_amendment_cannot_lose_what_counts(cast, issued):
    draft = amendments.draft(issued, by=cast.giang)
    assert amendments.draft(issued, by=cast.giang) == draft, "asked twice, the one already begun"
    main = draft.programmes.get(counts_initiatives=True)
    corrections.drop(main.phases.last(), by=cast.giang)
    with pytest.raises(Refused, match="Không bỏ được giai đoạn"):
        plans.issue(draft, by=cast.hanh, issued_on=date(2022, 5, 20))
    corrections.drop(main, by=cast.giang)
    with pytest.raises(Refused, match="phải giữ chương trình"):
        plans.issue(draft, by=cast.hanh, issued_on=date(2022, 5, 20))
    with pytest.raises(Forbidden):
        amendments.draft(issued, by=cast.binh)
    plans.close(issued, by=cast.hanh)
    with pytest.raises(Refused, match="đang có hiệu lực"):
        amendments.draft(issued, by=cast.hanh)


def test_next_years_plan_has_every_day_a_year_later_to_be_checked(cast, issued):
    corrected = issued.duties.get(text__startswith="Định kỳ")
    assignments.date_duty(corrected, by=cast.giang, due_on=date(2022, 12, 10))
    new = amendments.clone(issued, by=cast.giang)
    main = new.programmes.get(counts_initiatives=True)
    assert [(p.starts_on, p.ends_on) for p in main.phases.all()] == [
        (date(2023, 1, 12), date(2023, 5, 31)),
        (date(2023, 6, 1), date(2024, 9, 30)),
    ]
    assert (new.year, new.number, new.renews) == (2023, None, issued)
    assert new.duties.get(text__startswith="Định kỳ").due_on == date(2023, 12, 10)
    sentences = [w["sentence"] for w in new.reading["warnings"]]
    assert "Giai đoạn 1 đã dời sang 12/01/2023 – 31/05/2023: hãy kiểm tra." in sentences
    with pytest.raises(Refused, match="cảnh báo"):
        plans.issue(new, by=cast.hanh, issued_on=date(2022, 5, 20))
    plans.confirm(new, by=cast.hanh)
    plans.issue(new, by=cast.hanh, issued_on=date(2022, 5, 20))
    assert issued.programmes.get(counts_initiatives=True).is_open, "last year's counts on"


def test_receipt_is_asked_anew_for_an_amendment(cast, issued, amended):
    deliveries.receive(issued, cast["TB-YT-01"], by=cast.binh)
    plans.issue(amended, by=cast.hanh, issued_on=date(2022, 5, 20))
    assert [d.plan_id for d in sent_to.waiting_at(cast["TB-YT-01"])] == [amended.pk]
