"""A consolidated report over ten thousand reports: asked, filled, added up, shown and put on paper."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Sum
from django.test import Client, override_settings
from django.urls import reverse

from thidua.accounts.models import Account
from thidua.demo import narratives
from thidua.documents.rendering import official
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person, Post
from thidua.programmes.models import Programme
from thidua.reports import papers, rules
from thidua.reports.domain import reports
from thidua.reports.domain.figures import LABELS
from thidua.reports.models import Report, ReportFigure, ReportRequest
from thidua.tallies.models import Entry

CHILDREN = 10_000
# No unit has so many directly below it; for as long as this takes, one has.
_CHILDREN = """
UPDATE orgs_unit SET parent_id = %(unit)s WHERE id IN (
    SELECT u.id FROM orgs_unit u JOIN orgs_unitkind k ON k.code = u.kind_id AND k.is_grassroots
    WHERE u.lft > %(lft)s AND u.lft <= %(rgt)s AND u.ended_on IS NULL ORDER BY u.lft LIMIT %(children)s)
"""
_REPORTS = """
INSERT INTO reports_report (code, request_id, unit_id, version, state, revision, written_by_id, created_at, refreshed_at,
    submitted_at, reason, digest)
SELECT 'BENCH-' || id, %(request)s, id, 1, 'submitted', 1, %(person)s, now(), now(), now(), '', md5(id::text)
FROM orgs_unit WHERE parent_id = %(unit)s AND ended_on IS NULL
"""
_SECTIONS = """
INSERT INTO reports_section (report_id, key, position, title, text)
SELECT r.id, s.key, s.position, s.title, s.text FROM reports_report r
CROSS JOIN unnest(%(keys)s::text[], %(titles)s::text[], %(texts)s::text[]) WITH ORDINALITY AS s(key, title, text, position)
WHERE r.request_id = %(request)s
"""
# What each union would find in its own draft, from the same entries, for all of them at once.
_FIGURES = """
WITH mine AS (
    SELECT r.id AS report, u.id AS unit, u.members FROM reports_report r JOIN orgs_unit u ON u.id = r.unit_id
    WHERE r.request_id = %(request)s
), counted AS (
    SELECT m.report, array_agg(e.initiative_id) AS filed,
        array_agg(e.initiative_id) FILTER (WHERE e.is_recognised) AS recognised,
        array_agg(e.initiative_id) FILTER (WHERE e.is_counted) AS counted,
        sum(e.benefit) FILTER (WHERE e.is_counted) AS benefit
    FROM mine m JOIN tallies_entry e ON e.grassroots_id = m.unit AND e.programme_id = %(programme)s AND e.is_filed
    GROUP BY m.report
)
INSERT INTO reports_reportfigure
    (report_id, key, position, label, value, is_money, is_percent, is_summed, initiative_ids, person_ids)
SELECT m.report, f.key, f.position, f.label, coalesce(v.value, 0), f.key = 'benefit',
    f.key IN ('percent', 'participation'), f.key NOT IN ('target', 'members', 'percent', 'participation'),
    coalesce(v.ids, '{}'), '{}'
FROM mine m CROSS JOIN unnest(%(keys)s::text[], %(labels)s::text[]) WITH ORDINALITY AS f(key, label, position)
LEFT JOIN counted c ON c.report = m.report
CROSS JOIN LATERAL (SELECT CASE f.key WHEN 'filed' THEN c.filed WHEN 'recognised' THEN c.recognised
    WHEN 'counted' THEN c.counted END AS ids, CASE f.key WHEN 'target' THEN 10 WHEN 'members' THEN m.members
    WHEN 'filed' THEN cardinality(c.filed) WHEN 'recognised' THEN cardinality(c.recognised)
    WHEN 'counted' THEN cardinality(c.counted) WHEN 'benefit' THEN c.benefit END AS value) v
"""


class Steps:
    """How long each step took, and the most memory the process had needed by its end."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def take(self, name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        found = work()
        took = time.perf_counter() - started
        self.said.append(f"{name} {took:.2f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        return found


def merged_report() -> str:
    """The largest province asks ten thousand unions; their reports, written by one statement each kind, are real."""
    with connection.cursor() as cursor:  # what others file meanwhile is in neither sum
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    province = max(Unit.objects.filter(depth=1, ended_on=None), key=lambda unit: unit.rgt - unit.lft, default=None)
    programme = (
        Programme.objects.filter(counts_initiatives=True, is_open=True).order_by("plan__unit__lft", "pk").first()
    )
    held = Post.objects.filter(unit=province, role="upper_officer", valid__contains=clock.today())
    post = held.select_related("person__unit").first()
    if province is None or programme is None or post is None:
        raise LookupError("no province with an officer and a programme")
    officer, steps = post.person, Steps()
    children = _widened(province)
    request = steps.take("asked", lambda: _ask(province, programme, officer))
    _fill(request, officer)
    own = steps.take("own draft", lambda: reports.start(request, province, by=officer))
    steps.take("merged", lambda: reports.merge(own, by=officer))
    _assert_totals(own, programme, children)
    _pages(steps, request, own)
    own = Report.objects.get(pk=own.pk)
    steps.take("digest", lambda: reports.digest_of(own))
    paper = steps.take("composed", lambda: papers.official(own, officer.full_name))
    steps.take(".docx", lambda: official.to_docx(paper))
    steps.take(".pdf", lambda: official.to_pdf(paper))
    steps.take(".xlsx", lambda: papers.workbook(own))
    return f"{'; '.join(steps.said)} ({children:,} reports)"


def _widened(province: Unit) -> int:
    with connection.cursor() as cursor:
        asked = {"unit": province.pk, "lft": province.lft, "rgt": province.rgt, "children": CHILDREN}
        cursor.execute(_CHILDREN, asked)
    return Unit.objects.filter(parent=province, ended_on=None).count()


def _ask(province: Unit, programme: Programme, officer: Person) -> ReportRequest:
    due = clock.today() + timedelta(days=10)
    return reports.ask(province, programme=programme, phase=None, title="Tổng kết", due_on=due, by=officer)


def _fill(request: ReportRequest, officer: Person) -> None:
    titles = {item["key"]: item["title"] for item in rules.outline()}
    asked: dict[str, Any] = {
        "request": request.pk,
        "person": officer.pk,
        "unit": request.unit_id,
        "programme": request.programme_id,
    }
    texts = [narratives.SECTIONS[key] for key in titles]
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS, asked)
        cursor.execute(_SECTIONS, asked | {"keys": list(titles), "titles": list(titles.values()), "texts": texts})
        figures = {"keys": list(LABELS), "labels": [str(label) for label in LABELS.values()]}
        cursor.execute(_FIGURES, asked | figures)
        cursor.execute("ANALYZE reports_report, reports_section, reports_reportfigure")


def _assert_totals(own: Report, programme: Programme, children: int) -> None:
    """The sums of the merged report are those of the entries themselves, and of its parts."""
    own_entries = Entry.objects.filter(programme=programme, unit=own.unit_id, is_filed=True)
    below = Entry.objects.filter(programme=programme, grassroots__parent=own.unit_id, is_filed=True)
    found = {figure.key: int(figure.value) for figure in papers.shown_figures(own)}
    for key, rows in {"filed": {}, "recognised": {"is_recognised": True}, "counted": {"is_counted": True}}.items():
        wanted = below.filter(**rows).count() + own_entries.filter(**rows).count()
        assert found[key] == wanted > 0, (key, found[key], wanted)
    worth = below.filter(is_counted=True).aggregate(n=Sum("benefit"))["n"]
    assert found["benefit"] == worth + (own_entries.filter(is_counted=True).aggregate(n=Sum("benefit"))["n"] or 0)
    parts = ReportFigure.objects.filter(report__merged_into=own, key="counted")
    assert own.merges.count() == parts.count() == children >= CHILDREN, children


def _pages(steps: Steps, request: ReportRequest, own: Report) -> None:
    person, client = own.written_by, Client()
    account = Account.objects.filter(person=person).first() or Account.objects.create(
        person=person, login="bench-report", password=make_password(None), must_change_password=False
    )
    client.force_login(account)
    addresses = {
        "list of requests": reverse("office:reports"),
        "units": reverse("office:report-units", args=[request.code]),
        "units not sent": reverse("office:report-units", args=[request.code]) + "?state=owing",
        "the report": reverse("office:report", args=[own.code]),
        "parts of a figure": reverse("office:report-rows", args=[own.code, "counted"]),
    }
    with override_settings(ALLOWED_HOSTS=["*"], SECOND_STEP_PERMISSIONS=[]):
        for name, address in addresses.items():
            client.get(address)
            answered = steps.take(f"page «{name}»", partial(client.get, address))
            assert answered.status_code == 200, (name, answered.status_code)
