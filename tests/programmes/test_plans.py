"""From the paper to a plan in force: drafting, correcting, issuing, cascading."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.cast import SYSTEM
from thidua.documents.models import Paper
from thidua.kernel import clock
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger.models import Act
from thidua.notify import outbox
from thidua.people.domain import rosters
from thidua.programmes import papers, queries, rules
from thidua.programmes.domain import corrections, deliveries, plans
from thidua.programmes.models import Indicator, Phase, Plan
from thidua.programmes.queries import deliveries as sent_to
from thidua.programmes.reader import read_file
from thidua.workflow.engine import totality_faults

PAPERS = Path(__file__).parent / "reader" / "plans"


def reading(stem: str) -> dict[str, Any]:
    path = next(PAPERS.glob(f"{stem}*"))
    return read_file(path.read_bytes(), path.name).to_json()


@pytest.fixture
def thai_binh(cast) -> Plan:
    """17/KH-CĐYT as a draft of the sector, with its warning settled."""
    plan = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.hanh)
    plans.confirm(plan, by=cast.hanh)
    return plan


@pytest.fixture
def ninh_thuan(cast) -> Plan:
    return plans.draft_from_reading(cast["NT"], reading("KH-LDLD"), by=SYSTEM)


def test_the_draft_holds_what_was_read_with_its_source_lines(thai_binh):
    main = thai_binh.programmes.get(counts_initiatives=True)
    assert main.name.startswith("01 triệu sáng kiến")
    assert (main.eligible_from, main.eligible_to) == (date(2021, 9, 1), date(2023, 9, 30))
    first, second = main.phases.all()
    assert (first.starts_on, first.ends_on) == (date(2022, 1, 12), date(2022, 5, 31))
    assert (second.starts_on, second.ends_on) == (date(2022, 6, 1), date(2023, 9, 30))
    assert first.source_line == 25
    assert "từ nay đến hết tháng 5/2022" in first.source_text
    ordered = {(t.indicator_id, t.phase and t.phase.position): (t.value, t.amount) for t in thai_binh.targets.all()}
    assert ordered == {
        ("participation_rate", None): (Decimal(10), "percent"),
        ("initiatives", 1): (Decimal(100), "count"),
        ("initiatives", 2): (Decimal(150), "count"),
    }
    assert thai_binh.programmes.filter(counts_initiatives=False).count() == 7
    assert thai_binh.recipients.count() == 5
    assert {r.number for r in thai_binh.references.all()} == {"154/KH-LĐLĐ", "139/KH-LĐLĐ"}
    assert not thai_binh.programmes.filter(is_open=True).exists()


def test_rounds_make_a_movement_of_the_year_beside_the_counted_programme(ninh_thuan):
    main = ninh_thuan.programmes.get(counts_initiatives=True)
    assert [p.kind for p in main.phases.all()] == ["phase", "phase"]
    assert main.plan_targets.get(phase=None).value == 3000
    year = ninh_thuan.programmes.get(phases__name="Đợt thi đua đặc biệt")
    assert year.kind == "movement"
    assert year.name == "Phong trào thi đua trong công nhân, viên chức, lao động tỉnh Ninh Thuận năm 2022"
    assert year.phases.count() == 3
    assert not year.counts_initiatives


def test_a_plan_from_the_past_keeps_its_number_and_day(cast, thai_binh):
    plans.issue(thai_binh, by=cast.hanh)
    thai_binh.refresh_from_db()
    assert (thai_binh.state, thai_binh.full_number) == ("issued", "17/KH-CĐYT")
    assert thai_binh.issued_on == date(2022, 1, 12)
    assert all(p.is_open for p in thai_binh.programmes.all())
    paper = Paper.objects.get()
    assert paper == thai_binh.paper
    docx, pdf = plans.export(thai_binh)
    assert docx.startswith(b"PK")
    assert pdf.startswith(b"%PDF")
    assert Act.objects.get(kind="programmes.plan.issued").subject_label.startswith("17/KH-CĐYT")
    told = [p for p in (cast.binh, cast.chi, cast.lan, cast.phuc, cast.hanh) if outbox.inbox(p).exists()]
    assert told == [cast.binh, cast.chi, cast.lan]


def test_without_number_the_register_gives_the_next_one(cast, ninh_thuan):
    plans.confirm(ninh_thuan, by=SYSTEM)
    plans.issue(ninh_thuan, by=SYSTEM, issued_on=date(2022, 1, 20))
    assert ninh_thuan.full_number == "01/KH-LĐLĐ"
    first = ninh_thuan.programmes.get(counts_initiatives=True).phases.first()
    assert first.starts_on == date(2022, 1, 20), "'từ nay' is the day of issue"


def test_issue_names_what_is_missing(cast, ninh_thuan):
    with pytest.raises(Refused, match="3 cảnh báo"):
        plans.issue(ninh_thuan, by=SYSTEM, issued_on=date(2022, 1, 20))
    plans.confirm(ninh_thuan, by=SYSTEM)
    with pytest.raises(Refused, match="Chưa có ngày ban hành") as refused:
        plans.issue(ninh_thuan, by=SYSTEM)
    assert refused.value.field == "issued_on"
    with pytest.raises(Refused, match="sau hôm nay"):
        plans.issue(ninh_thuan, by=SYSTEM, issued_on=clock.today() + timedelta(days=1))
    second = Phase.objects.get(programme__plan=ninh_thuan, name="Giai đoạn 2")
    corrections.write_phase(second, by=SYSTEM, starts_on=date(2022, 5, 31))
    with pytest.raises(Refused, match="Giai đoạn 1 và Giai đoạn 2 chồng lên nhau"):
        plans.issue(ninh_thuan, by=SYSTEM, issued_on=date(2022, 1, 20))
    corrections.write_phase(second, by=SYSTEM, starts_on=date(2022, 6, 1), ends_on=None)
    with pytest.raises(Refused, match=r"Chưa có ngày bắt đầu hoặc kết thúc: Giai đoạn 2"):
        plans.issue(ninh_thuan, by=SYSTEM, issued_on=date(2022, 1, 20))
    plans.write(ninh_thuan, by=SYSTEM, title=" ")
    with pytest.raises(Refused, match="chưa có tên"):
        plans.issue(ninh_thuan, by=SYSTEM, issued_on=date(2022, 1, 20))
    assert not Paper.objects.exists()


def test_only_the_signatory_issues_and_only_the_own_unit_writes(cast, thai_binh):
    with pytest.raises(Forbidden):
        plans.issue(thai_binh, by=cast.giang)
    with pytest.raises(Forbidden):
        plans.write(thai_binh, by=cast.chi, title="Khác")
    with pytest.raises(Forbidden):
        plans.draft_from_reading(cast["TB-YT"], {"title": "Kế hoạch"}, by=cast.phuc)


def test_an_issued_plan_is_not_corrected_or_issued_twice(cast, thai_binh):
    plans.issue(thai_binh, by=cast.hanh)
    stale = Plan.objects.get(pk=thai_binh.pk)
    for act in (
        lambda: plans.write(stale, by=cast.hanh, title="Khác"),
        lambda: plans.discard(stale, by=cast.hanh),
        lambda: corrections.write_phase(Phase.objects.first(), by=cast.hanh, name="Khác"),
        lambda: plans.issue(stale, by=cast.hanh),
    ):
        with pytest.raises(Refused):
            act()
    stale.refresh_from_db()
    assert stale.title == thai_binh.title
    assert Paper.objects.count() == 1


def test_a_taken_number_is_refused(cast, thai_binh):
    plans.issue(thai_binh, by=cast.hanh)
    other = plans.draft_from_reading(cast["TB-YT"], {"title": "Kế hoạch khác"}, by=cast.hanh)
    with pytest.raises(Refused, match="Số 17 đã dùng") as refused:
        plans.issue(other, by=cast.hanh, number=17, issued_on=date(2022, 2, 1))
    assert refused.value.field == "number"
    other.refresh_from_db()
    assert other.state == "draft"


def test_corrections_of_a_draft(cast, thai_binh):
    main = thai_binh.programmes.get(counts_initiatives=True)
    first = main.phases.first()
    corrections.write_programme(main, by=cast.giang, short_name="01 triệu sáng kiến")
    corrections.write_target(main.plan_targets.get(phase=first), by=cast.giang, value=Decimal(120))
    articles = Indicator.objects.get(code="articles_published")
    corrections.add_target(main, by=cast.giang, indicator=articles, value=Decimal(4), phase=first)
    with pytest.raises(Refused, match="Đã có chỉ tiêu"):
        corrections.add_target(main, by=cast.giang, indicator=articles, value=Decimal(5), phase=first)
    with pytest.raises(Refused, match="kết thúc trước khi bắt đầu"):
        corrections.write_phase(first, by=cast.giang, ends_on=date(2021, 1, 1))
    duty = corrections.add_duty(thai_binh, by=cast.giang, who="CĐCS", text="Báo cáo kết quả trước 10/6")
    assert duty.kind == "report"
    corrections.write_recipients(thai_binh, ["- LĐLĐ tỉnh;", "", "Lưu: VP."], by=cast.giang)
    assert [(r.text, r.source_line) for r in thai_binh.recipients.all()] == [("LĐLĐ tỉnh", 73), ("Lưu: VP", 0)]
    corrections.drop(first, by=cast.giang)
    assert thai_binh.targets.filter(indicator_id="initiatives").count() == 1


def test_discarding_leaves_nothing_but_the_ledger(cast, thai_binh):
    plans.discard(thai_binh, by=cast.giang)
    assert not Plan.objects.exists()
    assert Act.objects.filter(kind="programmes.plan.discarded").exists()


def test_the_lower_plan_takes_over_what_is_its_own(cast, thai_binh):
    plans.issue(thai_binh, by=cast.hanh)
    main = thai_binh.programmes.get(counts_initiatives=True)
    first = main.phases.first()
    own = {(first.pk, "initiatives"): Decimal(40)}
    lower = plans.cascade(thai_binh, cast["TB-YT-01"], by=cast.binh, own_targets=own)
    assert lower.implements == thai_binh
    assert lower.references.get().number == "17/KH-CĐYT"
    copy = lower.programmes.get(implements=main)
    assert not copy.counts_initiatives, "initiatives are counted once, above"
    assert [(t.indicator_id, t.value) for t in lower.targets.order_by("indicator")] == [
        ("initiatives", 40),
        ("participation_rate", 10),
    ]
    assert lower.duties.count() == 5, "the five addressed to grassroots unions, not those of the sector"
    assert plans.cascade(thai_binh, cast["TB-YT-01"], by=cast.binh) == lower
    plans.issue(lower, by=cast.chi, issued_on=date(2022, 1, 20))
    assert lower.full_number == "01/KH-CĐCS"
    assert [p.pk for p in queries.lineage(lower)] == [thai_binh.pk, lower.pk]


def test_who_has_answered_and_who_is_reminded(cast, thai_binh):
    plans.issue(thai_binh, by=cast.hanh)
    lower = plans.cascade(thai_binh, cast["TB-YT-01"], by=cast.binh)
    plans.cascade(thai_binh, cast["TB-YT-02"], by=cast.lan)
    plans.issue(lower, by=cast.chi, issued_on=date(2022, 1, 20))
    found = {d.unit.code: d.standing for d in sent_to.deliveries(thai_binh)}
    assert found == {"TB-YT-01": "issued", "TB-YT-02": "drafting", "TB-YT-03": "none"}
    third = rosters.enter("Lý Thị Thư", cast["TB-YT-03"], since=date(2020, 1, 1), code="DV099", by=SYSTEM)
    rosters.appoint(third, cast["TB-YT-03"], "chair", since=date(2020, 1, 1), by=SYSTEM)
    deliveries.open_at(thai_binh, cast["TB-YT-03"])
    assert sent_to.deliveries(thai_binh).get(unit=cast["TB-YT-03"]).standing == "opened"
    deliveries.receive(thai_binh, cast["TB-YT-01"], by=cast.binh)
    before = outbox.inbox(cast.lan).count()
    assert deliveries.chase(thai_binh, by=cast.giang) == 2
    assert outbox.inbox(cast.lan).count() == before + 1
    assert not outbox.inbox(cast.chi).filter(kind="programmes.plan_chased").exists()
    assert deliveries.chase(thai_binh, by=cast.giang, units=[cast["TB-YT-02"]]) == 1


def test_a_read_plan_finds_the_upper_one_by_its_number(cast):
    upper = plans.draft_from_reading(
        cast["TB"],
        {
            "number": 154,
            "symbol": "KH-LĐLĐ",
            "title": "Chương trình 01 triệu sáng kiến",
            "issued_on": "2022-01-10",
            "phases": [{"name": "Giai đoạn 1", "kind": "phase", "ends_on": "2022-05-31"}],
        },
        by=cast.son,
    )
    plans.issue(upper, by=cast.son)
    lower = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.hanh)
    assert lower.implements == upper
    counted = upper.programmes.get(counts_initiatives=True)
    own = lower.programmes.get(counts_initiatives=True)
    assert own.implements == counted
    plans.confirm(lower, by=cast.hanh)
    plans.issue(lower, by=cast.hanh)
    copy = plans.cascade(lower, cast["TB-YT-01"], by=cast.binh)
    plans.issue(copy, by=cast.chi, issued_on=date(2022, 1, 20))
    listed = set(queries.programmes_of_their_own(cast.binh).filter(counts_initiatives=True))
    assert listed == {counted, own}
    assert not queries.programmes_of_their_own(cast.binh).filter(plan=copy).exists()


def test_drafts_are_seen_by_those_who_write_them_only(cast, thai_binh):
    seen = {
        n: queries.plan_for(cast.people[n], thai_binh.code) for n in ("giang", "hanh", "phuc", "binh", "an", "khoa")
    }
    assert {n for n, plan in seen.items() if plan} == {"giang", "hanh"}
    plans.issue(thai_binh, by=cast.hanh)
    seen = {n: queries.plan_for(cast.people[n], thai_binh.code) for n in ("giang", "phuc", "binh", "an", "khoa")}
    assert {n for n, plan in seen.items() if plan} == {"giang", "phuc", "binh", "an"}


def test_scope_and_phase_of_a_day(cast, thai_binh):
    assert not queries.counting_programmes(cast["TB-YT-01"]).exists()
    plans.issue(thai_binh, by=cast.hanh)
    programme = queries.counting_programmes(cast["TB-YT-01-N"]).get()
    assert not queries.counting_programmes(cast["NT-KCN-01"]).exists()
    wanted = {date(2022, 1, 11): None, date(2022, 1, 12): 1, date(2022, 5, 31): 1, date(2022, 6, 1): 2}
    for day, position in wanted.items():
        phase = queries.phase_of(programme, day)
        assert (phase and phase.position) == position
    plans.close(thai_binh, by=cast.hanh)
    assert thai_binh.state == "closed"


@pytest.mark.parametrize(
    ("who", "kind", "fits"),
    [
        ("Các CĐCS trực thuộc", "grassroots", True),
        ("Công đoàn cơ sở:", "grassroots", True),
        ("Ban Công tác cơ sở chủ trì", "grassroots", False),
        ("các cấp công đoàn", "zone", True),
        ("Các LĐLĐ huyện, thành phố, công đoàn ngành, Công đoàn Các Khu công nghiệp", "zone", True),
        ("Các LĐLĐ huyện, thành phố, công đoàn ngành, Công đoàn Các Khu công nghiệp", "grassroots", False),
    ],
)
def test_whom_a_duty_addresses(who, kind, fits):
    names = {"grassroots": "Công đoàn cơ sở", "zone": "Công đoàn các khu công nghiệp"}
    assert rules.addresses(who, kind, names[kind]) is fits


def test_the_table_is_total():
    from thidua.programmes.choices import PlanState
    from thidua.programmes.events import SENTENCES
    from thidua.programmes.workflow import WORKFLOW

    assert totality_faults(WORKFLOW, PlanState.values) == []
    assert all(step.event in SENTENCES for step in WORKFLOW.steps)


def test_odd_readings_become_drafts_that_ask_instead_of_failing(cast):
    odd = {
        "title": "Kế hoạch\x00 lạ",
        "issued_on": "2022-13-45",
        "year": 2022,
        "phases": [{"name": "Giai đoạn 1", "kind": "phase", "starts_on": "2022-06-01", "ends_on": "2022-01-31"}],
        "targets": [
            {"indicator": "unknown", "value": 5, "comparator": "about", "unit": "boxes"},
            {"indicator": "initiatives", "value": 10**20},
            {"indicator": "initiatives", "value": [10, 20], "comparator": "between", "phase": "Giai đoạn 1"},
            {"indicator": "initiatives", "value": 7, "unit_name": "CĐCS Bệnh viện Nhi"},
        ],
        "movements": [{"name": "Xanh, sạch, đẹp", "kind": "festival", "audience": "children"}],
    }
    plan = plans.draft_from_reading(cast["TB-YT"], odd, by=cast.hanh)
    assert plan.title == "Kế hoạch lạ"
    assert plan.issued_on is None
    assert sorted((t.indicator_id, t.value) for t in plan.targets.all()) == [("initiatives", 10), ("other", 5)]
    with pytest.raises(Refused, match="Chưa có ngày bắt đầu hoặc kết thúc: Giai đoạn 1"):
        plans.issue(plan, by=cast.hanh, issued_on=date(2022, 1, 12))


def test_an_empty_reading_is_a_draft_without_a_name(cast):
    plan = plans.draft_from_reading(cast["TB-YT"], {}, by=cast.hanh)
    assert (plan.full_number, plan.programmes.count()) == ("…/KH-CĐYT", 0)
    with pytest.raises(Refused, match="chưa có tên"):
        plans.issue(plan, by=cast.hanh, issued_on=date(2022, 1, 12))


def test_the_paper_names_what_it_implements_and_is_always_vietnamese(cast, thai_binh):
    with translation.override("en"):
        paper = papers.official_paper(thai_binh)
    assert paper.opening[0].startswith("Thực hiện Kế hoạch số 154/KH-LĐLĐ ngày 10/01/2022 về “01 triệu sáng kiến")
    assert (paper.signed_for, paper.position) == ("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH")
    lines = [getattr(block, "text", "") for block in paper.blocks]
    assert any(line.startswith("Trong năm 2022 và 2023, phấn đấu 10% trở lên đoàn viên") for line in lines)
    assert any(line.startswith("Giai đoạn 1 (từ ngày 12/01/2022 đến hết ngày 31/5/2022): ") for line in lines)
    assert any(line.startswith("Tuyên truyền, vận động đoàn viên công đoàn") for line in lines)
    plans.write_aims(thai_binh, ["- Một mục đích;", ""], by=cast.giang)
    assert papers.aims_of(thai_binh) == ["Một mục đích;"]


@pytest.mark.parametrize(
    ("signed_for", "expected"),
    [
        ("TM. BAN THƯỜNG VỤ CHỦ TỊCH", ("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH")),
        ("TM. BAN THƯỜNG VỤ KT. CHỦ TỊCH PHÓ CHỦ TỊCH", ("TM. BAN THƯỜNG VỤ", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH")),
        ("TM. BAN THƯỜNG VỤ PHÓ CHỦ TỊCH", ("TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH")),
        ("", ("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH")),
    ],
)
def test_who_signs_for_whom(cast, signed_for, expected):
    plan = plans.draft_from_reading(cast["TB-YT"], {"title": "Kế hoạch", "signed_for": signed_for}, by=cast.hanh)
    paper = papers.official_paper(plan)
    assert (paper.signed_for, paper.position) == expected
