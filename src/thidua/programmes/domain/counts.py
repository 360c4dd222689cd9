"""What the database posts to the sums of the tree as rows change, said once more for checking and mending.

The triggers are in `migrations/0006_counted_by_the_database.py`; `tests/programmes/test_counts.py` compares the two.
"""

TRUTHS = {
    # Each to-do in its state; an open one with its last day and the day its unit ended: both are judged at reading.
    "duty": """
        SELECT a.duty_id AS key, a.unit_id, CASE a.state WHEN 'open' THEN
            'open:' || coalesce(to_char(a.due_on, 'YYYY-MM-DD'), '') || ':' || coalesce(to_char(u.ended_on, 'YYYY-MM-DD'), '')
            ELSE a.state END AS part, 1 AS amount
        FROM programmes_assignment a JOIN orgs_unit u ON u.id = a.unit_id""",
    # Each plan for every plan it implements, straight or through others; an amendment stands for what it amends.
    "plan": """
        SELECT up.id AS key, p.unit_id, u.kind_id || ':' ||
            CASE WHEN p.state IN ('draft', 'proposed', 'approved') THEN 'drafting' ELSE 'issued' END AS part, 1 AS amount
        FROM programmes_plan p JOIN orgs_unit u ON u.id = p.unit_id CROSS JOIN LATERAL (
            WITH RECURSIVE up AS (
                SELECT p.implements_id AS id UNION
                SELECT q.implements_id FROM up JOIN programmes_plan q ON q.id = up.id WHERE q.implements_id IS NOT NULL
            ) SELECT id FROM up) up
        WHERE p.implements_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM programmes_plan o WHERE o.id = p.amends_id AND o.implements_id IS NOT NULL)""",
    # Pledges of units and collectives that stand.
    "movement": """
        SELECT programme_id AS key, unit_id, '' AS part, 1 AS amount
        FROM programmes_registration WHERE state <> 'withdrawn'""",
    # How often, and how much by each party.
    "support": """
        SELECT plan_id AS key, unit_id, v.part, v.amount FROM programmes_support
        CROSS JOIN LATERAL (VALUES ('count', 1), (party, coalesce(value, 0)::bigint)) AS v(part, amount)""",
}
