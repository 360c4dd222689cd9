"""Reports write themselves, add up, and freeze."""

from datetime import date

import pytest

from tests.tallies.test_sums import make_initiative, make_programme
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.reports import queries
from thidua.reports.domain import difficulties, reports
from thidua.reports.models import ReportRequest
from thidua.tallies.domain import verdicts
from thidua.targets.models import Target

TEXT = {"strengths": "Đoàn viên hưởng ứng sớm, nhiều giải pháp nhỏ."}


@pytest.fixture
def request_(cast) -> ReportRequest:
    programme = make_programme(cast, "TB-YT")
    phase = programme.phases.get(position=1)
    for code, value in (("TB-YT", 100), ("TB-YT-01", 60), ("TB-YT-02", 40)):
        Target.objects.create(
            programme=programme,
            phase=phase,
            indicator_id="initiatives",
            unit=cast[code],
            state="own" if code == "TB-YT" else "accepted",
            given_by=None if code == "TB-YT" else cast["TB-YT"],
            value=value,
        )
    for unit, people in (("TB-YT-01", [cast.an, cast.dung]), ("TB-YT-01-N", [cast.an]), ("TB-YT-02", [cast.lan])):
        verdicts.evaluate(make_initiative(cast, unit, *people).pk)
    return reports.ask(
        cast["TB-YT"],
        programme=programme,
        phase=phase,
        title="Sơ kết giai đoạn 1",
        due_on=date(2022, 6, 10),
        by=cast.giang,
    )


def values(report) -> dict[str, float]:
    return {f.key: float(f.value) for f in report.figures.all()}


def child(cast, request_, unit="TB-YT-01", officer="binh", chair="chi"):
    report = reports.start(request_, cast[unit], by=getattr(cast, officer))
    reports.write(report, by=getattr(cast, officer), revision=report.revision, sections=TEXT)
    reports.submit(report, by=getattr(cast, chair))
    return report


def test_a_report_is_prefilled_and_every_count_is_the_number_of_its_rows(cast, request_):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    assert values(report) | {} == {
        **values(report),
        "target": 60,
        "filed": 2,
        "counted": 2,
        "people": 2,
        "members": 300,
        "benefit": 2_000_000,
        "percent": 3.33,
        "participation": 0.67,
    }
    for figure in report.figures.filter(key__in=["filed", "recognised", "counted"]):
        assert len(figure.initiative_ids) == figure.value


def test_the_merged_report_is_the_sum_of_its_children(cast, request_):
    one = child(cast, request_)
    two = child(cast, request_, "TB-YT-02", "lan", "lan")
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    assert reports.merge(own, by=cast.giang) == 2
    for key in ("filed", "recognised", "counted", "people", "benefit"):
        assert values(own)[key] == values(one)[key] + values(two)[key]
    assert (values(own)["target"], values(own)["members"], values(own)["percent"]) == (100, 450, 3.0)
    gathered = own.sections.get(key="strengths").text
    assert "CĐCS Bệnh viện Đa khoa tỉnh: Đoàn viên hưởng ứng sớm" in gathered
    reports.merge(own, by=cast.giang)
    assert own.sections.get(key="strengths").text == gathered


def test_submission_freezes_figures_and_text(cast, request_):
    report = child(cast, request_)
    before, digest = values(report), report.digest
    verdicts.evaluate(make_initiative(cast, "TB-YT-01", cast.binh).pk)
    with pytest.raises(Refused, match="đã khoá"):
        reports.refresh(report, by=cast.binh)
    report.refresh_from_db()
    assert (values(report), reports.digest_of(report)) == (before, digest)
    newer = reports.correct(report, by=cast.binh)
    assert (newer.version, values(newer)["counted"]) == (2, 3)
    assert report.paper.pdf.size > 1000
    assert report.paper.xlsx.size > 1000


def test_an_empty_report_and_an_officer_cannot_submit(cast, request_):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    with pytest.raises(Refused, match="chưa có phần lời"):
        reports.submit(report, by=cast.chi)
    with pytest.raises(Forbidden, match="Gửi báo cáo lên cấp trên"):
        reports.submit(report, by=cast.binh)


def test_two_tabs_do_not_overwrite_each_other(cast, request_):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    reports.write(report, by=cast.binh, revision=1, sections=TEXT)
    with pytest.raises(Stale):
        reports.write(report, by=cast.chi, revision=1, sections={"strengths": "Khác"})


def test_only_those_who_owe_are_reminded(cast, request_):
    child(cast, request_)
    assert {o.unit.code: o.state for o in queries.standing(request_)} == {
        "TB-YT-01": "submitted",
        "TB-YT-02": "none",
        "TB-YT-03": "none",
    }
    assert reports.chase(request_, by=cast.giang) == 2


def test_what_is_still_being_written_stays_with_its_unit(cast, request_):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    assert queries.report_for(cast.giang, report.code) is None
    assert queries.report_for(cast.chi, report.code) == report


def test_a_difficulty_is_answered_once_by_the_level_above(cast):
    raised = difficulties.raise_to_upper(cast["TB-YT-01"], "Công nhân làm ca không có máy tính để gửi.", by=cast.binh)
    assert (raised.addressee, raised.due_on) == (cast["TB-YT"], date(2022, 6, 3))
    with pytest.raises(Forbidden):
        difficulties.answer(raised, "Dán mã QR tại xưởng.", by=cast.chi)
    difficulties.answer(raised, "Dán mã QR tại xưởng.", by=cast.giang)
    with pytest.raises(Stale, match="vừa được người khác trả lời"):
        difficulties.answer(raised, "Câu trả lời thứ hai.", by=cast.giang)
