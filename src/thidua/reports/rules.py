"""Who reports, to whom, and when a report may go."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Verdict
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.reports.models import Report


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
