"""People are found by the beginnings of words; a walk along names knows units without their rows."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# Longer words are told apart by people.queries.
# Dear to compute, or the database would rather read it off a thousand rows than ask the index.
BEGINNINGS = """
CREATE FUNCTION people_beginnings(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 3000
RETURN (SELECT array_agg(left(word, n))
        FROM string_to_table(words, ' ') AS word, generate_series(1, least(length(word), 7)) AS n)
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_list_indexes")]

    operations = [
        migrations.RunSQL(BEGINNINGS, "DROP FUNCTION people_beginnings(text)"),
        migrations.RemoveIndex("person", "people_person_search"),
        migrations.AddIndex(
            "person",
            django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("search"),
                    function="people_beginnings",
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="people_person_search",
            ),
        ),
        migrations.AddIndex(
            "person",
            django.contrib.postgres.indexes.GinIndex(
                fields=["name_key"], opclasses=["gin_trgm_ops"], name="people_person_near"
            ),
        ),
        migrations.RemoveIndex("person", "people_person_order"),
        migrations.AddIndex(
            "person",
            models.Index(
                fields=["sort_key", "id"], include=["unit", "left_on", "merged_into"], name="people_person_order"
            ),
        ),
        # How common a beginning is (people.queries.are_common) is learned from what was just made.
        migrations.RunSQL("ANALYZE people_person", migrations.RunSQL.noop),
    ]
