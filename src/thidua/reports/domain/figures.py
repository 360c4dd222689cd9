"""The numbers of a report: from live counts for one unit, by addition for a merged one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap64

from thidua.initiatives.choices import Benefit, Kind
from thidua.kernel.batches import in_batches
from thidua.orgs import history
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.reports.domain import standing
from thidua.reports.models import Report, ReportFigure, Section
from thidua.tallies import queries as tally_queries
from thidua.tallies.models import Entry, Participation
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
OF_PEOPLE = ("people", "direct-people")  # the rows behind are people, not initiatives
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
    initiative_ids: BitMap64 = field(default_factory=BitMap64)
    person_ids: BitMap64 = field(default_factory=BitMap64)


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
    rows = _of_initiatives(found, on)
    everybody, direct = _people(taking_part)
    numbers = [
        Number("target", _target(programme, phase, unit), is_summed=False),
        *[rows[key] for key in ("filed", "recognised", "counted")],
        Number("members", members, is_summed=False),
        Number("people", Decimal(len(everybody)), person_ids=everybody),
        Number("direct-people", Decimal(len(direct)), person_ids=direct),
        *[rows[key] for key in ("benefit", "not-quantifiable", *_KINDS.values())],
    ]
    return with_ratios(numbers)


_AT_ONCE = 5000
LONG = 10_000  # a figure with so many rows is written by itself
_KINDS = {kind.value: f"kind-{kind.value}" for kind in Kind}


def _of_initiatives(found: QuerySet[Entry], on: date | None) -> dict[str, Number]:
    """Each count with its rows. Of the nation these are millions: read as bare values, kept as sets of bits."""
    ids = {key: BitMap64() for key in LABELS}
    benefit = 0
    was_recognised = standing.recognised_by(on) if on else Q(is_recognised=True)
    was_counted = standing.counted_by(on) if on else Q(is_counted=True)
    stood = found.annotate(was_recognised=_true(was_recognised), was_counted=_true(was_counted)).order_by()
    read = ("initiative_id", "was_recognised", "was_counted", "benefit", "kind", "initiative__benefit")
    for initiative, is_recognised, is_counted, worth, kind, measured in stood.values_list(*read).iterator(_AT_ONCE):
        ids["filed"].add(initiative)
        if is_recognised:
            ids["recognised"].add(initiative)
        if is_counted:
            ids["counted"].add(initiative)
            if kind in _KINDS:
                ids[_KINDS[kind]].add(initiative)
            if worth:
                ids["benefit"].add(initiative)
                benefit += worth
            if measured == Benefit.NOT_QUANTIFIABLE:
                ids["not-quantifiable"].add(initiative)
    numbers = {key: Number(key, Decimal(len(rows)), initiative_ids=rows) for key, rows in ids.items()}
    numbers["benefit"] = replace(numbers["benefit"], value=Decimal(benefit), is_money=True)
    return numbers


def _true(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _people(found: QuerySet[Participation]) -> tuple[BitMap64, BitMap64]:
    """Everybody who takes part, and those who work directly."""
    everybody, direct = BitMap64(), BitMap64()
    for person, is_direct in found.order_by().values_list("person_id", "is_direct_worker").iterator(_AT_ONCE):
        everybody.add(person)
        if is_direct:
            direct.add(person)
    return everybody, direct


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


def merged(own: list[Number], report: Report) -> list[Number]:
    """The frozen figures of the reports it merges added up, plus what the unit itself has outside of them.

    `own`: live figures of the unit's own entries not below any unit below (usually none). The database adds.
    """
    sums = dict(_of_parts(report).order_by().values_list("key").annotate(Sum("value")))
    found = []
    for number in own:
        if number.is_percent:
            continue
        if number.key in UNITS_OWN:
            found.append(number)
            continue
        found.append(replace(number, value=number.value + sums.get(number.key, ZERO)))
    return with_ratios(found)


def _of_parts(report: Report) -> QuerySet[ReportFigure]:
    return ReportFigure.objects.filter(report__merged_into=report)


def words(report: Report, most: int) -> tuple[dict[str, list[tuple[str, str]]], Counter[str]]:
    """What the merged reports say: section -> (unit, words) of the first units, and how many more there are."""
    found = Section.objects.filter(report__merged_into=report).exclude(text="").order_by()
    place = Window(RowNumber(), partition_by="key", order_by="report__unit__lft")
    first = found.annotate(place=place).filter(place__lte=most).order_by("key", "place")
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, unit, text in first.values_list("key", "report__unit__short_name", "text"):
        told[key].append((unit, text))
    more = Counter(dict(found.values_list("key").annotate(Count("pk"))))
    more.subtract({key: len(said) for key, said in told.items()})
    return told, more


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
            )
            for position, n in enumerate(numbers)
        ]
    short: list[ReportFigure] = []
    for row, number in zip(rows, numbers, strict=True):
        if len(number.initiative_ids) + len(number.person_ids) > LONG:
            row.initiative_ids, row.person_ids = _literal(number.initiative_ids), _literal(number.person_ids)
            row.save(force_insert=True)
            row.initiative_ids = row.person_ids = []  # written: the next one finds its room
        else:
            row.initiative_ids, row.person_ids = list(number.initiative_ids), list(number.person_ids)
            short.append(row)
    ReportFigure.objects.bulk_create(short)


def _literal(keys: BitMap64) -> Any:
    """As PostgreSQL reads an array. A list is taken apart by the driver: of a province's rows that took 100 MB."""
    return f"{{{','.join(','.join(map(str, some)) for some in in_batches(keys, LONG))}}}"


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure: that of each report it adds up, and what the unit has of its own beside them."""

    parts: QuerySet[ReportFigure]
    own: Decimal | None  # None when the parts are shown for comparison only

    @property
    def is_sum(self) -> bool:
        return self.own is not None


def behind(figure: ReportFigure) -> Behind:
    """The parts and the own remainder add up to the figure when it is a sum."""
    parts = _of_parts(figure.report).filter(key=figure.key).select_related("report__unit")
    parts = parts.defer("initiative_ids", "person_ids").order_by("report__unit__lft", "pk")
    added = parts.aggregate(total=Sum("value"))["total"]
    is_sum = added is not None and figure.is_summed and figure.key not in UNITS_OWN
    return Behind(parts, figure.value - added if is_sum else None)
