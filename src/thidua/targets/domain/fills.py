"""The numbers a fill proposes for a whole column, and what a paste from a spreadsheet says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from thidua.kernel.verdicts import Refused
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.tallies import queries as tally_queries
from thidua.tallies.choices import Measure
from thidua.targets import queries, rules
from thidua.targets.choices import Method
from thidua.targets.domain import bases, formulas


def split(method: str, total: int, units: Sequence[Unit], programme: Programme, phase: Phase | None) -> dict[int, int]:
    """unit id -> its part of the total: equal, by headcount, by the last result. It always sums to the total."""
    if method == Method.EQUAL:
        shares = rules.split_equally(total, len(units))
    else:
        weights = org_queries.members_of(units) if method == Method.HEADCOUNT else last_results(programme, phase, units)
        if not any(weights.values()):
            raise Refused(_no_weights(method), field="fill")
        shares = rules.split_by_weights(total, [weights[u.pk] for u in units])
    return {unit.pk: share for unit, share in zip(units, shares, strict=True)}


def _no_weights(method: str) -> str:
    if method == Method.HEADCOUNT:
        return _("Chưa đơn vị nào khai số đoàn viên: hãy nhập số đoàn viên ở mục Đơn vị, hoặc chia đều.")
    return _("Chưa có kết quả kỳ trước của các đơn vị: hãy chia theo số đoàn viên hoặc chia đều.")


def by_formula(
    words: str, total: int | None, units: Sequence[Unit], facts: Mapping[int, Mapping[str, int]]
) -> dict[int, int]:
    """Each unit by the formula; with a total the results are scaled so that they sum to it."""
    formula = formulas.read(words)
    found = {unit.pk: formula.value(facts[unit.pk]) for unit in units}
    if total is None or not any(found.values()):
        return found
    shares = rules.split_by_weights(total, [found[u.pk] for u in units])
    return {unit.pk: share for unit, share in zip(units, shares, strict=True)}


def facts_of(
    programme: Programme, phase: Phase | None, units: Sequence[Unit], now: Mapping[int, int]
) -> dict[int, dict[str, int]]:
    """What a formula may speak of, for each unit. A fixed number of queries."""
    members = org_queries.members_of(units)
    last = last_results(programme, phase, units)
    groups = bases.groups_below(units)
    return {
        u.pk: {
            "members": members[u.pk],
            "women": groups[u.pk][0],
            "direct": groups[u.pk][1],
            "last": last[u.pk],
            "now": now.get(u.pk, 0),
        }
        for u in units
    }


def last_results(programme: Programme, phase: Phase | None, units: Sequence[Unit]) -> dict[int, int]:
    """Counted in the phase before; of the first phase, or without phases, in the programme before this one."""
    source, before = programme, None
    if phase is not None:
        earlier = [p for p in programme.phases.all() if p.position < phase.position]
        before = earlier[-1] if earlier else None
    if before is None:
        found = (
            Programme.objects.filter(
                unit=programme.unit_id, counts_initiatives=True, plan__year__lt=programme.plan.year
            )
            .order_by("-plan__year", "-pk")
            .first()
        )
        if found is None:
            return dict.fromkeys([u.pk for u in units], 0)
        source = found
    figures = tally_queries.figures(source, units, measures=[Measure.COUNTED], buckets=[""])
    return {u.pk: figures[u.pk, before.pk if before else None, str(Measure.COUNTED), ""] for u in units}


@dataclass
class Pasted:
    """What a pasted block says: (unit id, column) -> number, and the lines that could not be used."""

    values: dict[tuple[int, int], int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


MOST_FAULTS = 8


def read_paste(block: str, units: Sequence[Unit], columns: int) -> Pasted:
    """Lines of "name or code ⇥ number ⇥ number…"; every line that does not fit is named."""
    known = _known(units)
    found, seen = Pasted(), set()
    for number, line in enumerate(block.replace("\r", "").split("\n"), 1):
        if not line.strip():
            continue
        name, *cells = [part.strip() for part in line.split("\t")]
        unit_id = known.get(queries.plain_name(name))
        if unit_id is None:
            if number == 1 or queries.plain_name(name).startswith(("tong", "cong ")):
                continue  # a heading, or the line of totals
            found.faults.append(_("Dòng %(n)d: không có đơn vị «%(name)s».") % {"n": number, "name": name[:60]})
            continue
        if unit_id in seen:
            found.faults.append(_("Dòng %(n)d: «%(name)s» có hai lần.") % {"n": number, "name": name[:60]})
            continue
        seen.add(unit_id)
        _read_cells(found, number, unit_id, cells[-columns:] if len(cells) > columns else cells)
    if not seen and not found.faults:
        found.faults.append(_("Không thấy dòng nào có tên đơn vị: hãy chép cả cột tên và cột số từ Excel."))
    return found


def _read_cells(found: Pasted, number: int, unit_id: int, cells: Sequence[str]) -> None:
    for column, words in enumerate(cells):
        if not words:
            continue
        value = whole_number(words)
        if value is None:
            found.faults.append(_("Dòng %(n)d: «%(text)s» không phải là số.") % {"n": number, "text": words[:40]})
        else:
            found.values[unit_id, column] = value


def whole_number(words: str) -> int | None:
    """'1.000', '1 000', '1,000' and '12,0' as Excel writes them; None for anything else."""
    bare = re.sub(r"[\s\u00a0]", "", words)
    bare = re.sub(r"[.,](?=\d{3}(\D|$))", "", bare) if re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare) else bare
    bare = re.sub(r"[.,]0+$", "", bare)
    return int(bare) if bare.isdigit() and len(bare) <= 12 else None


def _known(units: Sequence[Unit]) -> dict[str, int]:
    """Names, short names and codes; a name two units share names none of them."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for unit in units:
        for name in {queries.plain_name(unit.name), queries.plain_name(unit.short_name), queries.plain_name(unit.code)}:
            if name in found and found[name] != unit.pk:
                shared.add(name)
            found[name] = unit.pk
    return {name: pk for name, pk in found.items() if name not in shared}
