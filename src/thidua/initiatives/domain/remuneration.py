"""What authors and those who helped are owed when nothing else was agreed, by the rule pack in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thidua.initiatives.choices import Benefit
from thidua.initiatives.models import Initiative
from thidua.kernel import clock, formats, rulepacks
from thidua.kernel.rulepacks import RulePack
from thidua.kernel.verdicts import Refused


@dataclass(frozen=True)
class Payee:
    name: str
    role: str
    share: str
    amount: int


@dataclass(frozen=True)
class Sheet:
    """One year's sheet (year 0: paid once). Papers are Vietnamese, so are its sentences."""

    year: int
    payees: tuple[Payee, ...]
    explanation: tuple[str, ...]
    legal_basis: str
    notes: tuple[str, ...]


def years(initiative: Initiative) -> list[int]:
    """For which years of application a sheet can be made: 1 to 3, or 0 once when no sum can be counted."""
    rules = _pack().rules
    return [0] if initiative.benefit == Benefit.NOT_QUANTIFIABLE else list(range(1, rules["years"] + 1))


def lacking(initiative: Initiative) -> str:
    """What a recognised initiative still needs before a sheet can be made, or ''."""
    if initiative.benefit == Benefit.NOT_QUANTIFIABLE or initiative.benefit_confirmed is not None:
        return ""
    return str(_("Giá trị làm lợi chưa được xác nhận bởi người khác tác giả."))


def sheet(initiative: Initiative, year: int, *, transferred_for: int | None = None) -> Sheet:
    """Work out who is owed what for a year of application. Raises Refused when it cannot be said yet."""
    if initiative.state != "recognised":
        raise Refused(_("Chỉ lập bảng tính thù lao cho sáng kiến đã được công nhận."))
    if year not in years(initiative):
        raise Refused(_("Không lập bảng tính thù lao cho năm này."))
    pack = _pack()
    amount, explanation, bases = _owed_to_authors(initiative, pack, transferred_for)
    helpers = [p.name for p in initiative.participants.all()]
    helped = round(Decimal(amount) * pack.rules["helpers_percent_of_author"] / 100) if helpers else 0
    authors = [(a.name, a.share) for a in initiative.authorships.order_by("position")]
    payees = [
        Payee(name, "Tác giả" if len(authors) == 1 else "Đồng tác giả", f"{_percent(share)} %", part)
        for (name, share), part in zip(authors, split(amount, [s for _n, s in authors]), strict=True)
    ]
    equal = [Decimal(1)] * len(helpers)
    payees += [
        Payee(name, "Tham gia áp dụng lần đầu", "chia đều", part)
        for name, part in zip(helpers, split(helped, equal), strict=True)
    ]
    if helpers:
        percent = pack.rules["helpers_percent_of_author"]
        explanation.append(
            f"Người tham gia áp dụng lần đầu (tất cả): {percent} % × {formats.vnd(amount)} = {formats.vnd(helped)}."
        )
    return Sheet(year, tuple(payees), tuple(explanation), "; ".join(bases), _notes(pack, initiative, year))


def _owed_to_authors(
    initiative: Initiative, pack: RulePack, transferred_for: int | None
) -> tuple[int, list[str], list[str]]:
    rules = pack.rules
    if transferred_for is not None:
        amount = round(Decimal(transferred_for) * rules["transfer_percent"] / 100)
        said = (
            f"{rules['transfer_percent']} % × giá chuyển giao {formats.vnd(transferred_for)} = {formats.vnd(amount)}."
        )
        return amount, [f"Thù lao của tác giả: {said}"], [pack.legal_basis]
    if initiative.benefit == Benefit.NOT_QUANTIFIABLE:
        salary = rulepacks.in_force("base-salary", clock.today())
        monthly, times = salary.rules["monthly"], rules["unquantified_times_base_salary"]
        said = f"{times} × mức lương cơ sở {formats.vnd(monthly)} = {formats.vnd(monthly * times)}."
        return monthly * times, [f"Lợi ích không tính được bằng tiền. Thù lao của tác giả: {said}"], [
            pack.legal_basis,
            salary.legal_basis,
        ]  # fmt: skip
    benefit = initiative.benefit_confirmed
    if benefit is None:
        raise Refused(lacking(initiative))
    amount = round(Decimal(benefit) * rules["author_percent_of_benefit"] / 100)
    said = f"{rules['author_percent_of_benefit']} % × tiền làm lợi đã xác nhận {formats.vnd(benefit)} = {formats.vnd(amount)}."
    return amount, [f"Thù lao của tác giả: {said}"], [pack.legal_basis]


def split(amount: int, shares: Sequence[Decimal]) -> list[int]:
    """Whole đồng that add up exactly; what rounding leaves goes to the first."""
    whole = sum(shares, Decimal(0))
    if not whole:
        return [0] * len(shares)
    parts = [int(amount * share / whole) for share in shares]
    parts[0] += amount - sum(parts)
    return parts


def _notes(pack: RulePack, initiative: Initiative, year: int) -> tuple[str, ...]:
    notes = ["Đây là mức tối thiểu khi không có thoả thuận khác; hệ thống không chi trả."]
    if year and initiative.first_applied_on:
        end = _after_years(initiative.first_applied_on, year)
        due = formats.add_months(end, pack.rules["pay_within_months"])
        notes.append(f"Năm áp dụng thứ {year} kết thúc ngày {formats.day(end)}; trả trước ngày {formats.day(due)}.")
    if not pack.verified:
        notes.append("Bộ quy tắc này chưa được đối chiếu với văn bản gốc: hãy kiểm tra trước khi chi.")
    return tuple(notes)


def _after_years(day: date, count: int) -> date:
    return formats.add_months(day, 12 * count)


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f}".replace(".", ",")


def _pack() -> RulePack:
    return rulepacks.in_force("initiative-remuneration", clock.today())
