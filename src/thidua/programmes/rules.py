"""What makes a plan ready to be issued, and whom its words address."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Verdict
from thidua.ledger.acts import System
from thidua.people.models import Person
from thidua.programmes.choices import PhaseKind, PlanState
from thidua.programmes.models import Phase, Plan

Actor = Person | System


def may_write(actor: Actor, plan: Plan) -> Verdict:
    return grants.may(actor, Permission.PLAN_WRITE, plan.unit)


def may_issue(actor: Actor, plan: Plan) -> Verdict:
    return grants.may(actor, Permission.PLAN_ISSUE, plan.unit)


def is_draft(plan: Plan) -> str | None:
    return None if plan.state == PlanState.DRAFT else _("Kế hoạch đã ban hành nên không sửa được.")


def has_title(plan: Plan) -> str | None:
    return None if plan.title.strip() else _("Kế hoạch chưa có tên: hãy nhập trích yếu.")


def is_confirmed(plan: Plan) -> str | None:
    """A person has looked at the warnings of the reader."""
    reading = plan.reading or {}
    count = len(reading.get("warnings") or [])
    if not count or reading.get("confirmed"):
        return None
    return _("Còn %(n)d cảnh báo khi đọc văn bản: hãy đối chiếu rồi xác nhận.") % {"n": count}


def phases_dated(plan: Plan) -> str | None:
    """Every phase needs its last day; only the first may start "from now on"."""
    undated = [
        str(phase)
        for programme in plan.programmes.all()
        for index, phase in enumerate(programme.phases.all())
        if phase.ends_on is None or (index and phase.starts_on is None)
    ]
    return _("Chưa có ngày bắt đầu hoặc kết thúc: %(names)s.") % {"names": ", ".join(undated)} if undated else None


def phases_apart(plan: Plan) -> str | None:
    for programme in plan.programmes.all():
        for kind in PhaseKind.values:
            if fault := overlap([p for p in programme.phases.all() if p.kind == kind]):
                return fault
    return None


def overlap(phases: Sequence[Phase]) -> str | None:
    """The sentence that names two phases running on the same day."""
    dated = sorted((p for p in phases if p.ends_on), key=lambda p: p.starts_on or date.min)
    for one, other in itertools.pairwise(dated):
        if one.ends_on and other.starts_on and other.starts_on <= one.ends_on:
            return _("%(one)s và %(other)s chồng lên nhau: hãy sửa ngày.") % {"one": one.name, "other": other.name}
    return None


def issue_day(day: date | None) -> str | None:
    """A plan is dated, and not in the future."""
    if day is None:
        return _("Chưa có ngày ban hành: hãy nhập ngày ghi trên kế hoạch.")
    if day > clock.today():
        return _("Ngày ban hành không thể ở sau hôm nay.")
    return None


# How papers call a kind of unit, beside the kind's own name.
_CALLED = {
    "grassroots": ("cdcs",),
    "district": ("ldld huyen", "lien doan lao dong huyen", "ldld cac huyen"),
    "sectoral": ("cd nganh", "nganh dia phuong", "cong doan nganh"),
    "zone": ("khu cong nghiep", "kcn"),
    "provincial": ("ldld tinh", "lien doan lao dong tinh"),
}
_EVERYBODY = ("cac cap cong doan", "cong doan cac cap", "cac don vi")


def addresses(who: str, kind_code: str, kind_name: str) -> bool:
    """Do the words of a plan ("Các CĐCS trực thuộc") speak to this kind of unit?"""
    folded = text.fold(who)
    names: Iterable[str] = (text.fold(kind_name), *_CALLED.get(kind_code, ()), *_EVERYBODY)
    return any(name in folded for name in names)
