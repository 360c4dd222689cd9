"""A report over many units: what is asked of the database does not grow with them, and the totals are theirs."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from decimal import Decimal

import docx
import openpyxl
from django.db import connection
from django.db.models import QuerySet, Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.programmes.test_cascade import make_unit
from tests.reports.test_reports import TEXT, child, values
from thidua.kernel import clock
from thidua.orgs.domain import tree
from thidua.reports import papers, queries, rules
from thidua.reports.domain import figures, reports
from thidua.reports.models import Report, ReportFigure, Section
from thidua.sites.office import reports as pages


def sent_by(cast, request_, how_many: int) -> None:
    """As many more units below have sent the report of CĐCS Bệnh viện Đa khoa."""
    sample = Report.objects.filter(request=request_, state="submitted").earliest("pk")
    known = Report.objects.filter(request=request_).count()
    made = [make_unit(f"B{number:03d}", cast["TB-YT"]) for number in range(known, known + how_many)]
    tree.renumber()
    for unit in made:
        figures, sections = list(sample.figures.all()), list(sample.sections.all())
        report = Report.objects.get(pk=sample.pk)
        report.pk, report.code, report.unit, report.digest = None, f"BC-{unit.code}", unit, f"d-{unit.code}"
        report.save()
        for model, rows in ((ReportFigure, figures), (Section, sections)):
            for row in rows:
                row.pk, row.report = None, report
            model.objects.bulk_create(rows)


def asked_for(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        act()
    return len(asked)


def test_merging_submitting_and_showing_ask_the_same_however_many(cast, request_, sign_in):
    child(cast, request_)
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    client = sign_in(cast.hanh)
    addresses = [
        reverse("office:reports"),
        reverse("office:report", args=[own.code]),
        reverse("office:report-units", args=[request_.code]),
        reverse("office:report-rows", args=[own.code, "counted"]),
    ]

    def statements(more: int) -> list[int]:
        sent_by(cast, request_, more)
        merged = queries.reports().get(pk=own.pk)
        merging = asked_for(lambda: reports.merge(merged, by=cast.giang))
        made = asked_for(lambda: (papers.official(merged, "x"), papers.workbook(merged), reports.digest_of(merged)))
        return [merging, made, *(asked_for(lambda a=a: client.get(a)) for a in addresses)]

    assert statements(5) == statements(20)
    own.refresh_from_db()
    parts = ReportFigure.objects.filter(report__merged_into=own, key="filed")
    assert values(own)["filed"] == parts.aggregate(n=Sum("value"))["n"] == 26 * 2
    digest = reports.digest_of(own)
    reports.submit(own, by=cast.hanh)
    assert digest == own.digest


def test_the_units_of_a_request_are_shown_page_by_page(cast, request_, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "UNITS_SHOWN", 4)
    child(cast, request_)
    reports.start(request_, cast["TB-YT-02"], by=cast.lan)
    sent_by(cast, request_, 5)
    page, found = queries.standing(request_), []
    while True:
        assert len(page.rows) <= 4
        found += [(o.unit.code, o.state) for o in page.rows]
        if not page.next:
            break
        page = queries.standing(request_, page.next)
    assert dict(found) == {
        "TB-YT-01": "submitted",
        "TB-YT-02": "draft",
        "TB-YT-03": "none",
        **{f"B{n:03d}": "submitted" for n in range(2, 7)},
    }
    assert len(found) == 8
    answers = queries.answers_to(cast["TB-YT"], [request_])[request_.pk]
    assert (answers.units, answers.sent, answers.owing) == (8, 6, 2)
    client = sign_in(cast.giang)
    address = reverse("office:report-units", args=[request_.code])

    def named(**filters: str) -> set[str]:
        page = client.get(address, filters).content.decode()
        return {o for o in ("TB-YT-01", "TB-YT-02", "TB-YT-03", "B003") if cast_name(o) in page}

    def cast_name(code: str) -> str:
        return next(u.short_name for u in queries.org_queries.units().filter(code=code))

    assert named(state="owing") == {"TB-YT-02", "TB-YT-03"}
    assert named(state="none") == {"TB-YT-03"}
    assert named(state="submitted", q="B003") == {"B003"}
    with clock.at(date(2022, 6, 20)):
        page = client.get(address, {"state": "owing"}).content.decode()
    assert page.count("trễ hạn") == 2
    assert "6/8 đã gửi" in client.get(reverse("office:reports")).content.decode()
    assert sign_in(cast.binh).get(address).status_code == 404
    assert reports.chase(request_, by=cast.giang) == 2


def test_the_parts_and_rows_behind_a_figure_are_shown_page_by_page(cast, request_, sign_in, monkeypatch):
    monkeypatch.setattr(pages, "ROWS", 3)
    monkeypatch.setattr(pages, "MERGED_SHOWN", 2)
    sent = child(cast, request_)
    sent_by(cast, request_, 6)
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    reports.merge(own, by=cast.giang)
    client = sign_in(cast.giang)
    page = client.get(reverse("office:report", args=[own.code]))
    assert (page.context["how_many_merged"], len(page.context["merged"])) == (7, 2)
    found, cursor = [], ""
    while True:
        answer = client.get(reverse("office:report-rows", args=[own.code, "filed"]), {"cursor": cursor})
        found += [(part.report.code, value) for part, value in answer.context["parts"]]
        if not (cursor := answer.context["page"].next):
            break
    assert len(found) == len(set(found)) == 7
    assert {value for _code, value in found} == {"2"}
    for key in ("filed", "people", "target"):
        answer = client.get(reverse("office:report-rows", args=[sent.code, key]))
        assert (len(answer.context["page"].rows), answer.context["found"]) == ((0, 0) if key == "target" else (2, 2))
    own_rows = client.get(reverse("office:report-rows", args=[own.code, "filed"]) + "?own")
    assert own_rows.context["page"].rows == []


def test_words_of_so_many_units_are_gathered_and_the_rest_counted(cast, request_, monkeypatch):
    monkeypatch.setattr(rules, "most_gathered", lambda: 3)
    child(cast, request_)
    sent_by(cast, request_, 4)
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    reports.write(own, by=cast.giang, revision=own.revision, sections={"strengths": "Lời của ngành."})
    for _again in range(2):
        reports.merge(own, by=cast.giang)
        lines = own.sections.get(key="strengths").text.splitlines()
        assert lines[0] == "Lời của ngành."
        assert [TEXT["strengths"] in line for line in lines] == [False, True, True, True, False]
        assert lines[-1] == "— Và 2 đơn vị khác: xem báo cáo của từng đơn vị."
    assert own.sections.get(key="context").text == ""


def test_paper_and_workbook_of_more_units_than_paper_holds(cast, request_, monkeypatch):
    monkeypatch.setattr(papers, "MOST_IN_ANNEX", 3)
    monkeypatch.setattr(papers, "MOST_LISTED", 1)
    child(cast, request_)
    sent_by(cast, request_, 4)
    own = reports.start(request_, cast["TB-YT"], by=cast.giang)
    reports.merge(own, by=cast.giang)
    reports.submit(own, by=cast.hanh)
    with own.paper.docx.stored.open("rb") as opened:
        paper = docx.Document(io.BytesIO(opened.read()))
    assert any("Bảng ghi 3 trong 5 đơn vị" in p.text for p in paper.paragraphs)
    annex = [[cell.text for cell in row.cells] for row in paper.tables[-1].rows]
    assert len(annex) == 1 + 3 + 1
    assert annex[-1][1:4] == ["Tổng cộng", "300", "10"]
    with own.paper.xlsx.stored.open("rb") as opened:
        book = openpyxl.load_workbook(io.BytesIO(opened.read()))
    units = [row for row in book["Các đơn vị"].iter_rows(values_only=True) if row[1] == 60]
    assert len(units) == 5
    listed = [row for row in book["Sáng kiến được tính"].iter_rows(values_only=True) if str(row[0]).startswith("SK-")]
    assert len(listed) == 1
    assert any("nhiều nhất 1" in str(row[0]) for row in book["Sáng kiến được tính"].iter_rows(values_only=True))


def test_benefit_and_kinds_count_the_rows_that_were_counted(cast, request_):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    found = {f.key: f for f in report.figures.all()}
    assert found["benefit"].value == Decimal(2_000_000)
    kinds = [f for key, f in found.items() if key.startswith("kind-")]
    assert sum(f.value for f in kinds) == found["counted"].value
    assert sorted(i for f in kinds for i in f.initiative_ids) == found["counted"].initiative_ids


def test_figures_with_many_rows_are_written_one_by_one_and_say_the_same(cast, request_, monkeypatch):
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    before = list(report.figures.values_list("key", "position", "value", "initiative_ids", "person_ids"))
    monkeypatch.setattr(figures, "LONG", 1)
    largest: list[int] = []
    write = QuerySet.bulk_create
    monkeypatch.setattr(
        QuerySet,
        "bulk_create",
        lambda self, rows: largest.append(max(len(r.initiative_ids) for r in rows)) or write(self, rows),
    )
    reports.refresh(report, by=cast.binh)
    assert list(report.figures.values_list("key", "position", "value", "initiative_ids", "person_ids")) == before
    assert largest == [0]


def test_the_text_of_a_figure_that_is_sealed_is_that_of_its_rows(cast, request_):
    """The database writes it, or millions of numbers would stand in memory: the seals of old reports must hold."""
    report = reports.start(request_, cast["TB-YT-01"], by=cast.binh)
    lines = ["".join(line) for line in reports._frozen(report)]
    for figure in report.figures.all():
        assert f"{figure.key}={figure.value:.2f};{figure.initiative_ids};{figure.person_ids}" in lines
    assert any("[]" not in line.split(";")[1] for line in lines if ";" in line)
    assert reports.digest_of(report) == hashlib.sha256("\n".join(lines).encode()).hexdigest()
