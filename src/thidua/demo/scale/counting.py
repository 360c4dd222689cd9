"""Verdicts by the rules of counting, and everything that rests on them, set by set."""

# ruff: noqa: S608 - statements are composed of our own words only
from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from thidua.demo.scale import bulk
from thidua.demo.scale.bulk import Progress
from thidua.demo.scale.sizes import Size
from thidua.kernel import clock
from thidua.programmes.models import Programme
from thidua.tallies import queries
from thidua.tallies.domain import recounts
from thidua.tallies.models import Daily, Effort, Entry, Participation, Tally
from thidua.tallies.rules import MOST_STEPS, Facts, Rules, decide

_CREDIT = """
    CREATE TEMP TABLE scale_credit AS
    SELECT a.initiative_id AS id, array_agg(p.id ORDER BY a.position) AS people,
        array_remove(ARRAY[CASE WHEN bool_or(p.is_direct_worker) THEN 'direct' END,
            CASE WHEN bool_or(p.is_woman) THEN 'women' END], NULL)::varchar(10)[] AS groups
    FROM initiatives_authorship a JOIN people_person p ON p.id = a.person_id GROUP BY 1
"""
_NEVER = "coalesce({}, date '0001-01-01')"
_KEY = ("state", "applied", "filed", "recognised", "protected", "breaches", "duplicate", "late")
_FACT = """
    SELECT i.id, i.unit_id, i.state, {applied} AS applied, {filed} AS filed, r.id IS NOT NULL AS recognised,
        i.is_ip_protected AS protected, i.breaches_order AS breaches, i.duplicate_of_id IS NOT NULL AS duplicate,
        coalesce(i.due_on < date '{today}', false) AS late, i.filed_on, i.kind, i.concluded_on, i.created_at,
        coalesce(i.benefit_confirmed, i.benefit_stated, 0) AS benefit
    FROM initiatives_initiative i
    JOIN orgs_unit u ON u.id = i.unit_id AND u.lft BETWEEN {lft} AND {rgt}
    LEFT JOIN LATERAL (SELECT id FROM initiatives_recognition WHERE initiative_id = i.id AND revoked_on IS NULL LIMIT 1)
        r ON i.state IN ('recognised', 'revoked')
"""
_RULING = """
    CREATE TEMP TABLE scale_ruling (state text, applied date, filed date, recognised bool, protected bool,
        breaches bool, duplicate bool, late bool, phase bigint, reasons varchar(30)[])
"""
_DRAWN = (
    "scale_fact f JOIN scale_ruling r USING (state, applied, filed, recognised, protected, breaches, duplicate, late)"
)


def evaluate(size: Size, programmes: list[Programme], progress: Progress) -> None:
    """Entries of every programme, who and which unions take part, the sums of every node."""
    bulk.run(_CREDIT)
    bulk.run("CREATE UNIQUE INDEX ON scale_credit (id)")
    bulk.analyze("scale_credit")
    with bulk.bare(Entry, progress=progress):
        for programme in programmes:
            _entries(programme)
            progress(f"verdicts: {programme.unit.short_name}")
    with bulk.bare(Participation, Effort, progress=progress):
        for programme in programmes:
            _people(programme)
            _unions(programme)
    progress("people, unions")
    with bulk.bare(Daily, Tally, progress=progress):
        for programme in programmes:
            if size.is_detailed:
                _days(programme)
            _sums(programme, progress, with_days=not size.is_detailed)
            progress(f"sums: {programme.unit.short_name}")
    progress("sums indexed")


def _sums(programme: Programme, progress: Progress, *, with_days: bool) -> None:
    """Every node's sums, as a rebuild counts them; `with_days`: all booked today, as a rebuild does."""
    recounts.leaves(programme)
    progress.meanwhile("counted at each unit")
    recounts.raise_up()
    progress.meanwhile("added up, level by level")
    recounts.write_sums(programme)
    progress.meanwhile("sums written")
    if with_days:
        source = "SELECT phase_id, unit_id, measure, bucket, amount FROM tally_leaf WHERE bucket NOT LIKE 'week:%%'"
        bulk.run(f"{_KEEP} SELECT {programme.pk}, date '{clock.today()}', l.* FROM ({source}) l")
    recounts.forget()


def _entries(programme: Programme) -> None:
    bulk.run("DROP TABLE IF EXISTS pg_temp.scale_fact, pg_temp.scale_ruling")
    given = {"lft": programme.unit.lft, "rgt": programme.unit.rgt, "today": clock.today()}
    given |= {"applied": _NEVER.format("i.first_applied_on"), "filed": _NEVER.format("i.filed_on")}
    bulk.run(f"CREATE TEMP TABLE scale_fact AS {_FACT.format(**given)}")
    bulk.run(_RULING)
    rulings = list(_rulings(programme))
    bulk.copy("scale_ruling", f"{', '.join(_KEY)}, phase, reasons", rulings)
    bulk.analyze("scale_fact", "scale_ruling")
    bulk.insert(
        Entry,
        {
            "initiative_id": "f.id",
            "programme_id": "%(programme)s",
            "unit_id": "f.unit_id",
            "phase_id": "r.phase",
            "is_counted": "r.reasons = '{}'",
            "is_filed": "f.state NOT IN ('draft', 'withdrawn')",
            "is_recognised": "f.recognised",
            "reasons": "r.reasons",
            "benefit": "f.benefit",
            "kind": "f.kind",
            "employer": "CASE h.employer WHEN 'none' THEN '' ELSE h.employer END",
            "groups": "c.groups",
            "grassroots_id": "h.grassroots",
            "people": "c.people",
            "filed_on": "f.filed_on",
            "evaluated_at": "coalesce(f.concluded_on::timestamptz, f.created_at)",
        },
        f"{_DRAWN} JOIN scale_credit c ON c.id = f.id JOIN scale_home h ON h.unit = f.unit_id ORDER BY f.id",
        programme=programme.pk,
    )


def _rulings(programme: Programme) -> Iterator[tuple]:
    """What the rules say of every combination of facts that occurs."""
    rules: Rules = queries.rules_of(programme)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {', '.join(_KEY)} FROM scale_fact")
        for row in cursor.fetchall():
            state, applied, filed, recognised, protected, breaches, duplicate, late = row
            facts = Facts(
                state=state,
                first_applied_on=None if applied.year == 1 else applied,
                filed_on=None if filed.year == 1 else filed,
                is_recognised=recognised,
                is_ip_protected=protected,
                breaches_order=breaches,
                is_duplicate=duplicate,
                is_in_scope=True,  # every unit has stood where it stands since it was founded
                is_supplement_late=late,
            )
            ruling = decide(facts, rules)
            yield (*row, ruling.phase_id, [str(reason.value) for reason in ruling.reasons])


_COUNTED = """
    (SELECT e.unit_id, person, v.phase_id
     FROM tallies_entry e CROSS JOIN LATERAL unnest(e.people) AS person
     CROSS JOIN LATERAL (SELECT NULL::bigint AS phase_id UNION ALL SELECT e.phase_id) v
     WHERE e.programme_id = %(programme)s AND e.is_counted) c JOIN people_person p ON p.id = c.person
    GROUP BY c.phase_id, c.person, p.is_direct_worker, p.is_woman
"""


def _people(programme: Programme) -> None:
    bulk.insert(
        Participation,
        {
            "programme_id": "%(programme)s",
            "phase_id": "c.phase_id",
            "person_id": "c.person",
            "unit_id": "min(c.unit_id)",
            "is_direct_worker": "p.is_direct_worker",
            "is_woman": "coalesce(p.is_woman, false)",
            "entries": "count(*)",
        },
        _COUNTED,
        programme=programme.pk,
    )


_UNIONS = """
    (SELECT e.grassroots_id, e.is_filed, e.is_counted, v.phase_id FROM tallies_entry e
     CROSS JOIN LATERAL (SELECT NULL::bigint AS phase_id UNION SELECT e.phase_id) v
     WHERE e.programme_id = %(programme)s AND e.grassroots_id IS NOT NULL) c
    GROUP BY c.phase_id, c.grassroots_id HAVING count(*) FILTER (WHERE c.is_filed OR c.is_counted) > 0
"""


def _unions(programme: Programme) -> None:
    counted = {"filed": "count(*) FILTER (WHERE c.is_filed)", "counted": "count(*) FILTER (WHERE c.is_counted)"}
    own = {"programme_id": "%(programme)s", "phase_id": "c.phase_id", "unit_id": "c.grassroots_id"}
    bulk.insert(Effort, {**own, **counted}, _UNIONS, programme=programme.pk)


# The day a verdict was booked: of the decision, else of the filing.
_BOOKED = """
    CREATE TEMP TABLE scale_booked AS
    SELECT e.*, e.on_day AS day, e.id AS number FROM (
        SELECT e.*, coalesce(i.concluded_on, i.filed_on, i.created_at::date) AS on_day FROM tallies_entry e
        JOIN initiatives_initiative i ON i.id = e.initiative_id WHERE e.programme_id = {programme}) e
"""
_PHASES = "CROSS JOIN LATERAL (SELECT NULL::bigint AS phase UNION SELECT b.phase_id) v"
_DAYS = (
    """unit_id, m.measure, m.bucket, sum(m.amount) FROM scale_booked b {phases} CROSS JOIN LATERAL (VALUES
        ('filed', '', is_filed::int::bigint), ('recognised', '', is_recognised::int), ('counted', '', is_counted::int),
        ('benefit', '', CASE WHEN is_counted THEN benefit ELSE 0 END),
        ('filed', 'year:' || extract(year FROM filed_on)::int, (is_filed AND filed_on IS NOT NULL)::int),
        ('counted', 'year:' || extract(year FROM filed_on)::int, (is_counted AND filed_on IS NOT NULL)::int),
        ('counted', 'kind:' || kind, is_counted::int),
        ('counted', 'at:' || employer, (is_counted AND employer <> '')::int)) AS m(measure, bucket, amount)
        WHERE m.amount <> 0 GROUP BY 2, 3, 4, 5, 6""",
    """unit_id, 'filed', 'why:' || m, count(*) FROM scale_booked b {phases} CROSS JOIN LATERAL unnest(reasons) AS m
        WHERE is_filed GROUP BY 2, 3, 4, 5, 6""",
    """unit_id, 'counted', 'group:' || m, count(*) FROM scale_booked b {phases} CROSS JOIN LATERAL unnest(groups) AS m
        WHERE is_counted GROUP BY 2, 3, 4, 5, 6""",
)
# A person or a union counts from its first; the k-th counted one makes "at least k".
_FIRSTS = (
    """SELECT f.day, f.phase, f.unit_id, m.measure, '', count(*) FROM (
        SELECT min(b.day) AS day, v.phase, min(b.unit_id) AS unit_id, person FROM scale_booked b
        CROSS JOIN LATERAL unnest(b.people) AS person {phases} WHERE b.is_counted GROUP BY v.phase, person) f
        JOIN people_person p ON p.id = f.person CROSS JOIN LATERAL (VALUES ('people', true),
        ('direct_people', p.is_direct_worker), ('women', p.is_woman)) AS m(measure, holds)
        WHERE m.holds GROUP BY 1, 2, 3, 4""",
    """SELECT min(day), phase, grassroots_id, 'units', 'filed', 1 FROM scale_booked b {phases}
        WHERE is_filed AND grassroots_id IS NOT NULL GROUP BY 2, 3""",
    """SELECT day, phase, grassroots_id, 'units', 'least:' || k, 1 FROM (
        SELECT day, phase, grassroots_id,
            row_number() OVER (PARTITION BY phase, grassroots_id ORDER BY day, number) AS k
        FROM scale_booked b {phases} WHERE is_counted AND grassroots_id IS NOT NULL) r WHERE k <= {steps}""",
)
_KEEP = "INSERT INTO tallies_daily (programme_id, day, phase_id, unit_id, measure, bucket, amount) "


def _days(programme: Programme) -> None:
    """The same numbers once more, by the day each was booked; `tally verify` compares both."""
    bulk.run("DROP TABLE IF EXISTS pg_temp.scale_booked")
    bulk.run(_BOOKED.format(programme=programme.pk))
    bulk.analyze("scale_booked")
    for statement in _DAYS:
        rows = statement.format(phases=_PHASES)
        bulk.run(f"{_KEEP} SELECT {programme.pk}, day, v.phase, {rows}")
    for statement in _FIRSTS:
        rows = statement.format(phases=_PHASES, steps=MOST_STEPS)
        bulk.run(f"{_KEEP} SELECT {programme.pk}, f.* FROM ({rows}) f")
