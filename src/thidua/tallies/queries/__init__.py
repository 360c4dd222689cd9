"""The door for reading counts: one indexed row and a few pending ones, at any node of the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from thidua.initiatives.models import Initiative
from thidua.kernel import clock, formats, paging, replicas, rulepacks
from thidua.kernel.prepared import composed_once
from thidua.ledger import readers
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.tallies.choices import DeclarationState, Reason
from thidua.tallies.models import Declaration, Entry, Participation
from thidua.tallies.queries.scopes import Scope, rules_of, scope_of
from thidua.tallies.queries.sentences import Case, Originals, Sentence, explain, originals_of
from thidua.tallies.queries.sums import Change, Key, Nested, Part, figure, figures, figures_on, pending
from thidua.tallies.rules import DONE, MENDABLE, Facts, decide

__all__ = [  # and all that is defined here
    "Case",
    "Change",
    "Key",
    "Nested",
    "Originals",
    "Part",
    "explain",
    "figure",
    "figures",
    "figures_on",
    "originals_of",
    "pending",
    "rules_of",
]


@dataclass(frozen=True)
class VerdictRow:
    """What one programme says of one initiative, for a page."""

    programme: Programme
    phase: Phase | None
    initiative: Initiative
    reasons: tuple[Reason, ...]
    originals: Originals
    warnings: tuple[str, ...] = ()  # worth knowing, no bar to counting

    @property
    def is_counted(self) -> bool:
        return not self.reasons

    @property
    def is_mendable(self) -> bool:
        """It would count once what is missing is there."""
        return self.phase is not None and MENDABLE.issuperset(self.reasons)

    @cached_property
    def sentences(self) -> list[Sentence]:
        phase_id = self.phase.pk if self.phase else None
        return explain(Case(self.programme, self.initiative, phase_id, self.originals), self.reasons)


def facts_of(initiative: Initiative, *, is_recognised: bool | None = None) -> Facts:
    """`is_recognised`: where it was read already."""
    if is_recognised is None:
        is_recognised = initiative.pk is not None and initiative.recognitions.filter(revoked_on__isnull=True).exists()
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


def verdicts_of(initiative: Initiative, reader: Person | None = None) -> list[VerdictRow]:
    """The recorded verdicts, programme by programme; from the facts while an act on it is still to be read.

    `reader` is who reads them: of what the initiative repeats they say no more than this person may open.
    """
    if readers.is_behind("tallies", initiative):
        return simulate(initiative, reader, as_if_recognised=False)
    warnings, originals = warnings_of(initiative), originals_of([initiative], reader)
    return [
        VerdictRow(e.programme, e.phase, initiative, tuple(Reason(r) for r in e.reasons), originals, warnings)
        for e in _booked_for(initiative.pk)
    ]


@composed_once
def _booked_for(initiative: int) -> QuerySet[Entry]:
    found = Entry.objects.filter(initiative=initiative).select_related("programme__unit", "phase")
    return found.order_by("programme__unit__lft", "programme_id")


def simulate(
    initiative: Initiative, reader: Person | None = None, *, as_if_recognised: bool = True
) -> list[VerdictRow]:
    """Before filing: would it count, and what is still missing? Nothing is written.

    By default the office's part (receipt, recognition) is taken as done, so that only what the
    author can mend is named.
    """
    facts = facts_of(initiative)
    if as_if_recognised and facts.state in ("draft", "returned", "submitted", "received", "passed_up"):
        facts = replace(facts, state="recognised", is_recognised=True)
    facts = replace(facts, filed_on=facts.filed_on or clock.today())
    rows, warnings, originals = [], warnings_of(initiative), originals_of([initiative], reader)
    scope = scope_of(initiative.unit, facts.filed_on)
    for programme in scope.programmes:
        ruling = decide(facts_in(facts, programme, scope), rules_of(programme))
        phase = next((p for p in programme.phases.all() if p.pk == ruling.phase_id), None)
        rows.append(VerdictRow(programme, phase, initiative, ruling.reasons, originals, warnings))
    return rows


def say_why(rows: Iterable[Entry], programme: Programme, reader: Person) -> None:
    """Lay beside each row of a list why it is not counted, in words for this reader."""
    originals = originals_of((e.initiative for e in rows), reader)
    for entry in rows:
        case = Case(programme, entry.initiative, entry.phase_id, originals)
        entry.sentences = explain(case, [Reason(r) for r in entry.reasons])  # type: ignore[attr-defined]


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


class Behind(NamedTuple):
    """Which of the filed initiatives stand behind a number; what was not chosen is None."""

    phase: int | None = None
    is_counted: bool | None = None
    is_recognised: bool | None = None
    why: str | None = None  # the reason they are not counted for

    def narrow(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        for name in ("phase", "is_counted", "is_recognised"):
            if (value := getattr(self, name)) is not None:
                rows = rows.filter(**{name: value})
        return rows if self.why is None else rows.filter(is_counted=False, reasons__contains=[self.why])


BEHIND_ORDER = ("-filed_on", "-id")


def behind(programme: Programme, unit: Unit, wanted: Behind, cursor: str) -> paging.Page:
    """One page of the initiatives behind a number, the newest first."""
    span = (unit.lft, unit.rgt)
    return _behind(cursor, programme.pk, span, wanted, org_queries.is_noted(*span))


def all_behind(programme: Programme, unit: Unit, wanted: Behind) -> QuerySet[Entry]:
    return wanted.narrow(entries(programme, unit).filter(is_filed=True))


def _drawn(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.select_related("initiative__unit", "initiative__handler", "phase")


@paging.composed_once(BEHIND_ORDER, shown=_drawn)
def _behind(programme: int, span: tuple[int, int], wanted: Behind, is_noted: bool) -> QuerySet[Entry]:
    lft, rgt = span
    within = org_queries.noted("unit", lft, rgt) if is_noted else Q(unit__lft__gte=lft, unit__lft__lte=rgt)
    return wanted.narrow(Entry.objects.filter(within, programme=programme, is_filed=True))


def participants(programme: Programme, unit: Unit, *, phase: Phase | None = None) -> QuerySet[Participation]:
    """The people behind the participation of a node."""
    return Participation.objects.filter(
        programme=programme,
        phase=phase,
        entries__gt=0,
        unit__lft__gte=unit.lft,
        unit__lft__lte=unit.rgt,
    )


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


# From each kind straight to the next one in the index, however many results there are of it.
_KINDS = """
WITH RECURSIVE kinds AS (
    (SELECT key, label, indicator_id FROM tallies_declaration WHERE programme_id = %(programme)s ORDER BY key LIMIT 1)
    UNION ALL
    SELECT next.* FROM kinds, LATERAL (
        SELECT key, label, indicator_id FROM tallies_declaration
        WHERE programme_id = %(programme)s AND key > kinds.key ORDER BY key LIMIT 1) next
)
SELECT k.key, coalesce(nullif(k.label, ''), i.name) FROM kinds k JOIN programmes_indicator i ON i.code = k.indicator_id
WHERE EXISTS (
    SELECT 1 FROM tallies_tally t WHERE t.programme_id = %(programme)s AND t.unit_id = %(unit)s AND t.phase_id IS NULL
    AND t.measure IN ('reported', 'waiting') AND t.bucket = k.key
) OR EXISTS (
    SELECT 1 FROM tallies_delta d JOIN orgs_unit u ON u.id = d.unit_id AND u.lft BETWEEN %(low)s AND %(high)s
    WHERE d.programme_id = %(programme)s AND d.phase_id IS NULL AND d.bucket = k.key
)
ORDER BY k.key
"""


def reported_kinds(programme: Programme, unit: Unit) -> list[tuple[str, str]]:
    """(key, name) of what was ever reported at or below a node: what its sums have a row for."""
    asked = {"programme": programme.pk, "unit": unit.pk, "low": unit.lft, "high": unit.rgt}
    with replicas.connection().cursor() as cursor:
        cursor.execute(_KINDS, asked)
        return cursor.fetchall()


def declaration_for(programme: Programme, pk: int) -> Declaration | None:
    found = Declaration.objects.select_related(
        "unit__parent", "indicator", "phase", "programme__unit", "declared_by", "booked_phase"
    )
    return found.filter(programme=programme, pk=pk).first()


def to_confirm(programme: Programme, unit: Unit) -> QuerySet[Declaration]:
    """What waits for a unit: of those directly below, and its own where it runs the programme."""
    wanted = Q(parent=unit) & ~Q(pk=programme.unit_id)
    if unit.pk == programme.unit_id:
        wanted |= Q(pk=unit.pk)
    whose = Unit.objects.filter(wanted).order_by().values("pk")
    found = Declaration.objects.filter(unit__in=whose, programme=programme, state=DeclarationState.DECLARED)
    # Few tables joined: past eight the planner no longer chooses where to begin.
    found = found.select_related("unit__parent", "indicator", "phase", "declared_by")
    return found.order_by("pk")


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
