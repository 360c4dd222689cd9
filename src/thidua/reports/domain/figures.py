"""The numbers of a report: from live counts for one unit, by addition for a merged one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.choices import Benefit, Kind
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.reports.domain import standing
from thidua.reports.models import Report, ReportFigure
from thidua.tallies import queries as tally_queries
from thidua.tallies.models import Entry
from thidua.targets import queries as target_queries

ZERO = Decimal(0)
LABELS = {
    "target": _("Chỉ tiêu được giao (sáng kiến)"),
    "filed": _("Sáng kiến đã gửi"),
    "recognised": _("Sáng kiến được công nhận"),
    "counted": _("Sáng kiến được tính vào chương trình"),
    "members": _("Tổng số đoàn viên"),
    "people": _("Người có sáng kiến được tính"),
    "direct-people": _("Trong đó lao động trực tiếp"),
    "benefit": _("Giá trị làm lợi một năm"),
    "not-quantifiable": _("Sáng kiến không tính được bằng tiền"),
    **{f"kind-{kind.value}": kind.label for kind in Kind},
    "percent": _("Tỷ lệ đạt chỉ tiêu"),
    "participation": _("Tỷ lệ đoàn viên có sáng kiến"),
}
# What a percentage divides: never added up, always computed from the figures beside it.
RATIOS = {"percent": ("counted", "target"), "participation": ("people", "members")}
# The unit's own in a merged report: a target is given, a headcount declared; neither is a sum of reports.
UNITS_OWN = ("target", "members")


@dataclass(frozen=True)
class Number:
    """One figure before it is written down, with the rows behind it."""

    key: str
    value: Decimal
    is_money: bool = False
    is_percent: bool = False
    is_summed: bool = True
    initiative_ids: list[int] = field(default_factory=list)
    person_ids: list[int] = field(default_factory=list)


def label(figure: ReportFigure) -> str:
    """In the language of the screen; the stored label is the Vietnamese one of the paper."""
    return str(LABELS.get(figure.key, figure.label))


def live(
    programme: Programme, phase: Phase | None, unit: Unit, *, own_only: bool = False, on: date | None = None
) -> list[Number]:
    """From the entries of the unit and all below it; every count is the number of its rows.

    `own_only` leaves out what belongs to the units below: the part a merged report adds to theirs.
    `on`: only what was filed, recognised and counted by the end of a past day, in the tree of that day.
    """
    if on:
        found, taking_part = standing.entries(programme, unit, phase, on), standing.people(programme, unit, phase, on)
        members = Decimal(history.members_on([unit], on)[unit.pk])
    else:
        found = tally_queries.entries(programme, unit, phase=phase).filter(is_filed=True)
        taking_part = tally_queries.participants(programme, unit, phase=phase)
        members = Decimal(org_queries.members_of([unit])[unit.pk])
    if own_only:
        found, taking_part = found.filter(unit=unit), taking_part.filter(unit=unit)
    entries = list(found.select_related("initiative").order_by("initiative_id"))
    if on:
        standing.as_then(entries, on)
    people = list(taking_part.order_by("person_id").values_list("person_id", "is_direct_worker"))
    numbers = [
        Number("target", _target(programme, phase, unit), is_summed=False),
        *_of_initiatives(entries),
        Number("members", members, is_summed=False),
        _of_people("people", [person for person, _direct in people]),
        _of_people("direct-people", [person for person, direct in people if direct]),
        *_of_benefit([e for e in entries if e.is_counted]),
    ]
    return with_ratios(numbers)


def _of(key: str, rows: Sequence[Entry]) -> Number:
    return Number(key, Decimal(len(rows)), initiative_ids=[e.initiative_id for e in rows])


def _of_people(key: str, people: list[int]) -> Number:
    return Number(key, Decimal(len(people)), person_ids=people)


def _of_initiatives(entries: Sequence[Entry]) -> list[Number]:
    return [
        _of("filed", entries),
        _of("recognised", [e for e in entries if e.is_recognised]),
        _of("counted", [e for e in entries if e.is_counted]),
    ]


def _of_benefit(counted: Sequence[Entry]) -> list[Number]:
    with_value = [e for e in counted if e.benefit]
    benefit = Number(
        "benefit",
        Decimal(sum(e.benefit for e in with_value)),
        is_money=True,
        initiative_ids=[e.initiative_id for e in with_value],
    )
    not_in_money = [e for e in counted if e.initiative.benefit == Benefit.NOT_QUANTIFIABLE]
    kinds = [_of(f"kind-{kind.value}", [e for e in counted if e.kind == kind.value]) for kind in Kind]
    return [benefit, _of("not-quantifiable", not_in_money), *kinds]


def _target(programme: Programme, phase: Phase | None, unit: Unit) -> Decimal:
    own = target_queries.target_value(programme, unit, phase)
    if own is None and phase is None:
        parts = [target_queries.target_value(programme, unit, p) for p in programme.phases.all()]
        own = sum((p for p in parts if p is not None), ZERO)
    return own or ZERO


def with_ratios(numbers: list[Number]) -> list[Number]:
    """Percentages computed from the figures beside them."""
    values = {n.key: n.value for n in numbers}
    kept = [n for n in numbers if not n.is_percent]
    for key, (part, base) in RATIOS.items():
        value = (values[part] * 100 / values[base]).quantize(Decimal("0.01")) if values[base] else ZERO
        kept.append(Number(key, value, is_percent=True, is_summed=False))
    return kept


def merged(own: list[Number], children: Sequence[Report]) -> list[Number]:
    """The children's frozen figures added up, plus what the unit itself has outside of them.

    `own`: live figures of the unit's own entries not below any unit below (usually none).
    """
    values = [{f.key: f.value for f in child.figures.all()} for child in children]
    found = []
    for number in own:
        if number.is_percent:
            continue
        if number.key in UNITS_OWN:
            found.append(number)
            continue
        found.append(replace(number, value=number.value + sum((v.get(number.key, ZERO) for v in values), ZERO)))
    return with_ratios(found)


def write_down(report: Report, numbers: Sequence[Number]) -> None:
    """Replace the figures of a report that is still being written."""
    report.figures.all().delete()
    with translation.override("vi"):
        rows = [
            ReportFigure(
                report=report,
                key=n.key,
                position=position,
                label=str(LABELS[n.key]),
                value=n.value,
                is_money=n.is_money,
                is_percent=n.is_percent,
                is_summed=n.is_summed,
                initiative_ids=n.initiative_ids,
                person_ids=n.person_ids,
            )
            for position, n in enumerate(numbers)
        ]
    ReportFigure.objects.bulk_create(rows)


@dataclass(frozen=True)
class Part:
    """One unit's share of a merged figure."""

    report: Report
    figure: ReportFigure


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure: the reports it adds up and what the unit has of its own beside them."""

    parts: list[Part]
    own: Decimal | None  # None when the parts are shown for comparison only

    @property
    def is_sum(self) -> bool:
        return self.own is not None


def behind(figure: ReportFigure) -> Behind:
    """The parts and the own remainder add up to the figure when it is a sum."""
    children = figure.report.merges.select_related("unit__kind", "request").prefetch_related("figures")
    parts = [
        Part(child, found)
        for child in children.order_by("unit__lft")
        for found in child.figures.all()
        if found.key == figure.key
    ]
    is_sum = bool(parts) and figure.is_summed and figure.key not in UNITS_OWN
    return Behind(parts, figure.value - sum((p.figure.value for p in parts), ZERO) if is_sum else None)
