"""What a change of a programme's rules would do, told before it is made: who gains, who loses, and why.

Dossiers are ruled on a group at a time: those whose facts the proposed rules cannot tell apart, counted by the
database. So the nation's trial costs a few reads, not a decision for each of millions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, Count, DateField, Func, IntegerField, Min, Q, QuerySet, Value, When

from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Programme
from thidua.tallies import queries
from thidua.tallies.choices import Reason
from thidua.tallies.models import Entry
from thidua.tallies.queries.sentences import Sentence
from thidua.tallies.rules import Facts, Rules, Ruling, decide

SHOWN = 100
AT_ONCE = 1000
GAINED, LOST, MOVED = "gained", "lost", "moved"

_ITEM = "initiative__"
# What the rules look at, as the database groups by it; the days of the two dates only as far as rules tell them apart.
_FACTS = (
    *(f"{_ITEM}{name}" for name in ("state", "is_ip_protected", "breaches_order")),
    *("is_recognised", "is_duplicate", "is_late", "applied_in", "filed_in", "phase_id", "reasons"),
)
Group = dict[str, Any]


@dataclass(frozen=True)
class Shift:
    """One initiative whose verdict would change."""

    code: str
    title: str
    unit: str
    was: tuple[Reason, ...]
    becomes: tuple[Reason, ...]
    was_said: list[Sentence]
    becomes_said: list[Sentence]
    from_phase: str
    to_phase: str


@dataclass(frozen=True)
class UnitShift:
    """What a unit would gain and lose of its own dossiers."""

    name: str
    gained: int
    lost: int

    @property
    def net(self) -> int:
        return self.gained - self.lost


@dataclass
class Difference:
    """Sums are whole; rows are read when asked for."""

    trial: Trial
    seen: int = 0
    reworded: int = 0  # not counted either way, for other reasons
    changed: dict[str, list[tuple[Group, Ruling]]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def gained(self) -> int:
        return self.counts[GAINED]

    @property
    def lost(self) -> int:
        return self.counts[LOST]

    @property
    def moved(self) -> int:
        """Counted before and after, in another phase."""
        return self.counts[MOVED]

    @property
    def is_any(self) -> bool:
        return bool(self.gained or self.lost or self.moved or self.reworded)

    @cached_property
    def gains(self) -> list[Shift]:
        return list(self.shifts(GAINED, SHOWN))

    @cached_property
    def losses(self) -> list[Shift]:
        return list(self.shifts(LOST, SHOWN))

    @cached_property
    def moves(self) -> list[Shift]:
        return list(self.shifts(MOVED, SHOWN))

    def shifts(self, direction: str, most: int) -> Iterator[Shift]:
        """The dossiers of one direction in their order, read a stretch at a time."""
        changed = self.changed[direction]
        return self.trial.shifts(changed, most) if changed else iter(())

    @cached_property
    def all_units(self) -> list[UnitShift]:
        """Every unit that gains or loses, the most first."""
        gained, lost = (self.trial.by_unit(self.changed[way]) for way in (GAINED, LOST))
        names = dict(Unit.objects.filter(pk__in={*gained, *lost}).values_list("pk", "short_name"))
        rows = [UnitShift(name, gained[pk], lost[pk]) for pk, name in names.items()]
        return sorted(rows, key=lambda u: (-u.gained - u.lost, u.name))

    @property
    def units(self) -> list[UnitShift]:
        return self.all_units[:SHOWN]


def difference(
    programme: Programme, proposed: Rules, *, phases: dict[int, str] | None = None, reader: Person | None = None
) -> Difference:
    """Every entry of a programme under proposed rules, against what is booked. Nothing is written.

    `phases` names the proposed phases that are not the programme's own; `reader` is who is told.
    """
    trial = Trial(programme, proposed, phases or {}, reader)
    found = Difference(trial)
    for group in trial.groups():
        found.seen += group["n"]
        ruling = decide(_facts_of(group), proposed)
        direction = trial.direction(group, ruling)
        if direction:
            found.changed[direction].append((group, ruling))
            found.counts[direction] += group["n"]
        elif tuple(Reason(r) for r in group["reasons"]) != ruling.reasons:
            found.reworded += group["n"]
    return found


@dataclass(frozen=True)
class Trial:
    """Other rules beside the entries of a programme."""

    programme: Programme
    proposed: Rules
    phases: dict[int, str]
    reader: Person | None

    @cached_property
    def names(self) -> dict[int, str]:
        return {p.pk: p.name for p in self.programme.phases.all()}

    def entries(self) -> QuerySet[Entry]:
        """With what the proposed rules look at."""
        days = Value(_boundaries(self.proposed), output_field=ArrayField(DateField()))
        return Entry.objects.filter(programme=self.programme).annotate(
            applied_in=_stretch_of("first_applied_on", days),
            filed_in=_stretch_of("filed_on", days),
            is_duplicate=_whether(Q(initiative__duplicate_of__isnull=False)),
            is_late=_whether(Q(initiative__due_on__lt=clock.today())),
        )

    def groups(self) -> Iterable[Group]:
        grouped = self.entries().values(*_FACTS).order_by()
        return grouped.annotate(n=Count("pk"), applied=Min(f"{_ITEM}first_applied_on"), filed=Min(f"{_ITEM}filed_on"))

    def direction(self, group: Group, ruling: Ruling) -> str:
        was = not group["reasons"]
        if was != ruling.is_counted:
            return GAINED if ruling.is_counted else LOST
        return MOVED if was and self.before(group["phase_id"]) != self.after(ruling) else ""

    def before(self, phase_id: int | None) -> str:
        return self.names.get(phase_id or 0, "")

    def after(self, ruling: Ruling) -> str:
        return {**self.names, **self.phases}.get(ruling.phase_id or 0, "")

    def by_unit(self, changed: Sequence[tuple[Group, Ruling]]) -> Counter[int]:
        if not changed:
            return Counter()
        rows = self.entries().filter(_any_of(changed)).order_by().values("unit_id").annotate(n=Count("pk"))
        return Counter(dict(rows.values_list("unit_id", "n")))

    def shifts(self, changed: Sequence[tuple[Group, Ruling]], most: int) -> Iterator[Shift]:
        rulings = {_key(group): ruling for group, ruling in changed}
        rows = self.entries().filter(_any_of(changed)).order_by("pk")
        rows = rows.select_related("initiative__unit", "initiative__handler")[:most]
        reading = rows.iterator(chunk_size=AT_ONCE)
        while stretch := list(islice(reading, AT_ONCE)):
            originals = queries.originals_of((e.initiative for e in stretch), self.reader)
            for entry in stretch:
                yield self._shift(entry, rulings[_key_of(entry)], originals)

    def _shift(self, entry: Entry, ruling: Ruling, originals: queries.Originals) -> Shift:
        item, was = entry.initiative, tuple(Reason(r) for r in entry.reasons)
        held = queries.Case(self.programme, item, entry.phase_id, originals)
        tried = queries.Case(self.programme, item, ruling.phase_id, originals, self.proposed)
        said = queries.explain(held, was), queries.explain(tried, ruling.reasons)
        places = self.before(entry.phase_id), self.after(ruling)
        return Shift(item.code, item.title, item.unit.short_name, was, ruling.reasons, *said, *places)


def _boundaries(rules: Rules) -> list[date]:
    """The days on which the rules begin to say something else."""
    opens = [rules.eligible_from, *(day for p in rules.phases for day in (p.starts_on, p.eligible_from))]
    closes = [rules.eligible_to, *(day for p in rules.phases for day in (p.ends_on, p.eligible_to))]
    return sorted({day for day in opens if day} | {day + timedelta(days=1) for day in closes if day})


def _stretch_of(name: str, days: Value) -> Func:
    """Between which of these days a date lies."""
    return Func(_ITEM + name, days, function="width_bucket", output_field=IntegerField())


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _facts_of(group: Group) -> Facts:
    """Recognition and scope as they are booked; the dates are the first of their stretch."""
    return Facts(
        state=group["initiative__state"],
        first_applied_on=group["applied"],
        filed_on=group["filed"],
        is_recognised=group["is_recognised"],
        is_ip_protected=group["initiative__is_ip_protected"],
        breaches_order=group["initiative__breaches_order"],
        is_duplicate=group["is_duplicate"],
        is_in_scope=Reason.OUT_OF_SCOPE not in group["reasons"],
        is_supplement_late=group["is_late"],
    )


def _key(group: Group) -> tuple[Any, ...]:
    return tuple(tuple(v) if isinstance(v := group[name], list) else v for name in _FACTS)


def _key_of(entry: Entry) -> tuple[Any, ...]:
    def value(name: str) -> Any:
        own = name.removeprefix(_ITEM)
        return getattr(entry.initiative if own != name else entry, own)

    return _key({name: value(name) for name in _FACTS})


def _any_of(changed: Sequence[tuple[Group, Ruling]]) -> Q:
    wanted = Q(pk__in=[])
    for group, _ruling in changed:
        known = {name: group[name] for name in _FACTS if group[name] is not None}
        unknown = {f"{name}__isnull": True for name in _FACTS if group[name] is None}
        wanted |= Q(**known, **unknown)
    return wanted


def of_amendment(copy: Programme, reader: Person | None = None) -> tuple[Programme, Difference] | None:
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
    return origin, difference(origin, proposed, phases=names, reader=reader)
