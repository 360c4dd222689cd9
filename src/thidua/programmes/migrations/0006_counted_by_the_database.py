"""What is planned, given, done, pledged and donated is posted to the sums of the tree by the database itself.

So every writer is followed (a step, a bulk insert, a cascade of deletions, an heir of an ended unit), and an
update that changes nothing that is counted posts nothing.
"""

from django.db import migrations

# Table -> what its rows count for; {rows} is the table, or the rows of one statement before or after it.
COUNTED = {
    "programmes_assignment": """
        SELECT 'duty' AS subject, a.duty_id AS key, a.unit_id, CASE a.state WHEN 'open' THEN
            'open:' || coalesce(to_char(a.due_on, 'YYYY-MM-DD'), '') || ':' || coalesce(to_char(u.ended_on, 'YYYY-MM-DD'), '')
            ELSE a.state END AS part, 1 AS amount
        FROM {rows} a JOIN orgs_unit u ON u.id = a.unit_id""",
    "programmes_plan": """
        SELECT 'plan' AS subject, up.id AS key, p.unit_id, u.kind_id || ':' ||
            CASE WHEN p.state IN ('draft', 'proposed', 'approved') THEN 'drafting' ELSE 'issued' END AS part, 1 AS amount
        FROM {rows} p JOIN orgs_unit u ON u.id = p.unit_id CROSS JOIN LATERAL (
            WITH RECURSIVE up AS (
                SELECT p.implements_id AS id UNION
                SELECT q.implements_id FROM up JOIN programmes_plan q ON q.id = up.id WHERE q.implements_id IS NOT NULL
            ) SELECT id FROM up) up
        WHERE p.implements_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM programmes_plan o WHERE o.id = p.amends_id AND o.implements_id IS NOT NULL)""",
    "programmes_registration": """
        SELECT 'movement' AS subject, programme_id AS key, unit_id, '' AS part, 1 AS amount
        FROM {rows} WHERE state <> 'withdrawn'""",
    "programmes_support": """
        SELECT 'support' AS subject, plan_id AS key, unit_id, v.part, v.amount
        FROM {rows} CROSS JOIN LATERAL (VALUES ('count', 1), (party, coalesce(value, 0)::bigint)) AS v(part, amount)""",
}
POST = """
CREATE FUNCTION {table}_post() RETURNS trigger LANGUAGE plpgsql AS $post$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount)
        SELECT subject, key, unit_id, part, sum(amount) FROM ({after}) n
        GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount)
        SELECT subject, key, unit_id, part, -sum(amount) FROM ({before}) o
        GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0;
    ELSE
        INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount)
        SELECT subject, key, unit_id, part, sum(amount) FROM (
            SELECT * FROM ({after}) n
            UNION ALL SELECT subject, key, unit_id, part, -amount FROM ({before}) o
        ) both_sides GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0;
    END IF;
    RETURN NULL;
END $post$;
CREATE TRIGGER {table}_posted AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_post();
CREATE TRIGGER {table}_reposted AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_post();
CREATE TRIGGER {table}_unposted AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_post();
"""
# The day a unit ends stands in the part of what it has still to do.
ENDINGS = """
CREATE FUNCTION programmes_repost_ending() RETURNS trigger LANGUAGE plpgsql AS $post$
BEGIN
    INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount)
    SELECT 'duty', a.duty_id, a.unit_id, 'open:' || coalesce(to_char(a.due_on, 'YYYY-MM-DD'), '') || ':' || v.ending,
        count(*) * v.sign
    FROM programmes_assignment a CROSS JOIN (VALUES
        (coalesce(to_char(OLD.ended_on, 'YYYY-MM-DD'), ''), -1), (coalesce(to_char(NEW.ended_on, 'YYYY-MM-DD'), ''), 1)
    ) AS v(ending, sign)
    WHERE a.unit_id = NEW.id AND a.state = 'open' GROUP BY a.duty_id, a.unit_id, a.due_on, v.ending, v.sign;
    RETURN NULL;
END $post$;
CREATE TRIGGER programmes_ending_posted AFTER UPDATE OF ended_on ON orgs_unit
    FOR EACH ROW WHEN (OLD.ended_on IS DISTINCT FROM NEW.ended_on) EXECUTE FUNCTION programmes_repost_ending();
"""
FIRST = """
INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount)
SELECT subject, key, unit_id, part, sum(amount) FROM ({rows}) r GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0;
"""


def _forwards() -> str:
    found = [ENDINGS]
    for table, counted in COUNTED.items():
        found.append(
            POST.format(table=table, after=counted.format(rows="new_rows"), before=counted.format(rows="old_rows"))
        )
        found.append(FIRST.format(rows=counted.format(rows=table)))
    return "\n".join(found)


def _backwards() -> str:
    found = ["DROP TRIGGER programmes_ending_posted ON orgs_unit; DROP FUNCTION programmes_repost_ending();"]
    found += [
        f"DROP TRIGGER {table}_{name} ON {table};" for table in COUNTED for name in ("posted", "reposted", "unposted")
    ]
    found += [f"DROP FUNCTION {table}_post();" for table in COUNTED]
    found += ["DELETE FROM orgs_nodesum WHERE subject <> 'kind'; DELETE FROM orgs_nodechange WHERE subject <> 'kind';"]
    return "\n".join(found)


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0005_node_sums"),
        ("programmes", "0005_lists_by_state"),
    ]

    operations = [migrations.RunSQL(_forwards(), _backwards())]
