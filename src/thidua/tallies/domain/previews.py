"""What a change of a programme's rules would do, told before it is made: who gains, who loses, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from thidua.programmes.models import Programme
from thidua.tallies import queries
from thidua.tallies.choices import Reason
from thidua.tallies.models import Entry
from thidua.tallies.rules import Facts, Rules, Ruling, decide

SHOWN = 100


@dataclass(frozen=True)
class Shift:
    """One initiative whose verdict would change."""

    code: str
    title: str
    unit: str
    was: tuple[Reason, ...]
    becomes: tuple[Reason, ...]
    from_phase: str
    to_phase: str

    @property
    def reason_labels(self) -> list[str]:
        """Why it is out: after the change for those that lose, before it for those that gain."""
        return [str(r.label) for r in (self.becomes or self.was)]


@dataclass
class Difference:
    """Sums are whole; rows are shown up to a bound."""

    seen: int = 0
    gained: int = 0
    lost: int = 0
    moved: int = 0  # counted before and after, in another phase
    reworded: int = 0  # not counted either way, for other reasons
    gains: list[Shift] = field(default_factory=list)
    losses: list[Shift] = field(default_factory=list)
    moves: list[Shift] = field(default_factory=list)
    by_unit: Counter[str] = field(default_factory=Counter)  # net change

    @property
    def is_any(self) -> bool:
        return bool(self.gained or self.lost or self.moved or self.reworded)

    @property
    def units(self) -> list[tuple[str, int]]:
        return sorted(((u, n) for u, n in self.by_unit.items() if n), key=lambda row: (-abs(row[1]), row[0]))[:SHOWN]


def difference(programme: Programme, proposed: Rules, *, phases: dict[int, str] | None = None) -> Difference:
    """Every entry of a programme under proposed rules, against what is booked. Nothing is written.

    `phases` names the proposed phases that are not the programme's own.
    """
    names = {p.pk: p.name for p in programme.phases.all()}
    found = Difference()
    for entry, facts in _facts_of(programme):
        found.seen += 1
        _add(found, entry, decide(facts, proposed), names, {**names, **(phases or {})})
    return found


def _facts_of(programme: Programme) -> Iterator[tuple[Entry, Facts]]:
    """One query in pages, however many entries there are."""
    rows: QuerySet[Entry] = Entry.objects.filter(programme=programme).select_related("initiative__unit", "phase")
    for entry in rows.order_by("pk").iterator(chunk_size=2000):
        yield entry, queries.facts_booked(entry)


def _add(found: Difference, entry: Entry, ruling: Ruling, old: dict[int, str], new: dict[int, str]) -> None:
    was, becomes = tuple(Reason(r) for r in entry.reasons), ruling.reasons
    before = old.get(entry.phase_id or 0, "")
    after = new.get(ruling.phase_id or 0, "")
    initiative = entry.initiative
    shift = Shift(initiative.code, initiative.title, initiative.unit.short_name, was, becomes, before, after)
    if ruling.is_counted and not entry.is_counted:
        found.gained += 1
        found.by_unit[shift.unit] += 1
        rows = found.gains
    elif entry.is_counted and not ruling.is_counted:
        found.lost += 1
        found.by_unit[shift.unit] -= 1
        rows = found.losses
    elif ruling.is_counted and before != after:
        found.moved += 1
        rows = found.moves
    else:
        found.reworded += was != becomes
        return
    if len(rows) < SHOWN:
        rows.append(shift)


def of_amendment(copy: Programme) -> tuple[Programme, Difference] | None:
    """What issuing an amended programme would change; None when it amends nothing that counts."""
    origin = copy.origin
    if origin is None or not (origin.counts_initiatives or copy.counts_initiatives):
        return None
    proposed = queries.rules_of(copy)
    if not copy.counts_initiatives:
        proposed = replace(proposed, phases=())
    # A phase that stays is the one of the same kind and place: it keeps its identity, so its name is compared.
    own = {(p.kind, p.position): p for p in origin.phases.all()}
    names = {p.pk: own[p.kind, p.position].name if (p.kind, p.position) in own else p.name for p in copy.phases.all()}
    return origin, difference(origin, proposed, phases=names)
