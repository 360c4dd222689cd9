"""When each initiative was filed, and what became of it: drawn by lot, the older ones settled."""

from __future__ import annotations

from thidua.demo.scale import bulk
from thidua.demo.scale.sizes import Size

# The last day of filing before the clock's own is always yesterday's: nothing lies in the future.
FRESH = 25  # days within which most still wait for their office
_FILED = """
    CREATE TEMP TABLE scale_filed AS
    SELECT row_number() OVER (ORDER BY filed_on, n) AS id, * FROM (
        SELECT h.before + k AS n, h.place, CASE
            WHEN lot < 0.12 THEN date %(earliest)s + floor(v * (date %(first)s - date %(earliest)s))::int
            WHEN lot < 0.46 THEN date %(first)s + floor(sqrt(v) * (date %(first_end)s - date %(first)s))::int
            WHEN lot < 0.54 THEN date %(first_end)s - floor(v * v * 12)::int
            WHEN lot < 0.86 THEN date %(second)s + floor(power(v, 0.7) * (date %(today)s - date %(second)s))::int
            ELSE date %(today)s - floor(v * {fresh})::int END AS filed_on
        FROM scale_home h CROSS JOIN LATERAL generate_series(1, h.initiatives) AS k
        CROSS JOIN LATERAL (SELECT pg_temp.roll(h.before + k, 11) AS lot, pg_temp.roll(h.before + k, 12) AS v) r
    ) f
"""
# state, and what it takes of those filed lately and of the older ones, in per mille
FATES = (
    ("draft", 40, 10),
    ("submitted", 330, 0),
    ("returned", 60, 3),
    ("withdrawn", 20, 15),
    ("received", 220, 20),
    ("passed_up", 50, 2),
    ("refused", 40, 45),
    ("revoked", 0, 10),
    ("recognised", 240, 895),
)
# The golden ratio spreads the lots evenly, so that few initiatives, too, have every state.
_LOT = "(f.n * 618033989 + 271828183) %% 1000000007 / 1000003.0"
_SETTLED = 100  # days after which a received one has been decided
_PLAN = """
    CREATE TEMP TABLE scale_plan AS
    SELECT p.id, p.n, p.place, p.text, p.copy, p.state, p.filed_on, p.filed_at, p.received_on, p.concluded_on,
        p.lead, p.second, p.third, p.people, p.channel,
        CASE WHEN pg_temp.roll(p.n, 20) < 0.01 AND p.state IN ('draft', 'submitted', 'returned') THEN NULL
             ELSE p.filed_on - floor(power(pg_temp.roll(p.n, 21), 2) * 150)::int END AS applied_on,
        t.benefit,
        CASE WHEN t.benefit IS NOT NULL AND p.state IN ('recognised', 'revoked') AND pg_temp.roll(p.n, 22) < 0.5
             THEN t.benefit * (8 + floor(pg_temp.roll(p.n, 23) * 3)::int) / 10 END AS confirmed,
        p.state = 'recognised' AND pg_temp.roll(p.n, 24) < 0.46 AS is_public,
        p.state = 'recognised' AND pg_temp.roll(p.n, 25) < 0.01 AS is_wide,
        CASE WHEN pg_temp.roll(p.n, 26) < 0.5 THEN 'head' ELSE 'council' END AS body,
        1 + floor(pg_temp.roll(p.n, 27) * 320)::int AS decision,
        pg_temp.roll(p.n, 28) < 0.005 AS is_ip_protected,
        CASE WHEN p.id > 50 AND p.state <> 'draft' AND pg_temp.roll(p.n, 29) < 0.003
             THEN p.id - 7 - floor(pg_temp.roll(p.n, 30) * 30)::bigint END AS duplicate_of,
        {code} AS code
    FROM (
        SELECT w.*, received_on + 1 + floor(pg_temp.roll(n, 17) * least(25, age - gone - 1))::int AS concluded_on
        FROM (
            SELECT s.*, filed_on + gone AS received_on
            FROM (
                SELECT f.id, f.n, f.place, f.filed_on, (f.n - 1) %% %(texts)s AS text, ((f.n - 1) / %(texts)s)::int AS copy,
                    age, {state} AS state, 1 + floor(pg_temp.roll(f.n, 14) * least(5, age - 2))::int AS gone,
                    (f.filed_on + time '07:00' + floor(pg_temp.roll(f.n, 15) * 36000) * interval '1 second')
                        AT TIME ZONE 'Asia/Ho_Chi_Minh' AS filed_at,
                    h.author + pick AS lead,
                    CASE WHEN h.authors > 2 AND many < 0.28 THEN h.author + (pick + 1) %% h.authors END AS second,
                    CASE WHEN h.authors > 2 AND many < 0.09 THEN h.author + (pick + 2) %% h.authors END AS third,
                    CASE WHEN h.authors > 2 THEN 1 + (many < 0.28)::int + (many < 0.09)::int ELSE 1 END AS people,
                    CASE WHEN pg_temp.roll(f.n, 16) < 0.2 THEN 'on_behalf' ELSE 'own' END AS channel
                FROM scale_filed f JOIN scale_home h USING (place)
                CROSS JOIN LATERAL (SELECT date %(today)s - f.filed_on AS age, {lot} AS lot,
                    pg_temp.roll(f.n, 18) AS many,
                    floor(pg_temp.roll(f.n, 19) * h.authors)::bigint AS pick) r
                OFFSET 0
            ) s
            OFFSET 0
        ) w
    ) p JOIN scale_text t ON t.number = p.text
    CROSS JOIN LATERAL (SELECT {mixed} AS lot OFFSET 0) c
"""


def draw(size: Size) -> None:
    """One row for each initiative: who, where, when, what became of it."""
    days = size.calendar
    given = {
        "earliest": days.earliest,
        "first": days.first[0],
        "first_end": days.first[1],
        "second": days.second[0],
        "today": days.today,
    }
    quoted = {name: f"'{day}'" for name, day in given.items()}
    bulk.run(_literally(_FILED.format(fresh=FRESH), quoted))
    bulk.analyze("scale_filed")
    plan = _literally(
        _PLAN.format(state=_state(), lot=_LOT, code=bulk.code("SK", "c.lot"), mixed=bulk.mixed("p.id")),
        {**quoted, "texts": str(size.texts)},
    )
    bulk.run(plan)
    bulk.run("CREATE UNIQUE INDEX ON scale_plan (id)")
    bulk.analyze("scale_plan")


def _literally(statement: str, given: dict[str, str]) -> str:
    """Dates as literals: the planner and `date '…'` want them so."""
    for name, words in given.items():
        statement = statement.replace(f"%({name})s", words)
    return statement


def _state() -> str:
    """The lot as a state: what was filed these three days cannot have been decided."""
    lately, older, first, second = [], [], 0, 0
    for state, fresh, settled in FATES:
        first, second = first + fresh, second + settled
        lately.append(f"WHEN lot < {first} THEN '{state}'")
        older.append(f"WHEN lot < {second} THEN '{state}'")
    return f"""CASE WHEN age < 3 THEN CASE WHEN lot < 60 THEN 'draft' WHEN lot < 90 THEN 'withdrawn' ELSE 'submitted' END
        WHEN age <= {FRESH} THEN CASE {" ".join(lately)} END
        WHEN age > {_SETTLED} AND lot BETWEEN 48 AND 70 THEN 'recognised'
        ELSE CASE {" ".join(older)} END END"""
