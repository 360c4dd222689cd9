"""The numbers of a report: from live counts for one unit, by addition for a merged one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from thidua.initiatives.choices import Benefit, Kind
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.reports.models import Report, ReportFigure
from thidua.tallies import queries as tally_queries
from thidua.targets import queries as target_queries

ZERO = Decimal(0)


@dataclass(frozen=True)
class Number:
    """One figure before it is written down, with the rows behind it."""

    key: str
    label: str
    value: Decimal
    is_money: bool = False
    is_percent: bool = False
    is_summed: bool = True
    initiative_ids: list[int] = field(default_factory=list)
    person_ids: list[int] = field(default_factory=list)


def live(programme: Programme, phase: Phase | None, unit: Unit, *, own_only: bool = False) -> list[Number]:
    """From the entries of the unit and all below it; every count is the number of its rows.

    `own_only` leaves out what belongs to the units below: the part a merged report adds to theirs.
    """
    found = tally_queries.entries(programme, unit, phase=phase).filter(is_filed=True)
    taking_part = tally_queries.participants(programme, unit, phase=phase)
    if own_only:
        found, taking_part = found.filter(unit=unit), taking_part.filter(unit=unit)
    entries = list(found.select_related("initiative").order_by("initiative_id"))
    counted = [e for e in entries if e.is_counted]
    people = list(taking_part.order_by("person_id").values_list("person_id", "is_direct_worker"))
    target = _target(programme, phase, unit)
    members = org_queries.members_of([unit])[unit.pk]
    ids = [e.initiative_id for e in counted]
    numbers = [
        Number("target", _("Chỉ tiêu được giao (sáng kiến)"), target),
        Number(
            "filed", _("Sáng kiến đã gửi"), Decimal(len(entries)), initiative_ids=[e.initiative_id for e in entries]
        ),
        Number(
            "recognised",
            _("Sáng kiến được công nhận"),
            Decimal(sum(e.is_recognised for e in entries)),
            initiative_ids=[e.initiative_id for e in entries if e.is_recognised],
        ),
        Number("counted", _("Sáng kiến được tính vào chương trình"), Decimal(len(counted)), initiative_ids=ids),
        Number("members", _("Tổng số đoàn viên"), Decimal(members)),
        Number(
            "people",
            _("Người có sáng kiến được tính"),
            Decimal(len(people)),
            person_ids=[person for person, _direct in people],
        ),
        Number(
            "direct-people",
            _("Trong đó lao động trực tiếp"),
            Decimal(sum(direct for _person, direct in people)),
            person_ids=[person for person, direct in people if direct],
        ),
        Number(
            "benefit",
            _("Giá trị làm lợi một năm"),
            Decimal(sum(e.benefit for e in counted)),
            is_money=True,
            initiative_ids=ids,
        ),
        _not_quantifiable(counted),
        *_by_kind(counted),
    ]
    return with_ratios(numbers)


def _not_quantifiable(counted: Sequence) -> Number:  # type: ignore[type-arg]
    rows = [e.initiative_id for e in counted if e.initiative.benefit == Benefit.NOT_QUANTIFIABLE]
    return Number("not-quantifiable", _("Sáng kiến không tính được bằng tiền"), Decimal(len(rows)), initiative_ids=rows)


def _by_kind(counted: Sequence) -> list[Number]:  # type: ignore[type-arg]
    found = []
    for kind in Kind:
        rows = [e.initiative_id for e in counted if e.kind == kind.value]
        found.append(Number(f"kind-{kind.value}", str(kind.label), Decimal(len(rows)), initiative_ids=rows))
    return found


def _target(programme: Programme, phase: Phase | None, unit: Unit) -> Decimal:
    own = target_queries.target_value(programme, unit, phase)
    if own is None and phase is None:
        parts = [target_queries.target_value(programme, unit, p) for p in programme.phases.all()]
        own = sum((p for p in parts if p is not None), ZERO)
    return own or ZERO


def with_ratios(numbers: list[Number]) -> list[Number]:
    """Percentages are computed from the figures beside them, never added up."""
    values = {n.key: n.value for n in numbers}
    ratios = [
        ("percent", _("Tỷ lệ đạt chỉ tiêu"), values["counted"], values["target"]),
        ("participation", _("Tỷ lệ đoàn viên có sáng kiến"), values["people"], values["members"]),
    ]
    kept = [n for n in numbers if not n.is_percent]
    for key, label, part, base in ratios:
        value = (part * 100 / base).quantize(Decimal("0.01")) if base else ZERO
        kept.append(Number(key, label, value, is_percent=True, is_summed=False))
    return kept


def merged(own: list[Number], children: Sequence[Report]) -> list[Number]:
    """The children's frozen figures added up, plus what the unit itself has outside of them.

    `own`: live figures of the unit's own entries not below any unit below (usually none).
    Target and members stay the unit's own.
    """
    values = [{f.key: f for f in child.figures.all()} for child in children]
    found = []
    for number in own:
        if number.is_percent:
            continue
        if number.key in ("target", "members"):
            found.append(number)
            continue
        total = sum((v[number.key].value for v in values if number.key in v), number.value)
        found.append(replace(number, value=total))
    return with_ratios(found)


def write_down(report: Report, numbers: Sequence[Number]) -> None:
    """Replace the figures of a report that is still being written."""
    report.figures.all().delete()
    ReportFigure.objects.bulk_create(
        [
            ReportFigure(
                report=report,
                key=n.key,
                position=position,
                label=n.label,
                value=n.value,
                is_money=n.is_money,
                is_percent=n.is_percent,
                is_summed=n.is_summed,
                initiative_ids=n.initiative_ids,
                person_ids=n.person_ids,
            )
            for position, n in enumerate(numbers)
        ]
    )
