"""Reports write themselves, add up, and freeze."""

import io
from datetime import date

import docx
import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.reports import papers, queries
from thidua.reports.domain import difficulties, figures, reports
from thidua.reports.models import Report
from thidua.tallies.domain import verdicts

TEXT = {"strengths": "Đoàn viên hưởng ứng sớm, nhiều giải pháp nhỏ."}


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
    assert {o.unit.code: o.state for o in queries.standing(request_).rows} == {
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


def merged(cast, request_):
    child(cast, request_)
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    reports.merge(own, by=cast.giang)
    return own


def test_every_merged_sum_opens_to_parts_that_add_up(cast, request_):
    child(cast, request_, "TB-YT-02", "lan", "lan")
    verdicts.evaluate(make_initiative(cast, "TB-YT", cast.giang).pk)  # the sector's own, below no child
    own = merged(cast, request_)
    assert values(own)["counted"] == 4
    for figure in own.figures.all():
        found = figures.behind(figure)
        assert found.is_sum == (not figure.is_percent and figure.key not in figures.UNITS_OWN)
        if found.is_sum:
            assert sum(part.value for part in found.parts) + found.own == figure.value
            if figure.initiative_ids or figure.person_ids:
                rows = figure.initiative_ids or figure.person_ids
                assert found.own == len(rows) or figure.is_money


def test_drafting_a_correction_does_not_drop_what_was_sent(cast, request_):
    sent = child(cast, request_)
    draft = reports.correct(sent, by=cast.binh)
    assert reports.correct(sent, by=cast.binh) == draft
    assert list(queries.mergeable(request_)) == [sent]
    reports.submit(draft, by=cast.chi)
    assert list(queries.mergeable(request_)) == [draft]
    assert draft.paper.supersedes == sent.paper
    with pytest.raises(Refused, match="bản điều chỉnh mới hơn"):
        reports.correct(sent, by=cast.binh)


def test_what_was_merged_must_still_stand_when_it_is_sent(cast, request_):
    own = merged(cast, request_)
    sent = queries.mergeable(request_)[0]
    reports.send_back(sent, by=cast.giang, reason="Chưa nêu điển hình cụ thể của đơn vị.")
    with pytest.raises(Refused, match="đã thay đổi sau khi tổng hợp: hãy tổng hợp lại"):
        reports.submit(own, by=cast.hanh)
    reports.submit(sent, by=cast.chi)
    reports.merge(own, by=cast.giang)
    reports.submit(own, by=cast.hanh)
    with pytest.raises(Refused, match="đề nghị đơn vị lập bản điều chỉnh"):
        reports.send_back(sent, by=cast.giang, reason="Chưa nêu điển hình cụ thể của đơn vị.")


def test_a_tab_opened_before_submission_changes_nothing(cast, request_):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    reports.write(report, by=cast.binh, revision=report.revision, sections=TEXT)
    old_tab = Report.objects.get(pk=report.pk)
    reports.submit(report, by=cast.chi)
    digest = reports.digest_of(report)
    for change in (
        lambda: reports.write(old_tab, by=cast.binh, revision=old_tab.revision, sections={"strengths": "Khác"}),
        lambda: reports.refresh(Report.objects.get(pk=old_tab.pk), by=cast.binh),
    ):
        with pytest.raises(Refused, match="đã khoá"):
            change()
    assert digest == reports.digest_of(Report.objects.get(pk=report.pk)) == report.digest


def test_a_report_written_in_english_is_a_vietnamese_paper(cast, request_):
    with translation.override("en"):
        report = child(cast, request_)
        assert figures.label(report.figures.get(key="counted")) != report.figures.get(key="counted").label
    assert report.figures.get(key="counted").label == "Sáng kiến được tính vào chương trình"
    with report.paper.docx.stored.open("rb") as opened:
        words = "\n".join(p.text for p in docx.Document(io.BytesIO(opened.read())).paragraphs)
    assert "Đến ngày 20/05/2022" in words
    assert "có 2 sáng kiến được tính vào chương trình, đạt 3,3" in words


def test_the_workbook_holds_numbers_and_the_rows_behind_the_count(cast, request_):
    child(cast, request_, "TB-YT-02", "lan", "lan")
    own = merged(cast, request_)
    book = openpyxl.load_workbook(io.BytesIO(papers.workbook(own)))
    assert book.sheetnames == ["Số liệu", "Các đơn vị", "Sáng kiến được tính"]
    cells = [[c.value for c in row] for row in book["Số liệu"].iter_rows()]
    counted = next(row for row in cells if row[0] == "Sáng kiến được tính vào chương trình")
    assert counted[1] == 3
    codes = [row[0].value for row in book["Sáng kiến được tính"].iter_rows() if str(row[0].value).startswith("SK-")]
    assert len(codes) == 3


def test_requests_of_a_unit_cost_the_same_however_many(cast, request_, django_assert_num_queries):
    for number in range(3):
        reports.ask(
            cast["TB-YT"],
            programme=request_.programme,
            phase=None,
            title=f"Báo cáo {number}",
            due_on=date(2022, 7, 1),
            by=cast.giang,
        )
    requests = list(queries.requests_for(cast["TB-YT"]))
    with django_assert_num_queries(3):
        assert [a.answers.units for a in queries.asked_of(cast["TB-YT"], requests)] == [3, 3, 3, 3]


def test_a_programme_from_elsewhere_is_neither_asked_for_nor_a_difficulty(cast):
    elsewhere = make_programme(cast, "NT-KCN")
    with pytest.raises(Refused, match="không thuộc phạm vi"):
        reports.ask(cast["TB-YT"], programme=elsewhere, phase=None, title="X", due_on=date(2022, 7, 1), by=cast.giang)
    with pytest.raises(Refused, match="không thuộc phạm vi"):
        difficulties.raise_to_upper(
            cast["TB-YT-01"], "Công nhân làm ca không có máy tính.", by=cast.binh, programme=elsewhere
        )


def test_a_report_is_drawn_as_of_the_end_of_its_period(cast, request_, sign_in):
    """What was filed and recognised by then, and nothing after; its day is on the page and in the paper."""
    programme = request_.programme
    early = Initiative.objects.filter(unit=cast["TB-YT-01"], entries__programme=programme).earliest("pk")
    later = Initiative.objects.filter(unit=cast["TB-YT-01-N"]).get()
    Initiative.objects.filter(pk=early.pk).update(filed_on=date(2022, 3, 1), concluded_on=date(2022, 4, 1))
    Initiative.objects.filter(pk=later.pk).update(filed_on=date(2022, 5, 10), concluded_on=date(2022, 5, 15))
    for one in (early, later):
        verdicts.evaluate(one.pk)
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    assert (values(report)["counted"], report.stands_for) == (2, date(2022, 5, 20))
    client = sign_in(cast.binh)
    done = client.post(reverse("office:report-act", args=[report.code]), {"step": "refresh_as_of", "on": "2022-04-30"})
    assert done.status_code == 302
    report.refresh_from_db()
    assert report.stands_for == date(2022, 4, 30)
    found = values(report)
    assert (found["filed"], found["recognised"], found["counted"], found["people"]) == (1, 1, 1, 2)
    assert report.figures.get(key="counted").initiative_ids == [early.pk]
    assert "Đến ngày 30/04/2022" in papers.lead(report)
    page = client.get(reverse("office:report", args=[report.code])).content.decode()
    assert "Số liệu đến hết ngày 30/04/2022" in page
    reports.refresh(report, by=cast.binh, on=date(2022, 3, 31))
    assert (values(report)["filed"], values(report)["counted"], values(report)["people"]) == (1, 0, 0)
    reports.refresh(report, by=cast.binh)
    assert (values(report)["counted"], report.as_of) == (2, None)


@pytest.mark.parametrize(("typed", "said"), [("2022-06-30", "chưa đến"), ("30/02/2022", "không phải là một ngày")])
def test_a_day_that_cannot_be_is_refused_at_its_field(cast, request_, sign_in, typed, said):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    before = values(report)
    answer = sign_in(cast.binh).post(
        reverse("office:report-act", args=[report.code]), {"step": "refresh_as_of", "on": typed}
    )
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    report.refresh_from_db()
    assert (report.as_of, values(report)) == (None, before)


def test_a_merged_report_says_which_reports_stand_on_another_day(cast, request_, sign_in):
    one = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    reports.refresh(one, by=cast.binh, on=date(2022, 4, 30))
    reports.write(one, by=cast.binh, revision=one.revision, sections=TEXT)
    reports.submit(one, by=cast.chi)
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    reports.merge(own, by=cast.giang)
    page = sign_in(cast.giang).get(reverse("office:report", args=[own.code])).content.decode()
    assert "các báo cáo sau đứng ở ngày khác" in page
    assert "30/04/2022 (" in page
    assert one.unit.short_name in page
