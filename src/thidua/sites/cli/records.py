"""`thidua records verify`: what must be true of every record together, live or generated."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator

SHOWN, SAMPLED, FOUND_AGAIN = 20, 1000, 200
# What is wrong, and the rows in which it is; each statement gives one text a row.
CHECKS = (
    (
        "unit outside the interval of the unit above it",
        (
            "SELECT c.code FROM orgs_unit c JOIN orgs_unit p ON p.id = c.parent_id "
            "WHERE NOT (c.lft > p.lft AND c.rgt <= p.rgt AND c.depth = p.depth + 1)"
        ),
    ),
    (
        "unit whose interval overlaps that of a sister",
        (
            "SELECT code FROM (SELECT code, lft, lag(rgt) OVER (PARTITION BY parent_id ORDER BY lft) AS before "
            "FROM orgs_unit) u WHERE lft <= before"
        ),
    ),
    (
        "person whose home is not that of today's membership",
        (
            "SELECT code FROM people_person p WHERE left_on IS NULL AND merged_into_id IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM people_membership m WHERE m.person_id = p.id AND m.unit_id = p.unit_id AND upper_inf(m.valid))"
        ),
    ),
    (
        "shares of a filed initiative that are not 100 % together",
        (
            "SELECT i.code FROM initiatives_initiative i LEFT JOIN (SELECT initiative_id, sum(share) AS whole "
            "FROM initiatives_authorship GROUP BY 1) a ON a.initiative_id = i.id "
            "WHERE i.state NOT IN ('draft', 'withdrawn') AND coalesce(a.whole, 0) <> 100"
        ),
    ),
    (
        "initiative whose state is not that of its last act",
        (
            "SELECT i.code FROM initiatives_initiative i CROSS JOIN LATERAL (SELECT after ->> 'state' AS state "
            "FROM ledger_act WHERE subject_type = 'initiatives.initiative' AND subject_id = i.id AND after ? 'state' "
            "ORDER BY id DESC LIMIT 1) a WHERE a.state <> i.state"
        ),
    ),
    (
        "filed initiative without an act",
        (
            "SELECT i.code FROM initiatives_initiative i WHERE i.filed_on IS NOT NULL AND NOT EXISTS (SELECT 1 "
            "FROM ledger_act a WHERE a.subject_type = 'initiatives.initiative' AND a.subject_id = i.id)"
        ),
    ),
    (
        "initiative recognised without a decision in force, or not recognised with one",
        (
            "SELECT i.code FROM initiatives_initiative i LEFT JOIN (SELECT DISTINCT initiative_id "
            "FROM initiatives_recognition WHERE revoked_on IS NULL) r ON r.initiative_id = i.id "
            "WHERE (i.state = 'recognised') <> (r.initiative_id IS NOT NULL)"
        ),
    ),
    (
        "verdict that counts what the rules exclude",
        (
            "SELECT e.id::text FROM tallies_entry e JOIN initiatives_initiative i ON i.id = e.initiative_id "
            "WHERE e.is_counted AND (i.state IN ('draft', 'withdrawn', 'refused', 'revoked') OR i.is_ip_protected "
            "OR i.breaches_order OR i.duplicate_of_id IS NOT NULL)"
        ),
    ),
    (
        "search document of what is not in the library",
        (
            "SELECT i.code FROM search_document d JOIN initiatives_initiative i ON i.id = d.initiative_id "
            "WHERE i.state IN ('draft', 'withdrawn') OR ('p:1' = ANY(d.places)) <> "
            "(i.state = 'recognised' AND i.disclosure = 'public')"
        ),
    ),
)


def add_commands(commands: argparse._SubParsersAction) -> None:
    records = commands.add_parser("records", help="kiểm tra dữ liệu khớp nhau (check that records agree)")
    verbs = records.add_subparsers(required=True, metavar="verify")
    verbs.add_parser("verify").set_defaults(run=verify, needs_database=True)


def verify(_arguments: argparse.Namespace) -> int:
    """Exit 1 and name what does not agree, at most twenty of each."""
    from thidua.search.domain import checking

    faults = [*_by_sets(), *_by_sample(), *checking.faults(FOUND_AGAIN)]
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stderr.write(f"{len(faults)} sai lệch (faults)\n")
    return 1 if faults else 0


def _by_sets() -> Iterator[str]:
    from django.db import connection

    from thidua.kernel import clock
    from thidua.orgs.domain import strengths

    for what, statement in (*CHECKS, ("unit whose members are not those declared in it and below", strengths.WRONG)):
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} LIMIT {SHOWN}", {"day": clock.today()})
            yield from (f"{what}: {found}" for (found,) in cursor.fetchall())


def _by_sample() -> Iterator[str]:
    """Some verdicts, decided anew from their facts."""
    from django.db.models import Max

    from thidua.tallies import queries
    from thidua.tallies.models import Entry
    from thidua.tallies.queries.scopes import scope_of
    from thidua.tallies.rules import decide

    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    wanted = random.SystemRandom().sample(range(1, last + 1), min(SAMPLED, last))
    rows = Entry.objects.filter(pk__in=wanted).select_related("initiative__unit", "programme__unit")
    for entry in rows.prefetch_related("programme__phases"):
        initiative, programme = entry.initiative, entry.programme
        scope = scope_of(initiative.unit, initiative.filed_on, also=[programme.pk])
        facts = queries.facts_in(queries.facts_of(initiative), programme, scope)
        ruling = decide(facts, queries.rules_of(programme))
        if (ruling.phase_id, sorted(ruling.reasons)) != (entry.phase_id, sorted(entry.reasons)):
            yield f"verdict of {programme.code} on {initiative.code}: {entry.reasons} kept, {[*ruling.reasons]} decided"
