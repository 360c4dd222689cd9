"""A unit with a draft beside an issued plan stands among those that have issued, and nowhere else.

So a row does not count for itself any more: what all plans of a unit count for together is posted, after a
statement less before it.
"""

from importlib import import_module

from django.db import migrations

before = import_module("thidua.programmes.migrations.0006_counted_by_the_database")
ROWS = before.COUNTED["programmes_plan"]
UNITS = """
        SELECT 'plan' AS subject, up.key, p.unit_id, u.kind_id || ':' || CASE WHEN bool_and(p.state IN ('draft', 'proposed', 'approved'))
            THEN 'drafting' ELSE 'issued' END AS part, 1 AS amount
        FROM {rows} p JOIN orgs_unit u ON u.id = p.unit_id CROSS JOIN LATERAL (
            WITH RECURSIVE up AS (
                SELECT p.implements_id AS id UNION
                SELECT above.id FROM up JOIN programmes_plan q ON q.id = up.id
                CROSS JOIN LATERAL (VALUES (q.implements_id), (q.amends_id)) AS above(id) WHERE above.id IS NOT NULL
            ) SELECT first.id AS key FROM up JOIN programmes_plan first ON first.id = up.id WHERE first.amends_id IS NULL
        ) up
        WHERE p.implements_id IS NOT NULL GROUP BY up.key, p.unit_id, u.kind_id"""
# The plans of the units a statement touched, as they are and as they were.
NOW = "(SELECT * FROM programmes_plan WHERE unit_id = ANY(touched))"
WERE = """(SELECT * FROM programmes_plan WHERE unit_id = ANY(touched) AND id <> ALL(written){old})"""
POST = """
CREATE OR REPLACE FUNCTION programmes_plan_post() RETURNS trigger LANGUAGE plpgsql AS $post$
DECLARE
    touched bigint[];
    written bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT unit_id), array_agg(id) INTO touched, written FROM new_rows;
        INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount) {inserted};
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT unit_id) INTO touched FROM old_rows;
        INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount) {changed};
    ELSE
        SELECT array_agg(DISTINCT unit_id) INTO touched
        FROM (SELECT unit_id FROM new_rows UNION ALL SELECT unit_id FROM old_rows) either;
        SELECT coalesce(array_agg(id), written) INTO written FROM new_rows;
        INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount) {changed};
    END IF;
    RETURN NULL;
END $post$;
"""
DIFFERENCE = """
        SELECT subject, key, unit_id, part, sum(amount) FROM (
            SELECT * FROM ({now}) n UNION ALL SELECT subject, key, unit_id, part, -amount FROM ({were}) o
        ) both_sides GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0"""
AGAIN = """
LOCK TABLE programmes_plan IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE orgs_nodesum IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM orgs_nodechange WHERE subject = 'plan';
DELETE FROM orgs_nodesum WHERE subject = 'plan';
INSERT INTO orgs_nodechange (subject, key, unit_id, part, amount)
SELECT subject, key, unit_id, part, sum(amount) FROM ({rows}) r GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0;
"""


def _difference(old: str) -> str:
    return DIFFERENCE.format(now=UNITS.format(rows=NOW), were=UNITS.format(rows=WERE.format(old=old)))


def _forwards() -> str:
    post = POST.format(inserted=_difference(""), changed=_difference(" UNION ALL SELECT * FROM old_rows"))
    return post + AGAIN.format(rows=UNITS.format(rows="programmes_plan"))


def _backwards() -> str:
    post = before.POST.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    post = post.format(table="programmes_plan", after=ROWS.format(rows="new_rows"), before=ROWS.format(rows="old_rows"))
    return post + AGAIN.format(rows=ROWS.format(rows="programmes_plan"))


class Migration(migrations.Migration):
    dependencies = [("programmes", "0006_counted_by_the_database")]

    operations = [migrations.RunSQL(_forwards(), _backwards())]
