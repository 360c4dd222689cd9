"""An issued plan at the units it was sent to, and its place between nation and grassroots."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import SYSTEM
from tests.programmes.conftest import drafted
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs.domain import changes, tree
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Unit, UnitKind
from thidua.programmes import queries
from thidua.programmes.choices import PlanState
from thidua.programmes.domain import corrections, deliveries, plans
from thidua.programmes.models import Plan
from thidua.programmes.queries import deliveries as sent_to
from thidua.programmes.queries import lineages


def make_unit(code: str, parent: Unit) -> Unit:
    return changes.establish(
        code=code, name=f"CĐCS {code}", symbol="CĐCS", place="Thái Bình", kind=UnitKind.objects.get(code="grassroots"),
        parent=parent, decision=Decision(date(2022, 5, 1)), by=SYSTEM, renumbered=False,
    )  # fmt: skip


def test_receipt_is_acknowledged_once_by_the_units_own_people(cast, issued):
    assert {d.unit.code for d in sent_to.deliveries(issued)} == {"TB-YT-01", "TB-YT-02", "TB-YT-03"}
    assert [d.plan for d in sent_to.waiting_at(cast["TB-YT-01"])] == [issued]
    with pytest.raises(Forbidden):
        deliveries.receive(issued, cast["TB-YT-02"], by=cast.binh)
    first = deliveries.receive(issued, cast["TB-YT-01"], by=cast.binh)
    again = deliveries.receive(issued, cast["TB-YT-01"], by=cast.chi)
    assert (again.received_by, again.received_at) == (cast.binh, first.received_at)
    assert not sent_to.waiting_at(cast["TB-YT-01"]).exists()
    with pytest.raises(Refused, match="không gửi đến"):
        deliveries.receive(issued, cast["NT-KCN-01"], by=cast.khoa)
    counts = sent_to.summary(issued)
    assert (counts["all"], counts["received"], counts["none"], counts["opened"]) == (3, 1, 2, 1)


def test_a_recipient_that_is_a_unit_here_receives_it_too(cast):
    plan = drafted(cast, "TB-YT", "17", cast.hanh)
    corrections.write_recipients(plan, ["CĐCS Công ty May Tân Ninh", "Lưu: VP"], by=cast.hanh)
    assert plan.recipients.get(text__startswith="CĐCS Công ty").unit == cast["NT-KCN-01"]
    plans.issue(plan, by=cast.hanh)
    assert sent_to.delivery_at(plan, cast["NT-KCN-01"])


def test_thousands_of_units_cost_the_same_queries(cast, issued, django_assert_num_queries):
    for number in range(40):
        make_unit(f"Y{number:03d}", cast["TB-YT"])
    tree.renumber()
    issued.refresh_from_db()
    deliveries.send(issued, by=SYSTEM)
    assert deliveries.send(issued, by=SYSTEM) == 0
    with django_assert_num_queries(1):
        assert len([d.standing for d in sent_to.deliveries(issued)]) == 43
    with django_assert_num_queries(1):
        assert sent_to.summary(issued)["none"] == 43
    with django_assert_num_queries(7):
        assert deliveries.chase(issued, by=SYSTEM) == 43


def test_a_unit_that_ended_owes_nothing_and_gets_no_plan(cast, issued):
    changes.merge(cast["TB-YT-03"], cast["TB-YT-02"], decision=Decision(date(2022, 5, 10)), by=SYSTEM)
    assert {d.unit.code for d in sent_to.owing(issued)} == {"TB-YT-01", "TB-YT-02"}
    with pytest.raises(Refused, match="đã kết thúc hoạt động"):
        plans.cascade(issued, Unit.objects.get(code="TB-YT-03"), by=SYSTEM)


def test_a_circle_of_plans_is_refused_with_the_mend(cast, issued):
    lower = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    upper = plans.draft_from_reading(cast["TB-YT"], {"title": "Kế hoạch"}, by=cast.hanh)
    Plan.objects.filter(pk=issued.pk).update(implements=upper)
    with pytest.raises(Refused, match="không thể ngược lại: hãy chọn kế hoạch khác") as refused:
        plans.write(upper, by=cast.hanh, implements=Plan.objects.get(pk=lower.pk))
    assert refused.value.field == "implements"
    with pytest.raises(Refused, match="không thể ngược lại"):
        corrections.add_reference(upper, by=cast.hanh, relation="implements", target=Plan.objects.get(pk=issued.pk))


def test_references_to_plans_here_and_to_outside_papers(cast, issued):
    draft = plans.draft_from_reading(cast["TB-YT-01"], {"title": "Kế hoạch"}, by=cast.binh)
    with pytest.raises(Refused, match="nhập số văn bản"):
        corrections.add_reference(draft, by=cast.binh, relation="basis")
    outside = corrections.add_reference(draft, by=cast.binh, relation="basis", number="02/CT-UBND")
    assert outside.number == "02/CT-UBND"
    other = plans.draft_from_reading(cast["TB-YT-02"], {"title": "Kế hoạch"}, by=cast.lan)
    with pytest.raises(Refused, match="không ở trên đơn vị lập kế hoạch"):
        corrections.add_reference(draft, by=cast.binh, relation="implements", target=other)
    inside = corrections.add_reference(draft, by=cast.binh, relation="implements", target=issued)
    draft.refresh_from_db()
    assert draft.implements == issued
    corrections.drop_reference(inside, by=cast.binh)
    draft.refresh_from_db()
    assert draft.implements is None


def test_additions_of_the_lower_plan_are_marked(cast, issued):
    lower = plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    assert [c for c in lineages.changes(issued, lower) if c.kind == "added"] == []
    corrections.add_programme(lower, by=cast.binh, name="Khoa xanh, bệnh viện sạch", kind="movement")
    corrections.add_duty(lower, by=cast.binh, who="Công đoàn bộ phận", text="Mỗi tổ có một sáng kiến")
    phase = lower.programmes.get(implements__counts_initiatives=True).phases.first()
    corrections.write_phase(phase, by=cast.binh, ends_on=date(2022, 5, 25))
    found = {(c.kind, c.what): (c.before, c.after) for c in lineages.changes(issued, lower)}
    assert ("added", "Khoa xanh, bệnh viện sạch") in found
    assert ("added", "Mỗi tổ có một sáng kiến") in found
    assert found["changed", "Giai đoạn 1"] == ("12/01/2022 – 31/05/2022", "12/01/2022 – 25/05/2022")


def test_lineage_from_the_nation_down_to_the_grassroots(cast, django_assert_num_queries):
    nation = plans.draft_from_reading(
        cast["TLD"],
        {"number": 3259, "symbol": "Ctr-TLĐ", "title": "Chương trình", "issued_on": "2021-12-16",
         "phases": [{"name": "Giai đoạn 1", "kind": "phase", "starts_on": "2022-01-01", "ends_on": "2022-05-31"}]},
        by=SYSTEM,
    )  # fmt: skip
    plans.issue(nation, by=SYSTEM)
    province = plans.issue(plans.cascade(nation, cast["TB"], by=cast.son), by=cast.son, issued_on=date(2022, 1, 10))
    sector = plans.cascade(province, cast["TB-YT"], by=cast.hanh)
    plans.issue(sector, by=cast.hanh, issued_on=date(2022, 1, 12))
    plans.cascade(sector, cast["TB-YT-01"], by=cast.binh)
    with django_assert_num_queries(3):
        found = {x.kind.code: (x.units, x.drafting, x.issued) for x in lineages.levels_below(nation)}
    assert found["provincial"] == (2, 0, 1)
    assert found["sectoral"] == (2, 0, 1)
    assert found["grassroots"] == (4, 1, 0)


def test_the_steps_from_draft_to_closed(cast):
    plan = drafted(cast, "TB-YT", "17", cast.hanh)
    plans.move(plan, "propose", by=cast.giang)
    with pytest.raises(Refused, match="hãy trả lại để sửa"):
        plans.write(plan, by=cast.giang, title="Khác")
    with pytest.raises(Forbidden):
        plans.move(plan, "approve", by=cast.giang)
    with pytest.raises(Refused, match="lý do"):
        plans.move(plan, "return", by=cast.hanh, reason="")
    plans.move(plan, "return", by=cast.hanh, reason="Bổ sung chỉ tiêu của từng cơ sở.")
    plans.write(plan, by=cast.giang, signer="Bùi Đức Hạnh")
    plans.move(plan, "propose", by=cast.giang)
    plans.move(plan, "approve", by=cast.hanh)
    plans.issue(plan, by=cast.hanh)
    assert plans.start_due(by=SYSTEM) == 1
    plan.refresh_from_db()
    assert plan.state == "running"
    plans.move(plan, "review", by=cast.hanh)
    plans.move(plan, "resume", by=cast.hanh)
    plans.close(plan, by=cast.hanh)
    with pytest.raises(Refused, match="đang có hiệu lực"):
        deliveries.chase(plan, by=cast.hanh)


def test_the_signed_scan_is_a_pdf_and_only_after_issue(cast, issued):
    draft = plans.draft_from_reading(cast["TB-YT"], {"title": "Kế hoạch"}, by=cast.hanh)
    with pytest.raises(Refused, match="sau khi ban hành"):
        plans.attach_signed(draft, b"%PDF-1.4", "ky.pdf", by=cast.giang)
    with pytest.raises(Refused, match="không thuộc loại được nhận"):
        plans.attach_signed(issued, b"\x89PNG\r\n\x1a\n1", "ky.png", by=cast.giang)
    plans.attach_signed(issued, b"%PDF-1.4 ban ky", "ky.pdf", by=cast.giang)
    assert issued.signed_file.name == "ky.pdf"


def test_the_morning_job_starts_sends_gives_and_reminds(cast, issued):
    from thidua.programmes.tasks import morning

    make_unit("Y900", cast["TB-YT"])
    tree.renumber()
    with clock.at(date(2022, 5, 21)):
        morning(0)
    issued.refresh_from_db()
    assert issued.state == "running"
    assert sent_to.delivery_at(issued, Unit.objects.get(code="Y900"))
    assert Unit.objects.get(code="Y900").assignments.count() == 5


def test_the_list_holds_what_one_may_see(cast, issued):
    plans.cascade(issued, cast["TB-YT-01"], by=cast.binh)
    plans.issue(plans.cascade(issued, cast["TB-YT-02"], by=cast.lan), by=cast.lan, issued_on=date(2022, 2, 1))
    for person in cast.people.values():
        seen = set(queries.plans_visible_to(person))
        assert set(queries.plans_listed(person)) == seen
        for state in PlanState.values:
            assert set(queries.plans_listed(person, state)) == {plan for plan in seen if plan.state == state}
        for state in ("", *PlanState.values, "no such state"):
            page = queries.plans_page(person, state, "").rows
            assert page == list(queries.plans_listed(person, state)[:20])
            queries.lay_implemented(page)
            upper = {plan.pk: plan.implements for plan in seen}
            assert {plan.pk: plan.implements for plan in page} == {plan.pk: upper[plan.pk] for plan in page}
