"""The door for reading counts: one indexed row and a few pending ones, at any node of the tree."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from thidua.initiatives.models import Initiative
from thidua.kernel import clock, formats, rulepacks
from thidua.orgs import history
from thidua.orgs.models import Unit
from thidua.programmes.models import Phase, Programme
from thidua.tallies.choices import DeclarationState, Measure, Reason
from thidua.tallies.models import Daily, Declaration, Delta, Entry, Participation, Tally
from thidua.tallies.queries.scopes import Scope, scope_of
from thidua.tallies.rules import DONE, MENDABLE, Facts, Rules, Window, decide


@dataclass(frozen=True)
class VerdictRow:
    """What one programme says of one initiative, for a page."""

    programme: Programme
    phase: Phase | None
    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...] = ()  # worth knowing, no bar to counting

    @property
    def is_counted(self) -> bool:
        return not self.reasons

    @property
    def is_mendable(self) -> bool:
        """It would count once what is missing is there."""
        return self.phase is not None and MENDABLE.issuperset(self.reasons)

    @cached_property
    def reason_sentences(self) -> list[str]:
        return [str(reason.label) for reason in self.reasons]


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


def facts_of(initiative: Initiative, *, is_recognised: bool | None = None) -> Facts:
    """`is_recognised`: where it was read already."""
    if is_recognised is None:
        is_recognised = initiative.recognitions.filter(revoked_on__isnull=True).exists()
    return Facts(
        state=initiative.state,
        first_applied_on=initiative.first_applied_on,
        filed_on=initiative.filed_on,
        is_recognised=is_recognised,
        is_ip_protected=initiative.is_ip_protected,
        breaches_order=initiative.breaches_order,
        is_duplicate=initiative.duplicate_of_id is not None,
        is_in_scope=True,
        is_supplement_late=bool(initiative.due_on and initiative.due_on < clock.today()),
    )


def facts_booked(entry: Entry) -> Facts:
    """The facts behind a booked verdict, without a query of their own (recognition and scope as booked)."""
    initiative = entry.initiative
    return Facts(
        state=initiative.state,
        first_applied_on=initiative.first_applied_on,
        filed_on=initiative.filed_on,
        is_recognised=entry.is_recognised,
        is_ip_protected=initiative.is_ip_protected,
        breaches_order=initiative.breaches_order,
        is_duplicate=initiative.duplicate_of_id is not None,
        is_in_scope=Reason.OUT_OF_SCOPE not in entry.reasons,
        is_supplement_late=bool(initiative.due_on and initiative.due_on < clock.today()),
    )


def warnings_of(initiative: Initiative) -> tuple[str, ...]:
    """What the law advises and no programme bars: the year in which an applied solution is claimed."""
    applied, filed = initiative.first_applied_on, initiative.filed_on or clock.today()
    years = rulepacks.in_force("initiative-procedure", filed).rules["claim_within_years"]
    if applied is None or filed <= formats.add_months(applied, 12 * years):
        return ()
    return (
        _("Đã quá %(n)d năm kể từ ngày áp dụng lần đầu: theo Điều lệ Sáng kiến, cơ sở có thể không nhận đơn.")
        % {"n": years},
    )


def facts_in(facts: Facts, programme: Programme, scope: Scope) -> Facts:
    """The facts as one programme sees them: was the unit within its scope?"""
    return replace(facts, is_in_scope=programme.is_open and scope.is_under(programme))


def verdicts_of(initiative: Initiative) -> list[VerdictRow]:
    """The recorded verdicts, programme by programme."""
    entries = (
        Entry.objects.filter(initiative=initiative)
        .select_related("programme__unit", "phase")
        .order_by("programme__unit__lft", "programme_id")
    )
    warnings = warnings_of(initiative)
    return [VerdictRow(e.programme, e.phase, tuple(Reason(r) for r in e.reasons), warnings) for e in entries]


def simulate(initiative: Initiative, *, as_if_recognised: bool = True) -> list[VerdictRow]:
    """Before filing: would it count, and what is still missing? Nothing is written.

    By default the office's part (receipt, recognition) is taken as done, so that only what the
    author can mend is named.
    """
    facts = facts_of(initiative)
    if as_if_recognised and facts.state in ("draft", "returned", "submitted", "received", "passed_up"):
        facts = replace(facts, state="recognised", is_recognised=True)
    facts = replace(facts, filed_on=facts.filed_on or clock.today())
    rows, warnings = [], warnings_of(initiative)
    scope = scope_of(initiative.unit, facts.filed_on)
    for programme in scope.programmes:
        ruling = decide(facts_in(facts, programme, scope), rules_of(programme))
        phase = next((p for p in programme.phases.all() if p.pk == ruling.phase_id), None)
        rows.append(VerdictRow(programme, phase, ruling.reasons, warnings))
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


Change = tuple[int, int | None, str, str, int]  # place in the tree (lft), phase, measure, bucket, amount


class Node(Protocol):
    """A unit, or as much of its row as sums need."""

    @property
    def pk(self) -> int: ...
    @property
    def lft(self) -> int: ...
    @property
    def rgt(self) -> int: ...


def pending(programme: Programme, low: int, high: int) -> list[Change]:
    """What has changed between two places of the tree and is not folded yet."""
    found = Delta.objects.filter(programme=programme, unit__lft__gte=low, unit__lft__lte=high)
    rows = found.values_list("unit__lft", "phase_id", "measure", "bucket").annotate(total=Sum("amount"))
    return list(rows.order_by())


def figures(
    programme: Programme,
    units: Iterable[Node],
    *,
    measures: Iterable[Measure] | None = None,
    buckets: Iterable[str] | None = None,
    phases: Iterable[int | None] | None = None,
    among: Q | None = None,
    changes: Iterable[Change] | None = None,
) -> dict[Key, int]:
    """All sums of some nodes, exact (folded + pending), in two queries whatever their number.

    Pages of many units name the measures, buckets and phases they show. `among` picks the same units out
    where naming thousands one by one takes long; `changes` are the pending ones of a page that has read them.
    """
    wanted = _Nested(units)
    found: dict[Key, int] = defaultdict(int)
    if not wanted.units:
        return found
    asked = {"measure": _set(measures), "bucket": _set(buckets), "phase_id": None if phases is None else set(phases)}
    conditions = [_one_of(name, values) for name, values in asked.items() if values is not None]
    rows = Tally.objects.filter(*conditions, among or Q(unit__in=[u.pk for u in wanted.units]), programme=programme)
    for *key, amount in rows.values_list("unit_id", "phase_id", "measure", "bucket", "amount"):
        found[tuple(key)] += amount  # type: ignore[index]
    if changes is None:
        changes = pending(programme, wanted.units[0].lft, max(u.rgt for u in wanted.units))
    for lft, phase_id, measure, bucket, amount in changes:
        given = (measure, bucket, phase_id)
        if all(a is None or value in a for a, value in zip(asked.values(), given, strict=True)):
            for unit in wanted.over(lft):
                found[unit.pk, phase_id, measure, bucket] += amount
    return found


def _set(values: Iterable[str] | None) -> set[Any] | None:
    return None if values is None else {str(value) for value in values}


def _one_of(name: str, values: set[Any]) -> Q:
    some = Q(**{f"{name}__in": values - {None}})
    return some | Q(**{f"{name}__isnull": True}) if None in values else some


def figures_on(programme: Programme, units: Iterable[Node], day: date) -> dict[Key, int]:
    """All sums of some nodes as they were at the end of a day, in the tree of that day.

    Units that had ended by then count where they went. Without the parts by week.
    """
    found: dict[Key, int] = defaultdict(int)
    asked: dict[str, Any] = {"units": [unit.pk for unit in units], "day": day, "programme": programme.pk}
    with connection.cursor() as cursor:
        cursor.execute(_ON_A_DAY, asked)
        for top, phase_id, measure, bucket, amount in cursor.fetchall():
            found[top, phase_id, measure, bucket] = int(amount)
    return found


_ON_A_DAY = f"""
{history.WALK}, changes AS (
    SELECT unit_id, phase_id, measure, bucket, amount FROM {Daily._meta.db_table}
    WHERE programme_id = %(programme)s AND day <= %(day)s
    UNION ALL
    SELECT unit_id, phase_id, measure, bucket, amount FROM {Delta._meta.db_table}
    WHERE programme_id = %(programme)s AND day <= %(day)s
)
SELECT walk.top, c.phase_id, c.measure, c.bucket, sum(c.amount)
FROM changes c JOIN walk ON walk.id = c.unit_id GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - the tables of our own models


class _Nested:
    """Units by their place, each with the one around it: who stands over a place is found in a few steps."""

    def __init__(self, units: Iterable[Node]) -> None:
        self.units = sorted({u.pk: u for u in units}.values(), key=lambda u: (u.lft, -u.rgt))
        self._starts = [u.lft for u in self.units]
        self._around: list[int] = []
        open_units: list[int] = []
        for place, unit in enumerate(self.units):
            while open_units and self.units[open_units[-1]].rgt < unit.lft:
                open_units.pop()
            self._around.append(open_units[-1] if open_units else -1)
            open_units.append(place)

    def over(self, lft: int) -> Iterator[Node]:
        place = bisect_right(self._starts, lft) - 1
        while place >= 0:
            if self.units[place].rgt >= lft:
                yield self.units[place]
            place = self._around[place]


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
    """Every programme that has sums: it counts initiatives, or results are reported in it."""
    reported = Exists(Declaration.objects.filter(programme=OuterRef("pk")))
    return Programme.objects.filter(Q(counts_initiatives=True) | reported).order_by("pk")


def declarations(
    programme: Programme, unit: Unit, *, key: str = "", phase: Phase | None = None
) -> QuerySet[Declaration]:
    """The reported rows behind the number of a node."""
    found = Declaration.objects.filter(programme=programme, unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    found = found.select_related("unit__parent", "indicator", "phase", "programme__unit", "declared_by")
    if key:
        found = found.filter(key=key)
    return found.filter(phase=phase) if phase is not None else found


def declaration_for(programme: Programme, pk: int) -> Declaration | None:
    found = Declaration.objects.select_related(
        "unit__parent", "indicator", "phase", "programme__unit", "declared_by", "booked_phase"
    )
    return found.filter(programme=programme, pk=pk).first()


def to_confirm(programme: Programme, unit: Unit) -> QuerySet[Declaration]:
    """What waits for a unit: of those directly below, and its own where it runs the programme."""
    below = Q(unit__parent=unit) & ~Q(unit=programme.unit_id)
    own = Q(unit=unit) if unit.pk == programme.unit_id else Q(pk__in=[])
    found = Declaration.objects.filter(below | own, programme=programme, state=DeclarationState.DECLARED)
    return found.select_related("unit__parent", "indicator", "phase", "programme__unit", "declared_by")


def twin_of(item: Declaration) -> Declaration | None:
    """Another declaration of the same thing by the same unit: same paper and day, or a second yes or no."""
    others = Declaration.objects.filter(programme=item.programme, key=item.key, unit=item.unit).exclude(pk=item.pk)
    others = others.exclude(state=DeclarationState.WITHDRAWN)
    if item.indicator.measure == DONE:
        return others.filter(phase=item.phase).first()
    same = Q(on=item.on, paper__iexact=item.paper) if item.paper else Q(on=item.on, content__iexact=item.content)
    return others.filter(same).first()


def same_evidence(items: Iterable[Declaration]) -> dict[int, list[Declaration]]:
    """declaration id -> others of its programme and key that show the same file: counted twice?"""
    wanted = list(items)
    if not wanted:
        return {}
    through = Declaration.evidence.through.objects.filter(declaration__in=wanted)
    digests: dict[str, set[int]] = defaultdict(set)
    for pk, digest in through.values_list("declaration_id", "storedfile__digest"):
        digests[digest].add(pk)
    found: dict[int, list[Declaration]] = defaultdict(list)
    keys = {item.pk: (item.programme_id, item.key) for item in wanted}
    others = Declaration.objects.filter(evidence__digest__in=digests).exclude(state=DeclarationState.WITHDRAWN)
    for other in others.annotate(digest=F("evidence__digest")).select_related("unit"):
        for pk in digests.get(other.digest, ()):
            if other.pk != pk and keys[pk] == (other.programme_id, other.key):
                found[pk].append(other)
    return found
