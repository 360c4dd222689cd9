"""What makes a plan ready to be issued, and whom its words address."""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel import clock, text
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import YES, Verdict, no
from thidua.ledger.acts import System
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.choices import MONTHS, Party, PhaseKind, PlanState, Timing
from thidua.programmes.models import Assignment, Duty, Phase, Plan, Programme, Registration

Actor = Person | System


def may_write(actor: Actor, plan: Plan) -> Verdict:
    return grants.may(actor, Permission.PLAN_WRITE, plan.unit)


def may_issue(actor: Actor, plan: Plan) -> Verdict:
    return grants.may(actor, Permission.PLAN_ISSUE, plan.unit)


def may_receive(actor: Actor, unit: Unit) -> Verdict:
    return grants.may(actor, Permission.PLAN_RECEIVE, unit)


def may_do(actor: Actor, assignment: Assignment) -> Verdict:
    """The unit it is given to reports on it."""
    return grants.may(actor, Permission.DUTY_DO, assignment.unit)


def may_confirm(actor: Actor, assignment: Assignment) -> Verdict:
    """The unit whose plan it is confirms; nobody confirms for the own unit."""
    plan_unit = assignment.duty.plan.unit
    if plan_unit.pk == assignment.unit_id and not isinstance(actor, System):
        return no(_("Việc của chính đơn vị: không cần xác nhận."))
    return grants.may(actor, Permission.DUTY_CONFIRM, plan_unit)


def may_give_way(actor: Actor, plan: Plan) -> Verdict:
    """A plan is amended by issuing its amendment, never by hand."""
    return YES if isinstance(actor, System) else no(_("Hãy lập và ban hành kế hoạch điều chỉnh."))


def may_register(actor: Actor, unit: Unit) -> Verdict:
    return grants.may(actor, Permission.MOVEMENT_REGISTER, unit)


def may_register_again(actor: Actor, registration: Registration) -> Verdict:
    return may_register(actor, registration.unit)


def may_accept(actor: Actor, registration: Registration) -> Verdict:
    return grants.may(actor, Permission.PLAN_WRITE, registration.programme.unit)


def is_draft(plan: Plan) -> str | None:
    if plan.state == PlanState.DRAFT:
        return None
    if not plan.is_issued:
        return _("Dự thảo đã trình: hãy trả lại để sửa.")
    return _("Kế hoạch đã ban hành nên không sửa được: hãy lập kế hoạch điều chỉnh.")


def has_title(plan: Plan) -> str | None:
    return None if plan.title.strip() else _("Kế hoạch chưa có tên: hãy nhập trích yếu.")


def is_confirmed(plan: Plan) -> str | None:
    """A person has looked at the warnings of the reader."""
    reading = plan.reading or {}
    count = len(reading.get("warnings") or [])
    if not count or reading.get("confirmed"):
        return None
    return counted("Còn %(n)d cảnh báo khi đọc văn bản: hãy đối chiếu rồi xác nhận.", count)


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


def phases_kept(plan: Plan) -> str | None:
    """An amendment may move a phase of a counted programme, not lose it: initiatives are counted there."""
    if plan.amends_id is None:
        return None
    kept = {p.origin_id: p for p in plan.programmes.all()}
    for programme in Programme.objects.filter(plan_id=plan.amends_id, counts_initiatives=True):
        now = kept.get(programme.pk)
        if now is None or not now.counts_initiatives:
            return _("Kế hoạch điều chỉnh phải giữ chương trình đang đếm sáng kiến «%(name)s».") % {
                "name": programme.short_name
            }
        lost = set(programme.phases.values_list("position", flat=True))
        lost -= set(now.phases.values_list("position", flat=True))
        if lost:
            return _("Không bỏ được giai đoạn đang đếm sáng kiến: hãy giữ lại và sửa ngày.")
    return None


def amended_in_force(plan: Plan) -> str | None:
    if plan.amends is None or plan.amends.is_in_force:
        return None
    return _("Kế hoạch được điều chỉnh không còn hiệu lực: hãy xoá dự thảo này.")


def has_undated(plan: Plan) -> list[Duty]:
    """Duties without a last day, to be asked about before and after issue."""
    return [d for d in plan.duties.all() if d.is_undated]


def circle(plan: Plan, upper: Plan | None) -> str | None:
    """The sentence for a plan that would, over others, implement itself."""
    node, seen = upper, {plan.pk}
    while node is not None:
        if node.pk in seen:
            return _("%(one)s đang thực hiện %(other)s, nên không thể ngược lại: hãy chọn kế hoạch khác.") % {
                "one": upper.full_number if upper else "",
                "other": plan.full_number or plan.title,
            }
        seen.add(node.pk)
        node = node.implements
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


_DEPARTMENT = ("ban ", "van phong", "cac ban ", "to chuyen", "uy ban kiem tra", "ubkt", "thuong truc")


def addressed(who: str, own_kind: str, kinds: Iterable[tuple[str, str]]) -> list[str]:
    """Codes of the kinds of unit the words speak to; a department or nobody known is the unit itself."""
    folded = text.fold(who)
    if folded.startswith(_DEPARTMENT):
        return [Duty.OWN]
    found = [code for code, name in kinds if addresses(who, code, name)]
    if own_kind in found:
        found.remove(own_kind)
        if "cac cap" in folded or not any(word in folded for word in _EVERYBODY):
            found.append(Duty.OWN)
    return found or [Duty.OWN]


def party_of(who: str) -> str:
    folded = text.fold(who)
    if any(word in folded for word in ("nguoi su dung lao dong", "doanh nghiep", "thu truong", "chu doanh")):
        return Party.EMPLOYER
    authorities = ("ubnd", "uy ban nhan dan", "chinh quyen", "so ", "chuyen mon")
    return Party.AUTHORITIES if folded.startswith(authorities) else Party.UNION


_PERIODS = (
    (Timing.AFTER_ROUND, r"sau moi dot|ket thuc moi dot"),
    (Timing.AFTER_PHASE, r"sau moi giai doan|ket thuc moi giai doan"),
    (Timing.HALF_YEARLY, r"6 thang"),
    (Timing.QUARTERLY, r"(?:hang|moi|dinh ky) quy"),
    (Timing.MONTHLY, r"(?:hang|moi|dinh ky) thang"),
    (Timing.YEARLY, r"(?:hang|moi|dinh ky) nam"),
)


def timing_of(recurring: str) -> tuple[str, int | None]:
    """'trước ngày 25 hằng tháng' → monthly, 25. 'Định kỳ' alone says no period: once, to be dated."""
    folded = text.fold(recurring)
    for timing, pattern in _PERIODS:
        if re.search(pattern, folded):
            day = re.search(r"ngay (\d{1,2})", folded)
            number = int(day[1]) if day else None
            return timing, number if number and 1 <= number <= 31 else None
    return Timing.ONCE, None


@dataclass(frozen=True)
class Occurrence:
    """One time a duty is to be done."""

    key: str
    title: str
    opens_on: date
    due_on: date | None


def occurrences(duty: Duty, phases: Sequence[Phase], first: date, last: date, until: date) -> list[Occurrence]:
    """When a duty of a plan in force `first`…`last` is to be done, as far as it opens by `until`."""
    if duty.timing == Timing.ONCE:
        return [Occurrence("", "", first, duty.due_on)]
    if duty.timing in MONTHS:
        months = MONTHS[Timing(duty.timing)]
        return [o for o in _periods(months, duty.due_day, first, last) if o.opens_on <= until]
    wanted = PhaseKind.ROUND if duty.timing == Timing.AFTER_ROUND else PhaseKind.PHASE
    ended = [p for p in phases if p.kind == wanted and p.ends_on] or [p for p in phases if p.ends_on]
    return [_after(phase, duty.within_days) for phase in ended]


def _after(phase: Phase, within: int | None) -> Occurrence:
    assert phase.ends_on is not None  # only phases with a last day are asked
    due = phase.ends_on + timedelta(days=within) if within is not None else None
    return Occurrence(f"phase-{phase.pk}", phase.name[:120], phase.ends_on + timedelta(days=1), due)


def _periods(months: int, due_day: int | None, first: date, last: date) -> Iterator[Occurrence]:
    """Calendar months, quarters, half years or years that touch the plan's time."""
    index = (first.year * 12 + first.month - 1) // months * months
    while True:
        begins = date(index // 12, index % 12 + 1, 1)
        if begins > last:
            return
        end = index + months - 1
        year, month = end // 12, end % 12 + 1
        due = date(year, month, min(due_day or 31, calendar.monthrange(year, month)[1]))
        if due >= first:
            yield Occurrence(*_named(months, year, month), max(begins, first), due)
        index += months


def _named(months: int, year: int, month: int) -> tuple[str, str]:
    """Key and words of a period; the words are stored, so always Vietnamese."""
    if months == 1:
        return f"{year}-{month:02d}", f"tháng {month}/{year}"
    if months == 3:
        return f"{year}-Q{month // 3}", f"quý {('I', 'II', 'III', 'IV')[month // 3 - 1]}/{year}"
    if months == 6:
        return f"{year}-H{month // 6}", f"6 tháng {'đầu' if month == 6 else 'cuối'} năm {year}"
    return f"{year}", f"năm {year}"
