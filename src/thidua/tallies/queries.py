"""The door for reading counts: one indexed row and a few pending ones, at any node of the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import QuerySet, Sum

from thidua.initiatives.models import Initiative
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.tallies.choices import Measure, Reason
from thidua.tallies.models import Delta, Entry, Participation, Tally
from thidua.tallies.rules import Facts, Rules, Window, decide


@dataclass(frozen=True)
class VerdictRow:
    """What one programme says of one initiative, for a page."""

    programme: Programme
    phase: Phase | None
    reasons: tuple[Reason, ...]

    @property
    def is_counted(self) -> bool:
        return not self.reasons

    @cached_property
    def reason_sentences(self) -> list[str]:
        return [str(reason.label) for reason in self.reasons]


def programmes_over(unit: Unit) -> list[Programme]:
    """Open programmes that count initiatives of a unit: run by it or by a unit above it."""
    return list(
        Programme.objects.filter(
            is_open=True, counts_initiatives=True, unit__lft__lte=unit.lft, unit__rgt__gte=unit.lft
        )
        .select_related("unit", "plan")
        .prefetch_related("phases")
        .order_by("unit__lft", "pk")
    )


def rules_of(programme: Programme) -> Rules:
    return Rules(
        phase_by=programme.phase_by,
        needs_recognition=programme.needs_recognition,
        eligible_from=programme.eligible_from,
        eligible_to=programme.eligible_to,
        phases=[
            Window(p.pk, p.starts_on, p.ends_on, p.eligible_from, p.eligible_to)
            for p in sorted(programme.phases.all(), key=lambda p: p.position)
        ],
    )


def facts_of(initiative: Initiative) -> Facts:
    return Facts(
        state=initiative.state,
        first_applied_on=initiative.first_applied_on,
        filed_on=initiative.filed_on,
        is_recognised=initiative.recognitions.filter(revoked_on__isnull=True).exists(),
        is_ip_protected=initiative.is_ip_protected,
        breaches_order=initiative.breaches_order,
        is_duplicate=initiative.duplicate_of_id is not None,
        is_in_scope=True,
    )


def facts_in(facts: Facts, programme: Programme, unit: Unit) -> Facts:
    """The facts as one programme sees them: is the unit within its scope?"""
    return replace(facts, is_in_scope=programme.is_open and programme.unit.covers(unit))


def is_direct_worker(person_id: int) -> bool:
    return Person.objects.filter(pk=person_id, is_direct_worker=True).exists()


def verdicts_of(initiative: Initiative) -> list[VerdictRow]:
    """The recorded verdicts, programme by programme."""
    entries = (
        Entry.objects.filter(initiative=initiative)
        .select_related("programme__unit", "phase")
        .order_by("programme__unit__lft", "programme_id")
    )
    return [VerdictRow(e.programme, e.phase, tuple(Reason(r) for r in e.reasons)) for e in entries]


def simulate(initiative: Initiative, *, as_if_recognised: bool = True) -> list[VerdictRow]:
    """Before filing: would it count, and what is still missing? Nothing is written.

    By default the office's part (receipt, recognition) is taken as done, so that only what the
    author can mend is named.
    """
    from thidua.kernel import clock

    facts = facts_of(initiative)
    if as_if_recognised and facts.state in ("draft", "returned", "submitted", "received"):
        facts = replace(facts, state="recognised", is_recognised=True)
    facts = replace(facts, filed_on=facts.filed_on or clock.today())
    rows = []
    for programme in programmes_over(initiative.unit):
        ruling = decide(facts_in(facts, programme, initiative.unit), rules_of(programme))
        phase = next((p for p in programme.phases.all() if p.pk == ruling.phase_id), None)
        rows.append(VerdictRow(programme, phase, ruling.reasons))
    return rows


def entries(
    programme: Programme, unit: Unit, *, phase: Phase | None = None, counted: bool | None = None
) -> QuerySet[Entry]:
    """The rows behind the numbers of a node."""
    found = Entry.objects.filter(programme=programme, unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    if phase is not None:
        found = found.filter(phase=phase)
    if counted is not None:
        found = found.filter(is_counted=counted)
    return found


def participants(programme: Programme, unit: Unit, *, phase: Phase | None = None) -> QuerySet[Participation]:
    """The people behind the participation of a node."""
    return Participation.objects.filter(
        programme=programme,
        phase=phase,
        entries__gt=0,
        unit__lft__gte=unit.lft,
        unit__lft__lte=unit.rgt,
    )


Key = tuple[int, int | None, str, str]  # unit, phase, measure, bucket


def figures(programme: Programme, units: Iterable[Unit]) -> dict[Key, int]:
    """All sums of some nodes, exact (folded + pending), in two queries whatever their number."""
    wanted = list(units)
    found: dict[Key, int] = defaultdict(int)
    rows = Tally.objects.filter(programme=programme, unit__in=[u.pk for u in wanted])
    for unit_id, phase_id, measure, bucket, amount in rows.values_list(
        "unit_id", "phase_id", "measure", "bucket", "amount"
    ):
        found[unit_id, phase_id, measure, bucket] += amount
    pending = Delta.objects.filter(programme=programme)
    if wanted:
        pending = pending.filter(unit__lft__gte=min(u.lft for u in wanted), unit__lft__lte=max(u.rgt for u in wanted))
    grouped = pending.values_list("unit__lft", "phase_id", "measure", "bucket").annotate(total=Sum("amount"))
    for lft, phase_id, measure, bucket, amount in grouped.order_by():
        for unit in wanted:
            if unit.lft <= lft <= unit.rgt:
                found[unit.pk, phase_id, measure, bucket] += amount
    return found


def figure(
    programme: Programme,
    unit: Unit,
    measure: Measure | str,
    *,
    phase: Phase | None = None,
    bucket: str = "",
) -> int:
    """One number of one node."""
    return figures(programme, [unit])[unit.pk, phase.pk if phase else None, str(measure), bucket]


def counting() -> QuerySet[Programme]:
    """Every programme that counts initiatives."""
    return Programme.objects.filter(counts_initiatives=True).order_by("pk")
