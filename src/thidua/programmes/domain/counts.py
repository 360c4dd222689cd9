"""What the database posts to the sums of the tree as rows change, said once more for checking and mending.

The triggers are in `migrations/0006_counted_by_the_database.py`, for plans in `0007_a_unit_stands_once.py`;
`tests/programmes/test_counts.py` compares the two.
"""

TRUTHS = {
    # Each to-do in its state; an open one with its last day and the day its unit ended: both are judged at reading.
    "duty": """
        SELECT a.duty_id AS key, a.unit_id, CASE a.state WHEN 'open' THEN
            'open:' || coalesce(to_char(a.due_on, 'YYYY-MM-DD'), '') || ':' || coalesce(to_char(u.ended_on, 'YYYY-MM-DD'), '')
            ELSE a.state END AS part, 1 AS amount
        FROM programmes_assignment a JOIN orgs_unit u ON u.id = a.unit_id""",
    # Each unit once for every plan its own plans implement, straight or through others: what it has issued goes before
    # what it drafts. A plan stands under the first of its amendments.
    "plan": """
        SELECT up.key, p.unit_id, u.kind_id || ':' || CASE WHEN bool_and(p.state IN ('draft', 'proposed', 'approved'))
            THEN 'drafting' ELSE 'issued' END AS part, 1 AS amount
        FROM programmes_plan p JOIN orgs_unit u ON u.id = p.unit_id CROSS JOIN LATERAL (
            WITH RECURSIVE up AS (
                SELECT p.implements_id AS id UNION
                SELECT above.id FROM up JOIN programmes_plan q ON q.id = up.id
                CROSS JOIN LATERAL (VALUES (q.implements_id), (q.amends_id)) AS above(id) WHERE above.id IS NOT NULL
            ) SELECT first.id AS key FROM up JOIN programmes_plan first ON first.id = up.id WHERE first.amends_id IS NULL
        ) up
        WHERE p.implements_id IS NOT NULL GROUP BY up.key, p.unit_id, u.kind_id""",
    # Pledges of units and collectives that stand.
    "movement": """
        SELECT programme_id AS key, unit_id, '' AS part, 1 AS amount
        FROM programmes_registration WHERE state <> 'withdrawn'""",
    # How often, and how much by each party.
    "support": """
        SELECT plan_id AS key, unit_id, v.part, v.amount FROM programmes_support
        CROSS JOIN LATERAL (VALUES ('count', 1), (party, coalesce(value, 0)::bigint)) AS v(part, amount)""",
}
