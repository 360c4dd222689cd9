"""Who reports, to whom, and when a report may go."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, rulepacks
from thidua.kernel.verdicts import Verdict
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.reports.choices import ReportState
from thidua.reports.models import Report, Section


def outline() -> list[dict[str, Any]]:
    """The sections of a report, from the forms in force today."""
    return rulepacks.in_force("report-forms", clock.today()).rules["sections"]


def most_gathered() -> int:
    """How many units' words a merged report repeats in a section; the others' are read in their own reports."""
    return rulepacks.in_force("report-forms", clock.today()).rules["gathered_units_most"]


def title_of(section: Section) -> str:
    """In the language of the screen; the stored title is the Vietnamese one of the paper."""
    if not (get_language() or "vi").startswith("en"):
        return section.title
    return next((item["title_en"] for item in outline() if item["key"] == section.key), section.title)


def may_write(actor: Person | System, report: Report) -> Verdict:
    return grants.may(actor, Permission.REPORT_WRITE, report.unit)


def may_submit(actor: Person | System, report: Report) -> Verdict:
    return grants.may(actor, Permission.REPORT_SUBMIT, report.unit)


def may_return(actor: Person | System, report: Report) -> Verdict:
    """The unit that asked, about somebody else's report."""
    return grants.may(actor, Permission.REPORT_REQUEST, report.request.unit)


def is_anothers(report: Report) -> str | None:
    return _("Đây là báo cáo của chính đơn vị bạn.") if report.unit_id == report.request.unit_id else None


def has_text(report: Report) -> str | None:
    """At least what was done must be said in words; numbers alone are no report."""
    if any(section.text.strip() for section in report.sections.all()):
        return None
    return _("Báo cáo chưa có phần lời: hãy viết ít nhất một mục.")


def merged_stand(report: Report) -> str | None:
    """What was merged is still what its unit has sent: nothing returned or corrected since."""
    newer = Report.objects.filter(
        request=OuterRef("request"), unit=OuterRef("unit"), version__gt=OuterRef("version"), state=ReportState.SUBMITTED
    )
    changed = report.merges.filter(~Q(state=ReportState.SUBMITTED) | Exists(newer)).order_by("unit__lft")
    child = changed.select_related("unit").first()
    if child is None:
        return None
    words = {"unit": child.unit.short_name}
    return _("Báo cáo của %(unit)s đã thay đổi sau khi tổng hợp: hãy tổng hợp lại.") % words


def is_not_built_upon(report: Report) -> str | None:
    """Returning it would pull the ground from under a report that has been sent."""
    above = report.merged_into.filter(state=ReportState.SUBMITTED).select_related("unit").first()
    if above is None:
        return None
    return _("Đã được tổng hợp vào báo cáo của %(unit)s đã gửi: đề nghị đơn vị lập bản điều chỉnh.") % {
        "unit": above.unit.short_name
    }
