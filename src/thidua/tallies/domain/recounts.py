"""The slow truth, set by set: what every sum must be, from entries, people, units and reported results.

The same arithmetic as `bookings`, in the words of the database, so that a nation is recounted in minutes
and in bounded memory; a test compares the two row by row. Each programme is recounted into temporary
tables: `tally_leaf` (at each unit itself) and, where it has no sums yet, `tally_truth` (with everything
below it). Sums are right everywhere when each unit's own – its sum less those of its children – is right;
so what is kept is compared for some units at a time, in any order.
"""

# ruff: noqa: S608 - statements are composed of our own words only
from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection, models

from thidua.orgs.models import Unit
from thidua.programmes.models import Programme
from thidua.tallies.choices import DeclarationState
from thidua.tallies.domain.nodes import SUMS
from thidua.tallies.rules import MOST_STEPS

UNITS = 10_000  # compared at a time, with those directly below: a million rows at national size
_COLUMNS = "phase_id bigint, unit_id bigint, measure text, bucket text, amount bigint"
_TABLES = f"""
    DROP TABLE IF EXISTS pg_temp.tally_part, pg_temp.tally_leaf, pg_temp.tally_truth, pg_temp.tally_rise;
    CREATE TEMP TABLE tally_part ({_COLUMNS});
    CREATE TEMP TABLE tally_leaf ({_COLUMNS});
    CREATE TEMP TABLE tally_truth ({_COLUMNS});
    CREATE TEMP TABLE tally_rise (depth int, {_COLUMNS})
"""
_ONLY = "programme_id = %(programme)s AND unit_id BETWEEN %(first)s AND %(last)s"
_ENTRIES = f"FROM tallies_entry WHERE {_ONLY}"
# Of the entries, each kind of bucket by itself, so that no step holds more than a few rows a unit.
_PARTS = (
    f"""SELECT phase_id, unit_id, v.measure, '', v.amount FROM (
            SELECT phase_id, unit_id, count(*) FILTER (WHERE is_filed) AS filed,
                count(*) FILTER (WHERE is_recognised) AS recognised, count(*) FILTER (WHERE is_counted) AS counted,
                coalesce(sum(benefit) FILTER (WHERE is_counted), 0) AS benefit {_ENTRIES} GROUP BY 1, 2) e
        CROSS JOIN LATERAL (VALUES ('filed', filed), ('recognised', recognised), ('counted', counted),
            ('benefit', benefit)) AS v(measure, amount)""",
    f"""SELECT phase_id, unit_id, 'filed', 'why:' || reason, count(*)
        FROM (SELECT phase_id, unit_id, unnest(reasons) AS reason {_ENTRIES} AND is_filed) e GROUP BY 1, 2, 4""",
    f"""SELECT phase_id, unit_id, v.measure, 'week:' || to_char(monday, 'YYYY-MM-DD'), v.amount FROM (
            SELECT phase_id, unit_id, filed_on - (extract(isodow FROM filed_on)::int - 1) AS monday,
                count(*) FILTER (WHERE is_filed) AS filed, count(*) FILTER (WHERE is_counted) AS counted
            {_ENTRIES} AND filed_on IS NOT NULL GROUP BY 1, 2, 3) e
        CROSS JOIN LATERAL (VALUES ('filed', filed), ('counted', counted)) AS v(measure, amount)""",
    f"""SELECT phase_id, unit_id, v.measure, 'year:' || year, v.amount FROM (
            SELECT phase_id, unit_id, extract(year FROM filed_on)::int AS year,
                count(*) FILTER (WHERE is_filed) AS filed, count(*) FILTER (WHERE is_counted) AS counted
            {_ENTRIES} AND filed_on IS NOT NULL GROUP BY 1, 2, 3) e
        CROSS JOIN LATERAL (VALUES ('filed', filed), ('counted', counted)) AS v(measure, amount)""",
    f"""SELECT phase_id, unit_id, 'counted', 'kind:' || kind, count(*) {_ENTRIES} AND is_counted GROUP BY 1, 2, kind""",
    f"""SELECT phase_id, unit_id, 'counted', 'group:' || mark, count(*)
        FROM (SELECT DISTINCT id, phase_id, unit_id, unnest(groups) AS mark {_ENTRIES} AND is_counted) e GROUP BY 1, 2, 4""",
    f"""SELECT phase_id, unit_id, 'counted', 'at:' || employer, count(*)
        {_ENTRIES} AND is_counted AND employer <> '' GROUP BY 1, 2, employer""",
)
# What is counted in a phase counts in the programme as a whole, too.
_SPREAD = """
    INSERT INTO tally_leaf
    SELECT phase_id, unit_id, measure, bucket, amount FROM tally_part WHERE phase_id IS NOT NULL AND amount <> 0
    UNION ALL
    SELECT NULL, unit_id, measure, bucket, sum(amount) FROM tally_part GROUP BY 2, 3, 4 HAVING sum(amount) <> 0
"""
# These are kept for the whole and for each phase already.
_OTHERS = (
    f"""SELECT phase_id, unit_id, v.measure, '', v.amount FROM (
            SELECT phase_id, unit_id, count(*) AS people, count(*) FILTER (WHERE is_direct_worker) AS direct_people,
                count(*) FILTER (WHERE is_woman) AS women
            FROM tallies_participation WHERE {_ONLY} AND entries > 0 GROUP BY 1, 2) p
        CROSS JOIN LATERAL (VALUES ('people', people), ('direct_people', direct_people), ('women', women))
            AS v(measure, amount) WHERE v.amount <> 0""",
    f"""SELECT phase_id, unit_id, 'units', 'filed', 1
        FROM tallies_effort WHERE {_ONLY} AND filed > 0""",
    f"""SELECT phase_id, unit_id, 'units', 'least:' || k, 1 FROM tallies_effort
        CROSS JOIN LATERAL generate_series(1, least(counted, %(steps)s)) AS k WHERE {_ONLY}""",
    f"""SELECT v.phase_id, unit_id, 'reported', v.bucket, sum(booked) FROM tallies_declaration
        CROSS JOIN LATERAL (SELECT f.phase_id, b.bucket FROM (SELECT NULL::bigint AS phase_id UNION SELECT booked_phase_id) f,
            (VALUES (key), (key || '@' || extract(year FROM booked_on)::int)) AS b(bucket)) v
        WHERE {_ONLY} AND booked <> 0 AND booked_on IS NOT NULL GROUP BY 1, 2, 4""",
    f"""SELECT v.phase_id, unit_id, 'waiting', key, sum(value) FROM tallies_declaration d
        CROSS JOIN LATERAL (SELECT NULL::bigint AS phase_id UNION SELECT d.phase_id) v
        WHERE {_ONLY} AND state = %(declared)s GROUP BY 1, 2, 4 HAVING sum(value) <> 0""",
)
# One level after the other, from the deepest up: every unit's own and what its children have.
_LEVEL = """
    WITH level AS (
        INSERT INTO tally_truth
        SELECT phase_id, unit_id, measure, bucket, sum(amount) FROM (
            SELECT l.* FROM tally_leaf l JOIN orgs_unit u ON u.id = l.unit_id AND u.depth = %(depth)s
            UNION ALL SELECT phase_id, unit_id, measure, bucket, amount FROM tally_rise WHERE depth = %(depth)s) r
        GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0
        RETURNING phase_id, unit_id, measure, bucket, amount
    )
    INSERT INTO tally_rise
    SELECT %(depth)s - 1, phase_id, u.parent_id, measure, bucket, sum(amount)
    FROM level JOIN orgs_unit u ON u.id = level.unit_id WHERE u.parent_id IS NOT NULL GROUP BY 2, 3, 4, 5
"""
_PLACE = "phase_id, unit_id, measure, bucket"
_DIFFERENCES = f"""
    SELECT {_PLACE}, sum(kept)::bigint, sum(truth)::bigint FROM (
        SELECT {_PLACE}, amount AS kept, 0 AS truth FROM ({{kept}}) AS kept_side WHERE true {{only}}
        UNION ALL SELECT {_PLACE}, 0, amount FROM {{truth}} WHERE true {{only}}) both_sides
    GROUP BY 1, 2, 3, 4 HAVING sum(kept) <> sum(truth) ORDER BY 2, 1, 3, 4
"""
# Of each unit itself.
OWN = _DIFFERENCES.format(
    kept=SUMS.own("programme_id = %(programme)s", "{unit} BETWEEN %(first)s AND %(last)s"), truth="tally_leaf", only=""
)
# The parts by week are not kept by day.
DAYS = _DIFFERENCES.format(
    kept=" UNION ALL ".join(
        f"SELECT {_PLACE}, amount FROM {table} WHERE {_ONLY}" for table in ("tallies_daily", "tallies_delta")
    ),
    truth="tally_leaf",
    only="AND bucket NOT LIKE 'week:%%'",
)

Difference = tuple[int | None, int, str, str, int, int]  # phase, unit, measure, bucket; kept, counted


class Part(NamedTuple):
    """The units from one number to another."""

    first: int
    last: int


ALL = Part(0, 2**63 - 1)


def parts(after: int = 0) -> list[Part]:
    """All units above a number, so many at a time: one with very many directly below it is a part by itself."""
    found: list[Part] = []
    read = 0
    sizes = Unit.objects.filter(pk__gt=after).order_by("pk").annotate(below=models.Count("children"))
    for pk, below in sizes.values_list("pk", "below"):
        if found and read + 1 + below <= UNITS:
            found[-1] = found[-1]._replace(last=pk)
            read += 1 + below
        else:
            found.append(Part(pk, pk))
            read = 1 + below
    return found


def leaves(programme: Programme, part: Part = ALL) -> None:
    """Fill `tally_leaf`: what each unit itself has."""
    given: dict[str, int | str] = {
        **_given(programme, part),
        "steps": MOST_STEPS,
        "declared": str(DeclarationState.DECLARED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for statement in _PARTS:
            cursor.execute(f"INSERT INTO tally_part {statement}", given)
        cursor.execute(_SPREAD)
        for other in _OTHERS:
            cursor.execute(f"INSERT INTO tally_leaf {other}", given)
        cursor.execute("DROP TABLE tally_part; ANALYZE tally_leaf")


def raise_up() -> None:
    """Fill `tally_truth` from `tally_leaf`: each unit with everything below it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(depth) FROM orgs_unit")
        for depth in range(cursor.fetchone()[0] or 0, -1, -1):
            cursor.execute(_LEVEL, {"depth": depth})
        cursor.execute("DROP TABLE tally_rise")


def differences(query: str, programme: Programme, part: Part) -> list[Difference]:
    """Where what is kept is not what was counted."""
    with connection.cursor() as cursor:
        cursor.execute(query, _given(programme, part))
        return cursor.fetchall()


def write_sums(programme: Programme) -> None:
    """The kept sums of a programme, anew."""
    _run(
        "INSERT INTO tallies_tally (programme_id, phase_id, unit_id, measure, bucket, amount) "
        f"SELECT %(programme)s, {_PLACE}, amount FROM tally_truth",
        **_given(programme, ALL),
    )


def post_corrections(programme: Programme, day: Any, part: Part) -> int:
    """What the sums lack, as deltas: they are folded like every other, along the tree of that hour; gives how many."""
    return _run(
        "INSERT INTO tallies_delta (programme_id, day, phase_id, unit_id, measure, bucket, amount) "
        f"SELECT %(programme)s, %(day)s, d.phase_id, d.unit_id, d.measure, d.bucket, d.truth - d.kept FROM ({OWN}) "
        "AS d(phase_id, unit_id, measure, bucket, kept, truth)",
        **_given(programme, part),
        day=day,
    )


def correct_days(programme: Programme, day: Any, part: Part = ALL) -> int:
    """What the days do not add up to is booked on one day: days before are not rewritten; gives how many."""
    return _run(
        "INSERT INTO tallies_daily (programme_id, day, phase_id, unit_id, measure, bucket, amount) "
        f"SELECT %(programme)s, %(day)s, d.phase_id, d.unit_id, d.measure, d.bucket, d.truth - d.kept FROM ({DAYS}) "
        "AS d(phase_id, unit_id, measure, bucket, kept, truth) "
        "ON CONFLICT (programme_id, day, unit_id, phase_id, measure, bucket) "
        "DO UPDATE SET amount = tallies_daily.amount + EXCLUDED.amount",
        **_given(programme, part),
        day=day,
    )


def _given(programme: Programme, part: Part) -> dict[str, Any]:
    return {"programme": programme.pk, "first": part.first, "last": part.last}


def forget() -> None:
    _run("DROP TABLE IF EXISTS pg_temp.tally_leaf, pg_temp.tally_truth")


def _run(statement: str, **given: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        return cursor.rowcount
