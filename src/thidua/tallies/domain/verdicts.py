"""Evaluate initiatives in every programme in scope and book what changed, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation

from thidua.initiatives.models import Authorship, Initiative, Recognition
from thidua.kernel import clock
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Employer
from thidua.orgs.models import Unit
from thidua.tallies import queries
from thidua.tallies.choices import Reason
from thidua.tallies.domain import bookings, heads
from thidua.tallies.domain.bookings import NOTHING, Booked, Sum
from thidua.tallies.models import Entry
from thidua.tallies.queries.scopes import scopes
from thidua.tallies.rules import MENDABLE, Facts, Ruling, decide


@dataclass(frozen=True)
class Authors:
    """Who made it: their ids, the groups among them, and the grassroots union it belongs to."""

    people: tuple[int, ...]
    groups: tuple[str, ...]
    grassroots: Unit | None


@dataclass(frozen=True)
class Change:
    """A verdict that differs from what is booked."""

    entry: Entry
    before: Booked
    after: Booked

    @property
    def is_turned(self) -> bool:
        """It was weighed before, and counts now or counts no more."""
        return self.before is not NOTHING and self.before.is_counted != self.after.is_counted

    @property
    def is_told(self) -> bool:
        """News is what begins or ends to count, and what shuts it out; what is still to come is no news."""
        if self.before.is_counted != self.after.is_counted:
            return True
        firm = set(self.after.reasons) - MENDABLE
        return self.before is not NOTHING and bool(firm) and firm != set(self.before.reasons) - MENDABLE


COUNTING = acts.System("Hệ thống tính sáng kiến")
BOOKED = [f.name for f in Entry._meta.concrete_fields if f.name not in ("id", "initiative", "programme")]


def evaluate(initiative_id: int) -> None:
    evaluate_many([initiative_id])


@transaction.atomic
def evaluate_many(initiative_ids: Iterable[int]) -> list[Change]:
    """Bring the entries of initiatives in line with their facts, in a fixed number of statements; what changed.

    Safe to repeat, safe in parallel: initiatives, then people, then unions are locked, each in one order.
    """
    held = Recognition.objects.filter(initiative=OuterRef("pk"), revoked_on__isnull=True)
    locked = Initiative.objects.filter(pk__in=list(initiative_ids)).select_for_update(of=("self",))
    initiatives = list(locked.select_related("unit", "handler").annotate(is_held=Exists(held)).order_by("pk"))
    changes = _changes(initiatives) if initiatives else []
    _book(changes)
    return changes


def _changes(initiatives: Sequence[Initiative]) -> list[Change]:
    entries: defaultdict[int, dict[int, Entry]] = defaultdict(dict)
    for entry in Entry.objects.filter(initiative__in=initiatives):
        entries[entry.initiative_id][entry.programme_id] = entry
    lines = org_queries.lines_up(i.unit for i in initiatives)
    booked = {pk for own in entries.values() for pk in own}
    where = scopes([(i.unit, i.filed_on) for i in initiatives], lines_today=lines, also=booked)
    authors = _authors(initiatives, org_queries.grassroots_among(lines))
    found = []
    for initiative in initiatives:
        facts = queries.facts_of(initiative, is_recognised=initiative.is_held)  # type: ignore[attr-defined]
        scope, own = where[initiative.unit_id, initiative.filed_on], entries[initiative.pk]
        for programme in {*scope.programmes, *(scope.known[pk] for pk in own)}:
            ruling = decide(queries.facts_in(facts, programme, scope), queries.rules_of(programme))
            had = own.get(programme.pk)
            before = bookings.of_entry(had) if had else NOTHING
            entry = had or Entry()
            entry.initiative, entry.programme = initiative, programme
            _fill(entry, initiative, ruling, facts, authors[initiative.pk])
            after = bookings.of_entry(entry)
            if before != after:
                found.append(Change(entry, before, after))
    return found


def _authors(initiatives: Sequence[Initiative], unions: Mapping[int, Unit | None]) -> dict[int, Authors]:
    rows: defaultdict[int, list[tuple[int, bool, bool]]] = defaultdict(list)  # person, direct worker, woman
    found = Authorship.objects.filter(initiative__in=initiatives, person__isnull=False).order_by("position")
    for author in found.select_related("person"):
        if person := author.person:
            rows[author.initiative_id].append((person.pk, person.is_direct_worker, bool(person.is_woman)))
    return {
        i.pk: Authors(
            tuple(row[0] for row in rows[i.pk]),
            tuple(g for g, place in (("direct", 1), ("women", 2)) if any(row[place] for row in rows[i.pk])),
            unions[i.unit_id],
        )
        for i in initiatives
    }


def _fill(entry: Entry, initiative: Initiative, ruling: Ruling, facts: Facts, authors: Authors) -> None:
    entry.unit = initiative.unit
    entry.phase_id = ruling.phase_id
    entry.is_counted = ruling.is_counted
    entry.is_filed = facts.state not in ("draft", "withdrawn")
    entry.is_recognised = facts.is_recognised
    entry.reasons = [str(r.value) for r in ruling.reasons]
    entry.benefit = _benefit(initiative)
    entry.kind = initiative.kind
    entry.people = list(authors.people)
    entry.groups = list(authors.groups)
    entry.grassroots = authors.grassroots
    entry.employer = _employer(initiative.unit, authors.grassroots)
    entry.filed_on = initiative.filed_on
    entry.evaluated_at = clock.now()


def _book(changes: list[Change]) -> None:
    """Entries, what they put into the sums, heads that count once, and a line in the ledger."""
    if not changes:
        return
    Entry.objects.bulk_create(
        [change.entry for change in changes],
        update_conflicts=True,
        unique_fields=["initiative", "programme"],
        update_fields=BOOKED,
    )
    moved = [(c.entry.programme_id, c.before, c.after) for c in changes]
    sums: Counter[Sum] = Counter()
    for programme_id, before, after in moved:
        for sign, booked in ((-1, before), (1, after)):
            for place, amount in bookings.spread(booked).items():
                sums[programme_id, *place] += sign * amount
    sums.update(heads.move_people(moved))
    sums.update(heads.move_units(moved))
    bookings.post_all(sums)
    news = [c for c in changes if c.is_told]
    originals = queries.originals_of((c.entry.initiative for c in news), None)
    for is_counted, kind in ((True, "tallies.entry.counted"), (False, "tallies.entry.not_counted")):
        told = [_told(c, originals) for c in news if c.after.is_counted is is_counted]
        acts.record_many(kind, told, by=COUNTING)


def _told(change: Change, originals: queries.Originals) -> acts.Told:
    before, after = change.before, change.after
    return acts.Told(
        change.entry.initiative,
        before={"counted": before.is_counted, "reasons": list(before.reasons)},
        after={
            "counted": after.is_counted,
            "reasons": list(after.reasons),
            "programme": f"{change.entry.programme} – {change.entry.programme.unit.short_name}",
            "why": _why(change, originals),
        },
    )


def _why(change: Change, originals: queries.Originals) -> str:
    """In the language the ledger is kept in, whoever was signed in."""
    entry = change.entry
    case = queries.Case(entry.programme, entry.initiative, entry.phase_id, originals)
    with translation.override(settings.LANGUAGE_CODE):
        return "; ".join(map(str, queries.explain(case, [Reason(r) for r in change.after.reasons])))


def _benefit(initiative: Initiative) -> int:
    confirmed = initiative.benefit_confirmed
    return confirmed if confirmed is not None else (initiative.benefit_stated or 0)


def _employer(unit: Unit, grassroots: Unit | None) -> str:
    """A section works where its grassroots union is, unless it says otherwise itself."""
    own = unit.employer if unit.employer != Employer.NONE else ""
    return own or (grassroots.employer if grassroots and grassroots.employer != Employer.NONE else "")
