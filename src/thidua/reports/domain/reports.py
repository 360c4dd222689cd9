"""Ask, write, merge, submit, return: submission freezes, a correction is a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Func, TextField, Value
from django.utils import translation
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import PaperKind
from thidua.documents.domain import papers as issued_papers
from thidua.kernel import clock, codes, formats
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.notify import outbox
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.reports import papers, queries, rules
from thidua.reports.choices import ReportKind, ReportState
from thidua.reports.domain import figures
from thidua.reports.models import Report, ReportRequest, Section
from thidua.reports.workflow import WORKFLOW
from thidua.workflow.engine import refuse_unless, take


def ask(
    unit: Unit,
    *,
    programme: Programme,
    phase: Phase | None,
    title: str,
    due_on: date,
    by: Person,
    kind: str = ReportKind.INTERIM,
    guidance: str = "",
) -> ReportRequest:
    """Ask the units directly below for a report; the unit itself will merge them into its own."""
    refuse_unless(grants.may(by, Permission.REPORT_REQUEST, unit))
    if not programme.unit.covers(unit) or (phase is not None and phase.programme_id != programme.pk):
        raise Refused(_("Chương trình, giai đoạn này không thuộc phạm vi của đơn vị."), field="phase")
    if not title.strip():
        raise Refused(_("Hãy ghi tên báo cáo."), field="title")
    if due_on < clock.today():
        raise Refused(_("Hạn báo cáo đã qua."), field="due_on")
    with transaction.atomic():
        request = ReportRequest.objects.create(
            code=codes.new_code("YC", 5),
            unit=unit,
            programme=programme,
            phase=phase,
            kind=kind,
            title=title.strip(),
            due_on=due_on,
            guidance=guidance.strip(),
            asked_by=by,
            created_at=clock.now(),
        )
        acts.record("reports.reportrequest.asked", request, by=by)
        below = org_queries.children(unit).values_list("pk", flat=True)
        _remind(request, below, _("Yêu cầu báo cáo: %(title)s"), by)
    return request


def chase(request: ReportRequest, *, by: Person) -> int:
    """Remind only those who owe; gives how many units."""
    refuse_unless(grants.may(by, Permission.REPORT_REQUEST, request.unit))
    with transaction.atomic():
        owing = queries.owing(request)
        _remind(request, owing, _("Đôn đốc báo cáo: %(title)s"), by)
        acts.record("reports.reportrequest.chased", request, by=by, after={"units": len(owing)})
    return len(owing)


def _remind(request: ReportRequest, units: Iterable[int], words: str, by: Person) -> None:
    people = (person for _unit, person in grants.desks(Permission.REPORT_WRITE, units))
    headline = words % {"title": request.title}
    outbox.tell(people, "reports.asked", about=request, headline=headline, needs_action=True, but_not=by)


def start(request: ReportRequest, unit: Unit, *, by: Person) -> Report:
    """A unit's draft, its figures filled in from live counts; a second call gives the same one."""
    refuse_unless(grants.may(by, Permission.REPORT_WRITE, unit))
    if unit.pk != request.unit_id and unit.parent_id != request.unit_id:
        raise Refused(_("Yêu cầu báo cáo này không gửi cho đơn vị bạn."))
    with transaction.atomic():
        ReportRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)  # two clicks make one report
        if known := queries.latest(request, unit):
            return known
        report = _new(request, unit, by, version=1)
        for position, item in enumerate(rules.outline()):
            Section.objects.create(report=report, key=item["key"], position=position, title=item["title"])
        figures.write_down(report, figures.live(request.programme, request.phase, unit))
        acts.record("reports.report.started", report, by=by)
    return report


def _new(request: ReportRequest, unit: Unit, by: Person, version: int, as_of: date | None = None) -> Report:
    moment = clock.now()
    return Report.objects.create(
        code=codes.new_code("BC", 5),
        request=request,
        unit=unit,
        version=version,
        written_by=by,
        created_at=moment,
        refreshed_at=moment,
        as_of=as_of,
    )


def refresh(report: Report, *, by: Person, on: date | None = None) -> None:
    """Take the figures anew, as of now or of the end of a past day; a merge is undone, the words stay."""
    today = clock.today()
    if on and on > today:
        raise Refused(
            _("Ngày %(day)s chưa đến: số liệu chỉ có đến hôm nay, %(today)s.")
            % {"day": formats.day(on), "today": formats.day(today)},
            field="on",
        )
    with transaction.atomic():
        _open(report, by)
        report.as_of = None if on in (None, today) else on
        figures.write_down(report, _figures(report))
        report.merges.clear()
        _touch(report)
        acts.record("reports.report.changed", report, by=by, after={"figures": "live", "as_of": report.as_of})


def _figures(report: Report, *, own_only: bool = False) -> list[figures.Number]:
    asked = report.request
    return figures.live(asked.programme, asked.phase, report.unit, own_only=own_only, on=report.as_of)


def write(report: Report, *, by: Person, revision: int, sections: Mapping[str, str]) -> Report:
    """Change the text. Raises Stale when somebody else has changed it since `revision` was read."""
    with transaction.atomic():
        _open(report, by)
        if report.revision != revision:
            raise Stale(_("Báo cáo đã được sửa ở nơi khác sau khi bạn mở trang: hãy so lại rồi lưu."))
        changed = []
        for section in report.sections.all():
            typed = sections.get(section.key, section.text).replace("\r\n", "\n").strip()
            if typed != section.text:
                section.text = typed
                section.save(update_fields=["text"])
                changed.append(section.key)
        if changed:
            report.revision += 1
            report.save(update_fields=["revision"])
            acts.record("reports.report.changed", report, by=by, after={"sections": changed})
    return report


def merge(report: Report, *, by: Person) -> int:
    """Consolidate the submitted reports of the units below; gives how many were merged.

    Numbers are summed, words gathered with the name of their unit under the unit's own.
    """
    if report.unit_id != report.request.unit_id:
        raise Refused(_("Chỉ đơn vị yêu cầu báo cáo mới tổng hợp báo cáo các đơn vị cấp dưới."))
    if not queries.mergeable(report.request).exists():
        raise Refused(_("Chưa có đơn vị nào gửi báo cáo."))
    with transaction.atomic():
        _open(report, by)
        codes = _add_up(report)
        _gather(report)
        _touch(report)
        acts.record("reports.report.merged", report, by=by, after={"reports": codes})
    return len(codes)


def _add_up(report: Report) -> list[str]:
    """Which reports were added up, by their codes. The database adds: there may be ten thousand."""
    children = dict(queries.mergeable(report.request).values_list("pk", "code"))
    report.merges.set(children)
    figures.write_down(report, figures.merged(_figures(report, own_only=True), report))
    return list(children.values())


MARK = "— "


def _gather(report: Report) -> None:
    """Own words first, then each unit's; merging again replaces what was gathered before.

    So many units in a section as the rules say, in the order of the tree, and how many more there are.
    """
    most = rules.most_gathered()
    told, more = figures.words(report, most)
    for section in report.sections.all():
        own = "\n".join(line for line in section.text.splitlines() if not line.startswith(MARK)).strip()
        lines = [f"{MARK}{unit}: {' '.join(text.split())}" for unit, text in told[section.key]]
        if more[section.key]:
            # Stored in the words of the paper.
            lines.append(f"{MARK}Và {more[section.key]} đơn vị khác: xem báo cáo của từng đơn vị.")
        section.text = "\n".join([*([own] if own else []), *lines])
        section.save(update_fields=["text"])


def submit(report: Report, *, by: Person) -> None:
    """Freeze figures and text under a digest, issue the paper, tell the level above."""
    with transaction.atomic():
        locked = Report.objects.select_for_update().get(pk=report.pk)
        report.revision = locked.revision
        frozen = {"submitted_at": clock.now(), "digest": digest_of(report), "reason": ""}
        take(WORKFLOW, "submit", report, by=by, changes=frozen)
        earlier = queries.earlier(report)
        with translation.override("vi"):
            draft, workbook = papers.official(report, by.full_name), papers.workbook(report)
        report.paper = issued_papers.issue(
            report.unit,
            PaperKind.REPORT,
            draft,
            by=by,
            title=report.request.title,
            issued_on=clock.today(),
            xlsx=workbook,
            supersedes=earlier.paper if earlier else None,
        )
        report.save(update_fields=["paper"])
        if report.unit_id != report.request.unit_id:
            _tell_upper(report, by)


def _tell_upper(report: Report, by: Person) -> None:
    outbox.tell(
        grants.holders(Permission.REPORT_REQUEST, report.request.unit),
        "reports.submitted",
        about=report,
        headline=_("%(unit)s đã gửi báo cáo: %(title)s")
        % {"unit": report.unit.short_name, "title": report.request.title},
        but_not=by,
    )


def send_back(report: Report, *, by: Person, reason: str) -> None:
    """Return a report to be written again; its figures may be refreshed."""
    with transaction.atomic():
        take(WORKFLOW, "send_back", report, by=by, reason=reason, changes={"reason": reason.strip()})
        outbox.tell(
            grants.holders(Permission.REPORT_WRITE, report.unit),
            "reports.returned",
            about=report,
            headline=_("Báo cáo bị trả lại: %(title)s") % {"title": report.request.title},
            body=reason.strip(),
            needs_action=True,
            but_not=by,
        )


def correct(report: Report, *, by: Person) -> Report:
    """A new version of a submitted report with figures taken anew; the old one stays as it was sent.

    A second call gives the same draft; a merged report is merged anew.
    """
    refuse_unless(rules.may_write(by, report))
    if report.state != ReportState.SUBMITTED:
        raise Refused(_("Chỉ lập bản điều chỉnh cho báo cáo đã gửi."))
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        newest = queries.latest(report.request, report.unit)
        if newest is not None and newest.pk != report.pk:
            if newest.state == ReportState.SUBMITTED:
                raise Refused(_("Báo cáo này đã có bản điều chỉnh mới hơn: hãy điều chỉnh bản mới nhất."))
            return newest
        newer = _new(report.request, report.unit, by, version=report.version + 1, as_of=report.as_of)
        Section.objects.bulk_create(
            [
                Section(report=newer, key=s.key, position=s.position, title=s.title, text=s.text)
                for s in report.sections.all()
            ]
        )
        if report.merges.exists() and queries.mergeable(report.request).exists():
            _add_up(newer)
        else:
            figures.write_down(newer, _figures(newer))
        acts.record("reports.report.started", newer, by=by, after={"corrects": report.code})
    return newer


def digest_of(report: Report) -> str:
    """Over every figure with its rows, every section and the digests merged: a silent change shows."""
    made = hashlib.sha256()
    for place, line in enumerate(_frozen(report)):
        for piece in ("\n" * bool(place), *line):
            made.update(piece.encode())
    return made.hexdigest()


def _frozen(report: Report) -> Iterator[tuple[str, ...]]:
    """Line by line, in pieces."""
    # A figure at a time, and its rows as the text they make: each may hold the numbers of millions.
    told = {name: _as_text(name) for name in ("initiative_ids", "person_ids")}
    found = report.figures.defer(*told).annotate(initiatives=told["initiative_ids"], people=told["person_ids"])
    for f in found.iterator(chunk_size=1):
        yield f"{f.key}={f.value:.2f};[", f.initiatives, "];[", f.people, "]"
    yield from ((f"{s.key}={s.text}",) for s in report.sections.all())
    yield from ((digest,) for digest in sorted(report.merges.values_list("digest", flat=True)))


def _as_text(rows: str) -> Func:
    return Func(rows, Value(", "), function="array_to_string", output_field=TextField())


def _touch(report: Report) -> None:
    report.refreshed_at = clock.now()
    report.revision += 1
    report.save(update_fields=["refreshed_at", "as_of", "revision"])


def _open(report: Report, by: Person) -> None:
    """Hold the report for this transaction as it stands now; a submitted one is frozen."""
    refuse_unless(rules.may_write(by, report))
    held = Report.objects.select_for_update().only("state", "revision").get(pk=report.pk)
    report.state, report.revision = held.state, held.revision
    if report.state == ReportState.SUBMITTED:
        raise Refused(_("Báo cáo đã gửi nên đã khoá: hãy lập bản điều chỉnh."))
