"""What makes a plan ready to be issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Verdict
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.programmes.choices import PhaseKind, PlanState
from thidua.programmes.models import Phase, Plan


def may_write(actor: Person | System, plan: Plan) -> Verdict:
    return grants.may(actor, Permission.PLAN_WRITE, plan.unit)


def may_issue(actor: Person | System, plan: Plan) -> Verdict:
    return grants.may(actor, Permission.PLAN_ISSUE, plan.unit)


def is_draft(plan: Plan) -> str | None:
    return None if plan.state == PlanState.DRAFT else _("Kế hoạch đã ban hành nên không sửa được.")


def has_title(plan: Plan) -> str | None:
    return None if plan.title.strip() else _("Kế hoạch chưa có tên.")


def phases_dated(plan: Plan) -> str | None:
    """A counted programme needs the last day of every phase; a start may be the day of issue."""
    undated = [
        str(phase)
        for programme in plan.programmes.all()
        if programme.counts_initiatives
        for phase in programme.phases.all()
        if phase.ends_on is None
    ]
    return _("Chưa có ngày kết thúc: %(names)s.") % {"names": ", ".join(undated)} if undated else None


def phases_apart(plan: Plan) -> str | None:
    for programme in plan.programmes.all():
        if fault := overlap([p for p in programme.phases.all() if p.kind == PhaseKind.PHASE]):
            return fault
    return None


def overlap(phases: Sequence[Phase]) -> str | None:
    """The sentence that names two phases running on the same day."""
    dated = sorted((p for p in phases if p.ends_on), key=lambda p: p.starts_on or date.min)
    for one, other in zip(dated, dated[1:], strict=False):
        if one.ends_on and other.starts_on and other.starts_on <= one.ends_on:
            return _("%(one)s và %(other)s chồng lên nhau: hãy sửa ngày.") % {"one": one.name, "other": other.name}
    return None
